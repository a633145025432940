"""A host's ESG page in words: each figure with one plain sentence, what it means, and the id that ESG reports know it by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.headlines import Headline, headlines, rounded
from meervoud.outcomes.models import Figure
from meervoud.outcomes.pictures import say_moved
from meervoud.usage.models import Evidence

SHOWN: Final = (
    Figure.HOURS,
    Figure.MOMENTS,
    Figure.INITIATIVES,
    Figure.VISITS,
    Figure.PEOPLE,
    Figure.DOUBLE_USE,
    Figure.M2_HOURS,
    Figure.REUSE,
)
IRIS: Final[Mapping[str, str]] = {
    Figure.HOURS: "PI5683 Service Hours Provided",
    Figure.REUSE: "PI9170 Area of Buildings Reused",
}
"""The names of IRIS+ are those of its catalogue, and are not translated."""


@dataclass(frozen=True)
class EsgLine:
    """One figure of the page, and its IRIS+ id ("" where it has none)."""

    headline: Headline
    iris: str


def lines_of(facts: Facts) -> list[EsgLine]:
    """Return the figures of use in words."""
    minutes, uses = facts["use"]["minutes_by_evidence"], facts["use"]["uses_by_evidence"]
    evidence = {code: {"uses": uses[code], "minutes": minutes[code], "visits": None} for code in uses}
    nothing = {"cents": [0, 0, 0], "currency": "EUR"}
    said = {"use": facts["use"], "evidence": evidence, "before": None, "targets": {}, "hall": None}
    found = {each.code: each for each in headlines({**said, "contribution": nothing})}
    return [EsgLine(found[code], IRIS.get(code, "")) for code in SHOWN if code in found]


def say_contributions(facts: Facts) -> list[dict[str, str]]:
    """Return what was given in kind: the range first, with the price it was computed with and where that comes from."""
    return [_contribution(each) for each in facts["contributions"]]


def _contribution(row: Facts) -> dict[str, str]:
    said, currency = spoken(), row["currency"]
    low, likely, high = (said.whole_money(rounded(each), currency) for each in row["cents"])
    lowest, usual, highest = map(said.price, row["tariff"])
    gaps: dict[str, Any] = {"low": low, "high": high, "likely": likely}  # Any: gaps of a sentence
    gaps |= {"m2_hours": said.number(round(row["m2_hours"])), "currency": currency}
    gaps |= {"lowest": lowest, "usual": usual, "highest": highest, "year": row["price_year"], "source": row["source"]}
    return {
        "value": _("%(low)s to %(high)s") % gaps,
        "sentence": _("What you gave in kind is worth %(low)s to %(high)s, most likely about %(likely)s.") % gaps,
        "basis": _(
            "%(m2_hours)s m2-hours times %(currency)s %(usual)s per m2 and hour (%(lowest)s to %(highest)s), "
            "in prices of %(year)s. Source: %(source)s."
        )
        % gaps,
    }


def say_withdrawn(facts: Facts) -> str:
    """Return how many dates the host took back, in a sentence."""
    moments, minutes, said = facts["withdrawn"]["moments"], facts["withdrawn"]["minutes"], spoken()
    if not moments:
        return _("You withdrew no date.")
    text = ngettext(
        "You withdrew %(number)s date, of %(hours)s hours.",
        "You withdrew %(number)s dates, of %(hours)s hours together.",
        moments,
    )
    told = text % {"number": said.number(moments), "hours": said.number(round(minutes / 60, 1))}
    return f"{told} {say_moved(facts['withdrawn'])}".strip()


def say_offered(facts: Facts) -> str:
    """Return how many hours were offered and used, in a sentence."""
    said, used = spoken(), facts["use"]["room_minutes"]
    gaps = {"offered": said.number(round(facts["offered_minutes"] / 60)), "used": said.number(round(used / 60))}
    if not facts["offered_minutes"]:
        return _("You offered no rooms by the hour.")
    return _("You offered %(offered)s hours in your rooms, and %(used)s hours were used.") % gaps


def say_evidence_rows(facts: Facts) -> list[dict[str, str]]:
    """Return by what it is known that the rooms were used, from strong to weak, with the share of the hours."""
    use, said = facts["use"], spoken()
    total = sum(use["minutes_by_evidence"].values())
    return [
        {
            "name": str(Evidence(code).label),
            "hours": said.number(round(use["minutes_by_evidence"][code] / 60, 2)),
            "share": said.percent(use["minutes_by_evidence"][code] / total) if total else "",
        }
        for code in Evidence.values
        if code in use["minutes_by_evidence"]
    ]
