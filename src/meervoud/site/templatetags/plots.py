"""Plots as SVG with a table of their numbers behind them: bars, and the hours of a week. No style is written in the page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import template
from django.utils import translation
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from meervoud.files.wording.language import Language, language
from meervoud.outcomes.pictures import Bar
from meervoud.places.city_map import CityMap

register = template.Library()

WIDE, ROW, GAP, NUMBER = 340, 26, 8, 66
"""A plot is as wide as a phone, so that its letters can be read there; on a large screen it grows a little."""
LETTER, LONGEST_LABEL = 8.6, 20
CELL_WIDE, CELL_HIGH, LEFT, TOP = 42, 18, 46, 24
LEVELS: Final = 6
HOURS, DAYS = 24, 7


@register.inclusion_tag("components/plot_bars.html")
def bars(name: str, title: str, rows: Sequence[Bar], column: str, unit: str) -> dict[str, Any]:  # Any: see the template
    """Draw bars.

    Args:
        name: of the plot in the page; each plot has its own.
        title: what it shows, as a heading of its table.
        rows: from top to bottom.
        column: what the labels are.
        unit: what the numbers are.
    """
    most = max((each.value or 0 for each in rows), default=0) or 1
    left = round(max((min(len(each.label), LONGEST_LABEL) for each in rows), default=0) * LETTER) + GAP
    room = WIDE - left - NUMBER
    drawn = [
        {
            "bar": each,
            "short": each.label if len(each.label) <= LONGEST_LABEL else each.label[: LONGEST_LABEL - 1] + "…",
            "y": number * ROW,
            "text_y": number * ROW + 17,
            "width": f"{(each.value or 0) / most * room:.1f}",
            "text_x": f"{left + GAP + (each.value or 0) / most * room:.1f}",
        }
        for number, each in enumerate(rows)
    ]
    size = {"wide": WIDE, "high": max(1, len(rows)) * ROW, "left": left, "label_x": left - GAP, "bar_high": ROW - 8}
    return {"name": name, "title": title, "rows": drawn, "column": column, "unit": unit, **size}


@register.inclusion_tag("components/plot_week.html")
def week_plot(
    name: str, title: str, hours: Sequence[float], unit: str, options: Mapping[str, Any] | None = None
) -> dict[str, Any]:  # Any: see the template
    """Draw the hours of a week: the darker, the more.

    Args:
        name: of the plot in the page.
        title: what it shows.
        hours: 168 numbers, Monday 00:00 first.
        unit: what the numbers are.
        options: `most`: the number that is darkest, so that several plots can be compared; `from_hour`, `to_hour`.
    """
    said = options or {}
    most = said.get("most") or max(hours, default=0)
    texts = {value: _spoken().number(value) for value in {round(each, 1) for each in hours}}
    shown = range(said.get("from_hour", 0), said.get("to_hour", HOURS))
    rows = [
        {
            "time": f"{hour:02d}:00",
            "y": TOP + place * CELL_HIGH + 13,
            "cells": [
                {
                    "x": LEFT + day * CELL_WIDE,
                    "y": TOP + place * CELL_HIGH,
                    "level": level_of(hours[day * HOURS + hour], most),
                    "text": texts[round(hours[day * HOURS + hour], 1)],
                }
                for day in range(DAYS)
            ],
        }
        for place, hour in enumerate(shown)
    ]
    days = [
        {"short": WEEKDAYS_ABBR[day], "long": WEEKDAYS[day], "x": LEFT + day * CELL_WIDE + CELL_WIDE // 2}
        for day in range(DAYS)
    ]
    size = {"wide": LEFT + DAYS * CELL_WIDE, "high": TOP + len(rows) * CELL_HIGH, "cell_wide": CELL_WIDE - 2}
    levels = [{"level": level, "x": level * 26} for level in range(LEVELS)]
    return {
        "name": name,
        "title": title,
        "rows": rows,
        "days": days,
        "unit": unit,
        "levels": levels,
        "most": round(most, 1),
        "cell_high": CELL_HIGH - 2,
        **size,
    }


@register.inclusion_tag("components/plot_areas.html")
def area_plot(
    name: str, title: str, drawing: CityMap, rows: Sequence[Bar], unit: str
) -> dict[str, Any]:  # Any: a template
    """Draw neighbourhoods on the map: the darker, the more. The numbers stand in a table elsewhere on the page.

    Args:
        name: of the plot in the page.
        title: what it shows.
        drawing: of the programme.
        rows: the number of each neighbourhood, by its name.
        unit: what the numbers are.
    """
    most = max((each.value or 0 for each in rows), default=0)
    found = {each.label: each for each in rows}
    areas = [
        {
            "path": area.path,
            "is_water": area.kind == "water",
            "name": area.name,
            "text": found[area.name].text if area.name in found else "",
            "level": level_of(found[area.name].value or 0, most) if area.name in found else 0,
            "x": f"{area.x:g}",
            "y": f"{area.y:g}",
            "below": f"{area.y + 16:g}",
        }
        for area in drawing.areas
    ]
    size = {"wide": drawing.width, "high": drawing.height}
    return {"name": name, "title": title, "areas": areas, "unit": unit, **size}


def _spoken() -> Language:
    return language((translation.get_language() or "en")[:2])


def level_of(value: float, most: float) -> int:
    """Return how dark a cell is: 0 is nothing, 5 is the most."""
    if value <= 0 or most <= 0:
        return 0
    return min(LEVELS - 1, 1 + int(value / most * (LEVELS - 1) * 0.9999))
