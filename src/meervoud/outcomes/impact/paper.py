"""An impact report on paper: one page where it fits, tagged, in the language of the page."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meervoud.lib.saying import spoken
from meervoud.lib.typeset import Data
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact import report_words as words
from meervoud.outcomes.impact.grade_words import GradeWords, grades_of_report, say_grade, say_letters
from meervoud.outcomes.models import ImpactReport
from meervoud.outcomes.report_papers import HASH_LETTERS, item, made, section


def impact_pdf(row: ImpactReport, facts: Facts) -> bytes:
    """Return a published impact report as a PDF.

    Args:
        row: the report.
        facts: what it says, from read_report.
    """
    return made("impact", json.dumps(impact_paper(row, facts)), row.at)


def impact_paper(row: ImpactReport, facts: Facts) -> Data:
    """Return all that stands on the paper; see papers/impact.typ."""
    day = spoken().period(*[row.at.astimezone(ZoneInfo(row.plan.time_zone)).date()] * 2)
    frozen = _("Published and frozen on %(day)s") % {"day": day}
    about, telling = facts["plan"], facts["telling"]
    sections = [
        section("", written=telling.get("summary", "")),
        section(_("Why and for whom"), lines=[facts["scope"].get("mission", ""), facts["scope"].get("audience", "")]),
        section(_("How much it was used"), lines=[*words.use_words(facts), _known_use(facts), say_letters()]),
        section(_("What changed"), items=[_outcome(each) for each in words.outcomes_of(facts)]),
        *_value(facts),
        section(_("What we learnt"), written=telling.get("lessons", "")),
        section(
            _("What we decide"),
            items=[item(f"{each['what']}: {each['choice']}", each["why"]) for each in words.decisions_of(facts)],
        ),
        section(_("Funding case"), lines=words.funding_words(facts)),
        section(
            _("Published and frozen"),
            lines=[_("The figures did not change since. Fewer than five people are never shown.")],
        ),
    ]
    return {
        "lang": (get_language() or "en")[:2],
        "title": about["title"],
        "written_lang": about["language"],
        "author": about["about"] or about["title"],
        "notice": _(
            "This plan is made up. It shows how impact is reported, and is no evidence about any real activity."
        )
        if about["is_made_up"]
        else "",
        "lead": " · ".join(filter(None, (about["about"], words.period_words(facts)))),
        "foot": f"{frozen} · SHA-256 {row.sha256[:HASH_LETTERS]}",
        "unprinted": _("These letters could not be printed, and stand here by their number: %(letters)s."),
        "hash": f"SHA-256: {row.sha256}",
        "sections": [each for each in sections if any(each[name] for name in ("lines", "written", "items", "tables"))],
    }


def _outcome(each: words.OutcomeWords) -> Data:
    harm = _("This was not meant, or makes something worse.") if each.is_harm else ""
    return item(each.name, harm, *each.sentences, _known(each.grade))


def _known_use(facts: Facts) -> str:
    """Return how well the use is known; "" where no room was used."""
    has_use = facts["use"] is not None and facts["use"]["moments"]
    return _known(say_grade(grades_of_report(facts).in_kind)) if has_use else ""


def _known(grade: GradeWords | None) -> str:
    return "" if grade is None else str(grade)


def _value(facts: Facts) -> list[Data]:
    value: dict[str, Any] | None = words.value_words(facts)  # Any: words
    if value is None:
        given = words.contribution_words(facts)
        return [section(_("What hosts gave in kind"), lines=[given, _known_use(facts)] if given else [])]
    lines = [item(f"{each.name}: {each.text}", each.meaning, _known(each.grade)) for each in value["lines"]]
    return [section(_("Three lines that are never added"), items=lines, lines=value["returns"])]
