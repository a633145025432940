"""Whose answers figures are made of: they change by five people or more at once, so that nobody reads one person's answer in a change.

Who writes in a plan may look at its figures every day. If each new answer changed the mean, the difference would be that
answer. So figures stay as they are until five more people have answered, or answered again.
"""

from collections.abc import Iterable

from meervoud.core.impact.effects import FEWEST
from meervoud.outcomes.models import ImpactPlan

JOINED = ":"
WHY = "the plan whose figures are looked at"


def shown_of(plan: ImpactPlan, key: str, now: Iterable[str]) -> frozenset[str]:
    """Return whose answers may be looked at, and remember them.

    Args:
        plan: whose figures.
        key: of the figure: a scale and a group of people.
        now: whose answers there are: of each person the ids of both sheets, joined; the second is empty where they did not
            answer again.

    Returns:
        As many of them as may be shown: all, or those of before while one to four people differ. Nobody where too few are
        there, or where one of those of before is gone, so that what is left would tell what they answered.
    """
    there = frozenset(now)
    while True:
        before = plan.shown.get(key)
        found = _chosen(there, before)
        if found is None:
            return frozenset(before or ())
        if not found or found == frozenset(before or ()):
            return found
        if _remember(plan, key, found):
            return found


def people_of(sheets: Iterable[str]) -> set[str]:
    """Return the people that sheets are of: each is known by the sheet they filled in first."""
    return {each.partition(JOINED)[0] for each in sheets}


def _chosen(there: frozenset[str], before: list[str] | None) -> frozenset[str] | None:
    """Return all, nobody, or None: those of before."""
    if before is None:
        return there if len(there) >= FEWEST else frozenset()
    others = people_of(there ^ frozenset(before))
    if len(others) >= FEWEST or not others:
        return there if len(there) >= FEWEST else frozenset()
    return None if _are_left(before, there) else frozenset()


def _are_left(before: Iterable[str], there: frozenset[str]) -> bool:
    """Say whether everybody of before is still there, with the same sheets."""
    left = {name: again for name, _between, again in (each.partition(JOINED) for each in there)}
    return all(
        name in left and again in ("", left[name])
        for name, _between, again in (each.partition(JOINED) for each in before)
    )


def _remember(plan: ImpactPlan, key: str, found: frozenset[str]) -> bool:
    """Keep whose answers are shown; somebody else who looked meanwhile may have been quicker."""
    rows = ImpactPlan.objects.every(because=WHY).filter(pk=plan.pk)
    shown = {**plan.shown, key: sorted(found)}
    if rows.filter(shown_number=plan.shown_number).update(shown=shown, shown_number=plan.shown_number + 1):
        plan.shown, plan.shown_number = shown, plan.shown_number + 1
        return True
    plan.refresh_from_db(fields=["shown", "shown_number"], from_queryset=rows)
    return False
