"""What each side may know of the other, and when: needs before identity, street before number."""

import re
from dataclasses import dataclass
from typing import Final

from meervoud.matching.models import KNOWN_TO_BOTH, Proposal

NUMBER: Final = re.compile(r"\s*\b\d+\s*[A-Za-z]?(?:[-/]\d+)?\b\s*")


@dataclass(frozen=True)
class Disclosed:
    """What may be shown of a proposal besides the need and the public page of the space.

    Attributes:
        group: who asks, for the host: only after both said yes, and never who needs shelter.
        is_met_through_desk: the desk stands between the host and a group that needs shelter.
        street: of the building without its number, for the group: once the host said yes; with it after both did.
        host: who lends, for the group: the public page names it already.
        house_rules: for the group, before it says yes.
    """

    group: str = ""
    is_met_through_desk: bool = False
    street: str = ""
    host: str = ""
    house_rules: str = ""


def disclosed_to_host(proposal: Proposal) -> Disclosed:
    """Return what a host may know of a group: nothing but its need, until both said yes.

    Who needs shelter stays unknown after that too: the desk is their contact until something is signed.
    """
    request = proposal.request
    if request.is_sheltered or proposal.state not in KNOWN_TO_BOTH:
        return Disclosed(is_met_through_desk=request.is_sheltered)
    name = request.organisation.name if request.organisation else request.asked_by.name
    return Disclosed(group=f"{request.title} ({name})" if name else request.title)


def disclosed_to_group(proposal: Proposal) -> Disclosed:
    """Return what a group may know of a host."""
    building, offer = proposal.offer.space.building, proposal.offer
    street = ""
    if proposal.state in KNOWN_TO_BOTH:
        street = building.street
    elif proposal.host_says == "yes":
        street = street_only(building.street)
    return Disclosed(street=street, host=offer.host.name, house_rules=offer.house_rules)


def street_only(street: str) -> str:
    """Return a street without its number: "Kade 12a" and "12 Quay" are "Kade" and "Quay"."""
    return NUMBER.sub(" ", street).strip(" ,")
