"""What a change of time would open: another start, one more weekday, a shorter moment, fewer weeks."""

from collections.abc import Iterator
from math import ceil

from meervoud.core.engine.arrays import SLOT_MINUTES, Ints
from meervoud.core.engine.fitting import best_percents, fit_time, plans_of
from meervoud.core.engine.index import Index
from meervoud.core.engine.plans import snap_window
from meervoud.core.engine.relaxing import relax_need
from meervoud.core.engine.types.requests import Dates, Hours, Need, Request, Weekly
from meervoud.core.engine.types.results import Relaxation
from meervoud.core.errors import InputError

SHIFTS = 4  # half-hours a start may move
LEAST_PERCENT = 50  # below half of the weeks it is another request


def relax_time(index: Index, request: Request, rows: Ints) -> list[Relaxation]:
    """Return what a change of one rule would open among spaces that fail on time only.

    Args:
        index: all spaces.
        request: whose rules.
        rows: the spaces that fail on time only, sorted.

    Returns:
        For each rule: the nearest earlier and later start, every other weekday, the longest shorter moment, and the
        share of the moments that would have to be enough; each only where it opens a space.
    """
    if len(rows) == 0:
        return []
    found: list[Relaxation] = []
    for rule, need in enumerate(request.needs):
        for kind, values in _ladders(need):
            found += _first_that_opens(index, request, rows, rule, kind, values)
        for weekday in _other_weekdays(need):
            found += _first_that_opens(index, request, rows, rule, "weekday", [weekday])
        plan = plans_of((need,), index)[0]
        best = int(best_percents(plan, index, rows).max())
        if LEAST_PERCENT <= best < ceil(round(need.coverage_share * 100, 6)):
            found += _first_that_opens(index, request, rows, rule, "coverage", [best])
    return found


def _ladders(need: Need) -> Iterator[tuple[str, list[int]]]:
    if not isinstance(need, (Weekly, Dates)):
        return
    first, end, slots = snap_window(need.window, need.minutes)
    earliest, latest = first * SLOT_MINUTES, (end - slots) * SLOT_MINUTES
    steps = range(SLOT_MINUTES, (SHIFTS + 1) * SLOT_MINUTES, SLOT_MINUTES)
    yield "start", [earliest - step for step in steps if earliest >= step and _fits_in_a_window(need, earliest - step)]
    yield "start", [latest + step for step in steps if latest + step < 1440 and _fits_in_a_window(need, latest + step)]
    shortest = max(SLOT_MINUTES, need.minutes // 2)
    yield "minutes", list(range((slots - 1) * SLOT_MINUTES, shortest - 1, -SLOT_MINUTES))


def _fits_in_a_window(need: Weekly | Dates, start: int) -> bool:
    first, end = min(need.window.start, start), max(need.window.end, start + need.minutes)
    return end <= 1920 and end - first <= 1440


def _other_weekdays(need: Need) -> list[int]:
    return [day for day in range(7) if day not in need.weekdays] if isinstance(need, (Weekly, Hours)) else []


def _first_that_opens(
    index: Index, request: Request, rows: Ints, rule: int, kind: str, values: list[int]
) -> list[Relaxation]:
    for value in values:
        needs = (*request.needs[:rule], relax_need(request.needs[rule], kind, value), *request.needs[rule + 1 :])
        try:
            fits = fit_time(plans_of(needs, index), index, rows).fits
        except InputError:
            continue  # the change would leave the weeks that are searched
        if fits.any():
            ids = sorted(space.id for space in index.spaces_at(rows[fits]))
            return [Relaxation(kind, rule, str(value), len(ids), tuple(ids))]
    return []
