"""An impact report in words, from what is frozen, in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from meervoud.files.impact.statement_out import rounded
from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact.effect_words import say_cares, say_cautious, say_effect
from meervoud.outcomes.impact.funding import next_year
from meervoud.outcomes.impact.grade_words import GradeWords, grades_of_report, say_grade
from meervoud.outcomes.impact.inputs import Rooms
from meervoud.outcomes.impact.measures import LEDGER, name_of_measure
from meervoud.outcomes.impact.provenance import say_wave
from meervoud.outcomes.impact.pulse import say_pulse
from meervoud.outcomes.impact.run_words import return_words, three_lines
from meervoud.outcomes.impact.screens.report import CHOICES
from meervoud.outcomes.ranges import money_range, number_range

CENTS: Final = 100


@dataclass(frozen=True)
class OutcomeWords:
    """One outcome in words: its name, for whom, what changed, how well it is known; and the interval, for a picture."""

    name: str
    groups: str
    sentences: list[str]
    grade: GradeWords | None
    is_harm: bool
    ends: tuple[float, float, float] | None
    sources: list[str]


def text_of(words: Mapping[str, str], facts: Facts) -> str:
    """Return words in the language of the page; else in that of the plan; else in any."""
    here = (get_language() or "en")[:2]
    return (
        words.get(here) or words.get(facts["plan"]["language"]) or next((each for each in words.values() if each), "")
    )


def period_words(facts: Facts) -> str:
    """Return the period of a report; "" where its scope has none."""
    said = facts["scope"]
    if not (said.get("first") and said.get("last")):
        return ""
    return spoken().period(date.fromisoformat(said["first"]), date.fromisoformat(said["last"]))


def use_words(facts: Facts) -> list[str]:
    """Return how much the rooms were used and by how many, and what people said on the spot, in sentences."""
    return [*said_use(facts["use"]), *say_pulse(facts.get("pulse"))]


def said_use(use: Facts | None) -> list[str]:
    """Return the use of rooms in sentences; see report_facts.use_of."""
    said = spoken()
    if use is None or not use["moments"]:
        return [_("The ledger has no use of a room in this period.")]
    moments = ngettext("%(number)s moment of use", "%(number)s moments of use", use["moments"])
    hours = said.number(round(use["minutes"] / 60, 1))
    found = [
        _("%(moments)s, %(hours)s hours together.")
        % {"moments": moments % {"number": said.number(use["moments"])}, "hours": hours}
    ]
    found.append(_people(use))
    if use["visits"] is not None:
        found.append(
            _("About %(number)s visits: who comes ten times is ten visits.") % {"number": said.number(use["visits"])}
        )
    return found


def _people(use: Facts) -> str:
    (least, most), number = use["people"], spoken().number
    if least is None:
        return _("How many people came is not known, or fewer than five.")
    if most is None:
        return _("At least about %(least)s people.") % {"least": number(least)}
    if least == most:
        return _("About %(least)s people.") % {"least": number(least)}
    return _("Between about %(least)s and %(most)s people.") % {"least": number(least), "most": number(most)}


def outcomes_of(facts: Facts) -> list[OutcomeWords]:
    """Return the outcomes of a report, in the order of its theory of change."""
    groups = {each["id"]: text_of(each["name"], facts) for each in facts["stakeholders"]}
    known = grades_of_report(facts).outcomes
    return [_outcome(each, facts, groups, say_grade(known.get(each["id"]))) for each in facts["outcomes"]]


def _outcome(told: Facts, facts: Facts, groups: Mapping[str, str], grade: GradeWords | None) -> OutcomeWords:
    said, effect = spoken(), told["effect"]
    if effect:
        sentences = [say_effect(told["indicator"], effect), say_cautious(effect), *say_cares(effect)]
    elif told["indicator"] in LEDGER:
        sentences = [_("Counted in the ledger: %(measure)s.") % {"measure": name_of_measure(told["indicator"])}]
    else:
        sentences = [_("Not measured yet.")]
    return OutcomeWords(
        name=text_of(told["label"], facts),
        groups=said.together([groups[each] for each in told["stakeholders"] if each in groups]),
        sentences=[each for each in sentences if each],
        grade=grade,
        is_harm=told["is_negative"] or not told["is_intended"],
        ends=_ends(effect),
        sources=[say_wave(each) for each in facts["waves"] if effect and each["id"] in effect.get("waves", ())],
    )


def _ends(effect: Facts | None) -> tuple[float, float, float] | None:
    """The interval of a change, for a picture; None where there is none."""
    if not effect or not effect.get("change") or effect["change"][0] is None:
        return None
    low, mean, high = effect["change"]
    return low, mean, high


def decisions_of(facts: Facts) -> list[dict[str, str]]:
    """Return what was decided."""
    names = {code: str(label) for code, label in CHOICES}
    return [
        {"what": each["what"], "choice": names.get(each["choice"], ""), "why": each["why"]}
        for each in facts["decisions"]
    ]


def value_words(facts: Facts) -> dict[str, Any] | None:  # Any: words for a template
    """Return the value of a report in words; None where nothing was valued."""
    value = facts["value"]
    if value is None:
        return None
    statement = value["statement"]
    return {
        "lines": three_lines(statement, grades_of_report(facts)),
        "returns": return_words(statement, value["sources"].get("rooms", "")),
    }


def contribution_words(facts: Facts) -> str:
    """Return what hosts gave in kind, where nothing was valued but the ledger has use; "" without."""
    in_kind = facts["use"]["in_kind"] if facts["use"] else None
    if in_kind is None or not any(in_kind["cents"]):
        return ""
    low, _likely, high = (spoken().whole_money(round(rounded(each)), in_kind["currency"]) for each in in_kind["cents"])
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def funding_words(facts: Facts) -> list[str]:
    """Return what a euro did, what the next one would do, and what stands in the way; empty where nothing is asked."""
    asked, value = facts["funding"], facts["value"]
    found = [each for each in (asked.get("purpose", ""),) if each]
    if value is None or value["statement"]["ratio"] is None:
        return found
    statement, currency = value["statement"], facts["plan"]["currency"]
    said = _("For each %(currency)s 1 put in, %(range)s came out.")
    found.append(said % {"currency": currency, "range": number_range(statement["ratio"])})
    if value["sources"].get("rooms") == Rooms.ADDED:
        found.append(_("The rooms that hosts gave are part of what was put in: more money also needs more rooms."))
    if asked.get("amount"):
        found += _next(asked["amount"], value, currency)
    if asked.get("limits"):
        found.append(_("What stands in the way: %(limits)s") % {"limits": asked["limits"]})
    return found


def _next(amount: int, value: Facts, currency: str) -> list[str]:
    coming = next_year(amount, value)
    money = spoken().whole_money(amount * CENTS, currency)
    gaps = {"amount": money, "range": money_range(coming.value, currency)}
    found = [_("If it goes on as it did, %(amount)s more would bring about a value of %(range)s.") % gaps]
    if coming.people is not None:
        low, high = (spoken().number(each) for each in coming.people)
        found.append(
            _("That is room for %(low)s to %(high)s more people who come often enough.") % {"low": low, "high": high}
        )
    found.append(_("Nobody knows whether the next euro does as much as the last: this is the average so far."))
    return found
