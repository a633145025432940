"""What the two sides say about a proposal: yes, no, another time, a question, come and see; and what follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.matching.asking import (
    ANSWER_DAYS,
    about_proposal,
    ask_next,
    lock_request,
    people_of,
    tell_group,
    tell_host,
)
from meervoud.matching.city_index import city_index
from meervoud.matching.lifecycle import move
from meervoud.matching.models import LIVE, Answer, Kind, Proposal, Side, State
from meervoud.matching.pairs import Verdict, are_free, spans_of, why_not
from meervoud.matching.reasons import REASONS
from meervoud.matching.snapshot import read_snapshot, write_snapshot
from meervoud.parties.mail import drop_waiting
from meervoud.parties.models import Person
from meervoud.parties.moderation import hold, why_held
from meervoud.supply.calendar import TakenError, confirm_hold, lock_spaces, prolong_hold, release, take_time
from meervoud.supply.models import Taking

HOLD_DAYS = 14
OPEN_STATES = (State.SUGGESTED, State.WAITING, State.ASKED)
CLOCK = "the platform's own clock"
OWN = "one proposal, found in the scope of the person already"


@dataclass(frozen=True)
class Said:
    """One answer before it is written.

    Attributes:
        side: for whom.
        by: who said it, or wrote down what was said on the phone.
        now: when.
        text: what they add; another time, a question or a visit needs it.
        by_link: whether they answered by the link of a mail, without signing in.
    """

    side: str
    by: Person
    now: datetime
    text: str = ""
    by_link: bool = False


@transaction.atomic
def say_yes(*, proposal: Proposal, said: Said) -> Proposal:
    """Say yes; when both sides did, the time is held for fourteen days and everything else of the request rests.

    The world is looked at again first: where the time was taken meanwhile, but another one fits, both are asked anew.

    Raises:
        ConflictError: it was answered or has expired, or the space does not fit any more.
    """
    row = _lock(proposal)
    if row.state != State.ASKED:
        raise ConflictError("This proposal was answered already, or has expired. Look at it again.")
    verdict = _look_again(row, said.now)
    if not _still_stands(row, verdict):
        return _offer_other_time(row, verdict, said)
    _note(row, said, Kind.YES)
    if said.side == Side.HOST:
        row.host_says = "yes"
    else:
        row.asker_says = "yes"
    row.save(update_fields=["host_says", "asker_says", "changed_at"])
    if row.host_says == row.asker_says == "yes":
        return _agree(row, verdict, said)
    tell_group(row, "yes") if said.side == Side.HOST else tell_host(row, "yes")
    return row


def _look_again(row: Proposal, now: datetime) -> Verdict:
    verdict = why_not(row.request, row.offer_id, moment=now)
    if verdict.proposal is None:
        raise ConflictError("This space does not fit any more: something has changed. Look at what fits now.")
    return verdict


def _still_stands(row: Proposal, verdict: Verdict) -> bool:
    """Say whether the very moments that were proposed are still free; so the same answer says yes to the same thing."""
    kept = read_snapshot(row.snapshot)
    if verdict.proposal is not None and verdict.proposal.patterns == kept.patterns:
        return True
    if verdict.space is None or len(kept.patterns) != len(verdict.asked.needs):
        return False
    with city_index(row.programme) as city:
        return (
            bool(kept.patterns)
            and any(each.moments for each in kept.patterns)
            and are_free(verdict.space, city, kept.patterns)
        )


def _offer_other_time(row: Proposal, verdict: Verdict, said: Said) -> Proposal:
    """Put the time that is free now in the place of the one that is taken; nobody has said yes to that one yet."""
    assert verdict.proposal is not None  # noqa: S101  # looked at again a moment ago
    row.snapshot, row.asker_says, row.host_says = write_snapshot(verdict.proposal), "", ""
    row.certainty, row.score = verdict.proposal.certainty, verdict.proposal.score
    row.expires_at = said.now + timedelta(days=ANSWER_DAYS)
    row.save()
    journal(said.by, "proposal.time_changed", row)
    tell_host(row, "time_changed")
    tell_group(row, "time_changed")
    return row


def _agree(row: Proposal, verdict: Verdict, said: Said) -> Proposal:
    spans = spans_of(verdict.asked, read_snapshot(row.snapshot), row.programme.time_zone)
    if spans:
        try:
            row.hold = take_time(
                space=row.offer.space,
                spans=spans,
                request_key=f"proposal {row.pk} {said.now.timestamp()}",
                by=said.by,
                now=said.now,
                hold_until=said.now + timedelta(days=HOLD_DAYS),
            )
        except TakenError as error:
            raise ConflictError("This time has just been taken. Choose another moment.") from error
    move(row, "agree")
    row.expires_at = said.now + timedelta(days=HOLD_DAYS)
    row.save()
    journal(said.by, "proposal.agreed", row, request=str(row.request_id))
    for other in row.request.proposals.filter(state__in=OPEN_STATES).exclude(pk=row.pk).select_related("offer__space"):
        was_asked = other.state == State.ASKED
        move(other, "withdraw")
        other.save(update_fields=["state", "changed_at"])
        if was_asked:
            tell_host(other, "withdrawn")
    tell_host(row, "agreed")
    tell_group(row, "agreed")
    return row


@transaction.atomic
def keep_agreed(*, proposal: Proposal, until: datetime, by: Person, now: datetime) -> Proposal:
    """Keep a proposal to which both said yes, and its time, until a later moment: they are writing it down.

    Raises:
        ConflictError: not both said yes, or the time is not kept any more.
    """
    row = _lock(proposal)
    if row.state != State.AGREED:
        raise ConflictError("Both sides must say yes first.")
    if row.hold is not None:
        prolong_hold(taking=row.hold, until=until, by=by, now=now)
    if row.expires_at is None or row.expires_at < until:
        row.expires_at = until
        row.save(update_fields=["expires_at", "changed_at"])
    return row


@transaction.atomic
def conclude(*, proposal: Proposal, by: Person, now: datetime) -> Taking | None:
    """Note that both sides signed: the hold becomes use, and nothing of this proposal frees its time any more.

    Returns:
        The time that is taken now; None for a proposal without moments.

    Raises:
        ConflictError: not both said yes, or the time is not kept any more.
    """
    row = _lock(proposal)
    taking = confirm_hold(taking=row.hold, by=by, now=now) if row.hold is not None else None
    move(row, "conclude")
    row.hold, row.expires_at = None, None
    row.save(update_fields=["state", "hold", "expires_at", "changed_at"])
    journal(by, "proposal.concluded", row, request=str(row.request_id))
    return taking


@transaction.atomic
def say_no(*, proposal: Proposal, said: Said, reason: str) -> Proposal:
    """Say no, for one of the reasons of that side; the next host in the row is asked.

    Raises:
        InputError: a reason that is not on the list.
        ConflictError: it was answered or has expired.
    """
    if reason not in REASONS[said.side]:
        raise InputError("Choose a reason from the list.", code="reason_unknown")
    row = _lock(proposal)
    _note(row, said, Kind.NO, reason=reason)
    was_asked = row.state == State.ASKED
    move(row, "decline")
    if said.side == Side.HOST:
        row.host_says = "no"
    else:
        row.asker_says = "no"
    row.save(update_fields=["state", "host_says", "asker_says", "changed_at"])
    journal(said.by, "proposal.declined", row, side=said.side, reason=reason)
    if said.side == Side.HOST:
        tell_group(row, "no")
    elif was_asked:
        tell_host(row, "withdrawn")
    ask_next(row.request, by=None, now=said.now)
    return row


@transaction.atomic
def say_more(*, proposal: Proposal, said: Said, kind: str, visit_at: datetime | None = None) -> Answer:
    """Propose another time, ask a question, or invite to come and see; the other side hears it and has a week.

    Raises:
        InputError: nothing is said, or a visit lies in the past.
        ConflictError: nobody waits for an answer.
    """
    if kind not in (Kind.OTHER_TIME, Kind.QUESTION, Kind.VISIT):
        raise InputError("Choose an answer from the list.", code="answer_unknown")
    if kind != Kind.VISIT and not said.text.strip():
        raise InputError("Write a few words, so that the other side knows what you mean.", code="answer_empty")
    if kind == Kind.VISIT and (visit_at is None or visit_at <= said.now):
        raise InputError("Choose a day and an hour to come for the visit.", code="visit_past")
    row = _lock(proposal)
    if row.state not in (State.ASKED, State.AGREED):
        raise ConflictError("Nobody waits for an answer to this proposal. Look at it again.")
    answer = _note(row, said, kind, visit_at=visit_at)
    why = why_held(said.by, row.programme, answer.text) if answer.text else ""
    if why:
        hold(thing=answer, programme=row.programme, author=said.by, why=why)
    if row.state == State.ASKED:
        row.expires_at = max(row.expires_at or said.now, said.now + timedelta(days=ANSWER_DAYS))
        row.save(update_fields=["expires_at", "changed_at"])
    if not why:
        _tell_more(row, said.side)
    return answer


def _tell_more(row: Proposal, side: str) -> None:
    tell_group(row, "more") if side == Side.HOST else tell_host(row, "more")


def answer_let_through(*, thing: UUID) -> None:
    """Tell the other side now of words that the desk had read first, where the proposal still stands."""
    rows = Answer.objects.every(because="the desk let it through").select_related(
        "proposal__offer__space", "proposal__offer__host", "proposal__request__asked_by"
    )
    answer = rows.filter(pk=thing, proposal__state__in=(State.ASKED, State.AGREED)).first()
    if answer is not None:
        _tell_more(answer.proposal, answer.side)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Person, now: datetime) -> Proposal:
    """Take a proposal back, also after both said yes; time that was held is free again.

    Raises:
        ConflictError: it has ended already.
    """
    row = _lock(proposal)
    was = row.state
    move(row, "withdraw")
    if row.hold is not None:
        release(taking=row.hold, by=by, now=now)
    row.save(update_fields=["state", "changed_at"])
    journal(by, "proposal.withdrawn", row, was=was)
    if was in (State.ASKED, State.AGREED):
        tell_host(row, "withdrawn")
        tell_group(row, "withdrawn")
    ask_next(row.request, by=None, now=now)
    return row


@transaction.atomic
def withdraw_all(*, request: Request, now: datetime) -> int:
    """Take back every proposal of a request that is closed, and return how many; hosts hear that they need not answer."""
    rows = request.proposals.filter(state__in=LIVE).select_related("offer__space", "hold__space")
    lock_spaces([row.offer.space for row in rows if row.hold is not None])
    for row in rows:
        was = row.state
        move(row, "withdraw")
        row.save(update_fields=["state", "changed_at"])
        if row.hold is not None:
            release(taking=row.hold, by=None, now=now)
        if was in (State.ASKED, State.AGREED):
            tell_host(row, "withdrawn")
        journal(None, "proposal.withdrawn", row, was=was)
    return len(rows)


def expire_proposals(*, now: datetime) -> int:
    """Let proposals expire that nobody answered in time, and holds that became no agreement; return how many."""
    rows = Proposal.objects.every(because=CLOCK)
    late = rows.filter(state__in=(State.ASKED, State.AGREED), expires_at__lte=now).values_list("pk", flat=True)
    return sum(_expire(rows.get(pk=pk), now) for pk in list(late))


@transaction.atomic
def _expire(proposal: Proposal, now: datetime) -> bool:
    row = _lock(proposal)
    if row.state not in (State.ASKED, State.AGREED) or row.expires_at is None or row.expires_at > now:
        return False
    move(row, "expire")
    if row.hold is not None:
        release(taking=row.hold, by=None, now=now)
    row.save(update_fields=["state", "changed_at"])
    journal(None, "proposal.expired", row)
    tell_group(row, "expired")
    ask_next(row.request, by=None, now=now)
    return True


def _lock(proposal: Proposal) -> Proposal:
    """Return a proposal as it stands now, while nobody else answers one of the same request."""
    request = lock_request(proposal.request)
    rows = Proposal.objects.every(because=OWN).select_related(
        "offer__space__building", "offer__host", "programme", "hold"
    )
    row = rows.get(pk=proposal.pk)
    lock_spaces([row.offer.space])  # before the journal, as everybody does: so two never wait for each other
    row.request = request
    return row


def _note(row: Proposal, said: Said, kind: str, *, reason: str = "", visit_at: datetime | None = None) -> Answer:
    answer = Answer.objects.create(
        proposal=row, side=said.side, kind=kind, reason=reason, text=said.text.strip(), visit_at=visit_at, by=said.by
    )
    journal(said.by, "proposal.answered", row, side=said.side, kind=kind, by_link=said.by_link)
    drop_waiting(about_proposal(row), people_of(row, said.side))  # who has answered needs no mail about it
    return answer
