"""What of this room goes where a person is erased: their calendars and their words; that something took place stays."""

from datetime import datetime
from typing import Final

from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Person
from meervoud.usage.models import CheckIn, Feed, Incident, PlanChange, StandIn, State, UsageMoment, Wait
from meervoud.usage.waiting import let_go

ERASED: Final = "—"
OWN: Final = "the person is being erased"


def forget_usage(person: Person, *, now: datetime) -> None:
    """Erase who said it and what they wrote about a group; let go what they wait for.

    What counts of a moment stays: how many came, and how it is known. What happened in a building stays too, without
    who told or settled it: its host has to go on with it, and people were asked to name nobody there.
    """
    _pass_waits(person, now)
    Feed.objects.every(because=OWN).filter(person=person).delete()
    said = CheckIn.objects.every(because=OWN).filter(by=person)
    said.exclude(note="").update(note=ERASED)
    said.update(by=None)
    changes = PlanChange.objects.every(because=OWN).filter(by=person)
    changes.exclude(note="").update(note=ERASED)
    changes.update(by=None)
    _forget_reasons(person)
    Incident.objects.every(because=OWN).filter(by=person).update(by=None)
    Incident.objects.every(because=OWN).filter(settled_by=person).update(settled_by=None)
    StandIn.objects.every(because=OWN).filter(asked_by=person).update(asked_by=None)
    StandIn.objects.every(because=OWN).filter(answered_by=person).update(answered_by=None)
    Wait.objects.every(because=OWN).filter(by=person).update(by=None)


def _pass_waits(person: Person, now: datetime) -> None:
    """Let go what a person waits for, each with the next in the row offered its time."""
    waits = Wait.objects.every(because=OWN).filter(by=person, state__in=(Wait.State.WAITING, Wait.State.OFFERED))
    for wait in waits.select_related("space"):
        let_go(wait=wait, by=None, now=now)


def _forget_reasons(person: Person) -> None:
    """Erase why moments were called off in plans where the person did so: it may tell of somebody's health.

    Who wrote which words is not kept; so a colleague's words of the same plan may go too, rather than stay.
    """
    for verb, state in (("moments.cancelled", State.CANCELLED), ("moments.withdrawn", State.WITHDRAWN)):
        plans = JournalEntry.objects.filter(actor=person.pk, verb=verb).values("thing")
        moments = UsageMoment.objects.every(because=OWN).filter(agreement__in=plans, state=state)
        moments.exclude(reason_text="").update(reason_text=ERASED)
