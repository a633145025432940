"""Ending without harm: who depends on a place, what their plan is, and the end itself, refused while one is missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import RUNNING, Agreement, Dependence, Notice, TrialAnswer
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person

MOST_LETTERS: Final = 300
MOST_ROWS: Final = 20
MOST_PEOPLE: Final = 100_000
ERASED: Final = "—"
OWN: Final = "the person is being erased"


class DependsError(ConflictError):
    """Somebody depends on the place and has no plan. `names` says who."""

    def __init__(self, names: str) -> None:
        super().__init__("Somebody depends on this place and has no plan yet. Write down their plan first.")
        self.names = names


@dataclass(frozen=True)
class Depends:
    """Who depends on a place: "" is the group; how many people, and what they need."""

    who: str = ""
    people: int | None = None
    needs: str = ""


@transaction.atomic
def note_dependence(*, agreement: Agreement, by: Person, said: Depends) -> Dependence:
    """Write down who depends on a place; for somebody who stands there already, what changed. Their plan stays.

    Raises:
        ConflictError: the agreement is not in force, or twenty stand there.
        InputError: a number of people that cannot be.
        NotAllowedError: the person speaks for neither side.
    """
    row = lock_running(agreement, by)
    if said.people is not None and not 0 < said.people <= MOST_PEOPLE:
        raise InputError(f"Write a number from 1 to {MOST_PEOPLE}.", code="depends_people", most=MOST_PEOPLE)
    who = _clean(said.who)[:120]
    rows = row.dependences
    if not rows.filter(who=who).exists() and rows.count() >= MOST_ROWS:
        raise ConflictError("There are twenty on the list already. Put some together.")
    values = {"people": said.people, "needs": _clean(said.needs), "by": by}
    found, _is_new = rows.update_or_create(who=who, defaults=values)
    journal(by, "dependence.noted", found, agreement=str(row.pk), people=said.people)
    return found


@transaction.atomic
def plan_for(*, dependence: Dependence, by: Person, plan: str, text: str, now: datetime) -> Dependence:
    """Write down the plan of who depends on a place: the group says it, or the desk; never the host for them.

    Raises:
        ConflictError: the agreement is not in force.
        InputError: a plan that is not on the list.
        NotAllowedError: the person does not speak for the group.
    """
    agreement = lock_running(dependence.agreement, by)
    if Side.ASKER not in sides_of(by, agreement):
        raise NotAllowedError("The group says what its plan is, or the desk for it.")
    if plan not in Dependence.Plan.values:
        raise InputError("Choose a plan from the list.", code="depends_plan")
    row = agreement.dependences.select_for_update(of=("self",)).get(pk=dependence.pk)
    row.plan, row.plan_text, row.settled_at = plan, _clean(text), now if plan else None
    row.by = by
    row.save()
    journal(by, "dependence.planned", row, agreement=str(agreement.pk), plan=plan)
    return row


def lock_running(agreement: Agreement, by: Person) -> Agreement:
    """Return an agreement in force, locked.

    Raises:
        ConflictError: it is not in force.
        NotAllowedError: the person speaks for neither side.
    """
    row = lock_agreement(agreement)
    if not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    if row.state not in RUNNING:
        move(row, "end")  # says where it stands
    return row


def without_plan(agreement: Agreement) -> list[Dependence]:
    """Return who depends on a place and has no plan."""
    return list(agreement.dependences.filter(plan=""))


def close(agreement: Agreement, *, why: str, by: Person | None, now: datetime) -> None:
    """End an agreement that the caller has locked; its time is for the caller to free. Nobody is the platform's clock.

    Raises:
        ConflictError: it is not in force.
        DependsError: somebody depends on it without a plan.
    """
    left = without_plan(agreement)
    if left and agreement.state in RUNNING:
        raise DependsError(", ".join(each.who or _("the group") for each in left))
    move(agreement, "end")
    agreement.ended_at, agreement.ended_why = now, why
    agreement.save(update_fields=["state", "ended_at", "ended_why", "changed_at"])
    journal(by, "agreement.ended", agreement, why=why)


def forget_endings(person: Person) -> None:
    """Forget who said it and their words, where a person is erased; that notice was given or answered stays."""
    depends = Dependence.objects.every(because=OWN).filter(by=person)
    depends.exclude(needs="").update(needs=ERASED)
    depends.exclude(plan_text="").update(plan_text=ERASED)
    depends.update(by=None)
    notices = Notice.objects.every(because=OWN).filter(by=person)
    notices.exclude(text="").update(text=ERASED)
    notices.update(by=None)
    answers = TrialAnswer.objects.every(because=OWN).filter(by=person)
    answers.exclude(reason="").update(reason=ERASED)
    answers.update(by=None)


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:MOST_LETTERS]
