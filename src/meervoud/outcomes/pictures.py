"""What a page of figures shows beside its headlines: the week, months, neighbourhoods, and what did not come about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.ranges import money_range
from meervoud.outcomes.shortfall import REASONS, SHELTERED
from meervoud.outcomes.sums import HOURS_A_WEEK

WEEK_DAYS: Final = 7


@dataclass(frozen=True)
class Bar:
    """One bar of a plot: what it is about, how long it is (None is not shown), and its number in the language of the page."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class WeekView:
    """The hours of a week: rooms on average in each hour.

    Attributes:
        name: of the plot.
        title: what it shows.
        hours: 168 numbers, Monday 00:00 first.
    """

    name: str
    title: str
    hours: Sequence[float]


def missed_table(not_placed: Mapping[str, Any]) -> dict[str, Any]:  # Any: values of JSON, and rows of a table
    """Return requests without a room as a table with totals: neighbourhoods down, reasons across; "" is hidden."""
    counts: dict[str, dict[str, int | None]] = defaultdict(dict)
    for area, reason, number in not_placed["counts"]:
        counts[area][reason] = number
    used = [code for code in REASONS if any(code in row for row in counts.values())]
    order = sorted(counts, key=lambda area: (area == SHELTERED, area == "", area))
    totals = not_placed.get("totals") or _totals(counts)
    rows = [
        {
            "name": _name_of(area),
            "cells": [*(_cell(counts[area].get(code, 0)) for code in used), _cell(totals["areas"][area])],
        }
        for area in order
    ]
    asked = not_placed["asked"]
    whole = None if asked is None else asked - not_placed["placed"]
    last = {"name": _("All together"), "cells": [*(_cell(totals["reasons"][code]) for code in used), _cell(whole)]}
    return {
        "reasons": [*(str(REASONS[code]) for code in used), _("All together")],
        "rows": [*rows, last] if rows else [],
    }


def _totals(counts: Mapping[str, Mapping[str, int | None]]) -> dict[str, dict[str, int]]:
    areas = {area: sum(number or 0 for number in row.values()) for area, row in counts.items()}
    reasons = {code: sum(row.get(code) or 0 for row in counts.values()) for code in REASONS}
    return {"areas": areas, "reasons": reasons}


def _name_of(area: str) -> str:
    if area == SHELTERED:
        return _("groups that need shelter, wherever")
    return area or _("no neighbourhood was named")


def _cell(number: int | None) -> str:
    return "" if number is None else spoken().number(number)


def say_missed(facts: Facts) -> dict[str, str]:
    """Return what did not come about as sentences."""
    said, missed = spoken(), facts["not_placed"]
    before, withdrawn = facts["room_before"], facts["withdrawn"]
    return {
        "missed": _say_requests(missed),
        "withdrawn": _say_withdrawn(withdrawn),
        "room_before": _say_before(before),
        "unsaid": ngettext(
            "%(number)s more group did not say.", "%(number)s more groups did not say.", before["unsaid"]
        )
        % {"number": said.number(before["unsaid"])}
        if before["unsaid"]
        else "",
    }


def _say_withdrawn(withdrawn: Facts) -> str:
    if not withdrawn["moments"]:
        return _("No host withdrew a date that was agreed.")
    said = spoken()
    text = ngettext(
        "Hosts withdrew %(number)s date that was agreed: %(hours)s hours.",
        "Hosts withdrew %(number)s dates that were agreed: %(hours)s hours.",
        withdrawn["moments"],
    )
    gaps = {"number": said.number(withdrawn["moments"]), "hours": said.number(round(withdrawn["minutes"] / 60))}
    return f"{text % gaps} {say_moved(withdrawn)}".strip()


def say_moved(withdrawn: Facts) -> str:
    """Return for how many withdrawn dates another room was found; "" where for none, or where it was not counted then."""
    moved = withdrawn.get("moved", 0)
    if not moved:
        return ""
    text = ngettext(
        "For %(number)s of them another room was found.", "For %(number)s of them another room was found.", moved
    )
    return text % {"number": spoken().number(moved)}


def _say_requests(missed: Facts) -> str:
    said = spoken()
    if missed["asked"] is None:
        return _("Fewer than 5 requests, or a number that is hidden to protect a small one.")
    if not missed["asked"]:
        return _("Nobody posted a request in this period.")
    gaps = {"number": said.number(missed["asked"] - missed["placed"]), "asked": said.number(missed["asked"])}
    return _("%(number)s of %(asked)s requests of this period have no room yet.") % gaps


def _say_before(before: Facts) -> str:
    said = spoken()
    if before["said"] is None or before["without"] is None:
        return _("Too few groups told where they met before to say it here.")
    if not before["said"]:
        return _("No group told where it met before.")
    gaps = {"without": said.number(before["without"]), "said": said.number(before["said"])}
    return _("%(without)s of %(said)s groups had no room before.") % gaps


def say_claimed(told: Facts) -> dict[str, str]:
    """Return what an impact report of the programme claims: its range first, of which days, in prices of which year."""
    first, last = (date.fromisoformat(told[name]) for name in ("first", "last"))
    gaps = {"period": spoken().period(first, last), "year": str(told["base_year"])}
    return {
        "report": told["report"],
        "title": told["title"],
        "range": money_range(told["value"], told["currency"]),
        "of": _("%(period)s, in prices of %(year)s") % gaps,
    }


def say_cost(facts: Facts) -> str:
    """Return what the programme itself costs for each hour that a room was used; "" where no cost is known."""
    cents, minutes = facts["cost_cents"], facts["use"]["room_minutes"]
    if cents is None:
        return ""
    said, currency = spoken(), facts["programme"]["currency"]
    if not minutes:
        return _("The programme cost %(total)s, and no room was used.") % {"total": said.money(cents, currency)}
    gaps = {"total": said.money(cents, currency), "each": said.money(round(cents * 60 / minutes), currency)}
    return _("The programme cost %(total)s: %(each)s for each hour that a room was used.") % gaps


def months_bars(facts: Facts) -> list[Bar]:
    """Return the hours of each month."""
    said = spoken()
    return [
        Bar(said.month(date.fromisoformat(f"{name}-01")), minutes / 60, said.number(round(minutes / 60, 1)))
        for name, minutes in facts["months"].items()
    ]


def rows_of_areas(facts: Facts) -> list[dict[str, Any]]:  # Any: words and numbers
    """Return the figures of each neighbourhood in words, the most hours first; sheltered groups last, without a place."""
    said = spoken()
    order = sorted(facts["areas"], key=lambda row: (row["area"] is None, -(row["minutes"] or 0), row["area"] or ""))

    def word(number: int | None) -> str:
        return "" if number is None else said.number(number)

    return [
        {
            "area": row["area"],
            "name": _("groups that need shelter, wherever")
            if row["area"] is None
            else row["area"] or _("no neighbourhood is known"),
            "value": None if row["minutes"] is None else row["minutes"] / 60,
            "hours": "" if row["minutes"] is None else said.number(round(row["minutes"] / 60, 1)),
            **{name: word(row[name]) for name in ("moments", "visits", "rooms", "initiatives") if name in row},
        }
        for row in order
    ]


def areas_with_hours(facts: Facts) -> list[str]:
    """Return the neighbourhoods that have hours of the week of their own."""
    return sorted({name for kind in ("offered", "used", "apart") for name in facts["hours"].get(kind) or () if name})


def area_bars(facts: Facts) -> list[Bar]:
    """Return the hours of each neighbourhood that has a name."""
    said = spoken()
    return [
        Bar(row["area"], row["minutes"] / 60, said.number(round(row["minutes"] / 60, 1)))
        for row in facts["areas"]
        if row["area"] and row["minutes"] is not None
    ]


def week_views(facts: Facts, area: str) -> list[WeekView]:
    """Return the full length of the day: rooms offered, used and idle on average in each hour of the week.

    Of rooms that are offered by the hour; use of others stands beside it, see `say_used`. Where more was used in an hour than
    was offered, nothing was idle. Idle is not told where hours of few groups are among those used.

    Args:
        facts: of a period.
        area: a neighbourhood; "" is all.
    """
    weeks = ((date.fromisoformat(facts["last"]) - date.fromisoformat(facts["first"])).days + 1) / WEEK_DAYS
    offered, used = (_mean(facts["hours"][name], area, weeks) for name in ("offered", "used"))
    idle = [max(0.0, one - other) for one, other in zip(offered, used, strict=True)]
    titles = (
        ("offered", _("Rooms offered by the hour of the week"), offered),
        ("used", _("Rooms used by the hour of the week"), used),
        ("idle", _("Rooms offered and not used by the hour of the week"), idle),
    )
    shown = 1 if _is_hidden(facts) else 2 if _is_mixed(facts) else 3
    return [WeekView(*each) for each in titles[:shown]]


def _is_hidden(facts: Facts) -> bool:
    """Say whether hours used are not told at all, because few groups used a room."""
    return bool(facts["use"]["room_minutes"]) and not facts["hours"]["used"] and not facts["hours"].get("apart")


def _is_mixed(facts: Facts) -> bool:
    """Say whether hours in rooms that are not offered by the hour are among those used, because they are of few groups."""
    return facts["hours"].get("apart", {}) is None


def say_used(facts: Facts, area: str) -> list[str]:
    """Return which part of the hours offered was used, in sentences; none where nothing can be said of it.

    In an hour of the week no more is used of what was offered than was offered. What goes beyond it was at times that were
    never offered, or were then and are not now: it stands beside it, so that offered less used is what stood idle.
    """
    if _is_hidden(facts):
        return []
    if _is_mixed(facts):
        return [
            _(
                "Few groups used rooms that are not offered by the hour. Their hours are not told apart, so you cannot read here what stood idle."
            )
        ]
    offered, used = (_mean(facts["hours"][name], area, 1) for name in ("offered", "used"))
    within = sum(map(min, offered, used))
    if "apart" not in facts["hours"]:  # published before version 2: all rooms are in it
        return [_say_share(sum(offered), sum(used))] if 0 < sum(used) <= sum(offered) else []
    apart = sum(_mean(facts["hours"]["apart"], area, 1))
    return [
        _say_share(sum(offered), within) if round(sum(offered)) else _("No room was offered by the hour."),
        *_say_beside(round(sum(used) - within), round(apart)),
    ]


def _say_share(offered: float, used: float) -> str:
    said = spoken()
    gaps = {"offered": said.number(round(offered)), "used": said.number(round(used))}
    gaps["share"] = said.percent(used / offered)
    return _("%(offered)s hours were offered and %(used)s were used: %(share)s.") % gaps


def _say_beside(outside: int, apart: int) -> list[str]:
    texts = (
        (
            outside,
            ngettext(
                "Beside that, %(hours)s hour at times that were not offered.",
                "Beside that, %(hours)s hours at times that were not offered.",
                outside,
            ),
        ),
        (
            apart,
            ngettext(
                "Beside that, %(hours)s hour in rooms that are not offered by the hour.",
                "Beside that, %(hours)s hours in rooms that are not offered by the hour.",
                apart,
            ),
        ),
    )
    return [text % {"hours": spoken().number(hours)} for hours, text in texts if hours]


def _mean(hours: Mapping[str, Sequence[int]], area: str, weeks: float) -> list[float]:
    rows = [row for name, row in hours.items() if not area or name == area]
    return [sum(row[hour] for row in rows) / 60 / weeks for hour in range(HOURS_A_WEEK)]
