"""Another room for one date: asked of whoever lends it, with its time held until they answer."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.agreements.models import RUNNING
from meervoud.core.errors import ConflictError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for, works_for
from meervoud.supply.calendar import Span, TakenError, confirm_hold, release, take_time
from meervoud.supply.models import Offer
from meervoud.usage.lifecycle import move
from meervoud.usage.models import StandIn, State, UsageMoment
from meervoud.usage.telling import say_span, tell_side

ANSWER: Final = timedelta(days=2)
OWN: Final = "a moment that was found in the scope of who acts"
ANSWERED: Final = "This was answered already, or is not asked any more."


@transaction.atomic
def ask_stand_in(*, moment: UsageMoment, offer: Offer, by: Person | None, now: datetime) -> StandIn:
    """Ask a host for a room for one date of a group; its time is held for two days, or until it begins.

    Raises:
        ConflictError: the moment needs no other room, another one is asked already, or the time is taken.
        NotAllowedError: the person does not speak for the group.
    """
    agreement = lock_agreement(moment.agreement, spaces=[offer.space])
    row = agreement.moments.select_for_update(of=("self",)).get(pk=moment.pk)
    if by is not None and Side.ASKER not in sides_of(by, agreement):
        raise NotAllowedError("The group chooses another room, or the desk for it.")
    is_over = agreement.state not in RUNNING or row.starts_at <= now
    if row.state not in (State.SEEKING, State.WITHDRAWN) or is_over:
        raise ConflictError("This moment needs no other room any more. Look at the plan again.")
    if row.stand_ins.filter(state=StandIn.State.ASKED).exists():
        raise ConflictError("Another room is asked for this date already. Wait for the answer, or take it back.")
    until = min(now + ANSWER, row.starts_at)
    try:
        hold = take_time(
            space=offer.space,
            spans=[Span(row.starts_at, row.ends_at)],
            request_key=f"stand-in {row.pk} {now.timestamp()}",
            by=by,
            now=now,
            hold_until=until,
        )
    except TakenError as error:
        raise ConflictError("This time has just been taken. Choose another moment.") from error
    asked = StandIn.objects.create(moment=row, offer=offer, hold=hold, asked_by=by, expires_at=until)
    journal(by, "stand_in.asked", asked, moment=str(row.pk))
    for person in Person.objects.filter(memberships__organisation=offer.host_id).distinct():
        moment_said = say_span(Span(row.starts_at, row.ends_at), offer.programme.time_zone, person.language)
        gaps = {"space": offer.space.name, "moment": moment_said, "stand_in": str(asked.pk)}
        write_to(person, Letter("stand_in", gaps, link=f"/other-rooms/{asked.pk}/"))
    return asked


@transaction.atomic
def answer_stand_in(*, stand_in: StandIn, by: Person, says_yes: bool, now: datetime) -> StandIn:
    """Answer for the host of the other room: with a yes the group is there on that date, by the same terms.

    Raises:
        ConflictError: it was answered, is not asked any more, or the group has cancelled.
        NotAllowedError: the person is not of that host and does not work for the programme.
    """
    row, moment = _lock(stand_in)
    if not (acts_for(by, row.offer.host) or works_for(by, row.offer.programme)):
        raise NotAllowedError("Only the host of this room answers.")
    is_open = row.state == StandIn.State.ASKED and row.expires_at > now and moment.agreement.state in RUNNING
    if not is_open or row.hold is None:
        raise ConflictError(ANSWERED)
    row.answered_by = by
    row.state = StandIn.State.YES if says_yes else StandIn.State.NO
    if says_yes:
        confirm_hold(taking=row.hold, by=by, now=now)
        move(moment, "find_room")
        moment.space, moment.taking = row.offer.space, row.hold
        moment.reason, moment.reason_text, moment.sequence = "", "", moment.sequence + 1
        moment.save()
    else:
        release(taking=row.hold, by=by, now=now)
    row.save(update_fields=["state", "answered_by", "changed_at"])
    journal(by, f"stand_in.{row.state}", row, moment=str(moment.pk))
    what = "other_room_yes" if says_yes else "other_room_no"
    span = Span(moment.starts_at, moment.ends_at)
    tell_side(moment.agreement, Side.ASKER, what, span=span, gaps={"space": row.offer.space.name})
    return row


@transaction.atomic
def take_back_stand_in(*, stand_in: StandIn, by: Person | None, now: datetime, expired: bool = False) -> bool:
    """Ask a host no longer; its time is free again. Say whether it was still asked.

    Raises:
        NotAllowedError: the person does not speak for the group.
    """
    row, moment = _lock(stand_in)
    if by is not None and Side.ASKER not in sides_of(by, moment.agreement):
        raise NotAllowedError("The group chooses another room, or the desk for it.")
    if row.state != StandIn.State.ASKED or (expired and row.expires_at > now):
        return False
    row.state = StandIn.State.EXPIRED if expired else StandIn.State.TAKEN_BACK
    if row.hold is not None:
        release(taking=row.hold, by=by, now=now)
    row.save(update_fields=["state", "changed_at"])
    journal(by, f"stand_in.{row.state}", row, moment=str(moment.pk))
    if expired:
        span = Span(moment.starts_at, moment.ends_at)
        tell_side(moment.agreement, Side.ASKER, "other_room_no", span=span, gaps={"space": row.offer.space.name})
    return True


def expire_stand_ins(*, now: datetime) -> int:
    """Ask no longer where nobody answered in time, and return how many that were."""
    rows = StandIn.objects.every(because="the platform's own clock").filter(
        state=StandIn.State.ASKED, expires_at__lte=now
    )
    late = rows.select_related("moment__agreement__offer__space", "offer__space")
    return sum(take_back_stand_in(stand_in=each, by=None, now=now, expired=True) for each in late)


def _lock(stand_in: StandIn) -> tuple[StandIn, UsageMoment]:
    agreement = lock_agreement(stand_in.moment.agreement, spaces=[stand_in.offer.space])
    moment = agreement.moments.select_for_update(of=("self",)).select_related("space").get(pk=stand_in.moment_id)
    moment.agreement = agreement
    rows = moment.stand_ins.select_for_update(of=("self",)).select_related(
        "offer__host", "offer__programme", "offer__space", "hold__space"
    )
    return rows.get(pk=stand_in.pk), moment
