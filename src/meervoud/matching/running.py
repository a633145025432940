"""Running a match over a whole programme: in portions, watched, cancelled, taken up again; nothing is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from meervoud.core.errors import ConflictError
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.matching.models import MatchRun
from meervoud.matching.picking import Look
from meervoud.matching.proposing import propose_for_many
from meervoud.parties.models import Person, Programme

PORTION: Final = 50
LOST_AFTER: Final = timedelta(minutes=2)
WHY: Final = "a run over the programme; staff of the programme began it"
PLACED, TO_ASK, ONE_THING, NOTHING, PAST = "placed", "to_ask", "one_thing", "nothing", "past"
State = MatchRun.State
Outcome = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """What a run found otherwise than the one before it: ids of requests."""

    newly_placed: tuple[str, ...]
    no_longer: tuple[str, ...]
    other_space: tuple[str, ...]


@transaction.atomic
def start_run(*, programme: Programme, by: Person) -> MatchRun:
    """Begin a run over every open request of a programme.

    Raises:
        ConflictError: one is running already.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if _runs_of(programme).filter(state=State.RUNNING).exists():
        raise ConflictError("A match run is under way already. Wait for it, or cancel it.")
    open_ones = Request.objects.open_in(programme, because=WHY).order_by("expires_on", "pk")
    ids = [str(pk) for pk in open_ones.values_list("pk", flat=True)]
    run = MatchRun.objects.create(programme=programme, by=by, total=len(ids), waiting=ids)
    journal(by, "match_run.started", run, requests=len(ids))
    return run


def work_on_run(run_id: UUID, *, now: datetime) -> None:
    """Look at what waits, portion by portion, until it is done or cancelled; a worker that dies loses one portion at most.

    Looking at a request twice changes nothing: its suggestions are brought up to date, and a pair has one proposal.
    """
    while _next_portion(run_id, now):
        pass


@transaction.atomic
def _next_portion(run_id: UUID, now: datetime) -> bool:
    run = _locked(run_id)
    if run is None or run.state != State.RUNNING:
        return False
    portion, run.waiting = run.waiting[:PORTION], run.waiting[PORTION:]
    open_ones = Request.objects.open_in(run.programme, because=WHY).filter(pk__in=portion)
    ids = list(open_ones.values_list("pk", flat=True))
    for each in propose_for_many(requests=ids, now=now, journal_as=run):
        run.found[str(each.request.pk)] = _outcome(each.look)
    if not run.waiting:
        run.state, run.ended_at = State.DONE, now
        journal(run.by, "match_run.done", run, requests=run.total)
    run.save()
    return run.state == State.RUNNING


def _outcome(look: Look) -> Outcome:
    if look.is_past:
        return {"outcome": PAST}
    if look.best is not None:
        certainty, offer = look.best
        return {"outcome": PLACED if certainty != "ask" else TO_ASK, "offer": offer}
    if look.alone:
        condition, _spaces = max(look.alone, key=lambda each: each[1])
        return {"outcome": ONE_THING, "condition": condition}
    return {"outcome": NOTHING}


@transaction.atomic
def break_off(run_id: UUID, *, fault: str, now: datetime) -> None:
    """Note that a run broke off, with the number that stands in the log; what it did so far stays."""
    row = _locked(run_id)
    if row is not None and row.state == State.RUNNING:
        row.state, row.ended_at, row.fault = State.FAILED, now, fault
        row.save(update_fields=["state", "ended_at", "fault", "changed_at"])
        journal(None, "match_run.failed", row, fault=fault, done=row.done)


@transaction.atomic
def take_up_again(*, run: MatchRun, by: Person) -> MatchRun:
    """Go on with a run that broke off, where it broke off.

    Raises:
        ConflictError: it did not break off, or another one is running.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=run.programme_id)
    row = _locked(run.pk)
    if row is None or row.state != State.FAILED:
        raise ConflictError("This match run has ended already.")
    if _runs_of(row.programme).filter(state=State.RUNNING).exists():
        raise ConflictError("A match run is under way already. Wait for it, or cancel it.")
    row.state, row.ended_at, row.fault = State.RUNNING, None, ""
    row.save(update_fields=["state", "ended_at", "fault", "changed_at"])
    journal(by, "match_run.taken_up", row, done=row.done)
    return row


def _locked(run_id: UUID) -> MatchRun | None:
    rows = MatchRun.objects.every(because=WHY).select_for_update(of=("self",))
    return rows.select_related("programme").filter(pk=run_id).first()


@transaction.atomic
def cancel_run(*, run: MatchRun, by: Person, now: datetime) -> MatchRun:
    """Stop a run; the suggestions it made so far stay.

    Raises:
        ConflictError: it has ended already.
    """
    row = MatchRun.objects.every(because=WHY).select_for_update(of=("self",)).get(pk=run.pk)
    if row.state != State.RUNNING:
        raise ConflictError("This match run has ended already.")
    row.state, row.ended_at = State.CANCELLED, now
    row.save(update_fields=["state", "ended_at", "changed_at"])
    journal(by, "match_run.cancelled", row, done=row.done)
    return row


def lost_runs(now: datetime) -> list[UUID]:
    """Return the runs that nobody has worked at for two minutes: their worker is gone."""
    rows = MatchRun.objects.every(because="the platform's own clock").filter(state=State.RUNNING)
    return list(rows.filter(changed_at__lt=now - LOST_AFTER).values_list("pk", flat=True))


def difference(run: MatchRun) -> Difference | None:
    """Return what a run found otherwise than the last one that was done before it; None where there is none."""
    done = _runs_of(run.programme).filter(state=State.DONE, created_at__lt=run.created_at)
    before = done.order_by("-created_at").first()
    if before is None:
        return None
    then, now = _placed(before.found), _placed(run.found)
    looked_at = set(run.found)
    return Difference(
        newly_placed=tuple(sorted(now.keys() - then.keys())),
        no_longer=tuple(sorted((then.keys() - now.keys()) & looked_at)),
        other_space=tuple(sorted(each for each in now.keys() & then.keys() if now[each] != then[each])),
    )


def _runs_of(programme: Programme) -> QuerySet[MatchRun]:
    return MatchRun.objects.every(because=WHY).filter(programme=programme)


def _placed(found: Mapping[str, Outcome]) -> dict[str, str]:
    return {key: each.get("offer", "") for key, each in found.items() if each["outcome"] == PLACED}
