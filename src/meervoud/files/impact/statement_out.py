"""How a statement is said: the interval first, the point only with it, two digits, and three lines that are never added."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import floor, log10
from typing import Any, Final

from meervoud.core.impact.issues import Issue
from meervoud.core.impact.valuation.statement import Interval, Statement
from meervoud.files.impact_messages import ISSUES
from meervoud.files.wording.language import Language, mark

DIGITS: Final = 2
MOST_SWINGS: Final = 5
PRICE: Final = "price "
ROOMS: Final = " rooms of hosts"
"""The name of an input that nobody typed in, rooms that hosts gave in kind: it begins with a space, which no form keeps."""
SMALL: Final = 0.1
PARAMETERS: Final = {
    "quantity": mark("how much there is of “%(what)s”"),
    "deadweight": mark("the deadweight of “%(what)s”"),
    "displacement": mark("the displacement of “%(what)s”"),
    "attribution_to_others": mark("the share of others in “%(what)s”"),
    "drop_off": mark("the drop-off of “%(what)s”"),
    "amount": mark("the input “%(what)s”"),
}


def rounded(number: float, digits: int = DIGITS) -> float:
    """Return a number with so many significant digits."""
    return round(number, digits - 1 - floor(log10(abs(number)))) if number else 0.0


def statement_json(found: Statement) -> dict[str, Any]:  # Any: values of JSON
    """Return a statement as values of JSON: every number as it was computed; the reader rounds.

    Correlations are named only where there are some.
    """
    told = asdict(found)
    told["by_payer"] = {str(payer): amount for payer, amount in found.by_payer.items()}
    told["host_contribution"] = _money(told["host_contribution"])
    told["portfolio"] = [_money(each) for each in told["portfolio"]]
    if not found.correlations:
        del told["correlations"]
    return told


def _money(told: Mapping[str, Any] | None) -> dict[str, Any] | None:  # Any: values of JSON
    return None if told is None else {name: str(each) for name, each in told.items()}


def say_statement(said: Language, found: Statement) -> Iterator[str]:
    """Yield a statement line by line."""
    yield said.say("Value for society: %(range)s.", range=_say_range(said, found.value, found.currency))
    yield said.say("Put in: %(range)s.", range=_say_range(said, found.inputs, found.currency))
    if found.ratio is not None and found.below_one is not None:
        yield said.say("For each 1 put in: %(range)s.", range=_say_range(said, found.ratio, ""))
        yield said.say("In %(share)s of the draws less came out than was put in.", share=said.percent(found.below_one))
    if found.payback_years is not None:
        yield said.say(
            "What was put in has come back after %(years)s years.", years=said.number(rounded(found.payback_years))
        )
    yield said.say(
        "Prices of %(year)s; seed %(seed)s, %(draws)s draws.",
        year=str(found.base_year),
        seed=str(found.seed),
        draws=said.number(found.draws),
    )
    yield from _beside(said, found)
    yield from _moved_by(said, found)
    yield from _together(said, found)
    for each in found.issues:
        yield say_issue(said, each)


def say_issue(said: Language, issue: Issue) -> str:
    """Return what an issue says."""
    return said.say(ISSUES[issue.code], **dict(issue.gaps))


def say_parameter(said: Language, name: str) -> str:
    """Return what a parameter of a statement is called."""
    if name.startswith(PRICE):
        return said.say("the price %(what)s", what=name.removeprefix(PRICE))
    code, _of, what = name.partition(" of ")
    if what == ROOMS:
        return said.say("the rooms that hosts gave")
    return said.say(PARAMETERS[code], what=what)


def _beside(said: Language, found: Statement) -> Iterator[str]:
    if found.host_contribution is not None:
        gift = found.host_contribution
        amounts = {
            name: said.money(round(each * 100), gift.currency)
            for name, each in (("low", gift.low), ("high", gift.high))
        }
        yield said.say("Beside it, never added: hosts gave %(low)s to %(high)s in kind.", **amounts)
    for each in found.portfolio:
        amount = said.money(round(each.amount * 100), each.currency)
        yield said.say(
            "Beside it, never added: others value the initiatives at %(amount)s (%(source)s).",
            amount=amount,
            source=each.source,
        )


def _moved_by(said: Language, found: Statement) -> Iterator[str]:
    for each in found.tornado[:MOST_SWINGS]:
        low, high = (said.number(rounded(end)) for end in sorted((each.low, each.high)))
        yield said.say(
            "The net value goes from %(low)s to %(high)s by %(parameter)s alone.",
            parameter=say_parameter(said, each.parameter),
            low=low,
            high=high,
        )
    for name in found.assumed:
        yield said.say(
            "Nobody published a range, so a wide one is assumed: %(parameter)s.", parameter=say_parameter(said, name)
        )
    for name in found.carried:
        yield said.say(
            "From another country, and carried over by purchasing power: %(parameter)s.",
            parameter=say_parameter(said, name),
        )


def _together(said: Language, found: Statement) -> Iterator[str]:
    for each in found.correlations:
        yield said.say(
            "Taken to go together, with a rank correlation of %(rank)s: %(parameters)s (%(reason)s).",
            rank=said.number(each.rank),
            parameters=said.together([say_parameter(said, name) for name in each.of]),
            reason=each.reason,
        )


def _say_range(said: Language, found: Interval, currency: str) -> str:
    def tell(number: float) -> str:
        two = rounded(number)
        told = said.price(f"{two:.6f}") if 0 < abs(two) < SMALL else said.number(two)
        return f"{currency} {told}".strip()

    if found.low == found.high:
        return tell(found.point)
    return said.say(
        "between %(low)s and %(high)s, most likely about %(point)s",
        low=tell(found.low),
        high=tell(found.high),
        point=tell(found.point),
    )
