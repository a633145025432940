"""What stands on the paper of a published report, and on its one A4: from what is frozen, in the language of the page."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from meervoud.lib.saying import spoken
from meervoud.lib.typeset import Data, typeset
from meervoud.outcomes.corrections import Listed, as_read
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.headlines import Headline, headlines
from meervoud.outcomes.models import Figure, Published
from meervoud.outcomes.pictures import (
    missed_table,
    months_bars,
    rows_of_areas,
    say_claimed,
    say_cost,
    say_missed,
    say_used,
    week_views,
)

Name = Literal["report", "summary", "impact"]
PAGES: Final = Path(str(files("meervoud.outcomes").joinpath("papers")))
HASH_LETTERS: Final = 12
HOURS_A_DAY: Final = 24
BLOCK: Final = 2
"""How many hours of the week stand in one cell on paper."""
MOST_KEPT: Final = 32
"""How many PDFs each process keeps: everybody may ask for one, and each takes a second to make."""


def report_pdf(published: Published, said: Facts) -> bytes:
    """Return the whole report as a PDF.

    Args:
        published: with its report.
        said: what is frozen, from `read_frozen`.
    """
    return made("report", json.dumps(report_paper(published, said)), published.at)


@lru_cache(maxsize=MOST_KEPT)
def made(name: Name, data: str, at: datetime) -> bytes:
    """Return a PDF of one of our pages, from its data as JSON; the same data are set once."""
    return typeset((PAGES / f"{name}.typ").read_bytes(), json.loads(data), at, root=PAGES)


def say_made_up(facts: Facts) -> str:
    """Return the notice of a ledger that is made up; "" of a real one."""
    if not facts["programme"]["is_made_up"]:
        return ""
    return _(
        "This ledger is made up. It shows how such figures are computed, and is no evidence about any real programme."
    )


def told_of(use: Facts, facts: Facts) -> list[Headline]:
    """Return the headlines of use that was imported: without a period before, a target, evidence, or what hosts gave."""
    alone = {**facts, "use": use, "before": None, "targets": {}, "evidence": {}}
    return [each for each in headlines(alone) if each.code != Figure.CONTRIBUTION]


def say_portfolio(row: Mapping[str, Any], currency: str) -> str:  # Any: values of JSON
    """Return what others say that initiatives are worth, of how many of them, and who says so."""
    amount = spoken().money(row["cents"], currency)
    worth = _("more than %(amount)s") % {"amount": amount} if row["is_at_least"] else amount
    number = row["initiatives"]
    many = ngettext("of %(number)s initiative", "of %(number)s initiatives together", number) % {"number": number}
    return " · ".join((worth, many, _("Source: %(source)s, %(year)s") % {"source": row["source"], "year": row["year"]}))


def report_paper(published: Published, said: Facts) -> Data:
    """Return all that stands on the paper of a report; see papers/report.typ."""
    facts, texts = said["facts"], said["texts"]
    corrections = as_read(published.report.corrections.all())
    sections = [
        section("", written=texts["summary"]),
        section(_("Corrections"), items=[_correction(each, facts) for each in corrections]),
        _came_about(facts, corrections),
        _not_come_about(facts),
        *_spread(facts),
        *_beside(facts),
        section(_("Kinds of matches"), written=texts["kinds_of_matches"]),
        section(_("Lessons"), written=texts["lessons"]),
        section(_("Partners"), written=texts["partners"]),
        section(_("Next steps"), written=texts["next_steps"]),
        _stories(published),
        _frozen(published, facts),
    ]
    return {
        **edges(published, said),
        "hash": f"SHA-256: {published.sha256}",
        "sections": [each for each in sections if any(each[name] for name in ("lines", "written", "items", "tables"))],
    }


def edges(published: Published, said: Facts) -> Data:
    """Return what stands around a page: its notice, what it is about, its foot."""
    facts, day = said["facts"], _day(published.at, said["facts"])
    about = facts["programme"]
    frozen = _("Published and frozen on %(day)s") % {"day": day}
    return {
        "lang": (get_language() or "en")[:2],
        "title": said["texts"]["title"],
        "written_lang": said["texts"]["language"],
        "author": about["name"],
        "notice": say_made_up(facts),
        "lead": " · ".join(filter(None, (about["name"], about["city"], _period(facts)))),
        "foot": f"{frozen} · SHA-256 {published.sha256[:HASH_LETTERS]}",
        "unprinted": _("These letters could not be printed, and stand here by their number: %(letters)s."),
    }


def section(
    title: str, *, lines: Sequence[str] = (), written: str = "", items: Sequence[Data] = (), tables: Sequence[Data] = ()
) -> Data:
    """Return a section of a paper: lines, what people wrote, small headings with lines, tables; see papers/report.typ."""
    found = {
        "title": title,
        "lines": [each for each in lines if each],
        "written": written.replace("\r\n", "\n").strip(),
    }
    return {**found, "items": list(items), "tables": [each for each in tables if each["rows"]]}


def item(title: str, *lines: str) -> Data:
    """Return a small heading with lines below it; empty lines are left out."""
    return {"title": title[:1].upper() + title[1:], "lines": [each for each in lines if each]}


def _correction(row: Listed, facts: Facts) -> Data:
    changed = _("It said %(old)s. It is %(new)s.") % {"old": row.old, "new": row.new}
    return item(row.name, changed, f"{row.why} · {_day(row.at, facts)}")


def _came_about(facts: Facts, corrections: Sequence[Listed]) -> Data:
    if not facts["use"]["uses"] and not facts["imported"]:
        return section(_("What came about"), lines=[_("No room was used in this period.")])
    return section(_("What came about"), items=[_headline(each, corrections) for each in headlines(facts)])


def _headline(each: Headline, corrections: Iterable[Listed]) -> Data:
    return item(
        f"{each.name}: {each.value}",
        say_corrected(each.code, corrections),
        each.sentence[:1].upper() + each.sentence[1:],
        each.equals,
        _("Target: %(target)s.") % {"target": each.target} if each.target else "",
        _("The period before: %(before)s.") % {"before": each.before} if each.before else "",
        say_known(each),
        each.meaning,
        _("How we know: %(evidence)s.") % {"evidence": each.evidence} if each.evidence else "",
    )


def say_corrected(code: str, corrections: Iterable[Listed]) -> str:
    """Return what a figure was corrected to; "" where it was not."""
    last = next((each for each in reversed(list(corrections)) if each.figure == code), None)
    return _("This figure was corrected since. It is %(new)s.") % {"new": last.new} if last else ""


def say_known(each: Headline) -> str:
    """Return which share of a figure is known from who was there, or that this is hidden."""
    if each.strong or each.code not in (Figure.PEOPLE, Figure.VISITS):
        return each.strong
    return _("How this is known is hidden, for some of its parts are small.")


def _not_come_about(facts: Facts) -> Data:
    said, missed = say_missed(facts), missed_table(facts["not_placed"])
    unknown = _("The cost of the programme is not filled in, so its cost per hour is not known.")
    items = [
        item(_("Requests without a room"), said["missed"]),
        item(_("Dates withdrawn"), said["withdrawn"]),
        item(_("Where groups met before"), said["room_before"], said["unsaid"]),
        item(_("What it cost"), say_cost(facts) or unknown),
    ]
    rows = [[row["name"], *(each or _("hidden") for each in row["cells"])] for row in missed["rows"]]
    table = _table(
        _("Requests without a room, by neighbourhood and reason"), [_("Neighbourhood"), *missed["reasons"]], rows
    )
    return section(_("What did not come about"), items=items, tables=[table])


def _table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    bars: Sequence[float] = (),
    shades: Sequence[float] = (),
) -> Data:
    """Return a table; where a cell is hidden it says below what that means.

    `bars` are shares of the longest one, a number for each row; `shades` of the darkest, one for each cell after the first
    of its row.
    """
    note = _('"hidden" is a number under 5, or one from which such a number could be worked out.')
    is_hidden = any(cell == _("hidden") for row in rows for cell in row)
    shaded = {"bars": list(bars), "shades": list(shades)}
    return {"title": title, "heads": heads, "rows": rows, "note": note if is_hidden else "", **shaded}


def _spread(facts: Facts) -> list[Data]:
    if not facts["use"]["uses"]:
        return []
    months, areas = months_bars(facts), rows_of_areas(facts)
    by_month = _table(
        _("Usage hours by month"),
        [_("Month"), _("Hours")],
        [[each.label, each.text] for each in months],
        bars=_shares([each.value for each in months]),
    )
    heads = [_("Neighbourhood"), _("Usage hours"), _("Usage moments"), _("Visits")]
    rows = [[row["name"], *(row[name] or _("hidden") for name in ("hours", "moments", "visits"))] for row in areas]
    by_area = _table(_("Use by neighbourhood"), heads, rows, bars=_shares([row["value"] for row in areas]))
    offered = _("Hours offered are those of the offers as they stood on the day of publication.")
    used = say_used(facts, "")
    return [
        section(_("The full length of the day"), lines=[*used, offered] if used else [], tables=_week_tables(facts)),
        section(_("Month by month"), tables=[by_month]),
        section(_("By neighbourhood"), tables=[by_area]),
    ]


def _week_tables(facts: Facts) -> list[Data]:
    """Return the hours of the week as tables with shades: mean numbers of rooms in every two hours."""
    views = week_views(facts, "")
    blocks = [[fmean(each.hours[at : at + BLOCK]) for at in range(0, len(each.hours), BLOCK)] for each in views]
    most, in_a_day = max((max(each) for each in blocks), default=0), HOURS_A_DAY // BLOCK
    heads = [_("Day"), *(f"{hour:02d}-{hour + BLOCK:02d}" for hour in range(0, HOURS_A_DAY, BLOCK))]
    if not most:
        return []
    return [
        _table(
            view.title,
            heads,
            [
                [
                    str(name).capitalize(),
                    *(_mean_of_rooms(each) for each in means[day * in_a_day : (day + 1) * in_a_day]),
                ]
                for day, name in WEEKDAYS_ABBR.items()
            ],
            shades=[round(each / most, 4) for each in means],
        )
        for view, means in zip(views, blocks, strict=True)
    ]


def _mean_of_rooms(number: float) -> str:
    return spoken().number(round(number, 1)) if number else "0"


def _shares(values: Sequence[float | None]) -> list[float]:
    longest = max((each or 0 for each in values), default=0)
    return [round((each or 0) / longest, 4) if longest else 0.0 for each in values]


def _beside(facts: Facts) -> list[Data]:
    """Return what stands beside the figures, and is never added to them."""
    imported = told_of(facts["imported"], facts) if facts["imported"] else []
    before = _("From sheets of before. Nobody checked in, so it is on a line of its own and in no figure above.")
    apart = _(
        "This is a value of the initiatives themselves, not of the rooms. We did not compute it, and it is never added to anything."
    )
    found = _(
        "What the programme's own impact reports found, as a range. It is never added to what hosts gave or to what others say."
    )
    claimed = ["{title}: {range} ({of})".format(**say_claimed(each)) for each in facts.get("claimed", [])]
    values = [say_portfolio(each, facts["programme"]["currency"]) for each in facts["portfolio"]]
    return [
        section(
            _("Imported, not confirmed"),
            lines=[before] if imported else [],
            items=[item(f"{each.name}: {each.value}") for each in imported],
        ),
        section(_("Social value that may be claimed"), lines=[found, *claimed] if claimed else []),
        section(_("What others say the initiatives are worth"), lines=[apart, *values] if values else []),
    ]


def _stories(published: Published) -> Data:
    has_some = published.report.stories.filter(withdrawn_at__isnull=True).exists()
    why = _(
        "Stories and pictures stand on the page of this report only. Who is in them can take them back at any time."
    )
    return section(_("Stories"), lines=[why] if has_some else [])


def _frozen(published: Published, facts: Facts) -> Data:
    said = _(
        "Published on %(day)s. The figures and texts did not change since. Numbers of people and groups under five are hidden."
    )
    return section(_("Published and frozen"), lines=[said % {"day": _day(published.at, facts)}])


def _day(at: datetime, facts: Facts) -> str:
    day = at.astimezone(ZoneInfo(facts["programme"]["time_zone"])).date()
    return spoken().period(day, day)


def _period(facts: Facts) -> str:
    return spoken().period(date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"]))
