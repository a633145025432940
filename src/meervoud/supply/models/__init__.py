"""The tables of supply."""

from meervoud.supply.models.occupations import Occupation, Taking
from meervoud.supply.models.offers import ChangeNumber, Closure, HostCalendar, Offer, OpeningPeriod

__all__ = ["ChangeNumber", "Closure", "HostCalendar", "Occupation", "Offer", "OpeningPeriod", "Taking"]
