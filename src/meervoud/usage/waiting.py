"""Waiting for a time that is taken: when it comes free, the first in the row is offered it, then the next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.agreements.models import LIVE, RUNNING, Agreement
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.places.models import Space
from meervoud.supply.calendar import Span, TakenError, lock_spaces, release, take_time
from meervoud.usage.models import PlanChange, Wait
from meervoud.usage.telling import tell_side

OFFERED: Final = timedelta(days=1)
MOST: Final = 50
LONGEST: Final = timedelta(hours=25)
"""A day on which the clock is set back."""
QUEUE: Final = "who waits for the same time, in the order in which they came; none is shown to another"


@transaction.atomic
def wait_for(*, agreement: Agreement, span: Span, by: Person, now: datetime) -> Wait:
    """Stand in the row for a time of the space of an agreement; asking twice changes nothing.

    Raises:
        ConflictError: the agreement is over.
        InputError: the time is past or longer than a day, or the group waits for 50 already.
        NotAllowedError: the person does not speak for the group.
    """
    row = lock_agreement(agreement)
    if Side.ASKER not in sides_of(by, row):
        raise NotAllowedError("Only the group waits for a time, or the desk for it.")
    if row.state not in LIVE:
        raise ConflictError("This agreement has no plan any more. Look at it again.")
    if span.starts_at <= now:
        raise InputError("This time is past. Wait for one that is to come.", code="wait_past")
    if span.ends_at - span.starts_at > LONGEST:
        raise InputError("Choose a moment of the plan to wait for.", code="wait_time")
    live = row.waits.filter(state__in=(Wait.State.WAITING, Wait.State.OFFERED))
    if live.count() >= MOST:
        raise InputError(f"You wait for {MOST} times already. Let some go first.", code="wait_many", most=MOST)
    found = live.filter(space=row.offer.space, starts_at=span.starts_at).first()
    if found is not None:
        return found
    wait = Wait.objects.create(
        agreement=row, space=row.offer.space, starts_at=span.starts_at, ends_at=span.ends_at, by=by
    )
    journal(by, "wait.begun", wait, agreement=str(row.pk))
    return wait


def spaces_waited_for(spaces: Iterable[Space]) -> list[Space]:
    """Return the spaces on the same floor for which somebody waits: they are locked before their time is offered."""
    rows = Space.objects.every(because=QUEUE).filter(waits__state=Wait.State.WAITING, atoms__spaces__in=list(spaces))
    return list(rows.distinct())


def offer_freed(*, space: Space, span: Span, now: datetime) -> Wait | None:
    """Offer a time that came free to who waits for it first and longest; in the transaction that freed it.

    The caller has locked `spaces_waited_for` with its own spaces, so that two never wait for each other.
    """
    rows = Wait.objects.every(because=QUEUE).select_for_update(of=("self",))
    rows = rows.filter(
        state=Wait.State.WAITING,
        agreement__state__in=LIVE,
        space__atoms__in=space.atoms.all(),
        starts_at__gt=now,
        starts_at__lt=span.ends_at,
        ends_at__gt=span.starts_at,
    )
    ids = rows.order_by("created_at", "pk").values_list("pk", flat=True)
    for pk in dict.fromkeys(ids):
        wait = Wait.objects.every(because=QUEUE).select_related("space", "agreement__offer__space").get(pk=pk)
        if _offer(wait, now):
            return wait
    return None


def _offer(wait: Wait, now: datetime) -> bool:
    until = min(now + OFFERED, wait.starts_at)
    try:
        with transaction.atomic():
            wait.hold = take_time(
                space=wait.space,
                spans=[Span(wait.starts_at, wait.ends_at)],
                request_key=f"wait {wait.pk} {now.timestamp()}",
                by=None,
                now=now,
                hold_until=until,
            )
    except TakenError:
        return False  # only a part of it came free
    wait.state, wait.offered_until = Wait.State.OFFERED, until
    wait.save(update_fields=["state", "offered_until", "hold", "changed_at"])
    journal(None, "wait.offered", wait, agreement=str(wait.agreement_id))
    tell_side(wait.agreement, Side.ASKER, "freed", span=Span(wait.starts_at, wait.ends_at))
    return True


@transaction.atomic
def take_up(*, wait: Wait, by: Person, now: datetime) -> PlanChange:
    """Take up a time that came free: the host is asked for its yes, and the time is kept until then.

    Raises:
        ConflictError: it is not offered any more, or the agreement is not signed yet.
        NotAllowedError: the person does not speak for the group.
    """
    agreement = lock_agreement(wait.agreement)
    row = agreement.waits.select_for_update(of=("self",)).select_related("hold").get(pk=wait.pk)
    if Side.ASKER not in sides_of(by, agreement):
        raise NotAllowedError("Only the group waits for a time, or the desk for it.")
    if row.state != Wait.State.OFFERED or row.hold is None or row.offered_until is None or row.offered_until <= now:
        raise ConflictError("This time is not offered to you any more. Wait for it again, or choose another.")
    if agreement.state not in RUNNING:
        raise ConflictError("Sign the agreement first; then add this time to the plan.")
    until = min(now + timedelta(days=7), row.starts_at)
    row.hold.expires_at = until
    row.hold.save(update_fields=["expires_at", "changed_at"])
    starts_at, ends_at = row.starts_at.isoformat(), row.ends_at.isoformat()
    change = PlanChange.objects.create(
        agreement=agreement,
        side=Side.ASKER,
        by=by,
        rows=[{"day": starts_at[:10], "starts_at": starts_at, "ends_at": ends_at, "offer": "", "is_asked": False}],
        request_key=f"wait {row.pk}",
        expires_at=until,
    )
    change.holds.set([row.hold])
    row.state = Wait.State.TAKEN
    row.save(update_fields=["state", "changed_at"])
    journal(by, "wait.taken_up", row, agreement=str(agreement.pk))
    tell_side(agreement, Side.HOST, "plan_proposed")
    return change


@transaction.atomic
def let_go(*, wait: Wait, by: Person | None, now: datetime) -> bool:
    """Leave the row, or let an offer pass: the next one is offered it. Say whether something changed.

    Raises:
        NotAllowedError: the person does not speak for the group.
    """
    lock_spaces([wait.space, *spaces_waited_for([wait.space])])
    row = (
        Wait.objects.every(because=QUEUE)
        .select_for_update(of=("self",))
        .select_related("agreement", "space")
        .get(pk=wait.pk)
    )
    if by is not None and Side.ASKER not in sides_of(by, row.agreement):
        raise NotAllowedError("Only the group waits for a time, or the desk for it.")
    if row.state not in (Wait.State.WAITING, Wait.State.OFFERED):
        return False
    hold, row.state = row.hold, Wait.State.PASSED
    row.save(update_fields=["state", "changed_at"])
    if hold is not None:
        release(taking=hold, by=by, now=now)
        offer_freed(space=row.space, span=Span(row.starts_at, row.ends_at), now=now)
    journal(by, "wait.passed", row, agreement=str(row.agreement_id))
    return True


def pass_waits_of(agreement: Agreement, *, now: datetime) -> None:
    """Let go what a group waits for by an agreement that is over."""
    for wait in agreement.waits.filter(state__in=(Wait.State.WAITING, Wait.State.OFFERED)).select_related("space"):
        let_go(wait=wait, by=None, now=now)


def expire_waits(*, now: datetime) -> int:
    """Let offers pass that nobody took up in time, and return how many."""
    rows = Wait.objects.every(because="the platform's own clock").select_related("space")
    late = rows.filter(state=Wait.State.OFFERED, offered_until__lte=now)
    past = rows.filter(state=Wait.State.WAITING, starts_at__lte=now)
    return sum(let_go(wait=each, by=None, now=now) for each in [*late, *past])
