"""A trial evening: the first moment alone, then both sides say whether they go on; the other time is kept until then."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.drafts import sides_of, version_that_counts
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import RUNNING, Agreement, EndedWhy, TrialAnswer
from meervoud.agreements.telling import tell
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span
from meervoud.usage.beginning import plan_spans
from meervoud.usage.changing import lock_plan
from meervoud.usage.ending import end_locked, rest_of_time
from meervoud.usage.models import State, UsageMoment

TO_ANSWER: Final = timedelta(days=14)
MOST_LETTERS: Final = 300
CALLED_OFF: Final = (State.CANCELLED, State.WITHDRAWN)


def trial_of(agreement: Agreement) -> UsageMoment | None:
    """Return the trial evening of an agreement that waits for what it leads to; None where there is none, or no more."""
    if agreement.state not in RUNNING or not read_terms(version_that_counts(agreement).terms).is_trial:
        return None
    if agreement.trial_answers.filter(goes_on=True).count() == len(Side.values):
        return None
    return agreement.moments.order_by("created_at", "starts_at").first()


def may_answer(trial: UsageMoment, now: datetime) -> bool:
    """Say whether a trial evening is over, or was called off, so that a side may say what it wants."""
    return trial.ends_at <= now or trial.state in CALLED_OFF


@transaction.atomic
def answer_trial(
    *, agreement: Agreement, side: str, by: Person, goes_on: bool, reason: str, now: datetime
) -> TrialAnswer:
    """Say for a side whether it goes on. Both yes: the rest is planned; one no: the agreement ends and its time is free.

    Raises:
        ConflictError: no trial waits for an answer.
        DependsError: it would end, and somebody depends on it without a plan.
        InputError: who stops gives no reason.
        NotAllowedError: the person does not speak for that side.
    """
    row = lock_plan(agreement)
    if side not in sides_of(by, row):
        raise NotAllowedError("You do not speak for this side.")
    if row.state not in RUNNING:
        move(row, "end")  # says where it stands
    trial = trial_of(row)
    if trial is None or not may_answer(trial, now):
        raise ConflictError("No trial evening waits for an answer now. Look at it again.")
    reason = reason.replace("\x00", "").strip()[:MOST_LETTERS]
    if not goes_on and not reason:
        raise InputError("Write why you stop. It helps the other side.", code="trial_reason")
    values = {"goes_on": goes_on, "reason": reason, "by": by}
    answer, _is_new = row.trial_answers.update_or_create(side=side, defaults=values)
    if not goes_on:
        end_locked(row, why=EndedWhy.TRIAL, by=by, now=now)
    elif row.trial_answers.filter(goes_on=True).count() == len(Side.values):
        _go_on(row, by, now)
    journal(by, "trial.answered", answer, agreement=str(row.pk), side=side, goes_on=goes_on)
    return answer


def _go_on(agreement: Agreement, by: Person, now: datetime) -> None:
    terms = read_terms(version_that_counts(agreement).terms)
    rest = rest_of_time(agreement, now)
    asked = {each.starts_at for each in terms.times.elsewhere if each.is_asked}
    spans = [Span(*each) for each in terms.times.moments]
    wanted = [span for span in spans[1:] if span in rest or (span.starts_at in asked and span.starts_at > now)]
    if wanted:
        plan_spans(agreement, terms.times, wanted, rest, by)
    if terms.end != "no_dependence":
        agreement.dependences.get_or_create(who="")
    tell(agreement, "trial_on", page="plan/")
