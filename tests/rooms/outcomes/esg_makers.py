"""Makers of use that was: moments of an agreement, put into a year that is over."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.rooms.makers import TODAY
from tests.rooms.usage.makers import Plan, make_plan

YEAR: Final = TODAY.year - 1


def lend(*, area_m2: float | None = 50, heads: tuple[int | None, ...] = (12, 9), month: int = 3, **values: Any) -> Plan:
    """Make an agreement of which the first moments took place last year, two hours each, on days of one month."""
    plan = make_plan(**values)
    space = plan.offer.space
    space.area_m2 = area_m2
    space.save(update_fields=["area_m2"])
    for number, people in enumerate(heads):
        hold(plan, number, datetime(YEAR, month, 1 + number, 18, tzinfo=UTC), people=people)
    return plan


def hold(plan: Plan, number: int, starts_at: datetime, *, hours: float = 2, **values: Any) -> None:
    """Let the moment of a number have taken place."""
    said = {"state": "held", "evidence": "host", "people": None, "settled_at": starts_at, **values}
    ends_at = starts_at + timedelta(hours=hours)
    plan.agreement.moments.filter(pk=plan.moments[number].pk).update(starts_at=starts_at, ends_at=ends_at, **said)
