"""From a signed agreement to its usage moments: each with the time that it takes, and those of a pattern as a series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from meervoud.agreements.drafts import last_version
from meervoud.agreements.models import Agreement
from meervoud.agreements.terms import Times, read_terms
from meervoud.core.engine.types.results import Pattern
from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span, confirm_hold, release, shown_spans
from meervoud.supply.models import Offer, Taking
from meervoud.supply.retaking import Piece, split
from meervoud.usage.models import PlanChange, Series, State, UsageMoment
from meervoud.usage.wishes import Hours, as_moments, span_on

SIGNED: Final = "the agreement that is being signed"
LOST: Final = "Some of the time is not kept any more. Plan those days again, then sign."


@dataclass(frozen=True)
class Planned:
    """One moment before it is written: when, in whose time, and in which series on which day."""

    span: Span
    taking: Taking | None
    series: Series | None = None
    recurs_on: date | None = None


def plan_signed(*, agreement: Agreement, by: Person | None, now: datetime) -> list[UsageMoment]:
    """Write the moments of an agreement that both sides have just signed.

    What was added to its plan while it was written becomes use as well; what was held and left out is free again.

    Raises:
        ConflictError: some of the time is not kept any more; then nothing is signed.
    """
    terms = read_terms(last_version(agreement).terms)
    times, spans = terms.times, [Span(*each) for each in terms.times.moments]
    takings = [agreement.taking] if agreement.taking else []
    taking_of = takings_by_span([*takings, *_confirmed(agreement, times, by, now)])
    asked = {each.starts_at for each in times.elsewhere if each.is_asked}
    if any(span not in taking_of and span.starts_at not in asked for span in spans):
        raise ConflictError(LOST)
    spans = [each for each in spans if each.ends_at > now]  # what went by before they signed was no use
    return plan_spans(agreement, times, spans[:1] if terms.is_trial else spans, taking_of, by)


def plan_spans(
    agreement: Agreement, times: Times, spans: Sequence[Span], taking_of: Mapping[Span, Taking], by: Person | None
) -> list[UsageMoment]:
    """Write the moments of some of the time of an agreement, in the series of its patterns."""
    zone, planned = agreement.programme.time_zone, list[Planned]()
    in_series = _series_of(agreement, times, spans)
    for span in spans:
        taking = taking_of.get(span)
        series, day = in_series.get(span, (None, None))
        pieces = as_moments([span], zone)
        if taking is not None and len(pieces) > 1:
            split(piece=Piece(taking, span), spans=pieces)
        planned += [Planned(piece, taking, series, day) for piece in pieces]
    return write_moments(agreement, planned, by)


def write_moments(agreement: Agreement, planned: Sequence[Planned], by: Person | None) -> list[UsageMoment]:
    """Write moments of an agreement; one without time of its own looks for a room."""
    moments = UsageMoment.objects.bulk_create(
        [
            UsageMoment(
                agreement=agreement,
                series=each.series,
                recurs_on=each.recurs_on,
                space=each.taking.space if each.taking else agreement.offer.space,
                taking=each.taking,
                starts_at=each.span.starts_at,
                ends_at=each.span.ends_at,
                state=State.PLANNED if each.taking else State.SEEKING,
            )
            for each in planned
        ]
    )
    journal(by, "moments.planned", agreement, moments=len(moments))
    return moments


def _confirmed(agreement: Agreement, times: Times, by: Person | None, now: datetime) -> list[Taking]:
    """Turn the holds of the plan into use; release those of what is in the terms no more."""
    wanted, found = {Span(*each) for each in times.moments}, list[Taking]()
    for change in agreement.plan_changes.filter(state=PlanChange.State.PROPOSED):
        for hold in change.holds.select_related("space").order_by("pk"):
            spans = {Span(*each) for each in shown_spans(hold)}
            if spans and spans <= wanted:
                found.append(confirm_hold(taking=hold, by=by, now=now))
            else:
                release(taking=hold, by=by, now=now)
        change.state = PlanChange.State.DONE
        change.save(update_fields=["state", "changed_at"])
    return found


def takings_by_span(takings: Sequence[Taking]) -> dict[Span, Taking]:
    """Return every moment that takings have, with the one it belongs to."""
    return {Span(*each): taking for taking in takings for each in shown_spans(taking)}


def _series_of(agreement: Agreement, times: Times, spans: Sequence[Span]) -> dict[Span, tuple[Series, date]]:
    """Return for the moments of each pattern with one start their series, which is written, and their day."""
    wanted, found = set(spans), dict[Span, tuple[Series, date]]()
    zone = agreement.programme.time_zone
    for pattern in times.patterns:
        days = _days_of(pattern, zone)
        mine = {span: day for span, day in days.items() if span in wanted and span not in found}
        if len(mine) < 2 or pattern.start is None:
            continue
        series = Series.objects.create(
            agreement=agreement,
            weekdays=sorted({each.weekday() for each in mine.values()}),
            starts=time(pattern.start // 60 % 24, pattern.start % 60),
            minutes=pattern.minutes,
            every_weeks=_every_weeks(sorted(mine.values())),
            first=min(mine.values()),
            last=max(mine.values()),
        )
        found |= {span: (series, day) for span, day in mine.items()}
    return found


def _days_of(pattern: Pattern, zone: str) -> dict[Span, date]:
    if pattern.start is None or pattern.start >= 1440:
        return {}
    starts = time(pattern.start // 60, pattern.start % 60)
    ends = (datetime.combine(date.min, starts) + timedelta(minutes=pattern.minutes)).time()
    spans = ((span_on(each.day, Hours(starts, ends), zone), each.day) for each in pattern.moments)
    return {span: day for span, day in spans if span is not None}


def _every_weeks(days: Sequence[date]) -> int:
    """Return how many weeks lie between the moments of a series, where it is the same number all along; else 1."""
    weeks = sorted({(each - timedelta(days=each.weekday())).toordinal() // 7 for each in days})
    gaps = {later - sooner for sooner, later in pairwise(weeks)}
    smallest = min(gaps, default=1)
    return smallest if smallest <= 8 and all(gap % smallest == 0 for gap in gaps) else 1


def offer_by_id(offer: UUID | str) -> Offer:
    """Return an offer that a plan names, with its space, building, host and programme."""
    rows = Offer.objects.every(because=SIGNED)
    return rows.select_related("space__building", "host", "programme").get(pk=offer)
