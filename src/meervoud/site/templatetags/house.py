"""Dates, money and distances in the language of the page; icons; the programme and its theme."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django import template
from django.http import Http404
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist, _render_icon

from meervoud.files.wording.language import LANGUAGES, Language, language
from meervoud.files.wording.names import name_of
from meervoud.parties.models import Programme

register = template.Library()

PLAIN: Final = "plain"
THEMES: Final = frozenset(
    path.stem for path in (Path(__file__).resolve().parent.parent / "static" / "site" / "themes").glob("*.css")
)
NO_ICON: Final = "circle"
KIND_ICONS: Final = {
    "office": "building-2",
    "meeting_room": "presentation",
    "community_centre": "house",
    "library": "library",
    "school": "school",
    "cafe_restaurant": "coffee",
    "place_of_worship": "church",
    "vacant_shop": "store",
    "vacant_building": "building",
    "sports_hall": "trophy",
    "theatre": "theater",
    "workshop": "hammer",
    "ground_floor": "door-open",
    "social_facility": "heart-handshake",
}


def _spoken() -> Language:
    code = (translation.get_language() or "en").partition("-")[0]
    return language(code if code in LANGUAGES else "en")


@register.filter
def day(value: date | None) -> str:
    """Return a day like "ma 23 nov 2026"; a moment is taken on the clock of the place."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _on_the_clock(value).date()
    return _spoken().day(value)


@register.filter
def clock(value: datetime | int | None) -> str:
    """Return the time of a moment, or of minutes after midnight: "19:00"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _minute(_on_the_clock(value))
    return _spoken().clock(value)


@register.filter
def moment(starts_at: datetime | None, ends_at: datetime | None = None) -> str:
    """Return a usage moment: "ma 23 nov 2026 19:00-21:00"."""
    if starts_at is None:
        return ""
    begin = _on_the_clock(starts_at)
    if ends_at is None:
        return f"{day(begin)} {clock(begin)}"
    end = _on_the_clock(ends_at)
    last = _minute(end) or 24 * 60  # an evening that ends at midnight ends at 24:00
    return f"{day(begin)} {span(_minute(begin), last)}"


@register.filter
def span(start: int | None, end: int | None) -> str:
    """Return a part of the day, minutes after midnight: "19:00-22:00"."""
    return "" if start is None or end is None else _spoken().span(start, end)


@register.filter
def money(cents: int | None, currency: str = "EUR") -> str:
    """Return an amount of cents."""
    return "" if cents is None else _spoken().money(cents, currency)


@register.filter
def distance(metres: float | None) -> str:
    """Return metres, from a kilometre on kilometres."""
    return "" if metres is None else _spoken().distance(round(metres))


@register.filter
def number(value: float | None) -> str:
    """Return a number with the marks of the language."""
    return "" if value is None else _spoken().number(value)


@register.filter
def percent(share: float | None) -> str:
    """Return a share of 0-1 as a percentage."""
    return "" if share is None else _spoken().percent(share)


@register.filter
def phone_link(phone: str) -> str:
    """Return the address behind a phone number: "tel:+31201234567"."""
    return "tel:" + re.sub(r"[^0-9+]", "", phone)


@register.filter
def named(code: str, table: str) -> str:
    """Return the word for a code: `{{ kind|named:"kinds" }}`; see files/wording/names.py for the tables."""
    return name_of(_spoken(), table, code)


@register.filter
def kind_icon(kind: str) -> str:
    """Return the icon of a kind of space."""
    return KIND_ICONS.get(kind, "house")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "icon") -> SafeString:
    """Draw an icon; without a label only the eye gets it."""
    return _icon(str(name), label, css)


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, css: str) -> SafeString:
    # a list shows the same icon a hundred times, and each drawing is read as XML
    said = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    values = {**said, "class": css, "focusable": "false"}
    try:
        drawn = _render_icon(name, 20, **values)
    except IconDoesNotExist:
        drawn = _render_icon(NO_ICON, 20, **values)
    return mark_safe(drawn)  # noqa: S308  # drawn by the library, which escapes its attributes


@register.simple_tag(takes_context=True)
def house_programme(context: Context) -> Programme | None:
    """Return the programme of the page, None where there is none: a page of an empty house must still be there."""
    found = context.get("programme")
    try:
        return found or None
    except Http404:
        return None


@register.simple_tag
def theme_link(programme: Programme | None = None) -> SafeString:
    """Link the colours of a programme; a theme that is not there is the plain one."""
    name = programme.theme if programme else PLAIN
    address = static(f"site/themes/{name if name in THEMES else PLAIN}.css")
    return format_html('<link rel="stylesheet" href="{}">', address)


@dataclass(frozen=True)
class WeekCell:
    """Half an hour of a weekday. `value` is "1-38": Tuesday (Monday is 0), the 38th half-hour, which starts at 19:00."""

    value: str
    label: str
    is_chosen: bool
    state: str


@dataclass(frozen=True)
class WeekRow:
    """The same half-hour of all weekdays."""

    label: str
    is_half: bool
    cells: tuple[WeekCell, ...]


@dataclass(frozen=True)
class WeekPart:
    """A part of the day."""

    title: str
    rows: tuple[WeekRow, ...]


@dataclass(frozen=True)
class Week:
    """A week as a table: days across, half-hours down."""

    days: tuple[tuple[str, str], ...]
    parts: tuple[WeekPart, ...]


@register.simple_tag
def week_of(
    chosen: Collection[str] = (), states: Mapping[str, str] | None = None, first: int = 14, last: int = 48
) -> Week:
    """Return the week for components/week_grid.html.

    Args:
        chosen: values of cells that are ticked; see WeekCell.
        states: what a cell is where it is not to be ticked: free, taken, closed or chosen.
        first: the half-hour after midnight that the table starts with.
        last: the half-hour it ends before.
    """
    spoken, known = _spoken(), states or {}
    names = tuple(spoken.weekday(each) for each in range(7))

    def row(half: int) -> WeekRow:
        hours = spoken.span(half * 30, half * 30 + 30)
        cells = tuple(
            WeekCell(key := f"{each}-{half}", f"{name} {hours}", key in chosen, known.get(key, "closed"))
            for each, name in enumerate(names)
        )
        return WeekRow(spoken.clock(half * 30), half % 2 == 1, cells)

    parts = (
        WeekPart(title, tuple(row(half) for half in range(max(first, start), min(last, end))))
        for title, start, end in (
            (translation.gettext("Night"), 0, 12),
            (translation.gettext("Morning"), 12, 24),
            (translation.gettext("Afternoon"), 24, 36),
            (translation.gettext("Evening"), 36, 48),
        )
    )
    return Week(tuple((name[:2].capitalize(), name) for name in names), tuple(part for part in parts if part.rows))


def _on_the_clock(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _minute(value: datetime) -> int:
    return value.hour * 60 + value.minute
