"""The social value that a programme may claim beside its figures: what its own published impact reports say, never added up."""

from datetime import date
from typing import Any

from meervoud.outcomes.facts import Facts
from meervoud.outcomes.frozen import read_bytes
from meervoud.outcomes.models import ImpactReport
from meervoud.parties.models import Programme


def with_claimed(facts: Facts, programme: Programme, first: date, last: date) -> Facts:
    """Return facts with the social value that the programme's impact reports claim for days of this period.

    Args:
        facts: of the period.
        programme: whose.
        first: the first day.
        last: the last day, included.
    """
    return {**facts, "claimed": claimed_of(programme, first, last)}


def claimed_of(programme: Programme, first: date, last: date) -> list[Facts]:
    """Return what the newest impact report of each plan of a programme claims, where its period has days of this one."""
    rows = ImpactReport.objects.published().filter(plan__programme=programme).order_by("plan", "-number")
    newest = dict[Any, ImpactReport]()  # Any: ids
    for each in rows:
        newest.setdefault(each.plan_id, each)
    found = [_told(each, read_bytes(each)) for each in newest.values()]
    return [each for each in found if each is not None and _meets(each, first, last)]


def _meets(told: Facts, first: date, last: date) -> bool:
    return date.fromisoformat(told["first"]) <= last and date.fromisoformat(told["last"]) >= first


def _told(row: ImpactReport, said: Facts) -> Facts | None:
    scope, value = said["scope"], said["value"]
    if value is None or not (scope.get("first") and scope.get("last")):
        return None
    statement = value["statement"]
    return {
        "report": str(row.pk),
        "number": row.number,
        "title": said["plan"]["title"],
        "sha256": row.sha256,
        "first": scope["first"],
        "last": scope["last"],
        "value": {name: statement["value"][name] for name in ("low", "point", "high")},
        "currency": statement["currency"],
        "base_year": statement["base_year"],
    }
