"""What must hold before a case is valued: units, price years, sources, shares; and the rules against counting twice, D1-D11."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from meervoud.core.errors import InputError
from meervoud.core.impact.issues import Issue, error, warning
from meervoud.core.impact.valuation.case import Case, Claim, Input, Proxy, ProxyKind
from meervoud.core.impact.valuation.uncertain import check, limits

ROUNDING: Final = 1e-9
SHARES: Final = ("deadweight", "displacement", "attribution_to_others", "drop_off")


def check_case(case: Case) -> None:
    """Refuse a case whose numbers do not belong together.

    Raises:
        InputError: units differ, a price has no year, source or figure that somebody read, its range is out of order, one
            code has two prices, a share is not in 0-1 or has no reason, a claim is of no year, two inputs have one name, or
            an input comes after the horizon or is below 0.
    """
    prices, keys = dict[str, Proxy](), dict[str, tuple[str, str]]()
    for claim in case.claims:
        if keys.setdefault(claim.key, (claim.outcome, claim.stakeholder)) != (claim.outcome, claim.stakeholder):
            raise InputError(
                f"Two claims are both called “{claim.key}”. Give one another name.", code="claim_name", claim=claim.key
            )
        _check_claim(claim, case.terms.base_year)
        if prices.setdefault(claim.proxy.code, claim.proxy) != claim.proxy:
            raise InputError(
                f"The price {claim.proxy.code} stands there twice, with other figures.",
                code="proxy_twice",
                proxy=claim.proxy.code,
            )
    names = [each.name for each in case.inputs]
    for each in case.inputs:
        check(each.amount, each.name)
        is_usable = names.count(each.name) == 1 and 0 <= each.year <= case.terms.horizon and limits(each.amount)[0] >= 0
        if not is_usable:
            raise InputError(
                f"The input “{each.name}” has a name that stands there twice, an amount below 0, or a year after the horizon.",
                code="input_unusable",
                what=each.name,
            )


def _check_claim(claim: Claim, base_year: int) -> None:
    _check_proxy(claim.proxy)
    if claim.unit != claim.proxy.unit:
        raise InputError(
            f"“{claim.key}” is counted in {claim.unit}, and its price is per {claim.proxy.unit}. Choose another price or measure.",
            code="unit_differs",
            claim=claim.key,
            unit=claim.unit,
            other=claim.proxy.unit,
        )
    check(claim.quantity, claim.key)
    for name in SHARES:
        _check_share(claim, name)
    if claim.starts_after < 0 or claim.years < 1:
        raise InputError(
            f"“{claim.key}” lasts {claim.years} years. Give at least one year.", code="no_years", claim=claim.key
        )
    if claim.proxy.price_year and claim.proxy.price_year > base_year:
        raise InputError(
            f"The price of “{claim.key}” is of {claim.proxy.price_year}, after the base year {base_year}.",
            code="price_year_later",
            claim=claim.key,
        )


def _check_proxy(proxy: Proxy) -> None:
    if not proxy.is_verified:
        raise InputError(
            f"Nobody read the price {proxy.code} in its source. Read it there first.",
            code="proxy_unread",
            proxy=proxy.code,
        )
    if proxy.price_year is None:
        raise InputError(
            f"The price {proxy.code} has no price year, so it cannot be brought to another year.",
            code="proxy_year",
            proxy=proxy.code,
        )
    if not proxy.currency or not proxy.source:
        raise InputError(f"The price {proxy.code} has no currency or no source.", code="proxy_source", proxy=proxy.code)
    low, high = (proxy.value if each is None else each for each in (proxy.low, proxy.high))
    if not all(each.is_finite() for each in (low, proxy.value, high)) or not low <= proxy.value <= high:
        raise InputError(f"The range of the price {proxy.code} is not in order.", code="proxy_order", proxy=proxy.code)


def _check_share(claim: Claim, name: str) -> None:
    adjustment = getattr(claim, name)
    check(adjustment.share, f"{claim.key}, {name}")
    low, high = limits(adjustment.share)
    if low < 0 or high > 1:
        raise InputError(
            f"The {name} of “{claim.key}” is no share between 0 and 1.",
            code="share_unusable",
            claim=claim.key,
            what=name,
        )
    if not adjustment.reason.strip():
        raise InputError(
            f"The {name} of “{claim.key}” has no reason. Write one; 0 needs a reason too.",
            code="share_reason",
            claim=claim.key,
            what=name,
        )


def double_counts(case: Case) -> list[Issue]:
    """Return what is counted twice in a case, by rules D1-D6 and D9 (reference/impact.md 3.7).

    D7 and D11 look at several cases, see `over_claimed`. D8 and D10 hold by themselves: the sums of a statement have no
    portfolio value and no transfer.
    """
    return [each for rule in (_d1, _d2, _d3, _d4, _d5, _d6, _d9) for each in rule(case)]


def _d1(case: Case) -> Iterator[Issue]:
    for (outcome, stakeholder), claims in _grouped(case.claims, "outcome", "stakeholder").items():
        if len(claims) > 1:
            text = f"“{outcome}” is valued {len(claims)} times for {stakeholder}. Keep one price for it."
            yield error("D1", _keys(claims), text, outcome=outcome, stakeholder=stakeholder)


def _d2(case: Case) -> Iterator[Issue]:
    felt = [each for each in case.claims if each.proxy.kind == ProxyKind.WELLBEING]
    for (stakeholder,), claims in _grouped(felt, "stakeholder").items():
        if len(claims) > 1:
            text = f"The wellbeing of {stakeholder} is valued {len(claims)} times. Keep one: they overlap."
            yield error("D2", _keys(claims), text, stakeholder=stakeholder)


def _d3(case: Case) -> Iterator[Issue]:
    for (stakeholder,), claims in _grouped(case.claims, "stakeholder").items():
        health = [each for each in claims if each.proxy.kind == ProxyKind.QALY]
        care = [each for each in claims if each.proxy.kind == ProxyKind.CARE_COST]
        if not health or not care:
            continue
        same = {each.payer for each in health} & {each.payer for each in care}
        text = f"Health and care costs of {stakeholder} are both valued. Name a different payer for each."
        yield (error if same else warning)("D3", _keys([*health, *care]), text, stakeholder=stakeholder)


def _d4(case: Case) -> Iterator[Issue]:
    put_in = {each.stakeholder: each for each in case.inputs if each.kind == ProxyKind.VOLUNTEER_HOURS}
    for (stakeholder,), claims in _grouped(case.claims, "stakeholder").items():
        hours = [each for each in claims if each.proxy.kind == ProxyKind.VOLUNTEER_HOURS]
        others = [each for each in claims if each.proxy.kind == ProxyKind.WELLBEING]
        if hours and stakeholder in put_in:
            text = f"The hours of {stakeholder} are put in and valued as an outcome. Keep one of the two."
            yield error("D4", _keys([*hours, put_in[stakeholder]]), text, stakeholder=stakeholder)
        elif hours and others:
            text = f"The hours of {stakeholder} and their wellbeing are both valued. Keep one of the two."
            yield error("D4", _keys([*hours, *others]), text, stakeholder=stakeholder)


def _d5(case: Case) -> Iterator[Issue]:
    rents = [each for each in case.claims if each.proxy.kind == ProxyKind.RENT]
    if rents and not any(each.kind == ProxyKind.RENT for each in case.inputs):
        text = "Saved rent is valued, and the space is not among the inputs. Put the same amount in as an input."
        yield error("D5", _keys(rents), text)


def _d6(case: Case) -> Iterator[Issue]:
    for (stakeholder,), claims in _grouped(case.claims, "stakeholder").items():
        for each in claims:
            before = [other for other in claims if other.outcome in each.ancestors]
            if before:
                text = f"For {stakeholder}, “{each.outcome}” is valued, and what leads to it too. Keep the last one."
                yield error("D6", _keys([*before, each]), text, stakeholder=stakeholder, outcome=each.outcome)


def _d9(case: Case) -> Iterator[Issue]:
    for each in case.claims:
        if each.people is not None and each.people_in_ledger is not None and each.people > each.people_in_ledger:
            gaps = {"claim": each.key, "people": str(each.people), "known": str(each.people_in_ledger)}
            text = "“{claim}” claims {people} people, and the ledger has {known} that came often enough.".format(**gaps)
            yield error("D9", [each.key], text, **gaps)


@dataclass(frozen=True, slots=True)
class SharedClaim:
    """What somebody claims of one outcome of one group, or of one booking: a share of 0-1."""

    what: str
    claimant: str
    share: float


def over_claimed(claims: Iterable[SharedClaim]) -> list[Issue]:
    """Return what is claimed for more than once over several cases: D7 for outcomes, D11 for bookings.

    Args:
        claims: of all cases; `what` names the outcome of a group, or the booking.

    Raises:
        InputError: a share is not in 0-1.
    """
    by_what = defaultdict[str, list[SharedClaim]](list)
    for each in claims:
        if not 0 <= each.share <= 1:
            raise InputError(
                f"{each.claimant} claims a share of {each.share}. Give a share between 0 and 1.",
                code="share_unusable",
                claim=each.what,
                what="share",
            )
        by_what[each.what].append(each)
    return [
        error(
            "D7",
            [each.claimant for each in rows],
            f"Together {total:.0%} of “{what}” is claimed. Agree on shares that add up to at most 100 %.",
            what=what,
        )
        for what, rows in sorted(by_what.items())
        if (total := sum(each.share for each in rows)) > 1 + ROUNDING
    ]


def _grouped(claims: Iterable[Claim], *names: str) -> dict[tuple[str, ...], list[Claim]]:
    found = defaultdict[tuple[str, ...], list[Claim]](list)
    for each in claims:
        found[tuple(getattr(each, name) for name in names)].append(each)
    return found


def _keys(about: Iterable[Claim | Input]) -> list[str]:
    return sorted({each.key if isinstance(each, Claim) else each.name for each in about})
