"""Adding moments to a plan: at once while the agreement is written, with a yes of the other side after it was signed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_noop as mark

from meervoud.agreements.drafts import WRITING, change_terms, last_version, lock_agreement, sides_of
from meervoud.agreements.models import RUNNING, WRITTEN, Agreement
from meervoud.agreements.terms import Elsewhere, Terms, read_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.answering import keep_agreed
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.places.models import Space
from meervoud.supply.calendar import Span, TakenError, confirm_hold, prolong_hold, release, take_time
from meervoud.supply.models import Offer, Taking
from meervoud.supply.retaking import Piece, retake
from meervoud.usage.beginning import Planned, offer_by_id, write_moments
from meervoud.usage.models import PlanChange, Series, UsageMoment
from meervoud.usage.models import State as MomentState
from meervoud.usage.planning import Chosen
from meervoud.usage.standing_in import ask_stand_in
from meervoud.usage.telling import tell_side
from meervoud.usage.wishes import Weekly, Wish, day_of

ANSWER: Final = timedelta(days=7)
OWN: Final = "a plan of an agreement that was found in the scope of who acts"
NOT_YOURS: Final = "Only the two sides and the desk change the plan."
OVER: Final = "This agreement has no plan any more. Look at it again."


@dataclass(frozen=True)
class Asking:
    """Who changes a plan, for which side, with which key, when, and why."""

    by: Person
    side: str
    request_key: str
    now: datetime
    note: str = ""


@transaction.atomic
def add_moments(*, agreement: Agreement, wish: Wish, chosen: Sequence[Chosen], asking: Asking) -> PlanChange:
    """Add moments to a plan: all of them or none. The same key gives the first answer again.

    While the agreement is written they become part of its next version, and their time is kept as long as the rest.
    After it was signed the other side has a week to say yes; the desk, and who speaks for both, need not wait.

    Raises:
        ConflictError: the agreement is over, or some of the time was taken a moment ago.
        InputError: the key was used for something else.
        NotAllowedError: the person speaks for neither side.
    """
    offers = {each: offer_by_id(each) for each in sorted({_offer(row) for row in chosen} - {""})}
    row = lock_agreement(agreement, spaces=[each.space for each in offers.values()])
    _check_side(asking, row)
    known = PlanChange.objects.every(because=OWN).filter(request_key=asking.request_key).first()
    if known is not None:
        return _same(known, row)
    is_written = row.state in WRITTEN
    if not is_written and row.state not in RUNNING:
        raise ConflictError(OVER)
    until = asking.now + (WRITING if is_written else ANSWER)
    change = PlanChange.objects.create(
        agreement=row,
        side=asking.side,
        by=asking.by,
        rows=[_as_row(each) for each in chosen],
        new_series=[_as_series(wish)] if isinstance(wish, Weekly) else [],
        request_key=asking.request_key,
        note=asking.note.strip()[:300],
        expires_at=until if is_written else min(until, chosen[0].span.starts_at),
    )
    change.holds.set(_hold(row, chosen, offers, asking, until))
    journal(asking.by, "plan.proposed", change, agreement=str(row.pk), moments=len(chosen))
    if is_written:
        _into_terms(row, chosen, offers, asking)
    elif speaks_for_both(asking.by, row):
        carry_out(change, row, asking.by, asking.now)
    else:
        tell_side(row, other_side(asking.side), "plan_proposed")
    return change


def known_change(agreement: Agreement, request_key: str) -> PlanChange | None:
    """Return what the same request made before: pressed twice, it is planned once."""
    return agreement.plan_changes.filter(request_key=request_key).first()


def other_side(side: str) -> str:
    """Return the side that is not this one."""
    return Side.HOST if side == Side.ASKER else Side.ASKER


@transaction.atomic
def accept_change(*, change: PlanChange, by: Person, now: datetime) -> PlanChange:
    """Say yes to what the other side wants: its moments are planned now.

    Raises:
        ConflictError: it was answered, or its time is not kept any more.
        NotAllowedError: the person does not speak for the side that is asked.
    """
    row, agreement = _lock(change)
    _check_answers(row, agreement, by, now)
    carry_out(row, agreement, by, now)
    tell_side(agreement, row.side, "plan_accepted")
    return row


@transaction.atomic
def decline_change(*, change: PlanChange, by: Person, now: datetime) -> PlanChange:
    """Say no to what the other side wants; or take back what one's own side wanted. Its time is free again.

    Raises:
        ConflictError: it was answered already.
        NotAllowedError: the person speaks for neither side.
    """
    row, agreement = _lock(change)
    sides = sides_of(by, agreement)
    if not sides:
        raise NotAllowedError(NOT_YOURS)
    if row.state != PlanChange.State.PROPOSED or agreement.state not in RUNNING:
        raise ConflictError(ANSWERED)
    is_own = other_side(row.side) not in sides
    row.state = PlanChange.State.TAKEN_BACK if is_own else PlanChange.State.DECLINED
    _free(row, by, now)
    journal(by, f"plan.{row.state}", row, agreement=str(agreement.pk))
    if not is_own:
        tell_side(agreement, row.side, "plan_declined")
    return row


ANSWERED: Final = mark("This change was answered already, or nobody answered in time. Look at the plan again.")


def expire_changes(*, now: datetime) -> int:
    """Let changes expire that nobody answered in time, and return how many."""
    rows = PlanChange.objects.every(because="the platform's own clock").filter(
        state=PlanChange.State.PROPOSED, expires_at__lte=now, agreement__state__in=RUNNING
    )
    return sum(_expire(each, now) for each in rows.select_related("agreement__offer__space"))


@transaction.atomic
def _expire(change: PlanChange, now: datetime) -> bool:
    row, agreement = _lock(change)
    if row.state != PlanChange.State.PROPOSED or row.expires_at > now:
        return False
    row.state = PlanChange.State.EXPIRED
    _free(row, None, now)
    journal(None, "plan.expired", row, agreement=str(agreement.pk))
    tell_side(agreement, row.side, "plan_declined")
    return True


def free_plan_of(agreement: Agreement, *, by: Person | None, now: datetime) -> None:
    """Free the time that was kept for the plan of an agreement that is taken back."""
    for change in agreement.plan_changes.filter(state=PlanChange.State.PROPOSED):
        change.state = PlanChange.State.TAKEN_BACK
        _free(change, by, now)


def _free(change: PlanChange, by: Person | None, now: datetime) -> None:
    for hold in change.holds.select_related("space").order_by("pk"):
        release(taking=hold, by=by, now=now)
    change.save(update_fields=["state", "changed_at"])


def _lock(change: PlanChange) -> tuple[PlanChange, Agreement]:
    spaces = [each.space for each in change.holds.select_related("space")]
    asked = [offer_by_id(each["offer"]).space for each in change.rows if each["is_asked"]]
    agreement = lock_agreement(change.agreement, spaces=[*spaces, *asked])
    return agreement.plan_changes.select_for_update(of=("self",)).get(pk=change.pk), agreement


def _check_side(asking: Asking, agreement: Agreement) -> None:
    if asking.side not in sides_of(asking.by, agreement):
        raise NotAllowedError(NOT_YOURS)


def _check_answers(row: PlanChange, agreement: Agreement, by: Person, now: datetime) -> None:
    if other_side(row.side) not in sides_of(by, agreement):
        raise NotAllowedError("The other side answers this.")
    is_open = row.state == PlanChange.State.PROPOSED and row.expires_at > now
    if not is_open or agreement.state not in RUNNING:  # while it is written, signing answers it
        raise ConflictError(ANSWERED)


def _same(known: PlanChange, agreement: Agreement) -> PlanChange:
    if known.agreement_id != agreement.pk:
        raise InputError(
            "This request was sent before with other moments. Start a new request.", code="request_key_reused"
        )
    return known


def _offer(row: Chosen) -> str:
    return str(row.alternative.offer) if row.alternative and row.alternative.offer else ""


def _is_asked(row: Chosen) -> bool:
    return row.alternative is not None and row.alternative.kind == "nearby"


def _as_row(row: Chosen) -> dict[str, Any]:  # Any: values of JSON
    return {
        "day": row.day.isoformat(),
        "starts_at": row.span.starts_at.isoformat(),
        "ends_at": row.span.ends_at.isoformat(),
        "offer": _offer(row),
        "is_asked": _is_asked(row),
    }


def _as_series(wish: Weekly) -> dict[str, Any]:  # Any: values of JSON
    return {
        "weekdays": sorted(wish.weekdays),
        "starts": wish.hours.starts.isoformat("minutes"),
        "minutes": wish.hours.minutes,
        "every_weeks": wish.every_weeks,
    }


def _hold(
    agreement: Agreement, chosen: Sequence[Chosen], offers: dict[str, Offer], asking: Asking, until: datetime
) -> list[Taking]:
    """Hold the time of all rows, one taking for each space; another host's is held when it is asked."""
    by_space: dict[str, list[Span]] = {}
    for each in chosen:
        if not _is_asked(each):
            by_space.setdefault(_offer(each), []).append(each.span)
    try:
        return [
            take_time(
                space=_space(agreement, offers, offer),
                spans=spans,
                request_key=f"{asking.request_key[:40]} {number}",
                by=asking.by,
                now=asking.now,
                hold_until=until,
            )
            for number, (offer, spans) in enumerate(sorted(by_space.items()))
        ]
    except TakenError as error:
        raise ConflictError("Some of this time was taken a moment ago. Look at the plan again.") from error


def _space(agreement: Agreement, offers: dict[str, Offer], offer: str) -> Space:
    return offers[offer].space if offer else agreement.offer.space


def _into_terms(agreement: Agreement, chosen: Sequence[Chosen], offers: dict[str, Offer], asking: Asking) -> None:
    """Make a version of the terms with the moments; the time that is kept already is kept as long."""
    until = asking.now + WRITING
    keep_agreed(proposal=agreement.proposal, until=until, by=asking.by, now=asking.now)
    standing = Taking.objects.every(because=OWN).filter(
        pk__in=agreement.plan_changes.filter(state=PlanChange.State.PROPOSED).values("holds"),
        released_at__isnull=True,
        expires_at__gt=asking.now,
    )
    for hold in standing.select_related("space").order_by("pk"):
        prolong_hold(taking=hold, until=until, by=asking.by, now=asking.now)
    terms = with_moments(read_terms(last_version(agreement).terms), chosen, offers, agreement.programme.time_zone)
    change_terms(agreement=agreement, by=asking.by, terms=terms, note=asking.note)


def with_moments(terms: Terms, chosen: Sequence[Chosen], offers: dict[str, Offer], zone: str) -> Terms:
    """Return terms with more moments."""
    times = terms.times
    elsewhere = [
        Elsewhere(each.span.starts_at, _offer(each), offers[_offer(each)].space.name, _is_asked(each))
        for each in chosen
        if _offer(each)
    ]
    moments = sorted({*times.moments, *((each.span.starts_at, each.span.ends_at) for each in chosen)})
    days = [day_of(Span(*each), zone) for each in moments]
    times = replace(
        times,
        first=min([times.first, *days]),
        last=max([times.last, *days]),
        moments=tuple(moments),
        elsewhere=tuple(sorted((*times.elsewhere, *elsewhere), key=lambda each: each.starts_at)),
    )
    return replace(terms, times=times)


def speaks_for_both(person: Person, agreement: Agreement) -> bool:
    """Say whether a person need not wait for the other side: staff who heard both, or who is of both."""
    return len(sides_of(person, agreement)) > 1


def carry_out(change: PlanChange, agreement: Agreement, by: Person | None, now: datetime) -> list[UsageMoment]:
    """Plan what a change says; moments that move give up the time they had, in the same transaction."""
    series = _write_series(change, agreement)
    if any("moment" in each for each in change.rows):
        moments = _move(change, agreement, series, by, now)
    else:
        moments = _add(change, agreement, series, by, now)
    change.state = PlanChange.State.DONE
    change.save(update_fields=["state", "changed_at"])
    return moments


def _span(row: dict[str, Any]) -> Span:  # Any: values of JSON
    return Span(*(datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at")))


def _add(
    change: PlanChange, agreement: Agreement, series: Series | None, by: Person | None, now: datetime
) -> list[UsageMoment]:
    takings = {
        hold.space_id: confirm_hold(taking=hold, by=by, now=now)
        for hold in change.holds.select_related("space").order_by("pk")
    }
    planned, asked = list[Planned](), dict[datetime, str]()
    for each in change.rows:
        span, day = _span(each), date.fromisoformat(each["day"])
        space = offer_by_id(each["offer"]).space_id if each["offer"] else agreement.offer.space_id
        planned.append(Planned(span, takings.get(space), series, day if series else None))
        if each["is_asked"]:
            asked[span.starts_at] = each["offer"]
    moments = write_moments(agreement, planned, by)
    for moment in moments:
        if moment.starts_at in asked:
            ask_stand_in(moment=moment, offer=offer_by_id(asked[moment.starts_at]), by=by, now=now)
    return moments


def _move(
    change: PlanChange, agreement: Agreement, series: Series | None, by: Person | None, now: datetime
) -> list[UsageMoment]:
    rows = {
        str(each.pk): each for each in agreement.moments.select_related("taking__space").select_for_update(of=("self",))
    }
    wanted = [(rows[each["moment"]], each) for each in change.rows]
    if any(moment.state != MomentState.PLANNED or moment.starts_at <= now for moment, _ in wanted):
        raise ConflictError("One of these moments cannot be moved any more. Look at the plan again.")
    for hold in change.holds.select_related("space").order_by("pk"):
        release(taking=hold, by=by, now=now)
    pieces = [Piece(each.taking, Span(each.starts_at, each.ends_at)) for each, _ in wanted if each.taking is not None]
    taking = retake(
        space=agreement.offer.space,
        instead_of=pieces,
        spans=[_span(each) for _, each in wanted],
        request_key=f"{change.request_key[:60]} done",
        by=by,
        now=now,
    )
    for moment, each in wanted:
        span, day = _span(each), date.fromisoformat(each["day"])
        moment.starts_at, moment.ends_at, moment.taking, moment.space = (
            span.starts_at,
            span.ends_at,
            taking,
            taking.space,
        )
        moment.sequence += 1
        if series is not None:
            moment.series, moment.recurs_on = series, day
        moment.save()
    journal(by, "moments.moved", agreement, moments=len(wanted))
    return [moment for moment, _ in wanted]


def _write_series(change: PlanChange, agreement: Agreement) -> Series | None:
    if not change.new_series or len(change.rows) < 2:
        return None
    said, days = change.new_series[0], sorted(date.fromisoformat(each["day"]) for each in change.rows)
    return Series.objects.create(agreement=agreement, first=days[0], last=days[-1], **said)
