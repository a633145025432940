"""What a programme settles about its figures: targets, costs, values of others, and what a square metre is worth."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal
from meervoud.outcomes.models import Cost, FigureTerms, PortfolioValue, Target
from meervoud.parties.models import Person, Programme

Settled = Target | Cost | PortfolioValue


@transaction.atomic
def set_target(*, programme: Programme, figure: str, first: date, last: date, amount: int, by: Person) -> Target:
    """Say what a programme wants to reach in a period; a target that is there is changed."""
    rows = Target.objects.every(because="of the programme that the person works for")
    row, _is_new = rows.update_or_create(
        programme=programme, figure=figure, first=first, last=last, defaults={"amount": amount}
    )
    journal(by, "figures.target_set", row, figure=figure, amount=amount)
    return row


@transaction.atomic
def add_cost(*, programme: Programme, what: str, first: date, last: date, amount: Decimal, by: Person) -> Cost:
    """Write down what the programme costs.

    Raises:
        InputError: the last day is before the first.
    """
    if last < first:
        raise InputError("The last day is before the first day. Check the two days.", code="period_reversed")
    row = Cost.objects.create(programme=programme, what=what, first=first, last=last, cents=_cents(amount))
    journal(by, "figures.cost_added", row, cents=row.cents)
    return row


@transaction.atomic
def add_portfolio_value(
    *, programme: Programme, amount: Decimal, by: Person, **said: Any
) -> PortfolioValue:  # Any: fields
    """Write down what somebody says that the initiatives are worth, with its source; it is never added to anything."""
    row = PortfolioValue(**said)
    row.programme, row.cents = programme, _cents(amount)
    row.save(force_insert=True)
    journal(by, "figures.portfolio_added", row, cents=row.cents)
    return row


@transaction.atomic
def set_terms(*, programme: Programme, by: Person, **said: Any) -> FigureTerms:  # Any: fields
    """Settle what a square metre is worth and which hall areas are compared with.

    Raises:
        ConflictError: the tariff does not lie in its own range.
    """
    rows = FigureTerms.objects.every(because="of the programme that the person works for")
    try:
        with transaction.atomic():
            row, _is_new = rows.update_or_create(programme=programme, defaults=said)
    except IntegrityError as error:
        raise ConflictError("The price lies outside its own range. Check the three amounts.") from error
    journal(by, "figures.terms_set", row)
    return row


@transaction.atomic
def take_away(*, row: Settled, by: Person) -> None:
    """Take a target, a cost or a value away; reports that were published keep what they said."""
    journal(by, f"figures.{row._meta.model_name}_removed", row)
    row.delete()


def _cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value())
