"""A plan before it is made: which moments can be, why others cannot, and what could be in their place."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core import signing

from meervoud.agreements.models import Agreement
from meervoud.core.errors import ConflictError, InputError
from meervoud.supply.calendar import Span
from meervoud.supply.retaking import Piece
from meervoud.usage.alternatives import Alternative, alternatives_for
from meervoud.usage.openness import Openness, Why
from meervoud.usage.wishes import Wish, days_of, span_on

SALT: Final = "plan of moments"
SHOWN_FOR: Final = 60 * 60 * 24
LEAVE_OUT: Final = "out"
REST: Final = "rest"
MOST_LOOKED: Final = 60
"""For how many days alternatives are looked for; where more cannot be, other hours help more than as many repairs."""


@dataclass(frozen=True)
class Row:
    """One day of a plan.

    Attributes:
        day: on the wall clock, as it was wished.
        span: when; None where the clock skips that hour.
        why: why it cannot be; None where it can.
        alternatives: what could be in its place.
    """

    day: date
    span: Span | None
    why: Why | None
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A plan as somebody saw it; `token` says what they saw."""

    rows: tuple[Row, ...]
    token: str

    @property
    def fitting(self) -> list[Row]:
        """The days that can be as wished."""
        return [each for each in self.rows if each.why is None]

    @property
    def conflicts(self) -> list[Row]:
        """The days that cannot."""
        return [each for each in self.rows if each.why is not None]


@dataclass(frozen=True)
class Chosen:
    """What becomes of a day: when, where (None is the space of the agreement), and whether another host must say yes."""

    day: date
    span: Span
    alternative: Alternative | None = None


def preview_plan(
    *,
    agreement: Agreement,
    wish: Wish,
    people: int,
    now: datetime,
    own: Sequence[Piece] = (),
    others: Sequence[Span] = (),
) -> Preview:
    """Look at every day of a wish, write nothing, and say why some cannot be and what could be instead.

    Args:
        agreement: with offer, space, building, request and programme.
        wish: what somebody wants.
        people: how many come.
        now: what is before it is past.
        own: moments that would be given up for this.
        others: moments of the same group that stay, with which nothing may clash.

    Raises:
        InputError: the wish has no day, too many, or ones too far away.
    """
    days, zone = days_of(wish), agreement.programme.time_zone
    spans = {day: span_on(day, wish.hours, zone) for day in days}
    openness = Openness(agreement.offer, days[0], days[-1], own=own)
    known = [each for each in spans.values() if each is not None]
    whys = dict(zip(known, openness.whys(known, now), strict=True))
    whys |= {span: Why.TAKEN for span in known if any(span.overlaps(each) for each in others)}
    bad = [span for span, why in whys.items() if why is not None and why is not Why.PAST]
    fine = [span for span, why in whys.items() if why is None]
    instead = alternatives_for(agreement, openness, bad[:MOST_LOOKED], others=[*fine, *others], people=people, now=now)
    rows = tuple(
        Row(day, span, whys[span], instead.get(span, ())) if span is not None else Row(day, None, Why.NO_SUCH_HOUR)
        for day, span in spans.items()
    )
    return Preview(rows, _token(agreement, rows))


def choose(preview: Preview, token: str, choices: Mapping[str, str]) -> list[Chosen]:
    """Return what somebody chose of a plan that they have seen.

    Args:
        preview: made anew a moment ago.
        token: of the plan that they saw.
        choices: for each day that cannot be, as ISO date: the key of an alternative, or "out"; "rest" is for all others.

    Raises:
        ConflictError: what they saw is not so any more.
        InputError: a day without a choice, an alternative that was not offered, or nothing at all.
    """
    if _seen(token) != _seen(preview.token):
        raise ConflictError("Something changed since you saw this plan. Look at it again: what you chose is kept.")
    chosen = [Chosen(row.day, row.span) for row in preview.fitting if row.span is not None]
    for row in preview.conflicts:
        said = choices.get(row.day.isoformat()) or choices.get(REST, "" if row.alternatives else LEAVE_OUT)
        if said == LEAVE_OUT:
            continue
        picked = next((each for each in row.alternatives if each.key == said), None)
        if picked is None:
            raise InputError(
                f"Choose what becomes of {row.day}: another time, another room, or leave it out.",
                code="plan_choice",
                value=str(row.day),
            )
        chosen.append(Chosen(row.day, picked.span, picked))
    if not chosen:
        raise InputError("Nothing is left of this plan. Keep one moment at least.", code="plan_empty")
    return sorted(chosen, key=lambda each: each.span)


def _token(agreement: Agreement, rows: Sequence[Row]) -> str:
    said = [str(agreement.pk), *(f"{row.day} {row.why} {[each.key for each in row.alternatives]}" for row in rows)]
    return signing.dumps(hashlib.sha256("\n".join(said).encode()).hexdigest(), salt=SALT)


def _seen(token: str) -> str:
    try:
        return str(signing.loads(token, salt=SALT, max_age=SHOWN_FOR))
    except signing.BadSignature:
        return ""
