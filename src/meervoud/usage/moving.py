"""Moving moments to other hours or days: this one, this and the following, or all; the other side says yes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from django.db import transaction

from meervoud.agreements.models import Agreement
from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal
from meervoud.supply.calendar import Span, TakenError
from meervoud.supply.models import Taking
from meervoud.supply.retaking import Piece, hold_beside
from meervoud.usage.changing import SCOPES, Said, in_scope, lock_moments
from meervoud.usage.models import PlanChange, State, UsageMoment
from meervoud.usage.plan_changes import ANSWER, Asking, carry_out, other_side, speaks_for_both
from meervoud.usage.planning import Preview, choose, preview_plan
from meervoud.usage.telling import tell_side
from meervoud.usage.wishes import Days, Hours, Weekly, day_of

MOST: Final = 400


@dataclass(frozen=True)
class Move:
    """Where moments go: the first of them to a day, the others by as many days, all to the same hours."""

    moment: UsageMoment
    scope: str
    to_day: date
    hours: Hours


def moved(move: Move, agreement: Agreement, now: datetime) -> dict[date, UsageMoment]:
    """Return the moments that move, by the day to which they go.

    Raises:
        InputError: a scope that does not exist.
        ConflictError: the moment is past or was called off, or two would fall on one day.
    """
    if move.scope not in SCOPES:
        raise InputError("Choose this moment, this and the following, or all.", code="moment_scope")
    zone = agreement.programme.time_zone
    rows = [each for each in in_scope(agreement, move.moment, move.scope, now) if each.state == State.PLANNED]
    if move.moment.pk not in {each.pk for each in rows}:
        raise ConflictError("This moment cannot be moved any more. Look at the plan again.")
    shift = move.to_day - day_of(span_of(move.moment), zone)
    days = {day_of(span_of(each), zone) + shift: each for each in rows}
    if len(days) < len(rows):
        raise ConflictError("Two of these moments are on one day. Move them one by one.")
    return days


def span_of(moment: UsageMoment) -> Span:
    """Return when a moment is."""
    return Span(moment.starts_at, moment.ends_at)


def preview_move(move: Move, agreement: Agreement, people: int, now: datetime) -> Preview:
    """Look at where moments would go; write nothing. See `preview_plan`."""
    days = moved(move, agreement, now)
    pieces, others = _own(agreement, days, now)
    wish = Days(tuple(sorted(days)), move.hours)
    return preview_plan(agreement=agreement, wish=wish, people=people, now=now, own=pieces, others=others)


def _own(agreement: Agreement, days: Mapping[date, UsageMoment], now: datetime) -> tuple[list[Piece], list[Span]]:
    going = {each.pk for each in days.values()}
    rows = agreement.moments.filter(state=State.PLANNED, ends_at__gt=now).select_related("taking__space")
    space = agreement.offer.space_id
    pieces = [Piece(each.taking, span_of(each)) for each in rows if each.pk in going and each.taking is not None]
    stay = [span_of(each) for each in rows if each.pk not in going and each.space_id == space]
    return [each for each in pieces if each.taking.space_id == space], stay


@transaction.atomic
def move_moments(*, move: Move, token: str, choices: Mapping[str, str], people: int, asking: Asking) -> PlanChange:
    """Ask to move moments; until the other side says yes they stay where they are, and the new time is held as well.

    A day that cannot be moved stays as it is, or goes where was chosen. The desk, and who speaks for both, need not wait.

    Raises:
        ConflictError: what was seen is not so any more, or a moment cannot be moved.
        InputError: a choice is missing, or the scope does not exist.
        NotAllowedError: the person does not speak for that side.
    """
    agreement = lock_moments(move.moment, Said(asking.by, asking.side, "", asking.now))
    known = PlanChange.objects.every(because="the key of who asks").filter(request_key=asking.request_key).first()
    if known is not None and known.agreement_id == agreement.pk:
        return known
    days = moved(move, agreement, asking.now)
    preview = preview_move(move, agreement, people, asking.now)
    chosen = choose(preview, token, choices)
    if any(each.alternative is not None and each.alternative.kind != "shift" for each in chosen):
        raise InputError(
            "Move to other hours or days. Another room is asked for when a date has none.", code="move_room"
        )
    rows, spans = [days[each.day] for each in chosen], [each.span for each in chosen]
    until = min(asking.now + ANSWER, *(each.starts_at for each in rows), *(each.starts_at for each in spans))
    change = PlanChange.objects.create(
        agreement=agreement,
        side=asking.side,
        by=asking.by,
        rows=[_as_row(each.day, each.span, moment) for each, moment in zip(chosen, rows, strict=True)],
        new_series=_series(move, [each.day for each in chosen]),
        request_key=asking.request_key,
        note=asking.note.strip()[:300],
        expires_at=until,
    )
    hold = _hold(agreement, rows, spans, asking, until)
    change.holds.set([hold] if hold else [])
    journal(asking.by, "plan.proposed", change, agreement=str(agreement.pk), moments=len(chosen))
    if speaks_for_both(asking.by, agreement):
        carry_out(change, agreement, asking.by, asking.now)
    else:
        tell_side(agreement, other_side(asking.side), "plan_proposed")
    return change


def _as_row(day: date, span: Span, moment: UsageMoment) -> dict[str, Any]:  # Any: values of JSON
    return {
        "day": day.isoformat(),
        "starts_at": span.starts_at.isoformat(),
        "ends_at": span.ends_at.isoformat(),
        "offer": "",
        "is_asked": False,
        "moment": str(moment.pk),
    }


def _hold(
    agreement: Agreement, rows: Sequence[UsageMoment], spans: Sequence[Span], asking: Asking, until: datetime
) -> Taking | None:
    own = [Piece(each.taking, span_of(each)) for each in rows if each.taking is not None]
    try:
        return hold_beside(
            space=agreement.offer.space,
            own=own,
            spans=spans,
            hold=(f"{asking.request_key[:60]} moved", until),
            by=asking.by,
            now=asking.now,
        )
    except TakenError as error:
        raise ConflictError("Some of this time was taken a moment ago. Look at the plan again.") from error


def _series(move: Move, days: Sequence[date]) -> list[dict[str, Any]]:  # Any: values of JSON
    """Return the series that moved moments make; a single one stays in the series it has."""
    if move.scope == "one" or len(days) < 2:
        return []
    gaps = {later - sooner for sooner, later in pairwise(sorted(days))}
    weeks = min(gaps, default=timedelta(weeks=1)).days // 7
    wish = Weekly(frozenset(each.weekday() for each in days), min(days), max(days), move.hours, max(1, weeks))
    return [
        {
            "weekdays": sorted(wish.weekdays),
            "starts": wish.hours.starts.isoformat("minutes"),
            "minutes": wish.hours.minutes,
            "every_weeks": min(wish.every_weeks, 8),
        }
    ]
