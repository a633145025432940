"""How often hosts say no, by what a request is about: no quiet discrimination, and no small number that points at a group."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from meervoud.matching.models import Answer, Kind, Proposal, Side
from meervoud.parties.models import Programme

FEWEST: Final = 5
WHY: Final = "rates of a whole programme, small numbers hidden; the view has checked that the viewer works for it"


@dataclass(frozen=True)
class DeclineRate:
    """What happened to the requests of one cause.

    Attributes:
        cause: of CAUSES; "" where none was said.
        asked: how often a host was asked.
        declined_share: how much of that a host declined, 0-1.
    """

    cause: str
    asked: int
    declined_share: float


def decline_rates(programme: Programme) -> list[DeclineRate]:
    """Return the rates of the causes for which hosts were asked five times or more, the highest first.

    Requests of groups that need shelter are not counted: their whereabouts show in no figure by kind.
    """
    rows = Proposal.objects.every(because=WHY).filter(
        programme=programme, asked_at__isnull=False, request__is_sheltered=False
    )
    asked = Counter(rows.values_list("request__cause", flat=True))
    noes = Answer.objects.every(because=WHY).filter(side=Side.HOST, kind=Kind.NO, proposal__in=rows.values("pk"))
    declined = Counter(noes.values_list("proposal__request__cause", flat=True))
    found = [
        DeclineRate(cause, number, declined[cause] / number) for cause, number in asked.items() if number >= FEWEST
    ]
    return sorted(found, key=lambda each: (-each.declined_share, each.cause))
