"""Opening hours as rules: which days, which spans of the day, open, closed or unknown."""

from dataclasses import dataclass
from typing import Literal

State = Literal["open", "closed", "unknown"]


@dataclass(frozen=True)
class DaySpan:
    """A half-open span of minutes after local midnight; `end` passes 1440 when the span runs past midnight."""

    start: int
    end: int


@dataclass(frozen=True)
class OpeningRule:
    """One rule: on these days, these spans have this state.

    Attributes:
        days: a date selector in OpenStreetMap syntax ("Mo-Fr", "Oct-Mar Sa[1]"), checked by the parser; "" is every day.
        spans: sorted spans of the day, shape (n,); empty never occurs: a whole day is (0, 1440).
        state: what the spans are. "unknown" also for spans that carry a comment or have an open end.
        additional: True where the rule adds to the earlier ones (", "), False where it replaces them on its days ("; ").
            A closed rule takes its spans away.
        fallback: the rule holds only where the earlier ones are closed ("||"); its state is "unknown".
        holidays: the rule is for public holidays *only*. Holidays come from the host's ticked days, so such a rule
            never opens anything; its spans may be in use on any of its days, for any day may be a holiday.
    """

    days: str
    spans: tuple[DaySpan, ...]
    state: State = "open"
    additional: bool = False
    holidays: bool = False
    fallback: bool = False


@dataclass(frozen=True)
class OpeningHours:
    """A parsed value of the safe subset of the OpenStreetMap opening-hours language.

    Attributes:
        text: the value as it was written.
        rules: in the order written; later rules replace or add to earlier ones.
        notes: codes of what a reader should know, e.g. "holidays_named" (the value speaks of public holidays).
    """

    text: str
    rules: tuple[OpeningRule, ...]
    notes: tuple[str, ...] = ()
