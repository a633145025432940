"""What a lead could serve: the open requests that would fit such a space, if what is assumed of it is right."""

from dataclasses import dataclass

from meervoud.core.engine import build_index, who_fits
from meervoud.core.engine.types.requests import Request as Asked
from meervoud.core.engine.types.results import Proposal
from meervoud.core.errors import InputError
from meervoud.demand.as_request import request_of, with_rules
from meervoud.demand.models import Request
from meervoud.matching.city_index import city_index, weights
from meervoud.matching.lead_hosts import assumed_space
from meervoud.matching.models import Lead

BEST = 3
WHY = "what a place could serve; shown as numbers and needs, without names"


@dataclass(frozen=True)
class LeadFits:
    """How many open requests there are, how many of them such a space could serve, and the best.

    Attributes:
        number: of those it could serve. to_ask: how many of these leave something to ask first.
    """

    open: int
    number: int
    to_ask: int
    best: tuple[tuple[Request, Asked, Proposal], ...]


def who_could_come(lead: Lead, *, most: int = BEST) -> LeadFits:
    """Return the open requests of the programme that a lead could serve, best first.

    Nothing counts where the room would be too small to offer. Requests whose days are past are left out.
    """
    rows = list(with_rules(Request.objects.open_in(lead.programme, because=WHY)))
    try:
        space = assumed_space(lead)
    except InputError:
        return LeadFits(len(rows), 0, 0, ())
    with city_index(lead.programme) as city:
        within, grid, needs = city.within, city.index.grid, city.index.cause_needs
    asked: dict[str, Asked] = {}
    for row in rows:
        try:
            asked[str(row.pk)] = request_of(row, within=within)
        except InputError:
            continue  # its days are past: it waits for its owner
    found = who_fits(build_index([space], grid, cause_needs=needs), space.id, list(asked.values()), weights())
    by_id = {str(row.pk): row for row in rows}
    best = tuple((by_id[each.request_id], asked[each.request_id], each) for each in found[:most])
    to_ask = sum(each.certainty == "ask" for each in found)
    return LeadFits(len(rows), len(found), to_ask, best)
