"""From a plan to a case that the core values: measured changes, people capped by the ledger, shares, prices, inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from meervoud.core.errors import InputError
from meervoud.core.impact.caps import Capped, capped, most_with_dose
from meervoud.core.impact.effects import FEWEST, FEWEST_FOR_INTERVAL
from meervoud.core.impact.theory_of_change import ancestors
from meervoud.core.impact.valuation.case import (
    Adjustment,
    Case,
    Claim,
    Payer,
    Portfolio,
    Proxy,
    ProxyKind,
    Terms,
)
from meervoud.core.impact.valuation.discount import DiscountRule
from meervoud.core.impact.valuation.prices import Rates
from meervoud.core.impact.valuation.uncertain import Fixed, Measured, Triangular, Uncertain
from meervoud.files.impact.prices import read_economy, read_proxies
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.collecting import Measured as Change
from meervoud.outcomes.impact.extract import Extract
from meervoud.outcomes.impact.inputs import Rooms, in_kind_of, inputs_of
from meervoud.outcomes.impact.measures import unit_of
from meervoud.outcomes.impact.theory import graph_of
from meervoud.outcomes.models import PortfolioValue, Step

COUNTED: Final = ("visits", "hours")
SHARES: Final = ("deadweight", "displacement", "attribution_to_others", "drop_off")
UNUSUAL: Final = ("B1", "B2", "B3", "B4")
COUNTRY_LETTERS: Final = 2
WHY: Final = "values that the programme of this plan typed in, for who works for it"


@dataclass
class Built:
    """A case, and where its claims come from.

    Attributes:
        case: for the core.
        caps: what the ledger left of the people of each claim, by its key.
        rooms: whether rooms of hosts are among what was put in.
        sources: of each claim: outcome, group, measure, waves, hash of the ledger, price; values of JSON.
    """

    case: Case
    caps: dict[str, Capped] = field(default_factory=dict)
    sources: dict[str, Content] = field(default_factory=dict)
    rooms: Rooms = Rooms.NONE


def case_of(book: Book, extract: Extract, changes: Mapping[str, Change]) -> Built:
    """Return the case of a plan.

    Args:
        book: the plan.
        extract: what the ledger has of it.
        changes: what was measured, by scale.

    Raises:
        InputError: a claim has nothing measured and no estimate, its people were not counted, or a price is gone.
    """
    terms = _terms(book)
    built = Built(Case((), (), terms))
    above = ancestors(graph_of(book))
    around = _Around(extract, changes, above)
    claims = tuple(_claim(book, each, around, built) for each in book.rows(Step.VALUE, "claims"))
    reasons = {
        f"{code} {claim.key}": said["why_unusual"]
        for claim, said in zip(claims, book.rows(Step.VALUE, "claims"), strict=True)
        if said.get("why_unusual")
        for code in UNUSUAL
    }
    inputs, built.rooms = inputs_of(book, extract, terms)
    built.case = Case(claims, inputs, terms, in_kind_of(extract), _portfolio(book), reasons)
    return built


@dataclass(frozen=True)
class _Around:
    extract: Extract
    changes: Mapping[str, Change]
    ancestors: Mapping[str, frozenset[str]]
    taken: dict[str, int] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)


def _claim(book: Book, said: Content, around: _Around, built: Built) -> Claim:
    outcome, group = str(said["outcome"]), str(said["stakeholder"])
    _check_there(book, outcome, group)
    name, who = book.outcome_names.get(outcome, outcome), book.stakeholders.get(group, group)
    measure = next(
        (each["indicator"] for each in book.rows(Step.INDICATORS, "outcomes") if each["outcome"] == outcome), ""
    )
    netted = next((each for each in book.rows(Step.NETTING, "outcomes") if each["outcome"] == outcome), None)
    if netted is None:
        raise InputError(f"Net “{name}” down in step 7 first.", code="claim_not_netted", claim=name)
    dose = book.content(Step.MEASUREMENT).get("dose") or 1
    key, known = f"{name} / {who}", _known(around.extract, dose)
    if known is not None:  # people of two groups are different people: what others claim is taken
        known = max(0, known - sum(number for other, number in around.taken.items() if other != group))
    cap = capped(said.get("people") or 0, known)
    around.taken[group] = max(around.taken.get(group, 0), cap.counts or 0)
    if measure in COUNTED and around.counted.setdefault(measure, group) != group:
        raise InputError(
            "Hours and visits are counted once. Claim them for one group only.", code="claim_split", claim=key
        )
    built.caps[key] = cap
    quantity, waves = _quantity(
        said, measure, around, cap, key, is_harm=book.outcomes[outcome].get("is_negative", False)
    )
    built.sources[key] = {
        "outcome": outcome, "stakeholder": group, "measure": measure, "waves": waves, "dose": dose,
        "ledger": around.extract.sha256, "rows": around.extract.rows, "proxy": said["proxy"],
        "claimed": cap.claimed, "known": cap.known, "counts": cap.counts, "reason": cap.reason,
        "visits": in_whole_fives(around.extract.visits) if measure == "visits" else None,
    }  # fmt: skip
    return Claim(
        outcome=name,
        stakeholder=who,
        quantity=quantity,
        unit=unit_of(measure),
        proxy=_proxy(book, said["proxy"]),
        **{share: _adjustment(netted[share]) for share in SHARES},
        starts_after=netted["starts_after"],
        years=netted["years"],
        payer=Payer(said["payer"]),
        is_transfer=said.get("is_transfer", False),
        people=cap.counts,
        people_in_ledger=cap.known,
        measured_from=(*waves, around.extract.sha256),
        ancestors=frozenset(
            book.outcome_names[each] for each in around.ancestors.get(outcome, ()) if each in book.outcome_names
        ),
    )


def _check_there(book: Book, outcome: str, group: str) -> None:
    rows = book.rows(Step.INDICATORS, "outcomes")
    said = next((each for each in rows if each["outcome"] == outcome), {})
    is_measured = said.get("indicator") and not said.get("dropped_because")
    drawn = book.outcomes.get(outcome, {})
    if not is_measured or group not in book.stakeholders or group not in drawn.get("stakeholders", ()):
        raise InputError(
            "An outcome or a group of your claims is not there any more. Open step 8, look at the claims and keep them again.",
            code="claim_gone",
        )


def _known(extract: Extract, dose: int) -> int | None:
    """Return how many people can have come often enough, by the moments that were counted; None where none was.

    More may have come to the others, but nobody can say so: what was not counted is not claimed. Nor can there be more
    than came for a first time, where every group told that.
    """
    counted = [each for each in extract.heads if each is not None]
    if extract.heads and not counted:
        return None
    fits = most_with_dose(counted, dose=dose) or 0
    return in_whole_fives(fits if extract.newcomers is None else min(fits, extract.newcomers))


def in_whole_fives(number: int) -> int:
    """Return heads rounded down to fives, as reports tell them: an exact one would tell of a single evening."""
    return number // FEWEST * FEWEST


def _quantity(
    said: Content, measure: str, around: _Around, cap: Capped, key: str, *, is_harm: bool
) -> tuple[Uncertain, list[str]]:
    """A count of the ledger is what it is; a change per person goes times the people that the ledger allows.

    Of what gets worse a count, and an estimate of how much worse, are below 0; a scale says by itself what is better.
    """
    worse = -1.0 if is_harm else 1.0
    if measure in COUNTED:
        visits = in_whole_fives(around.extract.visits)
        if measure == "visits" and not visits:
            raise _too_few(key)
        return Fixed(worse * (visits if measure == "visits" else around.extract.minutes / 60)), []
    if cap.counts is None:
        raise InputError(
            f"“{key}” claims people, and at no moment were people counted. Count who comes, then claim.",
            code="claim_not_counted",
            claim=key,
        )
    if cap.counts < FEWEST:
        raise _too_few(key)
    if measure == "people":
        return Fixed(worse * cap.counts), []
    if said.get("likely") is not None:
        low, likely, high = sorted(worse * float(said[name]) * cap.counts for name in ("low", "likely", "high"))
        return Triangular(low, likely, high), []
    change = around.changes.get(measure)
    if change is None or (change.effect.pairs or 0) < FEWEST_FOR_INTERVAL:
        raise InputError(
            f"Of “{key}” fewer than ten people answered twice, too few for a range. Ask more people, or give an estimate of your own.",
            code="claim_not_measured",
            claim=key,
        )
    scale = change.questions.scale
    better = -1.0 if scale is not None and scale.is_lower_better else 1.0
    values = tuple(better * each * cap.counts for each in change.changes)
    # in order of size: nobody can lay them beside the sheets they come from
    return Measured(tuple(sorted(values))), [str(each.pk) for each in (*change.before, *change.after)]


def _too_few(key: str) -> InputError:
    return InputError(
        f"“{key}” is about fewer than five people. That is too few to claim anything of.",
        code="claim_too_few",
        claim=key,
    )


def _adjustment(said: Content) -> Adjustment:
    if said.get("likely") is None:
        return Adjustment(Fixed(0.0), "")
    low, likely, high = (said[name] / 100 for name in ("low", "likely", "high"))
    share = Fixed(likely) if low == high else Triangular(low, likely, high)
    return Adjustment(share, said.get("reason", ""))


def _proxy(book: Book, code: str) -> Proxy:
    own = next((each for each in book.rows(Step.VALUE, "prices") if each["id"] == code), None)
    if own is None:
        found = read_proxies().get(code)
        if found is None:
            raise InputError(f"The price {code} is not there any more. Choose another.", code="proxy_gone", proxy=code)
        return found
    return Proxy(
        code=own["name"],
        kind=ProxyKind(own["kind"]),
        unit=own["unit"],
        value=Decimal(own["value"]),
        low=_decimal(own.get("low")),
        high=_decimal(own.get("high")),
        currency=own["currency"],
        price_year=own.get("price_year"),
        country=book.plan.country,
        source=own.get("source", ""),
        is_verified=bool(own.get("source")),
    )


def _decimal(said: Any) -> Decimal | None:  # Any: JSON: text or nothing
    return None if said in (None, "") else Decimal(said)


def _terms(book: Book) -> Terms:
    economy, plan, said = read_economy(), book.plan, book.content(Step.VALUE).get("terms", {})
    rates = book.rows(Step.VALUE, "rates")
    return Terms(
        currency=plan.currency,
        country=plan.country,
        base_year=said["base_year"],
        discount=_discount(plan.country, said),
        horizon=said["horizon"],
        prices=economy.prices,
        rates=_rates([each for each in rates if len(each["of"]) != COUNTRY_LETTERS]),
        purchasing_power=_rates([each for each in rates if len(each["of"]) == COUNTRY_LETTERS]),
    )


def _discount(country: str, said: Content) -> DiscountRule:
    """Return the rates of a country, or one that was typed in with its source: not every country has one that was read."""
    if said.get("discount") not in (None, ""):
        return DiscountRule(country, ((0, float(said["discount"]) / 100),), said["discount_source"])
    rule = read_economy().discount.get(country)
    if rule is None:
        raise InputError(
            f"Meervoud knows no discount rate of {country}. Type one in at the end of step 8, with its source.",
            code="discount_unknown",
            country=country,
        )
    return rule


def _rates(rows: list[Content]) -> dict[tuple[str, str], Rates]:
    found = dict[tuple[str, str], Rates]()
    for each in rows:
        pair = each["of"], each["into"]
        years = {**(found[pair].by_year if pair in found else {}), each["year"]: Decimal(each["rate"])}
        found[pair] = Rates(*pair, years, each["source"])
    return found


def _portfolio(book: Book) -> tuple[Portfolio, ...]:
    if book.plan.programme is None:
        return ()
    rows = PortfolioValue.objects.every(because=WHY).filter(programme=book.plan.programme)
    return tuple(Portfolio(Decimal(each.cents) / 100, book.plan.currency, each.source) for each in rows)
