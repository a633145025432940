"""Makers of surveys: a plan of an organisation whose measurement plan is locked, waves, and what people answer."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tests.rooms.makers import TODAY, make_organisation, make_person, make_programme

from meervoud.outcomes.impact.pseudonyms import Code
from meervoud.outcomes.impact.surveying import Said, answer_wave, begin_wave
from meervoud.outcomes.impact.writing import About, begin_plan, keep_step, lock_step
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step, Wave
from meervoud.parties.models import Person

KIT: Final = ("life_satisfaction", "djg6", "belonging", "open_question")
CONSENT: Final = "We ask this for the reading club. You do not have to answer."
AHEAD: Final = timedelta(days=20)
NEVER: Final = UUID(int=0)


def noon(day: date = TODAY) -> datetime:
    """Return the middle of a day."""
    return datetime.combine(day, time(11), UTC)


def make_survey_plan(*, questions: tuple[str, ...] = KIT, is_locked: bool = True, **values: Any) -> ImpactPlan:
    """Make a plan of an organisation that knows what it asks; `by` writes in it."""
    programme = make_programme()
    by = make_person("Wanda Writer")
    organisation = make_organisation(programme, member=by, name="Reading club")
    about = About(programme, organisation=organisation)
    plan = begin_plan(title="Reading", about=about, language=values.get("language", "en"), by=by)
    content = {
        "questions": list(questions),
        "moments": ["start", "later"],
        "expected": 40,
        "who": "The volunteer",
        "dose": 3,
        "consent": CONSENT,
    }
    keep_step(plan=plan, step=Step.MEASUREMENT, content={**content, **values}, edits=0, by=by)
    if is_locked:
        lock_step(plan=plan, step=Step.MEASUREMENT, by=by, now=noon())
    return plan


def writer_of(plan: ImpactPlan) -> Person:
    """Return who writes in a plan."""
    assert plan.by is not None
    return plan.by


def begin(plan: ImpactPlan, moment: str = Moment.START, **values: Any) -> Wave:
    """Begin a wave that is open today."""
    said: dict[str, Any] = {"first": TODAY, "last": TODAY + AHEAD, "asked": 40, **values}
    return begin_wave(plan=plan, moment=moment, by=writer_of(plan), **said)


def code(mother: str = "Ma", day: int | None = 7, street: str = "at", card: str = "") -> Code:
    """Return the code of a person."""
    return Code(mother, day, street, card)


def said(satisfied: int | None = 7, *, made_of: Code | None = None, **values: Any) -> Said:
    """Return what a person says who agrees."""
    answers = {} if satisfied is None else {"life_satisfaction": {"satisfied": satisfied}}
    given: dict[str, Any] = {
        "answers": answers,
        "words": "",
        "language": "en",
        "has_consented": True,
        "code": made_of or Code(),
        **values,
    }
    return Said(**given)


def sends(wave: Wave, what: Said, *, sheet_id: UUID = NEVER, day: date = TODAY) -> AnswerSheet:
    """Let somebody answer a wave."""
    key = uuid4() if sheet_id == NEVER else sheet_id
    return answer_wave(token=wave.token, sheet_id=key, said=what, now=noon(day))
