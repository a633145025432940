"""Who is kept apart: a company of a sector, and a group or host that wants no company of that sector; never people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from meervoud.demand.models import Request
from meervoud.supply.models import Offer

Side = Literal["asker", "host", ""]


@dataclass(frozen=True)
class Stance:
    """What a side of a proposal is, and what it does not want on the other side.

    Attributes:
        sector: of the company it is; "" where it is no company, or has not said.
        no_sectors: sectors whose companies it does not want.
    """

    sector: str = ""
    no_sectors: frozenset[str] = frozenset()


NOTHING_SAID: Final = Stance()


def are_apart(asker: Stance, host: Stance) -> Side:
    """Return who does not want a company like the other: the asker first, else the host; "" where nobody minds."""
    if host.sector and host.sector in asker.no_sectors:
        return "asker"
    if asker.sector and asker.sector in host.no_sectors:
        return "host"
    return ""


def stance_of_asker(request: Request) -> Stance:
    """Return the stance of who asks; whoever asks as neighbours is no company."""
    organisation = request.organisation
    return Stance(organisation.company_sector if organisation else "", frozenset(request.no_sectors))


def stance_of_host(offer: Offer) -> Stance:
    """Return the stance of who lends a space."""
    return Stance(offer.host.company_sector, frozenset(offer.no_sectors))


def offers_apart_from(asker: Stance, hosts: Mapping[str, Stance]) -> frozenset[str]:
    """Return the ids of the offers that are not for an asker."""
    if asker == NOTHING_SAID:
        return frozenset()
    return frozenset(offer for offer, host in hosts.items() if are_apart(asker, host))
