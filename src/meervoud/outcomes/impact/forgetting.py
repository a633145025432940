"""What happens to impact plans when a person is erased, and to answers when they are old."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from meervoud.lib.journal import journal
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, ImpactReport
from meervoud.parties.models import Person

WHY = "the person is being erased"
CLOCK: Final = "the platform's own clock"
KEPT_FOR: Final = timedelta(days=2 * 365)
"""How long answers stay after the last day on which people are asked; published figures stay, single answers do not."""


def kept_until(last: date) -> date:
    """Return the last day on which answers are there, where people were asked until a day."""
    return last + KEPT_FOR


def forget_old_answers(*, today: date) -> int:
    """Erase the answers of plans that asked nobody for two years, and the key that joins them; return of how many plans."""
    last = today - KEPT_FOR
    rows = ImpactPlan.objects.every(because=CLOCK).annotate(asked_until=Max("waves__last")).filter(asked_until__lt=last)
    filled = AnswerSheet.objects.every(because=CLOCK).filter(wave__plan__in=rows.values("pk"))
    plans = filled.order_by("wave__plan").values_list("wave__plan", flat=True).distinct()
    return sum(_forget_answers(each, last) for each in plans)


@transaction.atomic
def _forget_answers(plan_id: UUID, last: date) -> bool:
    # who begins a wave holds the same row: a plan that asks again keeps its answers
    plan = ImpactPlan.objects.every(because=CLOCK).select_for_update(of=("self",)).get(pk=plan_id)
    if plan.waves.filter(last__gte=last).exists():
        return False
    AnswerSheet.objects.of(wave=plan.waves.all()).delete()
    plan.runs.all().delete()  # a run keeps the change of each pair; what is published of it stays in its report
    ImpactPlan.objects.every(because=CLOCK).filter(pk=plan.pk).update(pairing_key=None)
    journal(None, "impact_plan.answers_erased", plan)
    return True


@transaction.atomic
def forget_plans(person: Person) -> None:
    """Erase the plans about activities that a person asked for alone: their words, answers, values and reports.

    Plans of an organisation or a programme stay: they are not the person's.
    """
    own = ImpactPlan.objects.every(because=WHY).filter(request__asked_by=person, request__organisation__isnull=True)
    for plan in own:
        journal(person, "impact_plan.erased", plan)
    ImpactReport.objects.every(because=WHY).filter(plan__in=own).delete()
    for plan in own:
        plan.waves.all().delete()
        plan.delete()


def plans_of(person: Person) -> list[dict[str, str]]:
    """Return what a person wrote in plans of their own activities, as it is handed out to them."""
    own = ImpactPlan.objects.every(because="a person's own rows, handed out to themselves").filter(by=person)
    return [{"title": each.title, "begun": each.created_at.isoformat()} for each in own]
