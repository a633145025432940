"""Reports: somebody says that something is wrong, and the desk settles it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal
from meervoud.parties.models import Held, Message, Person, Programme, Report
from meervoud.parties.models.moderation import Outcome, ReportQuerySet, Verdict, Why, Wrong
from meervoud.parties.moderation import hold, let_through

HIDE_AFTER: Final = 3
OUTCOMES: Final = {
    "offer": (Outcome.NOTHING, Outcome.TOLD, Outcome.OFFLINE),
    "message": (Outcome.NOTHING, Outcome.TOLD, Outcome.HIDDEN),
    "proposal": (Outcome.NOTHING, Outcome.TOLD, Outcome.OFFLINE),
}
"""What the desk can do about a thing. Only messages can be hidden: a listing was checked before it went online."""
DESK: Final = "the desk settles what was reported in its own programme"


@dataclass(frozen=True)
class Reported:
    """A thing that somebody reports, found in the scope of who reports it."""

    kind: str
    thing: UUID
    programme: Programme


@transaction.atomic
def report(*, reported: Reported, by: Person | None, wrong: str, text: str, now: datetime) -> Report:
    """Tell the desk that something is wrong; a second report of the same person counts once.

    Three different people hide a message until the desk looks. They never hide a space: that was checked by the desk,
    and three neighbours or competitors could take a host off the map.

    Raises:
        InputError: a reason that is not on the list.
    """
    if wrong not in Wrong.values:
        raise InputError("Choose a reason from the list.", code="reason_unknown")
    known = Report.objects.made_by(by).filter(thing=reported.thing, outcome="").first() if by else None
    row = known or Report.objects.create(
        programme=reported.programme,
        by=by,
        thing_kind=reported.kind,
        thing=reported.thing,
        wrong=wrong,
        text=text.strip()[:1000],
    )
    journal(by, "report.made", row, wrong=wrong, kind=reported.kind)
    if reported.kind == "message":
        _hide_if_many(reported, now)
    return row


def _hide_if_many(reported: Reported, now: datetime) -> None:
    people = open_reports(reported.thing).filter(by__isnull=False).values("by").distinct().count()
    message = Message.objects.every(because=DESK).filter(pk=reported.thing, held_at__isnull=True).first()
    if message is not None and people >= HIDE_AFTER:
        _hide(message, reported.programme, now)


def _hide(message: Message, programme: Programme, now: datetime) -> None:
    message.held_at = now
    message.save(update_fields=["held_at", "changed_at"])
    hold(thing=message, programme=programme, author=message.author, why=Why.REPORTS)


def open_reports(thing: UUID) -> ReportQuerySet:
    """Return what was said about a thing and is not settled."""
    return Report.objects.every(because=DESK).filter(thing=thing, outcome="")


@transaction.atomic
def settle(*, reported: Reported, by: Person, outcome: str, now: datetime) -> int:
    """Settle every open report about a thing, and return how many; a message is hidden or shown again with it.

    Raises:
        InputError: an outcome that is not on the list of such a thing.
        ConflictError: nothing is open: somebody settled it already.
    """
    if outcome not in OUTCOMES.get(reported.kind, ()):
        raise InputError("Choose from the list what was done.", code="outcome_unknown")
    rows = open_reports(reported.thing).filter(programme=reported.programme)
    settled = list(rows.select_for_update(of=("self",)))
    if not settled:
        raise ConflictError("Somebody of the desk settled this already.")
    rows.filter(pk__in=[row.pk for row in settled]).update(outcome=outcome, settled_by=by, settled_at=now)
    journal(by, "report.settled", settled[0], outcome=outcome, kind=reported.kind, reported=str(reported.thing))
    if reported.kind == "message":
        _settle_message(reported, by, outcome, now)
    return len(settled)


def _settle_message(reported: Reported, by: Person, outcome: str, now: datetime) -> None:
    message = Message.objects.every(because=DESK).filter(pk=reported.thing).select_related("author").first()
    if message is None:
        return
    hidden = Held.objects.every(because=DESK).filter(thing=message.pk, why=Why.REPORTS, verdict=Verdict.OPEN).first()
    if outcome != Outcome.HIDDEN:
        if hidden is not None:
            let_through(held=hidden, by=by, now=now)
    elif message.held_at is None:
        _hide(message, reported.programme, now)
