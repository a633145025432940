"""A request as the engine sees it, and back: rows to a Request, needs to rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import QuerySet

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Request, Weekly, Window, sort_dates
from meervoud.core.engine.types.spaces import Position, Price
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.demand.models import Request as RequestRow
from meervoud.demand.models import RequestRule

Kind = RequestRule.Kind


def with_rules(requests: QuerySet[RequestRow]) -> QuerySet[RequestRow]:
    """Return requests with everything `request_of` reads, in a fixed number of queries."""
    return requests.select_related("organisation", "programme").prefetch_related("rules")


def request_of(
    row: RequestRow, *, within: DateRange, meets_at: str | None = None, needs: tuple[Need, ...] | None = None
) -> Request:
    """Return a request as the engine sees it.

    Args:
        row: from `with_rules`.
        within: the days that are searched; what a rule asks before or after them is left out.
        meets_at: id of the space where the group meets now.
        needs: when, in the place of what its rules say.

    Raises:
        InputError: no rule has a day left within those days.
    """
    position = None
    if row.latitude is not None and row.longitude is not None:
        position = Position(row.latitude, row.longitude)
    return Request(
        id=str(row.pk),
        name=row.title,
        organisation=row.organisation.name if row.organisation else "",
        neighbourhood=row.neighbourhood or None,
        position=position,
        max_metres=row.max_metres if position else None,
        group_min=row.group_min,
        group_max=row.group_max,
        area_m2=row.area_m2,
        facilities=frozenset(row.facilities),
        wishes=frozenset(row.wishes),
        step_free=row.step_free,
        activities=frozenset(row.activities),
        loudness=row.loudness or None,
        cause=row.cause or None,
        budget=_budget(row),
        needs=clip_all(needs_of(row), within) if needs is None else needs,
        kind_of_activity=row.kind_of_activity or None,
        meets_at=meets_at,
    )


def needs_of(row: RequestRow) -> tuple[Need, ...]:
    """Return the rules of a request as the engine sees them, in their order."""
    return tuple(need_of(rule) for rule in row.rules.all())


def clip_all(needs: Sequence[Need], within: DateRange) -> tuple[Need, ...]:
    """Return what rules ask within some days; a rule that is past is done, and no longer asked.

    Raises:
        InputError: nothing of any of them lies within those days.
    """
    kept, refused = list[Need](), list[InputError]()
    for need in needs:
        try:
            kept.append(clip(need, within))
        except InputError as error:
            refused.append(error)
    if refused and not kept:
        raise refused[0]
    return tuple(kept)


def need_of(rule: RequestRule) -> Need:
    """Return a rule as the engine sees it.

    Raises:
        InputError: the values do not go together.
    """
    window = Window(rule.window_start, rule.window_end) if rule.kind != Kind.CONTINUOUS else None
    first = rule.first or date.min
    if rule.kind == Kind.CONTINUOUS or window is None:
        return Continuous(first, rule.days, rule.coverage_share)
    if rule.kind == Kind.DATES:
        dates = sort_dates([date.fromisoformat(each) for each in rule.dates])
        return Dates(dates, window, rule.minutes, rule.coverage_share, rule.same_start)
    weekdays, closed = frozenset(rule.weekdays), _ranges(rule.closed)
    if rule.kind == Kind.HOURS:
        return Hours(
            rule.per_week_minutes, weekdays, window, rule.minutes, first, rule.weeks, rule.coverage_share, closed
        )
    extra = sort_dates([date.fromisoformat(each) for each in rule.dates])
    return Weekly(
        weekdays,
        window,
        rule.minutes,
        first,
        rule.weeks,
        rule.coverage_share,
        rule.per_week,
        rule.same_start,
        closed,
        extra,
    )


def rule_of(need: Need, order: int = 0) -> RequestRule:
    """Return a need of the engine as a rule that is not saved yet."""
    if isinstance(need, Continuous):
        return RequestRule(
            order=order, kind=Kind.CONTINUOUS, first=need.first, days=need.days, coverage_share=need.coverage_share
        )
    rule = RequestRule(
        order=order, window_start=need.window.start, window_end=need.window.end, coverage_share=need.coverage_share
    )
    if isinstance(need, Dates):
        rule.kind, rule.minutes, rule.same_start = Kind.DATES, need.minutes, need.same_start
        rule.dates = [str(each) for each in need.dates]
        return rule
    rule.weekdays, rule.first, rule.weeks = sorted(need.weekdays), need.first, need.weeks
    rule.closed = [[str(each.first), str(each.last)] for each in need.closed]
    if isinstance(need, Hours):
        rule.kind, rule.minutes, rule.per_week_minutes = Kind.HOURS, need.min_block_minutes, need.per_week_minutes
        return rule
    rule.kind, rule.minutes = Kind.WEEKLY, need.minutes
    rule.per_week, rule.same_start = need.per_week, need.same_start
    rule.dates = [str(each) for each in need.extra]
    return rule


def clip(need: Need, within: DateRange) -> Need:
    """Return what a need asks within some days.

    Raises:
        InputError: nothing of it lies within them.
    """
    if isinstance(need, Dates):
        dates = tuple(each for each in need.dates if within.first <= each <= within.last)
        _refuse_without_days(has_days=bool(dates))
        return replace(need, dates=dates)
    if isinstance(need, Continuous):
        first, last = max(need.first, within.first), min(need.last, within.last)
        _refuse_without_days(has_days=first <= last)
        return replace(need, first=first, days=(last - first).days + 1)
    passed = max(0, -(-(within.first - need.first).days // 7))
    first = need.first + timedelta(weeks=passed)
    weeks = min(need.weeks - passed, ((within.last - first).days + 1) // 7)
    _refuse_without_days(has_days=weeks > 0)
    if isinstance(need, Hours):
        return replace(need, first=first, weeks=weeks)
    extra = tuple(each for each in need.extra if within.first <= each <= within.last)
    return replace(need, first=first, weeks=weeks, extra=extra)


def _refuse_without_days(*, has_days: bool) -> None:
    if not has_days:
        raise InputError(
            "What this request asks lies before today or more than a year ahead. Give it new days.", code="rule_is_past"
        )


def _budget(row: RequestRow) -> Price | None:
    if row.budget_cents is None:
        return None
    return Price(row.budget_cents, row.programme.currency, "month" if row.budget_per == "month" else "hour")


def _ranges(pairs: Sequence[Sequence[str]]) -> tuple[DateRange, ...]:
    return tuple(DateRange(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs)
