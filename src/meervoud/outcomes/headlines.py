"""The headlines in words: each with one plain sentence, what it means, how it is known, its target and the period before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meervoud.core.impact.equivalences import Hall, days_round_the_clock, times_a_hall, working_days
from meervoud.core.impact.ledger import EVIDENCE
from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.models import Figure
from meervoud.usage.models import Evidence

STRONG: Final = (Evidence.CHECKED_IN, Evidence.HOST)
MEANINGS: Final[Mapping[str, str | Promise]] = {
    Figure.HOURS: gettext_lazy(
        "Room-hours: the time that each room was really used, added up over the rooms. Time that two groups share in one room counts once."
    ),
    Figure.MOMENTS: gettext_lazy(
        "A moment is one stay of one group in one room. Less than 15 minutes between two stays makes them one. It counts on the day on which it began."
    ),
    Figure.PEOPLE: gettext_lazy(
        "People, not visits: everybody counts once. Where each group counted who came for the first time, that is the sum. Somebody who comes to two groups counts twice. Where it was not always counted we say at least, or from and to, and never the middle."
    ),
    Figure.VISITS: gettext_lazy("The head counts of all moments added up. Somebody who comes ten times is ten visits."),
    Figure.DOUBLE_USE: gettext_lazy(
        "Distinct floor: the area of every room that its host goes on using and that a group used at least once. A room counts once, however often it is used. A hall and its rooms are not counted twice."
    ),
    Figure.M2_HOURS: gettext_lazy(
        "The area of each room times the hours that it was used. This is the figure that grows with use."
    ),
    Figure.REUSE: gettext_lazy(
        "Distinct floor that stood empty before, and is not used by its host besides: a vacant shop, or a space lent as a whole. It is not part of double use."
    ),
    Figure.HOSTS: gettext_lazy("Organisations in whose rooms at least one moment took place."),
    Figure.INITIATIVES: gettext_lazy("Groups and organisations that used a room at least once."),
    Figure.CONTRIBUTION: gettext_lazy(
        "What hosts gave in kind: the m2-hours, of double use and re-use, times what a room like this costs per m2 and hour. It is no income and no saving of anybody, and it is never added to another amount."
    ),
}


@dataclass(frozen=True)
class Headline:
    """One figure as people read it.

    Attributes:
        code: one of Figure.
        name: its name.
        value: the number, or a range, with its unit.
        sentence: one plain sentence.
        meaning: its definition.
        evidence: how it is known, from strong to weak, in words; empty where that says nothing.
        strong: which share of it somebody on the spot or the host has said, in a sentence.
        target: what was aimed at; "" where nothing was.
        before: the same in the period before; "" where there is none.
        equals: what it equals, and what that means; "" where nothing.
    """

    code: str
    name: str
    value: str
    sentence: str
    meaning: str
    evidence: str
    strong: str
    target: str
    before: str
    equals: str


def headlines(facts: Facts) -> list[Headline]:
    """Return the headlines of facts, in the language of the page."""
    return [_headline(Figure(code), facts) for code in Figure.values if _is_told(Figure(code), facts)]


def _is_told(code: Figure, facts: Facts) -> bool:
    return code != Figure.REUSE or bool(facts["use"]["reuse_m2"])


def _headline(code: Figure, facts: Facts) -> Headline:
    before, target = facts["before"], facts["targets"].get(code)
    value = value_of(code, facts["use"], facts)
    counted_by = "visits" if code in (Figure.PEOPLE, Figure.VISITS) else "minutes"
    return Headline(
        code=code,
        name=str(code.label),
        value=value,
        sentence=str(SENTENCES[code]) % {"value": value, "likely": _likely(facts)},
        meaning=str(MEANINGS[code]),
        evidence=say_evidence(facts["evidence"], counted_by),
        strong=say_strong(facts["evidence"], counted_by),
        target="" if target is None else spoken().number(target),
        before="" if before is None or NEEDS[code] not in before else value_of(code, before, facts),
        equals=_equals(code, facts),
    )


SENTENCES: Final[Mapping[str, str | Promise]] = {
    Figure.HOURS: gettext_lazy("Rooms were used for %(value)s."),
    Figure.MOMENTS: gettext_lazy("Groups came together %(value)s."),
    Figure.PEOPLE: gettext_lazy("%(value)s took part."),
    Figure.VISITS: gettext_lazy("People came %(value)s."),
    Figure.DOUBLE_USE: gettext_lazy("%(value)s of floor had a second use beside that of its host."),
    Figure.M2_HOURS: gettext_lazy("Together that is %(value)s of double use."),
    Figure.REUSE: gettext_lazy("%(value)s of floor that stood empty was used again."),
    Figure.HOSTS: gettext_lazy("%(value)s lent a room."),
    Figure.INITIATIVES: gettext_lazy("%(value)s found a room."),
    Figure.CONTRIBUTION: gettext_lazy("What hosts gave in kind is worth %(value)s, most likely about %(likely)s."),
}


def value_of(code: str, use: Facts, facts: Facts) -> str:
    """Return a figure with its unit, in the language of the page."""
    return VALUES[code](use, facts)


def _hours(use: Facts, _facts: Facts) -> str:
    hours = use["room_minutes"] / 60
    number = round(hours) if hours >= 100 else round(hours, 1)
    return ngettext("%(number)s hour", "%(number)s hours", round(number)) % {"number": spoken().number(number)}


def _times(name: str) -> Callable[[Facts, Facts], str]:
    def said(use: Facts, _facts: Facts) -> str:
        number = use[name]
        if number is None:
            return _("fewer than 5 times, or hidden")
        return ngettext("%(number)s time", "%(number)s times", number) % {"number": spoken().number(number)}

    return said


def _people(use: Facts, _facts: Facts) -> str:
    least, most = use["people"]["least"], use["people"]["most"]
    said = spoken()
    if least is None:
        return _("fewer than 5 people, or hidden")
    if most is None:
        return ngettext("at least %(least)s person", "at least %(least)s people", least) % {"least": said.number(least)}
    if least == most:
        return ngettext("%(least)s person", "%(least)s people", least) % {"least": said.number(least)}
    return _("%(least)s to %(most)s people") % {"least": said.number(least), "most": said.number(most)}


def _m2(name: str) -> Callable[[Facts, Facts], str]:
    return lambda use, _facts: _("%(number)s m2") % {"number": spoken().number(round(use[name]))}


def _m2_hours(use: Facts, _facts: Facts) -> str:
    return _("%(number)s m2-hours") % {"number": spoken().number(round(use["m2_hours"]))}


def _hosts(use: Facts, _facts: Facts) -> str:
    return ngettext("%(number)s host", "%(number)s hosts", use["hosts"]) % {"number": spoken().number(use["hosts"])}


def _initiatives(use: Facts, _facts: Facts) -> str:
    number = use["initiatives"]
    if number is None:
        return _("fewer than 5 initiatives")
    return ngettext("%(number)s initiative", "%(number)s initiatives", number) % {"number": spoken().number(number)}


def _contribution(_use: Facts, facts: Facts) -> str:
    worth, said = facts["contribution"], spoken()
    low, _value, high = (said.whole_money(rounded(each), worth["currency"]) for each in worth["cents"])
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _likely(facts: Facts) -> str:
    worth = facts["contribution"]
    return spoken().whole_money(rounded(worth["cents"][1]), worth["currency"])


NEEDS: Final[Mapping[str, str]] = {
    Figure.HOURS: "room_minutes",
    Figure.MOMENTS: "stays",
    Figure.PEOPLE: "people",
    Figure.VISITS: "visits",
    Figure.DOUBLE_USE: "double_use_m2",
    Figure.M2_HOURS: "m2_hours",
    Figure.REUSE: "reuse_m2",
    Figure.HOSTS: "hosts",
    Figure.INITIATIVES: "initiatives",
    Figure.CONTRIBUTION: "nothing: the amounts are those of this period",
}
"""By which number of the facts a figure is told."""
VALUES: Final[Mapping[str, Callable[[Facts, Facts], str]]] = {
    Figure.HOURS: _hours,
    Figure.MOMENTS: _times("stays"),
    Figure.PEOPLE: _people,
    Figure.VISITS: _times("visits"),
    Figure.DOUBLE_USE: _m2("double_use_m2"),
    Figure.M2_HOURS: _m2_hours,
    Figure.REUSE: _m2("reuse_m2"),
    Figure.HOSTS: _hosts,
    Figure.INITIATIVES: _initiatives,
    Figure.CONTRIBUTION: _contribution,
}


def rounded(cents: int) -> int:
    """Return an amount with two significant digits, in whole units: what is guessed is not said to the cent."""
    whole = cents // 100
    if whole < 100:
        return whole * 100
    step = 10 ** (len(str(whole)) - 2)
    return int(round(whole / step) * step * 100)


def say_evidence(evidence: Mapping[str, Mapping[str, int]], what: str) -> str:
    """Return how a figure is known: "62 % checked in by who ran it, 38 % nobody objected in 7 days"."""
    total = _total(evidence, what)
    if not total:
        return ""
    said, labels = spoken(), dict(Evidence.choices)
    shares = [(code, evidence[code][what] / total) for code in EVIDENCE if code in evidence and evidence[code][what]]
    return said.together([f"{said.percent(share)} {labels[code]}" for code, share in shares])


def _total(evidence: Mapping[str, Mapping[str, int | None]], what: str) -> int:
    """Return what the kinds of evidence add up to; 0 where one of them is hidden, for then nothing is said of shares."""
    numbers = [each[what] for each in evidence.values()]
    return 0 if None in numbers else sum(each or 0 for each in numbers)


def say_strong(evidence: Mapping[str, Mapping[str, int]], what: str) -> str:
    """Return which share is known from who was there or from the host, in a sentence; "" where that says nothing."""
    total = _total(evidence, what)
    if not total:
        return ""
    strong = sum(each[what] for code, each in evidence.items() if code in STRONG)
    return _("%(share)s checked in or confirmed by the host.") % {"share": spoken().percent(strong / total)}


def _equals(code: str, facts: Facts) -> str:
    said: dict[str, Any] = {"number": spoken().number}  # Any: gaps of a sentence
    number = said["number"]
    if code == Figure.HOURS and facts["use"]["room_minutes"] >= 24 * 60:
        minutes = facts["use"]["room_minutes"]
        gaps = {"days": number(days_round_the_clock(minutes)), "working": number(working_days(minutes))}
        return (
            _("That equals %(days)s days round the clock, day and night, or %(working)s working days of 8 hours.")
            % gaps
        )
    hall = facts["hall"]
    if code == Figure.DOUBLE_USE and hall and facts["use"]["double_use_m2"] >= hall["m2"]:
        times = times_a_hall(facts["use"]["double_use_m2"], Hall(**hall))
        gaps = {"times": number(float(times)), "hall": hall["name"], "m2": number(hall["m2"])}
        gaps |= {"source": hall["source"], "year": str(hall["year"])}
        return _("That is %(times)s times %(hall)s, which has %(m2)s m2 (%(source)s, %(year)s).") % gaps
    return ""
