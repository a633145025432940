"""The value of a case as a range: claims to streams to present values, with what moves it most and where it turns.

Formulas: reference/impact.md 3.4 to 3.6. Each claim is a row of draws; parameters are drawn by their own name, so that a
price that is used twice has the same draws, and one more claim changes no other. Correlations move the intervals and the
share below one; no point, tornado or turning value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Final

import numpy as np

from meervoud.core.errors import InputError
from meervoud.core.impact.contribution import MoneyRange
from meervoud.core.impact.issues import Issue, error
from meervoud.core.impact.valuation.case import Case, Claim, Correlation, Payer, Portfolio, ProxyKind, Terms
from meervoud.core.impact.valuation.checks import ROUNDING, SHARES, check_case, double_counts
from meervoud.core.impact.valuation.correlated import draw_together, sorted_correlations
from meervoud.core.impact.valuation.discount import discount_factors
from meervoud.core.impact.valuation.plausible import unusual
from meervoud.core.impact.valuation.prices import index_factor, rate_of
from meervoud.core.impact.valuation.uncertain import (
    Draws,
    Fixed,
    Triangular,
    Uncertain,
    at_least,
    ends,
    most_likely,
)

ASSUMED: Final = 0.3
"""How far a price reaches to each side, as a part of it, where nobody published a range."""
PERCENTILES: Final = (5, 50, 95)
GRID: Final = 33
ROUNDS: Final = 5
"""A turning point of a drop-off is searched for in so many rounds of so many points: to a part in thirty million."""
QUANTITY, PRICE, AMOUNT = "quantity", "price", "amount"
Values = Mapping[str, Draws]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number between its 5th and its 95th percentile; `point` is that of the most likely inputs."""

    low: float
    median: float
    high: float
    point: float


@dataclass(frozen=True, slots=True)
class Swing:
    """How far one parameter alone moves the result: that with its low end, with its high end."""

    parameter: str
    low: float
    high: float

    @property
    def size(self) -> float:
        """How far apart the two are."""
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Turning:
    """At which value of one parameter the benefits equal the inputs; None where no value in its reach does that."""

    parameter: str
    value: float | None
    most_likely: float


@dataclass(frozen=True, slots=True)
class Statement:
    """What a case is worth. The three lines are never added: host contribution, value, portfolio.

    Attributes:
        value: present value for society, of all claims that are no transfer, in `currency` and prices of `base_year`.
        inputs: present value of what was put in.
        ratio: value for each unit put in; None where nothing was put in.
        below_one: share of the draws in which the value is below the inputs; None where nothing was put in.
        payback_years: years until the most likely value has reached the inputs, part of a year included; None if never.
        streams: most likely amounts of years 1, 2, ..., not discounted, by the key of the claim.
        by_payer: most likely present value by who keeps it, transfers included.
        tornado: parameters by how far each alone moves the value, the largest first, ties by name.
        turnings: at which value of each parameter the ratio is 1.
        host_contribution, portfolio: as they came in.
        issues: warnings; with errors nothing is valued.
        seed, draws: of the simulation.
        assumed: prices whose range nobody published: 30 % to each side.
        carried: prices of wellbeing from another country, by purchasing power: at least 30 % to each side.
        correlations: as they came in, sorted.
    """

    value: Interval
    inputs: Interval
    ratio: Interval | None
    below_one: float | None
    payback_years: float | None
    streams: Mapping[str, Sequence[float]]
    by_payer: Mapping[Payer, float]
    tornado: Sequence[Swing]
    turnings: Sequence[Turning]
    host_contribution: MoneyRange | None
    portfolio: Sequence[Portfolio]
    issues: Sequence[Issue]
    currency: str
    base_year: int
    seed: int
    draws: int
    assumed: Sequence[str]
    carried: Sequence[str]
    correlations: Sequence[Correlation] = ()


class DoubleCountError(InputError):
    """A case counts something twice.

    Attributes:
        issues: what, each with the claims it is about.
    """

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__(" ".join(each.message for each in issues), code="counted_twice")
        self.issues = issues


def value_case(case: Case, *, seed: int) -> Statement:
    """Return what a case is worth.

    Args:
        case: claims, inputs, terms.
        seed: of the draws, >= 0; the same case and seed give the same statement on every machine.

    Raises:
        InputError: a unit, currency, price year, source or share is wrong, or numbers cannot go together so; see check_case
            and check_correlations.
        DoubleCountError: something is counted twice, or more people are claimed than the ledger has.
    """
    issues = _checked(case)
    sums = Sums(case)
    point = sums.at({name: np.asarray([most_likely(each)]) for name, each in sums.parameters.items()})
    draws = draw_together(sums.parameters, case.correlations, seed=seed, number=case.terms.draws)
    drawn = sums.at(draws)
    ratio = _ratio(point, drawn)
    _check_sums(case, point, drawn)
    return Statement(
        value=_interval(drawn.value, point.value),
        inputs=_interval(drawn.inputs, point.inputs),
        ratio=ratio,
        below_one=None if ratio is None else float(np.mean(drawn.value < drawn.inputs)),
        payback_years=_payback(point),
        streams={key: [float(each[0]) for each in rows] for key, rows in point.streams.items()},
        by_payer=_by_payer(case.claims, point),
        tornado=_tornado(sums, draws),
        turnings=_turnings(sums, point),
        host_contribution=case.host_contribution,
        portfolio=case.portfolio,
        issues=[*issues, *unusual(case, None if ratio is None else ratio.point)],
        currency=case.terms.currency,
        base_year=case.terms.base_year,
        seed=seed,
        draws=case.terms.draws,
        assumed=sorted(sums.assumed),
        carried=sorted(sums.carried),
        correlations=sorted_correlations(case.correlations),
    )


def _checked(case: Case) -> list[Issue]:
    check_case(case)
    issues = double_counts(case)
    if errors := [each for each in issues if each.is_error]:
        raise DoubleCountError(errors)
    return issues


@dataclass(slots=True)
class _Result:
    """The sums of a case for every draw."""

    value: Draws
    inputs: Draws
    by_claim: dict[str, Draws]
    streams: dict[str, list[Draws]]
    by_year: list[Draws]
    rent_put_in: float = 0.0


@dataclass(slots=True)
class Sums:
    """A case as sums over named parameters: what is computed for many draws at once.

    Attributes:
        parameters: every uncertain number by its name; a price that is used twice is there once.
        factors: what brings each claim and input to the money and prices of the base year, by key.
        assumed, carried: as in a statement.
        discount: what money of years 1, 2, ... is worth in year 0.
    """

    case: Case
    parameters: dict[str, Uncertain] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)
    input_factors: dict[str, float] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)
    carried: set[str] = field(default_factory=set)
    discount: Sequence[float] = ()

    def __post_init__(self) -> None:
        terms = self.case.terms
        self.discount = discount_factors(terms.discount, terms.horizon, is_start_of_year=terms.is_start_of_year)
        for claim in self.case.claims:
            self.parameters[f"{QUANTITY} of {claim.key}"] = claim.quantity
            self.parameters |= {f"{name} of {claim.key}": getattr(claim, name).share for name in SHARES}
            self._add_price(claim, terms)
        for each in self.case.inputs:
            self.parameters[f"{AMOUNT} of {each.name}"] = each.amount
            indexed = _factor(each.country, each.price_year, each.currency, terms)
            self.input_factors[each.name] = indexed * (self.discount[each.year - 1] if each.year else 1.0)

    def _add_price(self, claim: Claim, terms: Terms) -> None:
        proxy, name = claim.proxy, f"{PRICE} {claim.proxy.code}"
        low, high = (float(proxy.value if each is None else each) for each in (proxy.low, proxy.high))
        reach = Triangular(low, float(proxy.value), high)
        is_carried = proxy.kind == ProxyKind.WELLBEING and proxy.country != terms.country
        if is_carried or (proxy.low is None and proxy.high is None):
            (self.carried if is_carried else self.assumed).add(name)
            reach = at_least(reach, part=ASSUMED)
        self.parameters[name] = reach
        if proxy.price_year is not None:  # check_case has refused the others
            money = _rate_of_wellbeing(proxy.country, terms) if is_carried else None
            self.factors[claim.key] = _factor(proxy.country, proxy.price_year, proxy.currency, terms, money)

    def at(self, values: Values) -> _Result:
        """Return the sums at given values of the parameters, all with as many draws."""
        number = max((len(each) for each in values.values()), default=1)
        found = _Result(np.zeros(number), np.zeros(number), {}, {}, [np.zeros(number) for _ in self.discount])
        for claim in self.case.claims:
            rows = self._stream(claim, values)
            present = np.zeros(number)
            for year, amount in enumerate(rows):
                worth = amount * self.discount[year]
                present += worth
                if not claim.is_transfer:
                    found.by_year[year] += worth
            found.by_claim[claim.key] = present
            if number == 1:
                found.streams[claim.key] = rows
            if not claim.is_transfer:
                found.value += present
        for each in self.case.inputs:
            amount = values[f"{AMOUNT} of {each.name}"] * self.input_factors[each.name]
            found.inputs += amount
            if each.kind == ProxyKind.RENT:
                found.rent_put_in += float(amount[0])
        return found

    def _stream(self, claim: Claim, values: Values) -> list[Draws]:
        first = values[f"{QUANTITY} of {claim.key}"] * values[f"{PRICE} {claim.proxy.code}"] * self.factors[claim.key]
        for name in SHARES[:3]:
            first = first * (1 - values[f"{name} of {claim.key}"])
        stays, amount, rows = 1 - values[f"{SHARES[3]} of {claim.key}"], first, list[Draws]()
        for year in range(1, len(self.discount) + 1):
            if claim.starts_after < year <= claim.starts_after + claim.years:
                rows.append(amount)
                amount = amount * stays
            else:
                rows.append(np.zeros_like(first))
        return rows


def _rate_of_wellbeing(country: str, terms: Terms) -> float:
    return float(rate_of(terms.purchasing_power, country, terms.country, terms.base_year))


def _factor(country: str, price_year: int, currency: str, terms: Terms, money: float | None = None) -> float:
    """Prices go to the base year in their own money first, then to the money of the case at the rate of that year."""
    series = terms.prices.get(country)
    if series is None and price_year != terms.base_year:
        raise InputError(
            f"There is no price index of {country}. Add it, or use a price of {terms.base_year}.",
            code="index_missing",
            country=country,
            first=str(price_year),
            last=str(terms.base_year),
        )
    indexed = 1.0 if series is None else float(index_factor(series, price_year, terms.base_year))
    return indexed * (
        float(rate_of(terms.rates, currency, terms.currency, terms.base_year)) if money is None else money
    )


def _check_sums(case: Case, point: _Result, drawn: _Result) -> None:
    if not all(np.isfinite(each).all() for each in (point.value, point.inputs, drawn.value, drawn.inputs)):
        raise InputError("The amounts are too large to add up. Check their units.", code="sums_too_large")
    rents = [each for each in case.claims if each.proxy.kind == ProxyKind.RENT]
    saved = sum(float(point.by_claim[each.key][0]) for each in rents)
    if saved > point.rent_put_in * (1 + ROUNDING) + ROUNDING:
        text = "More rent is valued as saved than the space stands for among the inputs. Put the same amount in."
        raise DoubleCountError([error("D5", [each.key for each in rents], text)])


def _interval(drawn: Draws, point: Draws) -> Interval:
    low, median, high = (float(each) for each in np.percentile(drawn, PERCENTILES))
    return Interval(low, median, high, float(point[0]))


def _ratio(point: _Result, drawn: _Result) -> Interval | None:
    if point.inputs[0] <= 0 or np.any(drawn.inputs <= 0):
        return None
    return _interval(drawn.value / drawn.inputs, point.value / point.inputs)


def _payback(point: _Result) -> float | None:
    inputs, reached = float(point.inputs[0]), 0.0
    if inputs <= 0:
        return None
    for year, amount in enumerate(point.by_year):
        if reached + amount[0] >= inputs:
            return year + (inputs - reached) / float(amount[0])
        reached += float(amount[0])
    return None


def _by_payer(claims: Iterable[Claim], point: _Result) -> dict[Payer, float]:
    found = dict.fromkeys(Payer, 0.0)
    for each in claims:
        found[each.payer] += float(point.by_claim[each.key][0])
    return {payer: amount for payer, amount in found.items() if amount}


def _tornado(sums: Sums, drawn: Values) -> list[Swing]:
    """All ends of all parameters at once, each as a draw of its own."""
    uncertain = {name: each for name, each in sums.parameters.items() if not isinstance(each, Fixed)}
    net = _net_at(sums, {name: ends(each, drawn[name]) for name, each in uncertain.items()})
    swings = [Swing(name, low, high) for name, (low, high) in net.items()]
    return sorted(swings, key=lambda each: (-each.size, each.parameter))


def _net_at(sums: Sums, tried: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Return value less inputs where one parameter at a time has other values; each has as many of them."""
    if not tried:
        return {}
    many = len(next(iter(tried.values())))
    values = {name: np.full(many * len(tried), most_likely(each)) for name, each in sums.parameters.items()}
    for place, (name, numbers) in enumerate(tried.items()):
        values[name][place * many : (place + 1) * many] = numbers
    found = sums.at(values)
    net = (found.value - found.inputs).reshape(len(tried), many)
    return dict(zip(tried, net.tolist(), strict=True))


def _turnings(sums: Sums, point: _Result) -> list[Turning]:
    """Find where the net value is 0: it is a straight line in every parameter but drop-off, which is searched for."""
    if point.inputs[0] <= 0:
        return []
    net = _net_at(sums, dict.fromkeys(sums.parameters, (0.0, 1.0)))
    found = {name: _crossing(0.0, 1.0, *both) for name, both in net.items()}
    curved = {name: (0.0, 1.0) for name in found if name.startswith(f"{SHARES[3]} of ")}
    for _ in range(ROUNDS):
        grids = {name: np.linspace(*reach, GRID) for name, reach in curved.items()}
        for name, row in _net_at(sums, {name: grid.tolist() for name, grid in grids.items()}).items():
            found[name], curved[name] = _crossing_of(grids[name].tolist(), row)
    return [Turning(name, _in_reach(name, found[name]), most_likely(sums.parameters[name])) for name in sorted(found)]


def _crossing(left: float, right: float, at_left: float, at_right: float) -> float | None:
    return None if at_left == at_right else left + (right - left) * at_left / (at_left - at_right)


def _crossing_of(grid: Sequence[float], row: Sequence[float]) -> tuple[float | None, tuple[float, float]]:
    """Return where a curve is 0 first, and the two points around it."""
    for at in range(len(grid) - 1):
        if row[at] == 0 or (row[at] < 0) != (row[at + 1] < 0):
            reach = grid[at], grid[at + 1]
            return _crossing(*reach, row[at], row[at + 1]), reach
    return None, (grid[0], grid[-1])


def _in_reach(name: str, value: float | None) -> float | None:
    kind = name.split(" of ", 1)[0]
    least, most = -inf if kind == QUANTITY else 0.0, 1.0 if kind in SHARES else inf
    return value if value is not None and least <= value <= most else None
