"""A range in words: the interval first, the point only with it, two digits."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from meervoud.files.impact.statement_out import rounded
from meervoud.lib.saying import spoken

CENTS: Final = 100
Interval = dict[str, Any]  # Any: JSON: low, point and high, and more


def money_range(told: Interval, currency: str) -> str:
    """Return an interval of money in words."""
    return _said(told, lambda each: spoken().whole_money(round(rounded(each) * CENTS), currency))


def number_range(told: Interval) -> str:
    """Return an interval of a plain number in words."""
    return _said(told, lambda each: spoken().number(rounded(each)))


def _said(told: Interval, tell: Callable[[float], str]) -> str:
    if told["low"] == told["high"]:
        return tell(told["point"])
    gaps = {name: tell(told[name]) for name in ("low", "high", "point")}
    return _("between %(low)s and %(high)s, most likely about %(point)s") % gaps
