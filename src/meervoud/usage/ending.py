"""The end of an agreement: notice that a side gives, the end itself, and the time that is free again after it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from meervoud.agreements.drafts import sides_of, version_that_counts
from meervoud.agreements.ending import close
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import RUNNING, Agreement, EndedWhy, Notice
from meervoud.agreements.models import State as AgreementState
from meervoud.agreements.telling import tell
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.actions import look_again
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span
from meervoud.supply.models import Taking
from meervoud.supply.retaking import Piece, release_pieces
from meervoud.usage.beginning import takings_by_span
from meervoud.usage.changing import Said, ask_no_longer, coming, lock_plan, take_off
from meervoud.usage.models import PlanChange, StandIn
from meervoud.usage.plan_changes import free_plan_of, other_side, speaks_for_both
from meervoud.usage.waiting import offer_freed, pass_waits_of

MOST_LETTERS: Final = 300
WAYS: Final = (EndedWhy.NOTICE, EndedWhy.BOTH, EndedWhy.SAFETY)
NOT_YOURS: Final = "Only the two sides and the desk change an agreement."


@dataclass(frozen=True)
class Ending:
    """Who wants an agreement to end, for which side, on which last day, why (one of WAYS), and in words."""

    by: Person
    side: str
    last_day: date
    why: str
    text: str = ""


@transaction.atomic
def give_notice(*, agreement: Agreement, said: Ending, now: datetime) -> Notice:
    """Say that an agreement ends on a day: with the notice agreed; sooner where both want it, or where it is not safe.

    What is to end today ends at once. Where both must want it, the other side says so first, or the desk knows it.

    Raises:
        ConflictError: it is not in force, or notice was given already.
        DependsError: it is to end today, and somebody depends on it without a plan.
        InputError: a day that is too soon, a way that does not exist, or no reason where one is needed.
        NotAllowedError: the person does not speak for that side.
    """
    row = lock_plan(agreement)
    if said.side not in sides_of(said.by, row):
        raise NotAllowedError(NOT_YOURS)
    if row.state not in RUNNING:
        move(row, "end")  # says where it stands
    if row.notices.filter(taken_back_at__isnull=True).exists():
        raise ConflictError("Notice was given already. Look at it again.")
    _check(row, said, _today(row, now))
    is_sure = said.why != EndedWhy.BOTH or speaks_for_both(said.by, row)
    notice = Notice.objects.create(
        agreement=row,
        side=said.side,
        last_day=said.last_day,
        why=said.why,
        text=_clean(said.text),
        by=said.by,
        confirmed_at=now if is_sure else None,
    )
    if is_sure and said.last_day <= _today(row, now):
        end_locked(row, why=said.why, by=said.by, now=now)
    else:
        tell(row, "notice" if is_sure else "notice_asked", to=[other_side(said.side)], day=said.last_day, page="end/")
    journal(said.by, "notice.given", notice, agreement=str(row.pk), why=said.why, last_day=said.last_day.isoformat())
    return notice


def _check(agreement: Agreement, said: Ending, today: date) -> None:
    if said.why not in WAYS:
        raise InputError("Choose how it ends from the list.", code="ending_way")
    if said.last_day < today:
        raise InputError("The last day is past. Choose a later one.", code="ending_past")
    days = read_terms(version_that_counts(agreement).terms).notice_days
    first = today + timedelta(days=days)
    if said.why == EndedWhy.NOTICE and said.last_day < first:
        raise InputError(
            f"You agreed on {days} days of notice: the last day is {first} or later.",
            code="ending_notice",
            days=days,
            first=first.isoformat(),
        )
    if said.why == EndedWhy.SAFETY and not _clean(said.text):
        raise InputError("Write what is not safe.", code="ending_reason")


@transaction.atomic
def confirm_notice(*, notice: Notice, by: Person, now: datetime) -> Notice:
    """Say for the other side that it wants the agreement to end too; where the day has come it ends at once.

    Raises:
        ConflictError: nothing is asked, or the agreement is not in force.
        DependsError: it is to end now, and somebody depends on it without a plan.
        NotAllowedError: the person does not speak for the side that is asked.
    """
    agreement = lock_plan(notice.agreement)
    row = agreement.notices.select_for_update(of=("self",)).get(pk=notice.pk)
    if other_side(row.side) not in sides_of(by, agreement):
        raise NotAllowedError("The other side answers this.")
    if row.confirmed_at is not None or row.taken_back_at is not None or agreement.state not in RUNNING:
        raise ConflictError("This was answered already. Look at it again.")
    row.confirmed_at = now
    row.save(update_fields=["confirmed_at", "changed_at"])
    if row.last_day <= _today(agreement, now):
        end_locked(agreement, why=row.why, by=by, now=now)
    else:
        tell(agreement, "notice", to=[row.side], day=row.last_day, page="end/")
    journal(by, "notice.confirmed", row, agreement=str(agreement.pk))
    return row


@transaction.atomic
def take_back_notice(*, notice: Notice, by: Person, now: datetime) -> Notice:
    """Take notice back, for the side that gave it; or say no to it, for the side that was asked.

    Raises:
        ConflictError: it was taken back already, or the agreement has ended.
        NotAllowedError: the person does not speak for that side.
    """
    agreement = lock_plan(notice.agreement)
    row = agreement.notices.select_for_update(of=("self",)).get(pk=notice.pk)
    asked = [row.side] if row.confirmed_at else [row.side, other_side(row.side)]
    if not set(asked) & set(sides_of(by, agreement)):
        raise NotAllowedError("Only the side that gave notice takes it back.")
    if row.taken_back_at is not None or agreement.state not in RUNNING:
        raise ConflictError("This was answered already. Look at it again.")
    row.taken_back_at = now
    row.save(update_fields=["taken_back_at", "changed_at"])
    tell(agreement, "notice_back", page="end/")
    journal(by, "notice.taken_back", row, agreement=str(agreement.pk))
    return row


def end_locked(agreement: Agreement, *, why: str, by: Person | None, now: datetime) -> None:
    """End an agreement that `lock_plan` locked: what is still to come is free again, and both sides hear it.

    Raises:
        ConflictError: it is not in force.
        DependsError: somebody depends on it without a plan.
    """
    close(agreement, why=why, by=by, now=now)
    said = Said(by, Side.ASKER, "ended", now)
    for moment in agreement.moments.filter(stand_ins__state=StandIn.State.ASKED):
        ask_no_longer(moment, said)
    take_off(agreement, list(coming(agreement, now)), said)
    release_rest(agreement, by=by, now=now)
    free_plan_of(agreement, by=by, now=now)
    pass_waits_of(agreement, now=now)
    tell(agreement, "ended", page="end/")


@transaction.atomic
def look_for_another(*, agreement: Agreement, by: Person, now: datetime) -> Agreement:
    """Open the request of a group again whose agreement has ended.

    Raises:
        ConflictError: it has not ended, or the request is open already.
        NotAllowedError: the person does not speak for the group.
    """
    row = lock_plan(agreement)
    if Side.ASKER not in sides_of(by, row):
        raise NotAllowedError("You do not speak for this side.")
    if row.state != AgreementState.ENDED:
        raise ConflictError("This agreement has not ended. Look at it again.")
    look_again(request=row.request, by=by, today=_today(row, now))
    return row


def rest_of_time(agreement: Agreement, now: datetime) -> dict[Span, Taking]:
    """Return the time to come that an agreement has taken and no moment of it stands for: what a trial leaves open."""
    takings = [agreement.taking] if agreement.taking else []
    changes = agreement.plan_changes.filter(state=PlanChange.State.DONE).prefetch_related("holds__space")
    for change in changes:
        takings += [each for each in change.holds.all() if each.kind == Taking.Kind.USE]
    stood_for = set(agreement.moments.values_list("starts_at", "ends_at"))
    return {
        span: taking
        for span, taking in takings_by_span(takings).items()
        if span.starts_at > now and (span.starts_at, span.ends_at) not in stood_for
    }


def release_rest(agreement: Agreement, *, by: Person | None, now: datetime) -> int:
    """Free the time that no moment stands for, and return how many moments that would have been."""
    rest = rest_of_time(agreement, now)
    pieces = [Piece(taking, span) for span, taking in rest.items()]
    if pieces:
        release_pieces(pieces=pieces, by=by, now=now)
        for piece in pieces:
            offer_freed(space=piece.taking.space, span=piece.span, now=now)
    return len(pieces)


def last_day_of(agreement: Agreement) -> date:
    """Return the day on which an agreement ends as things stand: by notice, or with its period and its last moment."""
    notice = agreement.notices.filter(taken_back_at__isnull=True, confirmed_at__isnull=False).first()
    if notice is not None:
        return notice.last_day
    last = read_terms(version_that_counts(agreement).terms).times.last
    moments = agreement.moments.exclude(state__in=("cancelled", "withdrawn"))
    ends_at = moments.order_by("-ends_at").values_list("ends_at", flat=True).first()
    zone = ZoneInfo(agreement.programme.time_zone)
    return max(last, (ends_at - timedelta(minutes=1)).astimezone(zone).date()) if ends_at else last


def _today(agreement: Agreement, now: datetime) -> date:
    return now.astimezone(ZoneInfo(agreement.programme.time_zone)).date()


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:MOST_LETTERS]
