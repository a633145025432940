"""A host's ESG page on paper: what the page says, as a tagged PDF to publish."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meervoud.lib.saying import spoken
from meervoud.lib.typeset import Data
from meervoud.outcomes.esg_words import (
    EsgLine,
    lines_of,
    say_contributions,
    say_evidence_rows,
    say_offered,
    say_withdrawn,
)
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.report_papers import item, made


def esg_pdf(facts: Facts) -> bytes:
    """Return the figures of a host, from `esg_of`, as a PDF."""
    day = date.fromisoformat(facts["until"])
    return made("report", json.dumps(_paper(facts, day)), datetime.combine(day, time(), UTC))


def _paper(facts: Facts, until: date) -> Data:
    gaps = {"name": facts["host"], "year": str(facts["year"])}
    counted = _("Counted until %(day)s") % {"day": spoken().period(until, until)}
    names = [_programme(each) for each in facts["programmes"]]
    return {
        "lang": (get_language() or "en")[:2],
        "written_lang": (get_language() or "en")[:2],
        "title": _("What %(name)s lent in %(year)s") % gaps,
        "author": facts["host"],
        "notice": _say_made_up(facts),
        "lead": " · ".join([*names, counted]),
        "foot": counted,
        "hash": "",
        "unprinted": _("These letters could not be printed, and stand here by their number: %(letters)s."),
        "sections": _sections(facts),
    }


def _programme(each: dict[str, Any]) -> str:  # Any: values of JSON
    return f"{each['name']} ({_('made up')})" if each["is_made_up"] else str(each["name"])


def _say_made_up(facts: Facts) -> str:
    if not facts["is_made_up"]:
        return ""
    return _("This ledger is made up. It shows how such figures are computed, and is no evidence about any real host.")


def _sections(facts: Facts) -> list[Data]:
    hidden = _(
        "Numbers of people under five are hidden. Groups that need shelter are not in it: they are in the totals of the programme only."
    )
    wait = _("How many people came is told from 1 February after the year on. Until then counts still come in.")
    notes = [hidden] if facts["tells_heads"] else [hidden, wait]
    last = _section(_("Offered, used and withdrawn"), [say_offered(facts), say_withdrawn(facts), *notes])
    if not facts["use"]["uses"]:
        return [_section(_("What came about in your rooms"), [_("No room was used in this period.")]), last]
    kind = [line for each in say_contributions(facts) for line in (each["value"], each["sentence"], each["basis"])]
    rule = _("Host contribution in kind; not social value; never added to it.")
    groups = [*facts["groups"], _("Groups whose agreements you signed. Not every group is named here.")]
    known = [f"{each['name']}: {each['share']}" for each in say_evidence_rows(facts)]
    return [
        _section(_("What came about in your rooms"), [], [_figure(each) for each in lines_of(facts)]),
        _section(_("Host contribution in kind"), [*kind, rule]),
        _section(_("Groups that came"), groups),
        _section(_("How we know"), known),
        last,
    ]


def _section(title: str, lines: Sequence[str], items: Sequence[Data] = ()) -> Data:
    return {"title": title, "lines": list(lines), "written": "", "items": list(items), "tables": []}


def _figure(each: EsgLine) -> Data:
    told = each.headline
    iris = f"IRIS+ {each.iris}" if each.iris else ""
    return item(f"{told.name}: {told.value}", told.sentence, told.equals, told.meaning, iris)
