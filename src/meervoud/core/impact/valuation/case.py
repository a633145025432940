"""A case that is valued: claims with their price and adjustments, inputs, and what surrounds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from meervoud.core.impact.contribution import MoneyRange
from meervoud.core.impact.valuation.discount import DiscountRule
from meervoud.core.impact.valuation.prices import PriceSeries, Rates
from meervoud.core.impact.valuation.uncertain import Uncertain


class ProxyKind(StrEnum):
    """What a price stands for, as far as counting twice depends on it."""

    WELLBEING = "wellbeing"
    QALY = "qaly"
    CARE_COST = "care_cost"
    VOLUNTEER_HOURS = "volunteer_hours"
    RENT = "rent"
    OTHER = "other"


class Payer(StrEnum):
    """Who keeps the money, or gets the benefit."""

    PERSON = "person"
    MUNICIPALITY = "municipality"
    REGION = "region"
    STATE = "state"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Proxy:
    """What one unit of an outcome is worth.

    Attributes:
        code: of the catalogue; the same code has the same draws wherever it is used.
        kind: what it stands for.
        unit: of what, e.g. `point*person*year`.
        value: the published figure, in `currency` per `unit`, in prices of `price_year`.
        low, high: the published range; None where none was published.
        currency: ISO 4217.
        price_year: None is not known, and then nothing is computed.
        country: ISO 3166; whose prices index it.
        source: publisher, title, table.
        is_verified: somebody read the figure in its source; what is only remembered is refused.
    """

    code: str
    kind: ProxyKind
    unit: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    currency: str
    price_year: int | None
    country: str
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A share that is taken off, and why it is that much. A share of 0 needs a reason too."""

    share: Uncertain
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One outcome for one stakeholder, as it is valued.

    Attributes:
        outcome: id of the outcome in the theory of change.
        stakeholder: who it is for.
        quantity: how much of it, in `unit`, in the first year; below 0 for what got worse.
        unit: must be that of the proxy.
        proxy: what one unit is worth.
        deadweight: what would have happened anyway.
        displacement: what was only moved from elsewhere.
        attribution_to_others: what others brought about.
        drop_off: which part is gone each year after the first.
        starts_after: 0: the effect begins in the year of the inputs; 1: a year later.
        years: how many years it lasts, >= 1.
        payer: who keeps the money.
        is_transfer: it is only moved between payers, such as a benefit that is saved; no part of the value for society.
        people: how many are claimed; None where the outcome is not about people.
        people_in_ledger: how many different people the ledger has with the dose; None where nothing was counted.
        measured_from: ids of survey waves and hashes of ledger queries behind the quantity.
        ancestors: ids of outcomes that lead to this one in the theory of change.
    """

    outcome: str
    stakeholder: str
    quantity: Uncertain
    unit: str
    proxy: Proxy
    deadweight: Adjustment
    displacement: Adjustment
    attribution_to_others: Adjustment
    drop_off: Adjustment
    starts_after: int = 0
    years: int = 1
    payer: Payer = Payer.PERSON
    is_transfer: bool = False
    people: int | None = None
    people_in_ledger: int | None = None
    measured_from: tuple[str, ...] = ()
    ancestors: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Return what the draws and the messages of this claim are named by."""
        return f"{self.outcome} / {self.stakeholder}"


@dataclass(frozen=True, slots=True)
class Input:
    """What was put in: money, hours or space with their price, undiscounted in year 0.

    Attributes:
        name: what.
        stakeholder: who gave it.
        kind: as of a proxy, so that nothing is both put in and brought about.
        amount: in `currency`.
        currency, price_year, country: of the amount.
        year: 0 is the year of the inputs.
    """

    name: str
    stakeholder: str
    kind: ProxyKind
    amount: Uncertain
    currency: str
    price_year: int
    country: str
    year: int = 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What others say that the initiatives are worth: shown with its source, in no sum."""

    amount: Decimal
    currency: str
    source: str


@dataclass(frozen=True, slots=True)
class Terms:
    """In which money and year a case is computed.

    Attributes:
        currency: ISO 4217.
        country: ISO 3166; a price of wellbeing from another country is carried over a border, see statement.
        base_year: the year whose prices everything is brought to.
        discount: rates of later years.
        horizon: the last year that is looked at, >= 1.
        prices: price series by country.
        rates: of currencies, by (of, into).
        purchasing_power: parities, by country (of, into): how much money of the one buys what money of the other does; for
            wellbeing that is carried over a border.
        is_start_of_year: whether money of a year comes at its start.
        draws: of the Monte Carlo simulation.
    """

    currency: str
    country: str
    base_year: int
    discount: DiscountRule
    horizon: int
    prices: Mapping[str, PriceSeries]
    rates: Mapping[tuple[str, str], Rates]
    purchasing_power: Mapping[tuple[str, str], Rates]
    is_start_of_year: bool = False
    draws: int = 20_000


@dataclass(frozen=True, slots=True)
class Correlation:
    """Numbers that go up and down together, as they share a source; the same price used twice needs none.

    Attributes:
        of: two or more numbers as a statement names them: "quantity of ...", "price ...", "deadweight of ...", "amount of ...".
        rank: the rank correlation (Spearman) between each two of them, > -1 and < 1; below 0 one goes down as the other goes up.
        reason: why they do.
    """

    of: tuple[str, ...]
    rank: float
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is valued.

    Attributes:
        claims: outcomes with their price.
        inputs: what was put in.
        terms: money, year, rates.
        host_contribution: what hosts gave in kind; on a line of its own.
        portfolio: what others say; on a line of its own.
        reasons: why a figure outside what other reports have is right, by the code of the warning and the key of its claim.
        correlations: which numbers go together; all others are independent.
    """

    claims: tuple[Claim, ...]
    inputs: tuple[Input, ...]
    terms: Terms
    host_contribution: MoneyRange | None = None
    portfolio: tuple[Portfolio, ...] = ()
    reasons: Mapping[str, str] | None = None
    correlations: tuple[Correlation, ...] = ()
