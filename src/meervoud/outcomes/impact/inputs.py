"""What was put into a plan: what was typed in, and the rooms that hosts gave in kind, at the tariff of the programme."""

from decimal import Decimal
from enum import StrEnum

from meervoud.core.errors import InputError
from meervoud.core.impact.contribution import MoneyRange
from meervoud.core.impact.valuation.case import Input, ProxyKind, Terms
from meervoud.core.impact.valuation.prices import index_factor, rate_of
from meervoud.core.impact.valuation.uncertain import Fixed, Triangular, most_likely
from meervoud.files.impact.statement_out import ROOMS
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.extract import Extract
from meervoud.outcomes.models import Step

HOSTS = "hosts"


class Rooms(StrEnum):
    """Whether the rooms that hosts gave are among what was put in, and why not."""

    ADDED = "added"
    TYPED = "typed"
    SEVERAL = "several"
    NONE = "none"


def inputs_of(book: Book, extract: Extract, terms: Terms) -> tuple[tuple[Input, ...], Rooms]:
    """Return what was put in. Free rooms are put in too, or each euro would seem to do more than it does (reference/impact.md, D5).

    Rooms are left out where somebody typed in what they are worth, as rent, and where nothing else was put in: then there is
    nothing to divide by. Those of several programmes have several tariffs, and no one amount.

    Raises:
        InputError: the tariff of the rooms cannot be brought to the money and the year of the plan.
    """
    typed = tuple(_typed(book, each) for each in book.rows(Step.VALUE, "inputs"))
    given = in_kind_of(extract)
    if not any(most_likely(each.amount) > 0 for each in typed) or (given is not None and not given.high):
        return typed, Rooms.NONE
    if any(each.kind == ProxyKind.RENT and most_likely(each.amount) > 0 for each in typed):
        return typed, Rooms.TYPED
    if extract.in_kind is None or given is None:
        return typed, Rooms.SEVERAL if extract.rows else Rooms.NONE
    return (*typed, _rooms(given, extract.in_kind["price_year"], terms)), Rooms.ADDED


def _typed(book: Book, said: Content) -> Input:
    likely = float(said["likely"])
    low, high = (float(said[name]) if said.get(name) not in (None, "") else likely for name in ("low", "high"))
    return Input(
        name=said["name"],
        stakeholder=book.stakeholders.get(str(said["stakeholder"]), str(said["stakeholder"])),
        kind=ProxyKind(said["kind"]),
        amount=Fixed(likely) if low == high else Triangular(low, likely, high),
        currency=book.plan.currency,
        price_year=said["price_year"],
        country=book.plan.country,
    )


def _rooms(given: MoneyRange, price_year: int, terms: Terms) -> Input:
    found = Input(
        name=ROOMS,
        stakeholder=HOSTS,
        kind=ProxyKind.RENT,
        amount=Triangular(float(given.low), float(given.value), float(given.high)),
        currency=given.currency,
        price_year=price_year,
        country=terms.country,
    )
    _check_money(found, terms)
    return found


def _check_money(rooms: Input, terms: Terms) -> None:
    """The core would refuse this too, but cannot know that somebody may type in what the rooms are worth."""
    try:
        rate_of(terms.rates, rooms.currency, terms.currency, terms.base_year)
        if rooms.price_year != terms.base_year:
            index_factor(terms.prices[rooms.country], rooms.price_year, terms.base_year)
    except (InputError, KeyError) as error:
        of, into = f"{rooms.currency} {rooms.price_year}", f"{terms.currency} {terms.base_year}"
        raise InputError(
            f"The rooms that hosts gave are priced in {of}, and nothing brings that to {into}. Add a rate in step 8, or type "
            "in there yourself what the rooms are worth, as rent of rooms.",
            code="rooms_unpriced",
            of=of,
            into=into,
        ) from error


def in_kind_of(extract: Extract) -> MoneyRange | None:
    """Return what hosts gave in kind; None where several programmes have several tariffs."""
    if extract.in_kind is None:
        return None
    low, value, high = (Decimal(each) / 100 for each in extract.in_kind["cents"])
    return MoneyRange(low, value, high, extract.in_kind["currency"])
