"""Whose answers figures are made of: they change by five people or more at once, so that nobody reads one person's answer in a change.

Who writes in a plan may look at its figures every day, and keeps what was shown before. So every set of people that figures
were ever made of is remembered, and a new one must differ from each of them by nobody or by five people or more: in who
answered twice, and in who did not answer again, each by itself, both in who comes in and in who goes out.

What this does not stop: somebody who fills in invented sheets themselves knows those answers, and can count them off.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from meervoud.core.impact.effects import FEWEST
from meervoud.outcomes.models import ImpactPlan

JOINED = ":"
WHY = "the plan whose figures are looked at"
People = frozenset[str]
"""Of each person the ids of both sheets, joined; the second is empty where they did not answer again."""


def shown_of(plan: ImpactPlan, key: str, now: Iterable[str], sheets: Collection[str]) -> People:
    """Return whose answers may be looked at, and remember them.

    Args:
        plan: whose figures.
        key: of the figure: a scale and a group of people.
        now: everybody whose sheets can be joined.
        sheets: ids of all sheets that are there, also of codes that two sheets have.

    Returns:
        Everybody, if no set that was shown before differs from that by a few; else those of before. Nobody where too few
        are there, or where somebody of before took their answers back.
    """
    there = frozenset(now)
    while True:
        history = [frozenset(each) for each in plan.shown.get(key, [])]
        found = next((each for each in _wanted(there, history) if may_stand_beside(each, history)), None)
        if found is None:
            return history[-1] if history and _are_left(history[-1], sheets) else frozenset()
        if found in history[-1:] or _remember(plan, key, history, found):
            return found


def may_stand_beside(now: People, earlier: Iterable[People]) -> bool:
    """Say whether figures of these people can be laid beside all earlier ones without telling of one to four of them."""
    return all(_is_apart(now, each) for each in (frozenset[str](), *earlier))


def people_of(people: Iterable[str]) -> set[str]:
    """Return people by the sheet that they filled in first."""
    return {each.partition(JOINED)[0] for each in people}


def _is_apart(one: People, other: People) -> bool:
    views = (_twice, _once, lambda each: people_of(_twice(each)))
    return not any(
        0 < len(difference) < FEWEST
        for view in views
        for difference in (set(view(one)) - set(view(other)), set(view(other)) - set(view(one)))
    )


def _twice(people: People) -> People:
    return frozenset(each for each in people if not each.endswith(JOINED))


def _once(people: People) -> People:
    return people - _twice(people)


def _wanted(there: People, history: Sequence[People]) -> Iterator[People]:
    """Yield what to show, the fullest first: who did not answer again may have to wait, or to be left out."""
    pairs = _twice(there)
    if len(pairs) < FEWEST:
        return
    yield there
    for before in history[-1:]:
        if not people_of(pairs) & people_of(_once(before)) and _once(before) <= there:
            yield pairs | _once(before)
    yield pairs


def _are_left(before: People, sheets: Collection[str]) -> bool:
    """Say whether every sheet of before is still there."""
    return all(part in sheets for each in before for part in each.split(JOINED) if part)


def _remember(plan: ImpactPlan, key: str, history: Sequence[People], found: People) -> bool:
    """Keep whose answers are shown; somebody else who looked meanwhile may have been quicker."""
    rows = ImpactPlan.objects.every(because=WHY).filter(pk=plan.pk)
    shown = {**plan.shown, key: [sorted(each) for each in (*history, found)]}
    if rows.filter(shown_number=plan.shown_number).update(shown=shown, shown_number=plan.shown_number + 1):
        plan.shown, plan.shown_number = shown, plan.shown_number + 1
        return True
    plan.refresh_from_db(fields=["shown", "shown_number"], from_queryset=rows)
    return False
