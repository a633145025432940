"""Cancelling by the group, and withdrawing by the host: this one, this and the following, or all; and a pause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.agreements.models import Agreement
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.parties.roles import works_for
from meervoud.places.models import Space
from meervoud.supply.calendar import Span, release
from meervoud.supply.retaking import Piece, release_pieces
from meervoud.usage.lifecycle import move
from meervoud.usage.models import PlanChange, Series, StandIn, State, UsageMoment
from meervoud.usage.rooms_instead import rooms_instead
from meervoud.usage.telling import tell_other_hosts, tell_side
from meervoud.usage.waiting import offer_freed, spaces_waited_for

Scope = Literal["one", "following", "all"]
SCOPES: Final = ("one", "following", "all")
COMING: Final = (State.PLANNED, State.SEEKING)
REASONS: Final = {
    Side.ASKER: ("ill", "few_people", "holiday", "other_place", "other"),
    Side.HOST: ("own_use", "works", "no_staff", "safety", "pause", "other"),
}
MOST_LETTERS: Final = 300
OWN: Final = "moments of an agreement that was found in the scope of who acts"


@dataclass(frozen=True)
class Said:
    """Who says that a moment cannot be, for which side, why, and when; nobody is the platform's clock."""

    by: Person | None
    side: str
    reason: str
    now: datetime
    text: str = ""


@transaction.atomic
def call_off(*, moment: UsageMoment, scope: str, said: Said) -> list[UsageMoment]:
    """Cancel (the group) or withdraw (the host) a moment, it and the following of its series, or all that are to come.

    The time is free again and goes to whoever waits for it; where a host withdraws, it stays the host's. Nothing of the
    past changes. Returns the moments that changed.

    Raises:
        ConflictError: the moment is past, or was called off already.
        InputError: a scope or a reason that does not exist.
        NotAllowedError: the person does not speak for that side.
    """
    if scope not in SCOPES:
        raise InputError("Choose this moment, this and the following, or all.", code="moment_scope")
    if said.reason not in REASONS[Side(said.side)]:
        raise InputError("Choose a reason from the list.", code="reason_unknown")
    agreement = lock_moments(moment, said)
    row = agreement.moments.select_related("taking__space", "space__building", "series").get(pk=moment.pk)
    if row.starts_at <= said.now or row.state not in COMING:
        move(row, "withdraw" if said.side == Side.HOST else "cancel")
        raise ConflictError("This moment has begun. It cannot be called off any more.")
    rows = _of_side(agreement, row, in_scope(agreement, row, scope, said.now), said)
    return _call_off(agreement, rows, said)


@transaction.atomic
def pause(*, agreement: Agreement, first: date, last: date, said: Said) -> list[UsageMoment]:
    """Withdraw every moment of some days: the host needs the space itself. Returns the moments.

    Raises:
        InputError: days that end before they begin.
        NotAllowedError: the person does not speak for the host.
    """
    if last < first:
        raise InputError("The last day lies before the first. Swap the two days.", code="plan_days_reversed")
    row = _lock(agreement, said)
    zone = ZoneInfo(row.programme.time_zone)
    begins = max(datetime.combine(first, datetime.min.time(), zone), said.now)
    ends = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    rows = coming(row, said.now).filter(starts_at__gte=begins, starts_at__lt=ends)
    return _call_off(row, [each for each in rows if is_with_host(each, row)], said)


def _of_side(agreement: Agreement, chosen: UsageMoment, rows: Sequence[UsageMoment], said: Said) -> list[UsageMoment]:
    """Return what a side takes off: a host what is in its own rooms; a date in a room of another host only the desk."""
    if said.side != Side.HOST:
        return list(rows)
    found = [each for each in rows if is_with_host(each, agreement)]
    if chosen.pk in {each.pk for each in found}:
        return found
    if said.by is None or not works_for(said.by, agreement.programme):
        raise NotAllowedError("You do not speak for this side.")
    return [chosen, *found]


def is_with_host(moment: UsageMoment, agreement: Agreement) -> bool:
    """Say whether a planned moment is in a room of the host of its agreement."""
    return moment.state == State.PLANNED and moment.space.building.host_id == agreement.offer.host_id


def lock_moments(moment: UsageMoment, said: Said) -> Agreement:
    """Return the agreement of a moment, locked with the time of all its moments to come.

    Raises:
        NotAllowedError: the person does not speak for that side.
    """
    return _lock(moment.agreement, said)


def lock_plan(agreement: Agreement) -> Agreement:
    """Return an agreement, locked with the time of its moments, of rooms asked, of changes that wait, and of who waits."""
    rows = Space.objects.every(because=OWN)
    spaces = list(rows.filter(moments__agreement=agreement).distinct())
    asked = rows.filter(offer__stand_ins__moment__agreement=agreement).distinct()
    held = rows.filter(pk__in=agreement.plan_changes.values("holds__space"))
    spaces = [agreement.offer.space, *spaces, *held]
    return lock_agreement(agreement, spaces=[*spaces, *asked, *spaces_waited_for(spaces)])


def _lock(agreement: Agreement, said: Said) -> Agreement:
    row = lock_plan(agreement)
    if said.by is None or said.side not in sides_of(said.by, row):
        raise NotAllowedError("You do not speak for this side.")
    return row


def in_scope(agreement: Agreement, moment: UsageMoment, scope: str, now: datetime) -> list[UsageMoment]:
    """Return a moment, or it and those of its series that follow, or all of the agreement that are to come."""
    if scope == "all":
        return list(coming(agreement, now))
    if scope == "following":
        following = coming(agreement, now).filter(starts_at__gte=moment.starts_at)
        return list(following.filter(series=moment.series) if moment.series_id else following)
    return list(coming(agreement, now).filter(pk=moment.pk))


def coming(agreement: Agreement, now: datetime) -> QuerySet[UsageMoment]:
    """Return the moments of an agreement that are still to come."""
    rows = agreement.moments.filter(starts_at__gt=now, state__in=COMING)
    return rows.select_related("taking__space", "space__building", "series")


def _call_off(agreement: Agreement, rows: Sequence[UsageMoment], said: Said) -> list[UsageMoment]:
    take_off(agreement, rows, said)
    _tell(agreement, rows, said)
    return list(rows)


def take_off(agreement: Agreement, rows: Sequence[UsageMoment], said: Said) -> None:
    """Take moments off the plan of an agreement that `lock_plan` locked; tell nobody of it."""
    is_host = said.side == Side.HOST
    for row in rows:
        ask_no_longer(row, said)
    _drop_moves(agreement, rows, said)
    tell_other_hosts(rows)
    pieces = [Piece(row.taking, Span(row.starts_at, row.ends_at)) for row in rows if row.taking is not None]
    if not is_host:  # what a host withdraws it uses itself: nobody else is offered it
        release_pieces(pieces=pieces, by=said.by, now=said.now)
    for row in rows:
        move(row, "withdraw" if is_host and row.state == State.PLANNED else "cancel")
        row.reason, row.reason_text = said.reason, said.text.strip()[:MOST_LETTERS]
        row.sequence, row.taking = row.sequence + 1, row.taking if is_host else None
        row.save()
    for series in Series.objects.every(because=OWN).filter(pk__in={row.series_id for row in rows if row.series_id}):
        series.sequence += 1
        series.save(update_fields=["sequence", "changed_at"])
    journal(
        said.by,
        "moments.withdrawn" if is_host else "moments.cancelled",
        agreement,
        moments=len(rows),
        reason=said.reason,
    )
    if not is_host:
        for piece in pieces:
            offer_freed(space=piece.taking.space, span=piece.span, now=said.now)


def _drop_moves(agreement: Agreement, rows: Sequence[UsageMoment], said: Said) -> None:
    """Take back what waits for a yes to move one of these: its new time is free again."""
    gone = {str(row.pk) for row in rows}
    for change in agreement.plan_changes.filter(state=PlanChange.State.PROPOSED):
        if gone & {each.get("moment", "") for each in change.rows}:
            for hold in change.holds.select_related("space").order_by("pk"):
                release(taking=hold, by=said.by, now=said.now)
            change.state = PlanChange.State.TAKEN_BACK
            change.save(update_fields=["state", "changed_at"])


def ask_no_longer(row: UsageMoment, said: Said) -> None:
    """Take back what is asked of another host for a moment."""
    for asked in row.stand_ins.filter(state=StandIn.State.ASKED).select_related("hold__space"):
        if asked.hold is not None:
            release(taking=asked.hold, by=said.by, now=said.now)
        asked.state = StandIn.State.TAKEN_BACK
        asked.save(update_fields=["state", "changed_at"])


def _tell(agreement: Agreement, rows: Sequence[UsageMoment], said: Said) -> None:
    if not rows:
        return
    other = Side.ASKER if said.side == Side.HOST else Side.HOST
    what = "withdrawn" if said.side == Side.HOST else "cancelled"
    first = min(rows, key=lambda each: each.starts_at)
    gaps = {"number_of": str(len(rows)), "rooms": _rooms(agreement, first, said) if other == Side.ASKER else ""}
    tell_side(agreement, other, what, span=Span(first.starts_at, first.ends_at), gaps=gaps)


def _rooms(agreement: Agreement, moment: UsageMoment, said: Said) -> str:
    """Return the names of up to three rooms that are free at that hour; names that everybody may find."""
    names = [each.space.name for each in rooms_instead(moment, agreement, said.now)]
    return ", ".join(names)
