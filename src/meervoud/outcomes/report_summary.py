"""The one A4 of a published report: what we know beside what we do not know, from what is frozen."""

import json
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.lib.saying import spoken
from meervoud.lib.typeset import Data
from meervoud.outcomes.corrections import Listed, as_read
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.headlines import headlines
from meervoud.outcomes.models import Figure, Published
from meervoud.outcomes.pictures import say_cost, say_missed
from meervoud.outcomes.publishable import hidden_numbers
from meervoud.outcomes.report_papers import edges, item, made, say_corrected, say_known, say_portfolio, told_of
from meervoud.usage.models import Evidence


def summary_pdf(published: Published, said: Facts) -> bytes:
    """Return the one A4 of a report as a PDF.

    Args:
        published: with its report.
        said: what is frozen, from `read_frozen`.
    """
    return made("summary", json.dumps(summary_paper(published, said)), published.at)


def summary_paper(published: Published, said: Facts) -> Data:
    """Return what stands on the one A4; see papers/summary.typ."""
    facts = said["facts"]
    corrections = as_read(published.report.corrections.all())
    return {
        **edges(published, said),
        "sides": [
            {"title": _("What we know"), "items": _known(facts, corrections)},
            {"title": _("What we do not know"), "items": _unknown(facts)},
        ],
    }


def _known(facts: Facts, corrections: Sequence[Listed]) -> list[Data]:
    missed = say_missed(facts)
    lent = item(_("Dates withdrawn"), missed["withdrawn"])
    cost = [item(_("What it cost"), say_cost(facts))] if say_cost(facts) else []
    if not facts["use"]["uses"]:
        return [item(_("What came about"), _("No room was used in this period.")), lent, *cost]
    told = [
        item(f"{each.name}: {each.value}", say_corrected(each.code, corrections), say_known(each))
        for each in headlines(facts)
    ]
    before = [item(_("Where groups met before"), missed["room_before"])] if _is_told(facts["room_before"]) else []
    return [*told, *before, lent, *cost]


def _is_told(before: Mapping[str, int | None]) -> bool:
    return bool(before["said"]) and before["without"] is not None


def _unknown(facts: Facts) -> list[Data]:
    no_cost = _("The cost of the programme is not filled in, so its cost per hour is not known.")
    measured = _(
        "These figures count the use of rooms. They do not say what changed for people, or what would have happened without these rooms."
    )
    items = [
        item(_("Requests without a room"), say_missed(facts)["missed"]),
        item(_("People nobody counted"), _say_counted(facts["use"]), _say_twice(facts["use"])),
        item(_("Hours nobody confirmed"), _say_silent(facts["evidence"])),
        item(_("Where groups met before"), *_say_unsaid(facts)),
        item(_("Floor that is not known"), _say_floor(facts["use"])),
        item(_("Numbers that are hidden"), _say_hidden(facts)),
        item(_("What it cost"), "" if say_cost(facts) else no_cost),
        item(_("Imported, not confirmed"), *_say_imported(facts)),
        item(_("What others say the initiatives are worth"), _say_portfolios(facts)),
        item(_("What came of it"), measured),
    ]
    return [each for each in items if each["lines"]]


def _say_counted(use: Facts) -> str:
    if use["uses"] in (0, use["counted"]):
        return ""
    if use["counted"] is None:
        return _("How often people were counted is hidden, for they were few.")
    share = spoken().percent(1 - use["counted"] / use["uses"])
    return _("At %(share)s of the times that somebody was there, nobody counted the people.") % {"share": share}


def _say_twice(use: Facts) -> str:
    return _("Somebody who comes to two groups counts twice. Nobody knows how many do.") if use["uses"] else ""


def _say_silent(evidence: Mapping[str, Mapping[str, int]]) -> str:
    total = sum(each["minutes"] for each in evidence.values())
    silent = evidence.get(Evidence.SILENT, {"minutes": 0})["minutes"]
    if not silent:
        return ""
    share = spoken().percent(silent / total)
    return _("Of %(share)s of the hours we know only that nobody objected in 7 days.") % {"share": share}


def _say_unsaid(facts: Facts) -> list[str]:
    before = facts["room_before"]
    told = [] if _is_told(before) else [say_missed(facts)["room_before"]]
    if before["unsaid"] is None:
        return [*told, _("How many groups did not say is hidden, for it is a small number.")]
    number = before["unsaid"]
    said = ngettext("%(number)s group did not say.", "%(number)s groups did not say.", number)
    return [*told, said % {"number": spoken().number(number)}] if number else told


def _say_floor(use: Facts) -> str:
    rooms = use["rooms_without_area"]
    if not rooms:
        return ""
    said, hours = spoken(), round(use["minutes_without_area"] / 60)
    gaps = {"rooms": said.number(rooms), "hours": said.number(hours)}
    text = ngettext(
        "Of %(rooms)s room the floor is not known. Its %(hours)s hours are in no figure in m2.",
        "Of %(rooms)s rooms the floor is not known. Their %(hours)s hours are in no figure in m2.",
        rooms,
    )
    return text % gaps


def _say_hidden(facts: Facts) -> str:
    hidden = hidden_numbers(facts)
    if not hidden:
        return ""
    said = ngettext(
        "%(number)s number of people or groups is hidden: it is under 5, or such a number could be worked out from it.",
        "%(number)s numbers of people or groups are hidden: they are under 5, or such a number could be worked out from them.",
        hidden,
    )
    return said % {"number": spoken().number(hidden)}


def _say_imported(facts: Facts) -> list[str]:
    if not facts["imported"]:
        return []
    told = [each.value for each in told_of(facts["imported"], facts) if each.code in (Figure.HOURS, Figure.MOMENTS)]
    return [" · ".join(told), _("Nobody checked in. It is in no figure on this page.")]


def _say_portfolios(facts: Facts) -> str:
    if not facts["portfolio"]:
        return ""
    values = " / ".join(say_portfolio(each, facts["programme"]["currency"]) for each in facts["portfolio"])
    return "{}. {}".format(values, _("We did not compute it, and it is never added to anything."))
