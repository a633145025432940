"""Reminders of a visit: one mail to both sides, the day before, by the wall clock of the programme."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.matching.asking import people_of
from meervoud.matching.models import Answer, Kind, Side, State
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Person
from meervoud.parties.moderation import hidden_things

HOUR: Final = time(9)
AHEAD: Final = timedelta(hours=49)  # the day before from nine on, and the hour that a night of the clock adds
REMINDED: Final = "visit.reminded"
CLOCK: Final = "the platform's own clock"


def remind_of_visits(*, now: datetime) -> int:
    """Remind both sides of the visits of tomorrow, once, and return of how many."""
    rows = Answer.objects.every(because=CLOCK).filter(kind=Kind.VISIT, visit_at__gt=now, visit_at__lte=now + AHEAD)
    near = rows.filter(proposal__state__in=(State.ASKED, State.AGREED, State.CONCLUDED)).values_list("pk", flat=True)
    reminded = JournalEntry.objects.filter(verb=REMINDED, thing__in=list(near)).values_list("thing", flat=True)
    return sum(_remind(pk, now) for pk in set(near) - set(reminded))


@transaction.atomic
def _remind(pk: UUID, now: datetime) -> bool:
    rows = Answer.objects.every(because=CLOCK).select_for_update(of=("self",))
    answer = rows.select_related(
        "proposal__programme", "proposal__offer__space", "proposal__offer__host", "proposal__request__asked_by"
    ).get(pk=pk)
    if not _is_due(answer, now) or JournalEntry.objects.filter(verb=REMINDED, thing=answer.pk).exists():
        return False
    journal(None, REMINDED, answer, proposal=str(answer.proposal_id))
    people = {each for side in Side for each in people_of(answer.proposal, side)}
    for person in people:
        write_to(person, _letter(answer, person))
    return True


def reminder_at(visit_at: datetime, zone: str) -> datetime:
    """Return when both sides are reminded: nine in the morning of the day before, on the wall clock of the place."""
    local = ZoneInfo(zone)
    return datetime.combine(visit_at.astimezone(local).date() - timedelta(days=1), HOUR, local)


def _is_due(answer: Answer, now: datetime) -> bool:
    """Say whether a visit stands and its reminder has come; one that was planned after that was heard of just now."""
    if answer.visit_at is None or answer.visit_at <= now or answer.pk in hidden_things([answer.pk]):
        return False
    if answer.proposal.state not in (State.ASKED, State.AGREED, State.CONCLUDED):
        return False
    later = answer.proposal.answers.filter(kind=Kind.VISIT, created_at__gt=answer.created_at)
    due = reminder_at(answer.visit_at, answer.proposal.programme.time_zone)
    return answer.created_at < due <= now and not later.exists()


def _letter(answer: Answer, person: Person) -> Letter:
    proposal = answer.proposal
    assert answer.visit_at is not None  # noqa: S101  # a constraint: a visit has a moment
    local = answer.visit_at.astimezone(ZoneInfo(proposal.programme.time_zone))
    with translation.override(person.language):
        moment = f"{date_format(local, 'l j F')} {local:%H:%M}"
    gaps = {"space": proposal.offer.space.name, "moment": moment, "proposal": str(proposal.pk)}
    return Letter("visit", gaps, link=f"/proposals/{proposal.pk}/")
