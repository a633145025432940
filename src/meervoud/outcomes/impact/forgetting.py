"""What happens to impact plans when a person is erased."""

from django.db import transaction

from meervoud.lib.journal import journal
from meervoud.outcomes.models import ImpactPlan, ImpactReport
from meervoud.parties.models import Person

WHY = "the person is being erased"


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
