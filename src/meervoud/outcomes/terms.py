"""What one m2 for one hour is worth in a programme, and the hall that areas are compared with."""

from typing import Any, Final

from meervoud.core.impact.contribution import UNIT, Tariff
from meervoud.files.impact.parameters import read_impact_parameters
from meervoud.outcomes.models import FigureTerms
from meervoud.parties.models import Programme

WHY: Final = "what a programme settled, for who works for it or reads what was published"


def tariff_of(programme: Programme) -> Tariff:
    """Return the tariff of a programme; without one of its own, that of Meervoud's parameters."""
    own = FigureTerms.objects.every(because=WHY).filter(programme=programme).first()
    if own is None:
        return read_impact_parameters().tariff
    prices = own.tariff_low, own.tariff, own.tariff_high
    return Tariff(*prices, programme.currency, UNIT, own.tariff_year, own.tariff_source)


def hall_of(programme: Programme) -> dict[str, Any] | None:  # Any: values of JSON
    """Return the hall that areas are compared with; None where a programme chose none: not every city knows the same."""
    own = FigureTerms.objects.every(because=WHY).filter(programme=programme).first()
    if own is None or not own.hall_name:
        return None
    return {"name": own.hall_name, "m2": own.hall_m2, "source": own.hall_source, "year": own.hall_year}
