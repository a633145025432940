"""Undoing: a moment that was called off takes place after all, in the time that it had."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.drafts import sides_of, version_that_counts
from meervoud.agreements.models import RUNNING
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span, TakenError, take_time
from meervoud.usage.changing import lock_plan
from meervoud.usage.lifecycle import move
from meervoud.usage.models import PlanChange, StandIn, State, UsageMoment
from meervoud.usage.telling import tell_side

UNDO: Final = timedelta(minutes=10)


def who_may_restore(moment: UsageMoment, now: datetime) -> str:
    """Return the side that may undo the end of a moment, "" where nobody may any more.

    A host gives back a date that it withdrew until it begins; what a group cancelled is free for others after ten minutes.
    """
    if moment.starts_at <= now or moment.agreement.state not in RUNNING:
        return ""
    if moment.state == State.WITHDRAWN and moment.taking_id:
        return Side.HOST
    if moment.state != State.CANCELLED or moment.changed_at <= now - UNDO or _never_had_a_room(moment):
        return ""
    return Side.ASKER


def _never_had_a_room(moment: UsageMoment) -> bool:
    """Say whether a moment was still looking for a room of another host: nobody said yes to its time."""
    agreement = moment.agreement
    if moment.stand_ins.filter(state=StandIn.State.YES).exists():
        return False
    elsewhere = read_terms(version_that_counts(agreement).terms).times.elsewhere
    if any(each.is_asked and each.starts_at == moment.starts_at for each in elsewhere):
        return True
    rows = agreement.plan_changes.filter(state=PlanChange.State.DONE).values_list("rows", flat=True)
    asked = (each["starts_at"] for listed in rows for each in listed if each["is_asked"])
    return moment.starts_at in {datetime.fromisoformat(each) for each in asked}


@transaction.atomic
def restore_moment(*, moment: UsageMoment, by: Person, now: datetime) -> UsageMoment:
    """Let a moment take place after all.

    Raises:
        ConflictError: it is too late, its time was taken, or another room is asked for that date.
        NotAllowedError: the person does not speak for the side that called it off.
    """
    agreement = lock_plan(moment.agreement)
    rows = agreement.moments.select_for_update(of=("self",)).select_related("space", "taking")
    row = rows.get(pk=moment.pk)
    row.agreement = agreement
    side = who_may_restore(row, now)
    if not side:
        raise ConflictError("This cannot be undone any more. Look at the plan again.")
    if side not in sides_of(by, agreement):
        raise NotAllowedError("You do not speak for this side.")
    if row.stand_ins.filter(state=StandIn.State.ASKED).exists():
        raise ConflictError("Another room is asked for this date already. Wait for the answer, or take it back.")
    span = Span(row.starts_at, row.ends_at)
    if side == Side.ASKER:
        try:
            key = f"restore {row.pk} {row.sequence}"
            row.taking = take_time(space=row.space, spans=[span], request_key=key, by=by, now=now)
        except TakenError as error:
            raise ConflictError("This time has just been taken. Choose another moment.") from error
    move(row, "restore")
    row.reason, row.reason_text, row.sequence = "", "", row.sequence + 1
    row.save()
    journal(by, "moment.restored", row, agreement=str(agreement.pk))
    tell_side(agreement, Side.HOST if side == Side.ASKER else Side.ASKER, "restored", span=span)
    return row
