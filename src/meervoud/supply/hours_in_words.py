"""When a space is lent, in words: for a letter, or for who reads instead of looking at a week."""

from itertools import groupby

from django.utils.translation import gettext as _

from meervoud.files.wording.language import Language
from meervoud.supply.models import Offer, OpeningPeriod
from meervoud.supply.week_grid import Range, read_hours


def say_periods(said: Language, offer: Offer) -> list[str]:
    """Return the hours of an offer, line by line; [] where the host has not told."""
    return [line for period in offer.periods.all() for line in _say_period(said, period)]


def _say_period(said: Language, period: OpeningPeriod) -> list[str]:
    if period.lend == Offer.Lend.ALWAYS:
        return [_("day and night")]
    grid = read_hours(period.hours)
    lines = [period.hours] if grid is None else _say_days(said, grid.days)
    if period.lend == Offer.Lend.OUTSIDE:
        return [_("outside these hours, when the host is there: %(hours)s") % {"hours": line} for line in lines]
    return lines


def _say_days(said: Language, days: tuple[tuple[Range, ...], ...]) -> list[str]:
    """Return "Monday, Tuesday and Friday 18:00-22:00" for each run of days with the same hours."""
    lines = list[str]()
    by_ranges = sorted((ranges, day) for day, ranges in enumerate(days) if ranges)
    for ranges, group in groupby(by_ranges, key=lambda pair: pair[0]):
        names = said.together([said.weekday(day) for _ranges, day in group])
        spans = said.together([said.span(start, end) for start, end in ranges])
        lines.append(f"{names} {spans}")
    return lines
