"""A published impact report in the Common Impact Data Standard: outcomes, indicators, figures with period and hash, its value."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from meervoud.core.impact.effects import CONFIDENCE, Gate
from meervoud.core.impact.valuation.statement import PERCENTILES
from meervoud.files.impact import cids
from meervoud.files.impact.cids_document import cids_bytes as written
from meervoud.files.impact.scales import read_scales
from meervoud.files.impact.statement_out import rounded
from meervoud.files.wording.language import LANGUAGES
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact.grade_words import grades_of_report, say_grade
from meervoud.outcomes.impact.measures import LEDGER, name_of_measure
from meervoud.outcomes.impact.provenance import likely_share, say_share
from meervoud.outcomes.models import ImpactReport

IRIS: Final = {"hours": "PI5683", "people": "PI4060"}
FINE: Final = Decimal("0.001")
WORTH: Final = "social-value"
"""The id of the measure of value; no scale has a hyphen in its id."""
SURE: Final = Decimal(PERCENTILES[-1] - PERCENTILES[0]) / 100
"""How sure the interval of a value is."""
Words = dict[str, str]


def cids_bytes(row: ImpactReport, facts: Facts, base: str) -> bytes:
    """Return a report as JSON-LD of the Basic tier, with every name written in full.

    Args:
        row: the report.
        facts: what it says.
        base: the address of the report, ending in a slash.
    """
    return written(export_of(row, facts, f"{base.rstrip('/')}#"))


def export_of(row: ImpactReport, facts: Facts, base: str) -> cids.Export:
    """Return what of a report is told in the standard."""
    outcomes = [each for each in facts["outcomes"] if any(each["label"].values())]
    measures = {each["indicator"] for each in outcomes}
    used = {*measures, *(LEDGER if facts["use"] and facts["use"]["moments"] else ())}
    felt = tuple(_for_whom(outcomes, facts))
    return cids.Export(
        base=base,
        language=facts["plan"]["language"],
        organisation=cids.Organisation("organisation", facts["plan"]["about"] or facts["plan"]["title"]),
        outcomes=tuple(cids.Outcome(each["id"], _full(each["label"], facts), _about(each, facts)) for each in outcomes),
        indicators=(*(_indicator(name, outcomes) for name in sorted(used)), *_worth_indicator(facts, outcomes)),
        reports=tuple(_figures(row, facts, outcomes)),
        stakeholders=tuple(
            cids.Stakeholder(each["id"], _full(each["name"], facts), contributes=each["role"] != "beneficiary")
            for each in facts["stakeholders"]
        ),
        stakeholder_outcomes=felt,
        impact_reports=tuple(_claims(row, facts, felt)),
    )


def _full(words: Words, facts: Facts) -> Words:
    """The language of the plan must have a name; another one stands in where somebody left it out."""
    language = facts["plan"]["language"]
    return {**words, language: words.get(language) or next(each for each in words.values() if each)}


def _in_all(make: object) -> Words:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = make()  # type: ignore[operator]  # a function without arguments
    return found


def _about(told: Facts, facts: Facts) -> Words:
    groups = {each["id"]: each["name"] for each in facts["stakeholders"]}

    def say() -> str:
        names = [groups[each] for each in told["stakeholders"] if each in groups]
        said = ", ".join(next(iter(each.values())) for each in names)
        return _("For %(groups)s. How well it is known, from A to E: %(grade)s.") % {
            "groups": said or "-",
            "grade": told["grade"],
        }

    return _in_all(say)


def _indicator(name: str, outcomes: list[Facts]) -> cids.Indicator:
    return cids.Indicator(
        name,
        _in_all(lambda: name_of_measure(name)),
        unit=_in_all(lambda: _unit(name)),
        descriptions=_in_all(lambda: _source(name)),
        outcomes=tuple(each["id"] for each in outcomes if each["indicator"] == name),
        iris=IRIS.get(name, ""),
    )


def _unit(name: str) -> str:
    if name in LEDGER:
        return {"hours": _("hours"), "people": _("people"), "visits": _("visits")}[name]
    known = read_scales().get(name)
    if known is None or known.scale is None:  # a scale of the server's own that it no longer has
        return _("points of change")
    low, high = known.scale.reach
    return _("points of change on a scale from %(low)s to %(high)s") % {"low": f"{low:g}", "high": f"{high:g}"}


def _source(name: str) -> str:
    if name in LEDGER:
        return _("Counted in the ledger of realised moments of use.")
    known = read_scales().get(name)
    return _("Source of the questions: %(source)s") % {"source": known.source if known else name}


def _figures(row: ImpactReport, facts: Facts, outcomes: list[Facts]) -> Iterator[cids.IndicatorReport]:
    period = _period(row, facts)
    if period is None:
        return
    yield from _of_the_ledger(facts, period)
    yield from _worth(facts, period)
    seen = set[str]()
    for each in outcomes:
        effect = each["effect"]
        if each["indicator"] in seen or not effect or effect["gate"] == Gate.NOTHING:
            continue
        seen.add(each["indicator"])
        low, mean, high = effect["change"]
        reach = None if low is None else cids.Range(_number(low), _number(high), Decimal(str(CONFIDENCE)))
        name = each["indicator"]
        yield cids.IndicatorReport(
            f"change-{name}",
            _in_all(lambda name=name: _("Change: %(measure)s") % {"measure": name_of_measure(name)}),
            name,
            _number(mean),
            period,
            range=reach,
            comments=_in_all(lambda effect=effect: _pairs(effect)),
        )


def _pairs(effect: Facts) -> str:
    return _("Mean change of %(pairs)s people who answered twice.") % {"pairs": effect["pairs"]}


def _of_the_ledger(facts: Facts, period: cids.Period) -> Iterator[cids.IndicatorReport]:
    use = facts["use"]
    if not use or not use["moments"]:
        return
    least, most = use["people"]
    figures = {"hours": Decimal(use["minutes"]) / 60, "visits": use["visits"], "people": least}
    for name, figure in figures.items():
        if figure is None:
            continue
        reach = (
            cids.Range(Decimal(least), Decimal(most), Decimal(1))
            if name == "people" and most and most > least
            else None
        )
        yield cids.IndicatorReport(
            f"ledger-{name}",
            _in_all(lambda name=name: name_of_measure(name)),
            name,
            Decimal(figure).quantize(FINE),
            period,
            range=reach,
            ledger_hash=use["sha256"],
            comments=_in_all(lambda name=name: _rounded(name)),
        )


def _rounded(name: str) -> str:
    return _("From the ledger.") if name == "hours" else _("From the ledger; rounded to fives, and hidden below five.")


def _number(value: float) -> Decimal:
    return Decimal(str(value)).quantize(FINE)


def _period(row: ImpactReport, facts: Facts) -> cids.Period | None:
    said, zone = facts["scope"], ZoneInfo(row.plan.time_zone)
    if not (said.get("first") and said.get("last")):
        return None
    first, last = (date.fromisoformat(said[name]) for name in ("first", "last"))
    return cids.Period(datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone))


def _for_whom(outcomes: list[Facts], facts: Facts) -> Iterator[cids.StakeholderOutcome]:
    groups = {each["id"]: each["name"] for each in facts["stakeholders"]}
    for each in outcomes:
        for group in each["stakeholders"]:
            if group in groups:
                names = {
                    language: f"{_full(each['label'], facts).get(language) or _full(each['label'], facts)[facts['plan']['language']]}"
                    f" / {_full(groups[group], facts).get(language) or _full(groups[group], facts)[facts['plan']['language']]}"
                    for language in LANGUAGES
                }
                yield cids.StakeholderOutcome(f"{each['id']}-{group}", names, each["id"], group)


def _worth_indicator(facts: Facts, outcomes: list[Facts]) -> Iterator[cids.Indicator]:
    if facts["value"] is None:
        return
    statement = facts["value"]["statement"]
    gaps = {"currency": statement["currency"], "year": str(statement["base_year"])}
    claimed = {each["outcome"] for each in facts["value"]["sources"]["claims"].values()}
    yield cids.Indicator(
        WORTH,
        _in_all(_name_of_worth),
        unit=_in_all(lambda: _("%(currency)s, in prices of %(year)s") % gaps),
        descriptions=_in_all(
            lambda: _(
                "The change that was found, less what would have happened anyway, what only moved and what others did."
            )
        ),
        outcomes=tuple(each["id"] for each in outcomes if each["id"] in claimed),
    )


def _name_of_worth() -> str:
    return _("Social value that this plan may claim")


def _worth(facts: Facts, period: cids.Period) -> Iterator[cids.IndicatorReport]:
    """Yield the value as the page tells it: two digits, with its interval; all claims together, for no claim has one of its own."""
    if facts["value"] is None:
        return
    told, grade = facts["value"]["statement"]["value"], grades_of_report(facts).value
    low, point, high = (_money(told[name]) for name in ("low", "point", "high"))
    yield cids.IndicatorReport(
        WORTH,
        _in_all(_name_of_worth),
        WORTH,
        point,
        period,
        range=None if told["low"] == told["high"] else cids.Range(low, high, SURE),
        comments=_in_all(lambda: str(say_grade(grade) or "")),
    )


def _money(value: float) -> Decimal:
    return Decimal(round(rounded(value)))


def _claims(row: ImpactReport, facts: Facts, felt: Iterable[cids.StakeholderOutcome]) -> Iterator[cids.ImpactReport]:
    """Yield for each claim for how many it is, and the share of it that would have happened anyway."""
    period, known = _period(row, facts), {each.id: each for each in felt}
    if period is None or facts["value"] is None:
        return
    for _key, told in sorted(facts["value"]["sources"]["claims"].items()):
        whom, number = known.get(f"{told['outcome']}-{told['stakeholder']}"), _counted(told, facts)
        if whom is not None and number is not None:
            scale = cids.HowMuch(
                cids.Dimension.SCALE,
                number,
                _in_all(lambda told=told: _unit(told["measure"] if told["measure"] in LEDGER else "people")),
                cids.Counterfactual(
                    _number(likely_share(told["shares"]["deadweight"])), _in_all(lambda told=told: _anyway(told))
                ),
            )
            yield cids.ImpactReport(whom.id, whom.names, whom.id, period, (scale,))


def _counted(told: Facts, facts: Facts) -> Decimal | None:
    """Return how much a claim was valued on: hours, visits in whole fives, or the people that count."""
    if told["measure"] == "hours":
        return (Decimal(facts["use"]["minutes"]) / 60).quantize(FINE)
    number = told.get("visits", facts["use"]["visits"]) if told["measure"] == "visits" else told["counts"]
    return None if number is None else Decimal(number)


def _anyway(told: Facts) -> str:
    share = say_share(told["shares"]["deadweight"])
    return _("Deadweight: which share would have happened anyway, from 0 to 1. %(share)s") % {"share": share}
