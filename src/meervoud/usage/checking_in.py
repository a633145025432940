"""What became of a moment: reports, how strong they are, and what counts of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span
from meervoud.supply.retaking import Piece, end_sooner
from meervoud.usage.lifecycle import move
from meervoud.usage.links import EARLY
from meervoud.usage.models import TAKES_TIME, CheckIn, Evidence, State, UsageMoment
from meervoud.usage.settled import MomentSettled
from meervoud.usage.telling import people_of_side, say_span
from meervoud.usage.waiting import offer_freed, spaces_waited_for

SILENCE: Final = timedelta(days=7)
ASK_AFTER: Final = timedelta(hours=12)
MOST_PEOPLE: Final = 100_000
MOST_LETTERS: Final = 300
CLOCK: Final = "the platform's own clock"
Way = CheckIn.Way
EVIDENCE: Final = {
    Way.ACCOUNT: Evidence.CHECKED_IN,
    Way.LINK: Evidence.CHECKED_IN,
    Way.STAFF: Evidence.CHECKED_IN,
    Way.HOST: Evidence.HOST,
    Way.PAPER: Evidence.PAPER,
    Way.DOOR: Evidence.DOOR_CODE,
}
STRENGTH: Final = (Evidence.CHECKED_IN, Evidence.HOST, Evidence.PAPER, Evidence.DOOR_CODE)
NEEDS_SIDE: Final = {Way.ACCOUNT: Side.ASKER, Way.HOST: Side.HOST}


@dataclass(frozen=True)
class Report:
    """What somebody says of a moment.

    Attributes:
        way: how it comes in, one of CheckIn.Way.
        key: the same one, sent twice on a bad line, counts once.
        was_held: whether it took place.
        people: how many were there; None is not counted.
        first_timers: how many of them for the first time; None is not asked.
        note: in a few words.
        by: who is signed in; None for a link or a code.
    """

    way: str
    key: str
    was_held: bool
    people: int | None = None
    first_timers: int | None = None
    note: str = ""
    by: Person | None = None


@transaction.atomic
def check_in(*, moment: UsageMoment, report: Report, now: datetime) -> CheckIn:
    """Write down what became of a moment, and settle what counts; the same key gives the first report again.

    Raises:
        ConflictError: the moment has not begun yet, or was called off.
        InputError: numbers that cannot be, or a key that is too long.
        NotAllowedError: the person does not speak for the side that the way needs.
    """
    agreement = lock_agreement(moment.agreement)
    known = CheckIn.objects.every(because="the key of who sends it").filter(key=report.key[:64]).first()
    if known is not None and known.moment_id == moment.pk:
        return known
    row = agreement.moments.select_for_update(of=("self",)).get(pk=moment.pk)
    row.agreement = agreement
    _check(row, report, known, now)
    kept = CheckIn.objects.create(
        moment=row,
        way=report.way,
        was_held=report.was_held,
        people=report.people if report.was_held else None,
        first_timers=report.first_timers if report.was_held else None,
        note=report.note.replace("\x00", "").strip()[:MOST_LETTERS],
        by=report.by,
        key=report.key,
        said_at=now,
    )
    settle(row, now)
    journal(report.by, "moment.reported", row, way=report.way, was_held=report.was_held, people=report.people)
    return kept


def _check(row: UsageMoment, report: Report, known: CheckIn | None, now: datetime) -> None:
    if known is not None or not 8 <= len(report.key) <= 64:
        raise InputError("This page is too old. Open it again.", code="check_in_key")
    if report.way not in Way.values:
        raise InputError("Choose how you know it.", code="check_in_way")
    side = NEEDS_SIDE.get(Way(report.way))
    if side is not None and (report.by is None or side not in sides_of(report.by, row.agreement)):
        raise NotAllowedError("You do not speak for this side.")
    if row.state not in (State.PLANNED, State.HELD, State.NOT_HELD):
        move(row, "hold")  # says where it stands
    if now < row.starts_at - EARLY:
        raise ConflictError("This moment has not begun yet. Come back when it does.")
    people, first = report.people, report.first_timers
    if any(each is not None and not 0 <= each <= MOST_PEOPLE for each in (people, first)):
        raise InputError(f"Write a number from 0 to {MOST_PEOPLE}.", code="check_in_people", most=MOST_PEOPLE)
    if first is not None and (people is None or first > people):
        raise InputError(
            "More people came for the first time than came at all. Check the two numbers.", code="check_in_first"
        )


def settle(row: UsageMoment, now: datetime) -> None:
    """Let the strongest report count, the last one of its kind; where it counts nobody, the next one that does."""
    reports = list(row.check_ins.order_by("said_at", "created_at"))
    if not reports:
        return
    best = min(reversed(reports), key=_strength)
    move(row, "hold" if best.was_held else "miss")
    counted = [each for each in reversed(reports) if each.was_held and each.people is not None]
    count = min(counted, key=_strength) if best.was_held and counted else None
    row.evidence = EVIDENCE[Way(best.way)]
    row.people = count.people if count else None
    row.first_timers = count.first_timers if count else None
    row.settled_at = now
    row.save()
    happened(MomentSettled(row))


def _strength(report: CheckIn) -> int:
    return STRENGTH.index(EVIDENCE[Way(report.way)])


def is_disputed(reports: Sequence[CheckIn]) -> bool:
    """Say whether the group and the host tell different things about whether anybody came."""
    said = {EVIDENCE[Way(each.way)]: each.was_held for each in reports}  # the last of each kind
    host = said.pop(Evidence.HOST, None)
    return host is not None and any(each != host for each in said.values())


def settle_in_silence(*, now: datetime) -> int:
    """Let moments count as held that nobody objected to in seven days, and return how many; people are not known."""
    rows = UsageMoment.objects.every(because=CLOCK).filter(state=State.PLANNED, ends_at__lte=now - SILENCE)
    return sum(_settle_in_silence(each, now) for each in rows.select_related("agreement__offer__space")[:500])


@transaction.atomic
def _settle_in_silence(moment: UsageMoment, now: datetime) -> bool:
    agreement = lock_agreement(moment.agreement)
    row = agreement.moments.select_for_update(of=("self",)).get(pk=moment.pk)
    if row.state != State.PLANNED or row.ends_at > now - SILENCE:
        return False
    move(row, "hold")
    row.evidence, row.settled_at = Evidence.SILENT, now
    row.save()
    happened(MomentSettled(row))
    journal(None, "moment.silent", row)
    return True


def ask_how_it_went(*, now: datetime) -> int:
    """Ask the group once, half a day after a moment of which nobody has said anything; return how many were asked."""
    rows = UsageMoment.objects.every(because=CLOCK).filter(
        state=State.PLANNED, ends_at__lte=now - ASK_AFTER, ends_at__gt=now - SILENCE, asked_at__isnull=True
    )
    found = list(rows.select_related("agreement__programme", "agreement__request__asked_by", "space")[:500])
    return sum(_ask(each, now) for each in found)


@transaction.atomic
def _ask(moment: UsageMoment, now: datetime) -> bool:
    rows = UsageMoment.objects.every(because=CLOCK).filter(pk=moment.pk, asked_at__isnull=True, state=State.PLANNED)
    if not rows.update(asked_at=now):
        return False
    span, zone = Span(moment.starts_at, moment.ends_at), moment.agreement.programme.time_zone
    for person in people_of_side(moment.agreement, Side.ASKER):
        gaps = {"space": moment.space.name, "moment": say_span(span, zone, person.language), "id": str(moment.pk)}
        write_to(
            person,
            Letter("how_it_went", gaps, can_wait=True, ends_at=moment.ends_at + SILENCE, link=f"/moments/{moment.pk}/"),
        )
    return True


@transaction.atomic
def leave_early(*, moment: UsageMoment, ends_at: datetime, by: Person | None, now: datetime) -> bool:
    """Give the rest of a moment back, and say whether there was any; who waits for that time is offered it.

    The moment itself stays as planned; `released_at` says until when it was used.

    Raises:
        ConflictError: it does not run now.
        NotAllowedError: the person speaks for neither side; nobody is whoever has the link.
    """
    agreement = lock_agreement(moment.agreement, spaces=[moment.space, *spaces_waited_for([moment.space])])
    row = agreement.moments.select_for_update(of=("self",)).select_related("taking__space", "space").get(pk=moment.pk)
    if by is not None and not sides_of(by, agreement):
        raise NotAllowedError("Only the two sides and the desk change the plan.")
    is_on = row.state in TAKES_TIME and row.starts_at < ends_at < row.ends_at
    if not is_on or row.taking is None or row.released_at is not None:
        raise ConflictError("This moment does not run now. Look at the plan again.")
    whole = Span(row.starts_at, row.ends_at)
    if not end_sooner(piece=Piece(row.taking, whole), ends_at=ends_at, by=by, now=now):
        return False
    agreement.moments.filter(pk=row.pk).update(released_at=ends_at)
    happened(MomentSettled(row))
    journal(by, "moment.left_early", row)
    offer_freed(space=row.space, span=Span(ends_at, row.ends_at), now=now)
    return True
