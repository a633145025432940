"""Tables of this room."""

from meervoud.usage.models.checkins import CheckIn
from meervoud.usage.models.feeds import Feed
from meervoud.usage.models.moments import TAKES_TIME, Evidence, Series, State, UsageMoment
from meervoud.usage.models.plans import PlanChange, StandIn, Wait
from meervoud.usage.models.sheets import DoorCode, Incident, SheetMail, SheetReader

__all__ = [
    "TAKES_TIME",
    "CheckIn",
    "DoorCode",
    "Evidence",
    "Feed",
    "Incident",
    "PlanChange",
    "Series",
    "SheetMail",
    "SheetReader",
    "StandIn",
    "State",
    "UsageMoment",
    "Wait",
]
