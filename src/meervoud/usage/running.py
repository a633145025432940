"""What the clock does with agreements in force: they start, are looked back at, are reminded of, and end."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from meervoud.agreements.drafts import version_that_counts
from meervoud.agreements.ending import without_plan
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import RUNNING, Agreement, EndedWhy
from meervoud.agreements.models import State as AgreementState
from meervoud.agreements.telling import DESK, tell
from meervoud.agreements.terms import read_terms
from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.matching.models import Side
from meervoud.usage.changing import lock_plan
from meervoud.usage.ending import end_locked, last_day_of
from meervoud.usage.models import State, UsageMoment
from meervoud.usage.trial import TO_ANSWER, trial_of

CLOCK: Final = "the platform's own clock"
HOUR: Final = time(9)
WEEKS_BEFORE: Final = (6, 2)
BOTH: Final = tuple(Side.values)
NOT_OFF: Final = (State.PLANNED, State.HELD, State.NOT_HELD)


def start_what_begins(*, now: datetime) -> int:
    """Let agreements be in use from their first moment on, and return how many."""
    rows = _rows().filter(state=AgreementState.SIGNED)
    begun = rows.filter(moments__state__in=NOT_OFF, moments__starts_at__lte=now).distinct()
    without = [each for each in rows.filter(moments__isnull=True) if _first_day(each) <= _day(each, now)]
    return sum(_start(each) for each in [*begun, *without])


def _first_day(agreement: Agreement) -> date:
    return read_terms(version_that_counts(agreement).terms).times.first


@transaction.atomic
def _start(agreement: Agreement) -> bool:
    row = lock_plan(agreement)
    if row.state != AgreementState.SIGNED:
        return False
    move(row, "start")
    row.save(update_fields=["state", "changed_at"])
    journal(None, "agreement.started", row)
    return True


def end_what_is_over(*, now: datetime) -> int:
    """End agreements whose last day is past, and return how many; one that somebody depends on waits for their plan."""
    noticed = Q(notices__taken_back_at__isnull=True, notices__confirmed_at__isnull=False)
    past = noticed & Q(notices__last_day__lt=now + timedelta(days=1))
    rows = _rows().filter(past | ~_has_moment_after(now)).distinct()
    return sum(_end(each, now) for each in rows)


@transaction.atomic
def _end(agreement: Agreement, now: datetime) -> bool:
    if last_day_of(agreement) >= _day(agreement, now):
        return False
    row = lock_plan(agreement)
    if row.state not in RUNNING or last_day_of(row) >= _day(row, now):
        return False
    if without_plan(row):
        year, week, _weekday = _day(row, now).isocalendar()
        _remind(row, f"plan.{year}-{week}", lambda: tell(row, "plan_missing", to=(*BOTH, DESK), page="end/"))
        return False
    notice = row.notices.filter(taken_back_at__isnull=True, confirmed_at__isnull=False).first()
    end_locked(row, why=notice.why if notice else EndedWhy.PERIOD, by=None, now=now)
    return True


def look_after_trials(*, now: datetime) -> int:
    """Ask both sides the day after a trial evening; end what not both went on with in time. Return how many changed."""
    rows = _rows().filter(moments__ends_at__lte=now, versions__terms__is_trial=True).distinct()
    return sum(_look_after(each, now) for each in rows)


@transaction.atomic
def _look_after(agreement: Agreement, now: datetime) -> bool:
    if trial_of(agreement) is None:
        return False
    row = lock_plan(agreement)
    trial = trial_of(row)
    if trial is None or not _is_next_day(row, trial.ends_at, now):
        return False
    if trial.ends_at + TO_ANSWER > now:
        return _remind(row, "trial", lambda: tell(row, "trial_asked", page="trial/"))
    if without_plan(row):
        year, week, _weekday = _day(row, now).isocalendar()
        return _remind(row, f"plan.{year}-{week}", lambda: tell(row, "plan_missing", to=(*BOTH, DESK), page="end/"))
    end_locked(row, why=EndedWhy.TRIAL, by=None, now=now)
    return True


def _is_next_day(agreement: Agreement, ends_at: datetime, now: datetime) -> bool:
    zone = ZoneInfo(agreement.programme.time_zone)
    return now >= datetime.combine(ends_at.astimezone(zone).date() + timedelta(days=1), HOUR, zone)


def remind_of_ends(*, now: datetime) -> int:
    """Remind both sides six and two weeks before the end, and to look back on the day agreed; return of how many."""
    day = now.date()
    later = _has_moment_after(now + timedelta(weeks=WEEKS_BEFORE[0], days=1))
    review = Q(review_on__range=(day - timedelta(weeks=2, days=1), day + timedelta(days=1)))
    noticed = Q(notices__taken_back_at__isnull=True, notices__confirmed_at__isnull=False)
    return sum(_remind_of(each, now) for each in _rows().filter(~later | review | noticed).distinct())


def _remind_of(agreement: Agreement, now: datetime) -> bool:
    today, last = _day(agreement, now), last_day_of(agreement)
    for weeks in sorted(WEEKS_BEFORE):
        if today <= last <= today + timedelta(weeks=weeks):
            key = f"end{weeks}.{last.isoformat()}"
            return _remind_once(agreement, key, "ends_soon", last)
    review = agreement.review_on
    if review is not None and review <= today < review + timedelta(weeks=2) and review < last:
        return _remind_once(agreement, f"review.{review.isoformat()}", "review", last)
    return False


@transaction.atomic
def _remind_once(agreement: Agreement, key: str, what: str, day: date) -> bool:
    if _was_reminded(agreement, key):
        return False
    row = lock_plan(agreement)
    return _remind(row, key, lambda: tell(row, what, day=day, page="end/"))


def _was_reminded(agreement: Agreement, key: str) -> bool:
    return JournalEntry.objects.filter(thing=agreement.pk, verb=f"agreement.reminded.{key}").exists()


def _remind(agreement: Agreement, key: str, write: Callable[[], None]) -> bool:
    """Write a letter once: what the journal has under the key was written."""
    if _was_reminded(agreement, key):
        return False
    write()
    journal(None, f"agreement.reminded.{key}", agreement)
    return True


def _has_moment_after(at: datetime) -> Exists:
    return Exists(UsageMoment.objects.every(because=CLOCK).filter(agreement=OuterRef("pk"), ends_at__gt=at))


def _rows() -> QuerySet[Agreement]:
    rows = Agreement.objects.every(because=CLOCK).filter(state__in=RUNNING)
    return rows.select_related("programme", "offer__space")


def _day(agreement: Agreement, now: datetime) -> date:
    return now.astimezone(ZoneInfo(agreement.programme.time_zone)).date()
