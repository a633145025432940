"""Exports for the tests of CIDS: one with everything in it, and random ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from meervoud.files.impact.cids import (
    Address,
    Counterfactual,
    Dimension,
    Export,
    HowMuch,
    ImpactReport,
    Indicator,
    IndicatorReport,
    Organisation,
    Outcome,
    Period,
    Range,
    Risk,
    RiskKind,
    Stakeholder,
    StakeholderOutcome,
    Theme,
)

BASE = "https://example.org/impact/7#"
LANGUAGES = ("nl", "en", "da")
WINTER = timezone(timedelta(hours=1))
YEAR = Period(datetime(2025, 1, 1, tzinfo=WINTER), datetime(2026, 1, 1, tzinfo=WINTER))


def words(text: str) -> dict[str, str]:
    """Return a text in the three languages."""
    return {code: f"{text} ({code})" for code in LANGUAGES}


def everything(language: str = "nl") -> Export:
    """Return an export with everything that can be told."""
    return Export(
        base=BASE,
        language=language,
        organisation=Organisation(
            "o1", "Stichting Voorbeeld", Address("Voorbeeldstraat 1", "1021 AA", "Amsterdam", "Noord-Holland", "NL")
        ),
        themes=(Theme("t1", words("meeting"), words("residents meet"), goal=11), Theme("t2", words("x"), words("y"))),
        outcomes=(
            Outcome("less lonely", words("less lonely"), words("people feel less lonely"), ("t1", "t2")),
            Outcome("u2", words("a skill"), words("people learn a skill"), ("t1",)),
        ),
        indicators=(
            Indicator(
                "hours", words("usage hours"), words("hours"), words("union"), ("less lonely",), ("t1",), "PI5683"
            ),
            Indicator("djg", words("loneliness"), words("scale points (0-6)"), words("change"), ("less lonely", "u2")),
        ),
        reports=(
            IndicatorReport("r1", words("hours 2025"), "hours", Decimal(2842), YEAR, None, "ab12" * 16),
            IndicatorReport(
                *("r2", words("change 2025"), "djg", Decimal("-1.00"), YEAR),
                Range(Decimal("-1.63"), Decimal("-0.37"), Decimal("0.95")),
                comments=words("20 pairs"),
            ),
        ),
        stakeholders=(
            Stakeholder("s1", words("neighbours"), words("who live there")),
            Stakeholder("s2", words("the host"), words("who lends"), contributes=True),
        ),
        stakeholder_outcomes=(
            StakeholderOutcome(
                "so1", words("less lonely"), "less lonely", "s1", words("for them"), is_underserved=True
            ),
        ),
        impact_reports=(
            ImpactReport(
                *("i1", words("less lonely, 2025"), "so1", YEAR),
                how_much=(
                    HowMuch(Dimension.SCALE, Decimal(34), words("people")),
                    HowMuch(
                        *(Dimension.DEPTH, Decimal("-1.00"), words("points")),
                        Counterfactual(Decimal("-0.30"), words("30 percent met elsewhere")),
                    ),
                    HowMuch(Dimension.DURATION, Decimal(2), words("years")),
                ),
                risks=(
                    Risk(RiskKind.EVIDENCE, words("few answers"), words("3 of 5"), words("2 of 5"), words("ask more")),
                    Risk(RiskKind.DROP_OFF, words("people stop coming")),
                ),
                comments=words("first year"),
            ),
        ),
    )


def changed(export: Export, part: str, **changes: Any) -> Export:
    """Return an export whose first of a part is changed."""
    first, *rest = getattr(export, part)
    told: dict[str, Any] = {part: (replace(first, **changes), *rest)}
    return replace(export, **told)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)
IDS = st.lists(TEXTS, max_size=3, unique=True)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
WORDS = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, TEXTS), optional={"fr-BE": TEXTS})


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001  # gets its zone below
    zone = draw(st.sampled_from([UTC, WINTER, timezone(timedelta(hours=-3, minutes=-30))]))
    return Period(start.replace(tzinfo=zone), start.replace(tzinfo=zone) + timedelta(days=draw(st.integers(0, 900))))


def some(ids: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(ids), max_size=3).map(tuple) if ids else st.just(())


@st.composite
def exports(draw: st.DrawFn) -> Export:
    """Return any export that can be told."""
    themes, outcomes, indicators, people = (draw(IDS) for _ in range(4))
    figures = draw(IDS) if indicators else []
    felt = draw(IDS) if outcomes and people else []
    codes = st.sampled_from(["", "PI5683", "PI4060", "OI1166", "PI9170", "OI7914"])
    ends = st.tuples(NUMBERS, NUMBERS).map(sorted)
    ranges = st.none() | st.builds(lambda two, sure: Range(two[0], two[1], sure), ends, st.decimals(0, 1, places=3))
    how = st.lists(
        st.builds(
            HowMuch, st.sampled_from(Dimension), NUMBERS, WORDS, st.none() | st.builds(Counterfactual, NUMBERS, WORDS)
        ),
        max_size=3,
        unique_by=lambda each: each.dimension,
    ).map(tuple)
    risks = st.lists(st.builds(Risk, st.sampled_from(RiskKind), WORDS, WORDS), max_size=2).map(tuple)
    return Export(
        base=draw(st.sampled_from([BASE, "http://a.example/x/"])),
        language=draw(st.sampled_from(LANGUAGES)),
        organisation=Organisation(draw(TEXTS), draw(TEXTS), draw(st.none() | st.builds(Address, *[TEXTS] * 5))),
        themes=tuple(Theme(each, draw(WORDS), draw(WORDS), draw(st.none() | st.integers(1, 17))) for each in themes),
        outcomes=tuple(Outcome(each, draw(WORDS), draw(WORDS), draw(some(themes))) for each in outcomes),
        indicators=tuple(
            Indicator(
                *(each, draw(WORDS), draw(WORDS), draw(WORDS)),
                *(draw(some(outcomes)), draw(some(themes)), draw(codes)),
            )
            for each in indicators
        ),
        reports=tuple(
            IndicatorReport(
                *(each, draw(WORDS), draw(st.sampled_from(indicators)), draw(NUMBERS), draw(periods()), draw(ranges)),
                *(draw(st.just("") | TEXTS), draw(WORDS)),
            )
            for each in figures
        ),
        stakeholders=tuple(Stakeholder(each, draw(WORDS), draw(WORDS), draw(st.booleans())) for each in people),
        stakeholder_outcomes=tuple(
            StakeholderOutcome(
                *(each, draw(WORDS), draw(st.sampled_from(outcomes)), draw(st.sampled_from(people)), draw(WORDS)),
                draw(st.none() | st.booleans()),
            )
            for each in felt
        ),
        impact_reports=tuple(
            ImpactReport(each, draw(WORDS), each, draw(periods()), draw(how), draw(risks), draw(WORDS)) for each in felt
        ),
    )
