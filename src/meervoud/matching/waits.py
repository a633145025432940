"""How long requests wait for a first proposal and for a yes; those that still wait count too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models import Min

from meervoud.demand.models import Request
from meervoud.lib.models import JournalEntry
from meervoud.matching.models import Answer, Kind, Proposal, Side
from meervoud.parties.models import Programme

LOOKED_BACK: Final = timedelta(days=180)
FEWEST: Final = 5
WHY: Final = "how long requests of a programme wait, counted for its desk; the view has checked that it is theirs"


@dataclass(frozen=True)
class Wait:
    """How long it takes until something happens to a request.

    Attributes:
        requests: how many were looked at.
        reached: to how many it happened.
        half: within how many days it happens to half of all, those that still wait counted in; None where it has not
            happened to half yet.
        most: the same for nine in ten.
    """

    requests: int
    reached: int
    half: float | None
    most: float | None


def waits_of(programme: Programme, *, now: datetime) -> dict[str, Wait]:
    """Return the waits of the requests that were opened in the last half year, by what is waited for.

    The keys are: suggested (a space that fits), asked (a host is asked), host_yes (a host says yes) and agreed (both
    say yes). A request that was withdrawn or ran out counts as waiting until then, and no longer.

    Args:
        programme: whose requests.
        now: until when those that are open wait.
    """
    opened = _opened(programme, now)
    ended = _ended(opened, now)
    firsts = {
        "suggested": _first_proposals(programme, "created_at"),
        "asked": _first_proposals(programme, "asked_at"),
        "host_yes": _first_yes(programme),
        "agreed": _agreed(programme),
    }
    return {name: wait_until(opened, found, ended) for name, found in firsts.items()}


def wait_until(
    opened: Mapping[UUID, datetime], happened: Mapping[UUID, datetime], ended: Mapping[UUID, datetime]
) -> Wait:
    """Return one wait.

    Args:
        opened: when each request was opened.
        happened: when it happened, to those it happened to.
        ended: until when each of the others waited.
    """
    waits = [
        ((max(happened.get(pk, ended[pk]), since) - since).total_seconds() / 86_400, pk in happened)
        for pk, since in opened.items()
    ]
    reached = sum(has_happened for _days, has_happened in waits)
    return Wait(len(waits), reached, days_until(waits, 0.5), days_until(waits, 0.9))


def days_until(waits: Sequence[tuple[float, bool]], share: float) -> float | None:
    """Return the days within which it happens to a share of all; None where it has not.

    The product-limit estimate (Kaplan and Meier, 1958): whoever still waits after n days counts as waiting until then.
    Leaving them out would make every wait look shorter.

    Args:
        waits: days, and whether it happened then or was still waited for.
        share: 0-1.
    """
    still, at_risk = 1.0, len(waits)
    day: float
    for day, group in groupby(sorted(waits), key=lambda each: each[0]):
        there = [has_happened for _days, has_happened in group]
        still *= 1 - sum(there) / at_risk
        at_risk -= len(there)
        if any(there) and still <= 1 - share + 1e-9:
            return day
    return None


def _opened(programme: Programme, now: datetime) -> dict[UUID, datetime]:
    rows = Request.objects.every(because=WHY).filter(programme=programme).exclude(state="draft")
    known: dict[UUID, datetime] = dict(
        rows.filter(created_at__gte=now - LOOKED_BACK).values_list("pk", "created_at")  # an imported one opens at once
    )
    return known | dict(_noted("request.opened", known))


def _ended(opened: Mapping[UUID, datetime], now: datetime) -> dict[UUID, datetime]:
    ended = dict.fromkeys(opened, now)
    for verb in ("request.withdrawn", "request.expired"):
        ended |= dict(_noted(verb, opened))
    for verb in ("request.reopened", "request.renewed"):
        ended |= dict.fromkeys((pk for pk, _at in _noted(verb, opened)), now)
    return ended


def _noted(verb: str, things: Iterable[UUID]) -> Iterable[tuple[UUID, datetime]]:
    rows = JournalEntry.objects.filter(verb=verb, thing__in=list(things)).order_by()
    return rows.values("thing").annotate(first=Min("at")).values_list("thing", "first")


def _first_proposals(programme: Programme, moment: str) -> dict[UUID, datetime]:
    rows = Proposal.objects.every(because=WHY).filter(programme=programme, **{f"{moment}__isnull": False}).order_by()
    return dict(rows.values("request").annotate(at=Min(moment)).values_list("request", "at"))


def _first_yes(programme: Programme) -> dict[UUID, datetime]:
    said = Answer.objects.every(because=WHY).filter(kind=Kind.YES, side=Side.HOST, proposal__programme=programme)
    rows = said.order_by().values("proposal__request").annotate(at=Min("created_at"))
    return dict(rows.values_list("proposal__request", "at"))


def _agreed(programme: Programme) -> dict[UUID, datetime]:
    said = Proposal.objects.every(because=WHY).filter(programme=programme, asker_says="yes", host_says="yes")
    request_of = dict(said.values_list("pk", "request"))
    found: dict[UUID, datetime] = {}
    for proposal, at in _noted("proposal.agreed", request_of):
        request = request_of[proposal]
        found[request] = min(found.get(request, at), at)
    return found
