"""The terms of an agreement: what both sides settle, as values; made from a proposal, kept as JSON."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal

import cattrs

from meervoud.core.engine.types.results import Pattern

Kind = Literal["hourly", "loan", "temporary", "shop"]
PriceKind = Literal["free", "cost_share", "price"]
Per = Literal["hour", "month", "time"]
Who = Literal["host", "group", "desk"]
Way = Literal["host", "code", "key"]
Insured = Literal["host", "group", "both", "nobody"]
Harm = Literal["no_dependence", "other_space_first", "host_helps_look"]


@dataclass(frozen=True)
class Money:
    """What a group pays, in cents of one currency."""

    kind: PriceKind
    currency: str
    cents: int = 0
    per: Per = "hour"
    deposit_cents: int = 0


@dataclass(frozen=True)
class Access:
    """How people come in: who opens and closes, and by what; the code or the place of the key stands elsewhere."""

    way: Way = "host"
    opens: Who = "host"
    closes: Who = "host"
    minutes_before: int = 0


@dataclass(frozen=True)
class Elsewhere:
    """A moment that is not in the space of the agreement: in another room of the host, or one that is still asked for.

    Attributes:
        starts_at: which of the moments.
        offer: id of the offer whose space it is.
        space: its name, for words.
        is_asked: whether another host has to say yes first.
    """

    starts_at: datetime
    offer: str
    space: str
    is_asked: bool = False


@dataclass(frozen=True)
class Times:
    """When.

    Attributes:
        first, last: days on the wall clock of the place, both included.
        patterns: as the engine proposed them, for words.
        moments: every moment, aware, half-open, in order; [] for a space that is lent day and night.
        elsewhere: those of them that are in another room.
    """

    first: date
    last: date
    patterns: tuple[Pattern, ...] = ()
    moments: tuple[tuple[datetime, datetime], ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What both sides settle.

    Attributes:
        kind: of contract: by the hour, loan for use, temporary use, lease of a shop.
        times: when.
        people: how many at most.
        money: who pays what.
        access: how people come in.
        house_rules: of the host, as they were when this was written.
        insured: whose insurance covers what is damaged.
        emergency: what to do then, where to gather, whom to call.
        cancel_days: until how many days before a moment it is cancelled without cost.
        notice_days: how long before the end either side says that it stops.
        in_return: what the group does for the host, "" for nothing.
        end: what happens at the end for those who depend on it.
        end_text: more about that.
        other: what else was agreed.
        is_trial: whether it begins with one trial evening, after which both sides say whether they go on.
    """

    kind: Kind
    times: Times
    people: int
    money: Money
    access: Access = Access()
    house_rules: str = ""
    insured: Insured = "both"
    emergency: str = ""
    cancel_days: int = 2
    notice_days: int = 30
    in_return: str = ""
    end: Harm = "other_space_first"
    end_text: str = ""
    other: str = ""
    is_trial: bool = False


def write_terms(terms: Terms) -> dict[str, Any]:  # Any: values of JSON
    """Return what a row keeps of terms."""
    written: dict[str, Any] = _converter().unstructure(terms)
    return written


def read_terms(kept: dict[str, Any]) -> Terms:  # Any: values of JSON
    """Return the terms that a row kept."""
    return _converter().structure(kept, Terms)


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(datetime, lambda moment: moment.astimezone(UTC).isoformat())
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    return converter
