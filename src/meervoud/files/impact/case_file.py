"""A case to value, read from JSON: every fault is told with its place, and an unknown name is a fault."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Never

from meervoud.core.impact.contribution import MoneyRange
from meervoud.core.impact.valuation.case import (
    Adjustment,
    Case,
    Claim,
    Correlation,
    Input,
    Payer,
    Portfolio,
    Proxy,
    ProxyKind,
    Terms,
)
from meervoud.core.impact.valuation.discount import DiscountRule
from meervoud.core.impact.valuation.prices import PriceSeries, Rates
from meervoud.core.impact.valuation.uncertain import Fixed, Lognormal, Measured, Share, Triangular, Uncertain
from meervoud.files.impact.prices import read_economy, read_proxies
from meervoud.files.messages import unreadable

FORMAT: Final = "meervoud-impact-case/1"
MOST_DRAWS: Final = 200_000
MOST_YEARS: Final = 100
MOST_CLAIMS: Final = 200
MOST_VALUES: Final = 10_000
MOST_LETTERS: Final = 2000
MOST_DIGITS: Final = 60
LARGEST: Final = Decimal(10) ** 15
SHAPES: Final[dict[tuple[str, ...], type[Triangular | Lognormal | Share]]] = {
    ("high", "low", "mode"): Triangular,
    ("p5", "p95"): Lognormal,
    ("mean", "people"): Share,
}


def read_case(path: Path) -> Case:
    """Read a case.

    Raises:
        InputError: the file is not there or is no case; with the place in it, such as claims 2, deadweight.
    """
    try:
        content = json.loads(path.read_text("utf-8"), parse_float=_number, parse_int=_number, object_pairs_hook=_once)
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise unreadable("case_unreadable", file=path.name) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise unreadable("case_unreadable", file=path.name)
    return _case(_Part(content, "", path.name))


def _number(text: str) -> int | Decimal:
    """Refuse what no case needs: a number so long or so large that adding up would fail."""
    if len(text) > MOST_DIGITS:
        raise ValueError(text[:MOST_DIGITS])
    number = Decimal(text)
    if not number.is_finite() or abs(number) > LARGEST:
        raise ValueError(text)
    return number if set(text) & set(".eE") else int(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: values of JSON
    """Refuse a name that stands there twice: one of the two would go unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found


class _Part:
    """A part of the file, which knows its place; what is asked for is taken off, so that what is left over is unknown."""

    def __init__(self, content: Any, place: str, file: str) -> None:  # Any: values of JSON
        self.place, self.file = place, file
        if not isinstance(content, dict):
            self.refuse("")
        self.left: dict[str, Any] = dict(content)

    def refuse(self, name: str) -> Never:
        place = ", ".join(filter(None, (self.place, name))) or "-"
        raise unreadable("case_place", file=self.file, place=place)

    def end(self) -> None:
        """Refuse what nobody asked for: a misspelt name must not go unseen."""
        for name in self.left:
            self.refuse(str(name))

    def take(self, name: str, *kinds: type, default: Any = None) -> Any:  # Any: values of JSON
        if name not in self.left and default is not None:
            return default
        found = self.left.pop(name, None)
        if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
            self.refuse(name)
        return found

    def text(self, name: str, default: str | None = None) -> str:
        found: str = self.take(name, str, default=default)
        is_usable = len(found) <= MOST_LETTERS and found.isprintable() and (found.strip() or default == found)
        return found if is_usable else self.refuse(name)

    def whole(self, name: str, most: int, default: int | None = None) -> int:
        found: int = self.take(name, int, default=default)
        return found if 0 <= found <= most else self.refuse(name)

    def flag(self, name: str) -> bool:
        found: bool = self.take(name, bool, default=False)
        return found

    def decimal(self, name: str) -> Decimal:
        return self.as_decimal(self.take(name, int, Decimal, str), name)

    def as_decimal(self, found: Any, name: str) -> Decimal:  # Any: values of JSON
        try:
            number = Decimal(found)
        except (InvalidOperation, TypeError, ValueError):
            self.refuse(name)
        return number if number.is_finite() and abs(number) <= LARGEST else self.refuse(name)

    def optional(self, name: str) -> Decimal | None:
        return self.decimal(name) if self.left.get(name) is not None else self.left.pop(name, None)

    def part(self, name: str) -> "_Part":
        return _Part(self.take(name, dict), self._below(name), self.file)

    def parts(self, name: str) -> Iterator["_Part"]:
        found: list[Any] = self.take(name, list, default=[])
        if len(found) > MOST_CLAIMS:
            self.refuse(name)
        for number, each in enumerate(found, start=1):
            yield _Part(each, self._below(f"{name} {number}"), self.file)

    def texts(self, name: str) -> tuple[str, ...]:
        found: list[Any] = self.take(name, list, default=[])
        return tuple(each if isinstance(each, str) else self.refuse(name) for each in found)

    def uncertain(self, name: str) -> Uncertain:
        found = self.take(name, int, Decimal, dict)
        if not isinstance(found, dict):
            return Fixed(float(found))
        shape = tuple(sorted(found))
        if shape == ("values",) and isinstance(found["values"], list) and len(found["values"]) <= MOST_VALUES:
            return Measured(tuple(float(self.as_decimal(each, name)) for each in found["values"]))
        if shape not in SHAPES:
            self.refuse(name)
        return SHAPES[shape](**{key: float(self.as_decimal(each, name)) for key, each in found.items()})

    def _below(self, name: str) -> str:
        return ", ".join(filter(None, (self.place, name)))


def _case(part: _Part) -> Case:
    part.text("format")
    terms = _terms(part.part("terms"))
    case = Case(
        claims=tuple(_claim(each) for each in part.parts("claims")),
        inputs=tuple(_input(each) for each in part.parts("inputs")),
        terms=terms,
        host_contribution=_contribution(part.part("host_contribution")) if part.left.get("host_contribution") else None,
        portfolio=tuple(_portfolio(each) for each in part.parts("portfolio")),
        reasons=_reasons(part),
        correlations=tuple(_correlation(each) for each in part.parts("correlations")),
    )
    part.end()
    return case


def _terms(part: _Part) -> Terms:
    economy, country = read_economy(), part.text("country")
    rule = economy.discount.get(country)
    bands = tuple(_band(each) for each in part.parts("discount"))
    if bands:
        rule = DiscountRule(country, bands, "of this case")
    if rule is None:
        raise unreadable("discount_unusable", country=country)
    terms = Terms(
        currency=part.text("currency"),
        country=country,
        base_year=part.whole("base_year", 2200),
        discount=rule,
        horizon=part.whole("horizon", MOST_YEARS),
        prices={**economy.prices, **_prices(part)},
        rates=_rates(part, "rates"),
        purchasing_power=_rates(part, "purchasing_power"),
        is_start_of_year=part.flag("start_of_year"),
        draws=part.whole("draws", MOST_DRAWS, 20_000),
    )
    if not terms.horizon or not terms.draws:
        part.refuse("draws" if terms.horizon else "horizon")
    part.end()
    return terms


def _band(part: _Part) -> tuple[int, float]:
    band = part.whole("from", MOST_YEARS * 10), float(part.decimal("rate"))
    part.end()
    return band


def _prices(part: _Part) -> dict[str, PriceSeries]:
    """Return price series of the case's own: direct factors, such as from 2022 to 2025."""
    found = dict[str, PriceSeries]()
    for each in part.parts("prices"):
        country, source = each.text("country"), each.text("source")
        years = each.whole("from", 2200), each.whole("to", 2200)
        known = found[country].factors if country in found else {}
        found[country] = PriceSeries(country, {}, {**known, years: each.decimal("factor")}, source)
        each.end()
    return found


def _rates(part: _Part, name: str) -> Mapping[tuple[str, str], Rates]:
    found = dict[tuple[str, str], Rates]()
    for each in part.parts(name):
        pair = each.text("of"), each.text("into")
        years = {**(found[pair].by_year if pair in found else {}), each.whole("year", 2200): each.decimal("rate")}
        found[pair] = Rates(*pair, years, each.text("source"))
        each.end()
    return found


def _claim(part: _Part) -> Claim:
    claim = Claim(
        outcome=part.text("outcome"),
        stakeholder=part.text("stakeholder"),
        quantity=part.uncertain("quantity"),
        unit=part.text("unit"),
        proxy=_proxy(part),
        deadweight=_adjustment(part, "deadweight"),
        displacement=_adjustment(part, "displacement"),
        attribution_to_others=_adjustment(part, "attribution_to_others"),
        drop_off=_adjustment(part, "drop_off"),
        starts_after=part.whole("starts_after", MOST_YEARS, 0),
        years=part.whole("years", MOST_YEARS, 1),
        payer=_one_of(part, "payer", Payer, Payer.PERSON),
        is_transfer=part.flag("transfer"),
        people=_count(part, "people"),
        people_in_ledger=_count(part, "people_in_ledger"),
        measured_from=part.texts("measured_from"),
        ancestors=frozenset(part.texts("ancestors")),
    )
    part.end()
    return claim


def _count(part: _Part, name: str) -> int | None:
    return part.whole(name, 10**9) if part.left.get(name) is not None else part.left.pop(name, None)


def _adjustment(part: _Part, name: str) -> Adjustment:
    below = part.part(name)
    found = Adjustment(below.uncertain("share"), below.text("reason", ""))
    below.end()
    return found


def _proxy(part: _Part) -> Proxy:
    """A code of the catalogue, or a price of one's own: somebody answers for having read it."""
    if isinstance(part.left.get("proxy"), str):
        found = read_proxies().get(part.text("proxy"))
        return found if found is not None else part.refuse("proxy")
    below = part.part("proxy")
    proxy = Proxy(
        code=below.text("code"),
        kind=_one_of(below, "kind", ProxyKind, ProxyKind.OTHER),
        unit=below.text("unit"),
        value=below.decimal("value"),
        low=below.optional("low"),
        high=below.optional("high"),
        currency=below.text("currency", ""),
        price_year=_count(below, "price_year"),
        country=below.text("country"),
        source=below.text("source", ""),
        is_verified=below.flag("read_in_source"),
    )
    below.end()
    return proxy


def _input(part: _Part) -> Input:
    found = Input(
        name=part.text("name"),
        stakeholder=part.text("stakeholder"),
        kind=_one_of(part, "kind", ProxyKind, ProxyKind.OTHER),
        amount=part.uncertain("amount"),
        currency=part.text("currency"),
        price_year=part.whole("price_year", 2200),
        country=part.text("country"),
        year=part.whole("year", MOST_YEARS, 0),
    )
    part.end()
    return found


def _contribution(part: _Part) -> MoneyRange:
    found = MoneyRange(part.decimal("low"), part.decimal("value"), part.decimal("high"), part.text("currency"))
    part.end()
    return found if 0 <= found.low <= found.value <= found.high else part.refuse("low")


def _portfolio(part: _Part) -> Portfolio:
    found = Portfolio(part.decimal("amount"), part.text("currency"), part.text("source"))
    part.end()
    return found


def _correlation(part: _Part) -> Correlation:
    of = part.texts("of")
    if not of or not all(each.strip() and each.isprintable() and len(each) <= MOST_LETTERS * 3 for each in of):
        part.refuse("of")
    found = Correlation(of, float(part.decimal("rank")), part.text("reason", ""))
    part.end()
    return found


def _reasons(part: _Part) -> dict[str, str]:
    below = part.part("reasons") if "reasons" in part.left else _Part({}, "reasons", part.file)
    return {name: below.text(name) for name in list(below.left)}


def _one_of(part: _Part, name: str, kinds: Any, default: Any) -> Any:  # Any: an enumeration and one of it
    try:
        return kinds(part.text(name, str(default)))
    except ValueError:
        part.refuse(name)
