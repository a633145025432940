"""A run in words: the interval first, the point only with it, two digits; each claim with what the ledger left of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meervoud.core.impact.grades import OF_OTHERS
from meervoud.files.impact.statement_out import rounded, say_parameter
from meervoud.files.impact_messages import ISSUES
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.grade_words import Grades, GradeWords, say_grade
from meervoud.outcomes.impact.inputs import Rooms
from meervoud.outcomes.ranges import money_range, number_range

MOST_SWINGS: Final = 8
ROOMS_SAID: Final[dict[str, Any]] = {  # Any: words that are translated later
    Rooms.ADDED: gettext_lazy("The rooms that hosts gave are part of what was put in."),
    Rooms.TYPED: gettext_lazy("For the rooms that hosts gave, what was typed in as rent is part of what was put in."),
    Rooms.SEVERAL: gettext_lazy(
        "The rooms that hosts gave are not part of what was put in: several programmes have several tariffs. "
        "So each 1 put in seems to do more than it does."
    ),
}
"""Whether rooms of hosts are in the divisor; values of long ago do not say, and left them out."""
PER_SHARE: Final = ("deadweight", "displacement", "attribution_to_others", "drop_off")


@dataclass(frozen=True)
class Line:
    """One of the lines that are never added: its name, its range in words, what it means, how well it is known."""

    name: str
    text: str
    meaning: str
    grade: GradeWords | None


@dataclass(frozen=True)
class ClaimWords:
    """One claim in words.

    Attributes:
        number: its place in the run.
        key: outcome and group.
        cap: what the ledger left of the people, and why; "" where the claim is not about people.
        is_capped: less counts than was claimed.
        grade: how well its outcome is known; None where that was not kept.
    """

    number: int
    key: str
    cap: str
    is_capped: bool
    grade: GradeWords | None


def three_lines(statement: Content, grades: Grades) -> list[Line]:
    """Return the three lines that are never added: what hosts gave, the value for society, what others say; each graded."""
    currency, said = statement["currency"], spoken()
    value = Line(
        _("Social value that this plan may claim"),
        money_range(statement["value"], currency),
        _("The change that was found, less what would have happened anyway, what only moved and what others did."),
        say_grade(grades.value),
    )
    gift, found = statement.get("host_contribution"), list[Line]()
    if gift:
        low, high = (
            said.whole_money(round(rounded(float(gift[name])) * 100), gift["currency"]) for name in ("low", "high")
        )
        text = _("%(low)s to %(high)s") % {"low": low, "high": high}
        meaning = _("Floor times hours times a tariff. It is nobody's income.")
        found.append(Line(_("What hosts gave in kind"), text, meaning, say_grade(grades.in_kind)))
    found.append(value)
    for each in statement.get("portfolio", []):
        amount = said.whole_money(round(float(each["amount"]) * 100), each["currency"])
        meaning = _("Typed in with its source, and not checked here: %(source)s") % {"source": each["source"]}
        name = _("What the initiatives are worth according to others")
        found.append(Line(name, amount, meaning, say_grade(OF_OTHERS)))
    return found


def return_words(statement: Content, rooms: str = "") -> list[str]:
    """Return what was put in, what came out for each 1, and how sure that is, in sentences."""
    currency, said = statement["currency"], spoken()
    found = [_("Put in: %(range)s.") % {"range": money_range(statement["inputs"], currency)}]
    if rooms in ROOMS_SAID:
        found.append(str(ROOMS_SAID[rooms]))
    if statement["ratio"] is not None:
        found.append(_("For each 1 put in: %(range)s.") % {"range": number_range(statement["ratio"])})
        share = said.percent(statement["below_one"])
        found.append(_("In %(share)s of the draws less came out than was put in.") % {"share": share})
    if statement["payback_years"] is not None:
        years = said.number(rounded(statement["payback_years"]))
        found.append(_("What was put in has come back after %(years)s years.") % {"years": years})
    gaps = {
        "year": str(statement["base_year"]),
        "seed": str(statement["seed"]),
        "draws": said.number(statement["draws"]),
    }
    found.append(_("Prices of %(year)s; seed %(seed)s, %(draws)s draws.") % gaps)
    return found


def discount_words(told: Content | None) -> str:
    """Return by how much later years count less, and who says so; "" for values of long ago, which do not tell."""
    if not told:
        return ""
    said, (first, *later) = spoken(), told["bands"]
    rates = [said.rate(first[1])]
    for year, rate in later:
        rates.append(_("from year %(year)s on %(rate)s") % {"rate": said.rate(rate), "year": str(year)})
    gaps = {"rates": ", ".join(rates), "source": told["source"]}
    return _("With each later year money counts less, by %(rates)s (%(source)s).") % gaps


def swings(statement: Content) -> list[dict[str, Any]]:  # Any: texts and numbers
    """Return what moves the result most: each number with the net value at its low and its high end."""
    said = spoken()
    return [
        {
            "name": say_parameter(said, each["parameter"]),
            "low": said.number(rounded(min(each["low"], each["high"]))),
            "high": said.number(rounded(max(each["low"], each["high"]))),
            "ends": (each["low"], each["high"]),
        }
        for each in statement["tornado"][:MOST_SWINGS]
    ]


def turnings(statement: Content) -> list[dict[str, str]]:
    """Return at which value of each number benefits equal inputs."""
    return [
        {
            "name": say_parameter(spoken(), each["parameter"]),
            "now": _amount(each["parameter"], each["most_likely"]),
            "at": _("none") if each["value"] is None else _amount(each["parameter"], each["value"]),
        }
        for each in statement["turnings"]
    ]


def _amount(parameter: str, number: float) -> str:
    is_share = parameter.partition(" of ")[0] in PER_SHARE
    return spoken().percent(number) if is_share else spoken().number(rounded(number))


def warnings_of(statement: Content) -> list[str]:
    """Return what is unusual about a run."""
    said = spoken()
    return [said.say(ISSUES[each["code"]], **dict(each["gaps"])) for each in statement["issues"]]


def assumed_words(statement: Content) -> list[str]:
    """Return which prices have an assumed range, and which come from another country."""
    said, found = spoken(), list[str]()
    for name in statement["assumed"]:
        found.append(
            _("Nobody published a range, so a wide one is assumed: %(parameter)s.")
            % {"parameter": say_parameter(said, name)}
        )
    for name in statement["carried"]:
        found.append(
            _("From another country, and carried over by purchasing power: %(parameter)s.")
            % {"parameter": say_parameter(said, name)}
        )
    return found


def claims_of(sources: Mapping[str, Any], grades: Grades) -> list[ClaimWords]:  # Any: JSON
    """Return the claims of a run in words, each with why it was capped, and how well it is known."""
    return [
        ClaimWords(
            number=number,
            key=key,
            cap=cap_words(each),
            is_capped=each["counts"] is not None and each["counts"] < each["claimed"],
            grade=say_grade(grades.outcomes.get(each["outcome"])),
        )
        for number, (key, each) in enumerate(sorted(sources["claims"].items()), start=1)
    ]


def _told(number: int | None) -> str:
    return "" if number is None else spoken().number(number)


def cap_words(told: Content) -> str:
    """Return what the ledger left of the people that were claimed, and why."""
    if told["measure"] in ("visits", "hours"):
        return _("Counted in the ledger; nobody is claimed.")
    gaps = {name: _told(told[name]) for name in ("claimed", "known", "counts", "dose")}
    if told["counts"] is None:
        return _("At no moment were people counted, so the ledger cannot say how many came often enough.")
    if told["counts"] < told["claimed"]:
        return (
            ngettext(
                "You claimed %(claimed)s people. By the head counts of the ledger at most %(known)s can have come %(dose)s time or more, so %(counts)s count.",
                "You claimed %(claimed)s people. By the head counts of the ledger at most %(known)s can have come %(dose)s times or more, so %(counts)s count.",
                told["dose"],
            )
            % gaps
        )
    return (
        ngettext(
            "%(claimed)s people; the head counts of the ledger allow up to %(known)s that came %(dose)s time or more.",
            "%(claimed)s people; the head counts of the ledger allow up to %(known)s that came %(dose)s times or more.",
            told["dose"],
        )
        % gaps
    )


def streams(statement: Content) -> list[dict[str, Any]]:  # Any: texts
    """Return what comes in each year, most likely and not discounted, by claim."""
    tell = spoken().whole_money
    return [
        {"key": key, "years": [tell(round(rounded(each) * 100), statement["currency"]) for each in row]}
        for key, row in sorted(statement["streams"].items())
    ]


def payers(statement: Content, names: Mapping[str, Any]) -> Sequence[tuple[str, str]]:  # Any: lazy words
    """Return who has the benefit, and how much, transfers included."""
    return [
        (str(names.get(payer, payer)), spoken().whole_money(round(rounded(amount) * 100), statement["currency"]))
        for payer, amount in statement["by_payer"].items()
    ]
