"""The funding case of a plan: from its run to what the next year's money would do."""

from dataclasses import dataclass

from meervoud.core.impact.funding import coming
from meervoud.outcomes.facts import Facts


@dataclass(frozen=True)
class NextYear:
    """What an amount would do: its value as an interval, and how many more people."""

    value: Facts
    people: tuple[int, int] | None


def next_year(amount: int, value: Facts) -> NextYear:
    """Return what an amount would do if things go on as they did.

    Args:
        amount: in the money of the plan.
        value: a run with a ratio, as report_facts.value_of tells it.
    """
    statement = value["statement"]
    ratio, inputs = statement["ratio"], statement["inputs"]
    # a group stands in several claims and counts once; people of two groups are different people, as cases.py caps them
    groups = dict[str, int]()
    for each in value["sources"]["claims"].values():
        groups[each["stakeholder"]] = max(groups.get(each["stakeholder"], 0), each["counts"] or 0)
    people = sum(groups.values())
    found = coming(
        amount,
        ratio=(ratio["low"], ratio["point"], ratio["high"]),
        inputs=(inputs["low"], inputs["high"]),
        people=people or None,
    )
    low, point, high = found.value
    return NextYear({"low": low, "point": point, "high": high}, found.people)
