"""What is told of impact to others in the Common Impact Data Standard: names by language, figures with their period and source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

Words = Mapping[str, str]
"""The same in several languages, by code: nl, en, da."""


def _no_words() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Address:
    """Where an organisation is; the standard wants all five, the region too: in the Netherlands the province."""

    street: str
    postal_code: str
    locality: str
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who tells it.

    Attributes:
        id: of the organisation, stable over exports.
        legal_name: as registered; it has no translation.
        address: None where none is told.
    """

    id: str
    legal_name: str
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """What outcomes are about.

    Attributes:
        id, names, descriptions: of the theme.
        goal: number of the Sustainable Development Goal it belongs to, 1-17; None is none.
    """

    id: str
    names: Words
    descriptions: Words = field(default_factory=_no_words)
    goal: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What changes.

    Attributes:
        id, names, descriptions: of the outcome.
        themes: ids of themes.
    """

    id: str
    names: Words
    descriptions: Words = field(default_factory=_no_words)
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured.

    Attributes:
        id, names, descriptions: of the indicator.
        unit: in words, such as hours or scale points (0-6); the standard's list of units has no hour and no euro.
        outcomes, themes: ids.
        iris: id in IRIS+, such as PI5683; "" is none.
    """

    id: str
    names: Words
    unit: Words
    descriptions: Words = field(default_factory=_no_words)
    outcomes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    iris: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """From when up to when; both know their time zone."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Range:
    """Between what a figure lies, and with which certainty, 0-1."""

    low: Decimal
    high: Decimal
    certainty: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorReport:
    """A figure.

    Attributes:
        id, names: of the figure.
        indicator: id of what was measured.
        value: as it was measured.
        period: over which.
        range: between what it lies; None where it was counted.
        ledger_hash: of the rows of the ledger it comes from; "" where it does not.
        comments: what else must be known.
    """

    id: str
    names: Words
    indicator: str
    value: Decimal
    period: Period
    range: Range | None = None
    ledger_hash: str = ""
    comments: Words = field(default_factory=_no_words)


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """Who is affected, or who contributes."""

    id: str
    names: Words
    descriptions: Words = field(default_factory=_no_words)
    contributes: bool = False


@dataclass(frozen=True, slots=True)
class StakeholderOutcome:
    """What an outcome is for somebody.

    Attributes:
        id, names, descriptions: of it.
        outcome, stakeholder: ids.
        is_underserved: whether they have less of it than others; None is not known.
    """

    id: str
    names: Words
    outcome: str
    stakeholder: str
    descriptions: Words = field(default_factory=_no_words)
    is_underserved: bool | None = None


class Dimension(StrEnum):
    """How much there is: for how many, how deep, how long."""

    SCALE = "ImpactScale"
    DEPTH = "ImpactDepth"
    DURATION = "ImpactDuration"


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would have happened anyway: the deadweight, in words and as a number."""

    value: Decimal
    descriptions: Words


@dataclass(frozen=True, slots=True)
class HowMuch:
    """One dimension of how much changed.

    Attributes:
        dimension: which one.
        value, descriptions: the number, and of what it is.
        counterfactual: of it that would have happened anyway; None is not known.
    """

    dimension: Dimension
    value: Decimal
    descriptions: Words
    counterfactual: Counterfactual | None = None


class RiskKind(StrEnum):
    """Why it may turn out otherwise, as the standard divides it."""

    EVIDENCE = "EvidenceRisk"
    EXTERNAL = "ExternalRisk"
    STAKEHOLDER = "StakeholderParticipationRisk"
    DROP_OFF = "DropOffRisk"
    EFFICIENCY = "EfficiencyRisk"
    EXECUTION = "ExecutionRisk"
    ALIGNMENT = "AlignmentRisk"
    ENDURANCE = "EnduranceRisk"
    UNEXPECTED = "UnexpectedImpactRisk"


@dataclass(frozen=True, slots=True)
class Risk:
    """What may go otherwise, and what is done about it."""

    kind: RiskKind
    descriptions: Words
    likelihood: Words = field(default_factory=_no_words)
    consequence: Words = field(default_factory=_no_words)
    mitigation: Words = field(default_factory=_no_words)


@dataclass(frozen=True, slots=True)
class ImpactReport:
    """What an outcome for somebody came to, with what may be wrong about it; each dimension at most once."""

    id: str
    names: Words
    stakeholder_outcome: str
    period: Period
    how_much: tuple[HowMuch, ...] = ()
    risks: tuple[Risk, ...] = ()
    comments: Words = field(default_factory=_no_words)


@dataclass(frozen=True, slots=True)
class Export:
    """All that is told.

    Attributes:
        base: what the names of all nodes begin with, such as https://example.org/impact/7#; ends in #, / or :.
        language: the one whose names stand where the standard has room for one only; one of nl, en, da.
        organisation: who tells it; every outcome, indicator and figure is for it.
        themes, outcomes, indicators, reports, stakeholders, stakeholder_outcomes, impact_reports: ids are unique in each.
    """

    base: str
    language: str
    organisation: Organisation
    themes: tuple[Theme, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reports: tuple[IndicatorReport, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()
    stakeholder_outcomes: tuple[StakeholderOutcome, ...] = ()
    impact_reports: tuple[ImpactReport, ...] = ()
