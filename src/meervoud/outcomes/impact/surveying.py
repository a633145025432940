"""Surveys of a plan: waves begun and changed, answers kept without a name, open answers read, the key destroyed.

Of a person who answers nothing is kept but the sheet and its day: no entry of the journal says at which hour it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.core.impact.scales import score
from meervoud.files.impact.scales import LONGEST, read_scales
from meervoud.lib.journal import journal
from meervoud.outcomes.impact.asking import languages_of
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.measures import PULSE, asked_of
from meervoud.outcomes.impact.pseudonyms import Code, pseudonym_of
from meervoud.outcomes.models import AnswerSheet, Channel, ImpactPlan, Moment, Step, StepVersion, ValuationRun, Wave
from meervoud.outcomes.periods import is_endless
from meervoud.parties.models import Person

LINK: Final = "whoever has the link of a wave may answer it, once for each sheet"
FOUND: Final = "rows of a plan that the caller has found"
TOKEN_BYTES: Final = 18
MOST_ASKED: Final = 100_000
MOST_DAYS: Final = timedelta(days=366)
PULSE_DAYS: Final = timedelta(days=7)
"""A question about one time is asked while people remember it."""
MOST_WAVES: Final = 400
SHEETS_FOR_EACH: Final = 2
"""A wave takes twice as many sheets as people were asked: a link that goes astray fills no table."""
Answers = Mapping[str, Mapping[str, int]]
"""Answers by the id of the question, by the id of the scale."""


class AlreadySentError(ConflictError):
    """From this very form other answers came in before."""


@dataclass(frozen=True)
class Said:
    """What one person answered.

    Attributes:
        answers: to scales; what was skipped is not there.
        words: to the open question.
        language: in which they read the questions.
        has_consented: they ticked the box.
        code: what joins this sheet to their other one.
    """

    answers: Answers = field(repr=False)
    words: str = field(repr=False)
    language: str
    has_consented: bool
    code: Code = field(default_factory=Code, repr=False)


@transaction.atomic
def begin_wave(*, plan: ImpactPlan, moment: str, first: date, last: date, asked: int, by: Person) -> Wave:
    """Begin a wave: from now on its questions are those of the measurement plan as it is locked.

    A point of the activity may have several rounds, one after the other: newcomers of the next season, each quarter again.
    After a single time, of which there may be many, only the one question about that time is asked.

    Args:
        plan: whose.
        moment: at which point of the activity.
        first: day on which people can answer, on the clock of the plan.
        last: of these days, included.
        asked: how many people are asked.
        by: who begins it.

    Raises:
        ConflictError: the measurement plan is not locked, asks nothing, or the round before is not over by then.
        InputError: days or number cannot be used.
    """
    locked = ImpactPlan.objects.every(because=FOUND).select_for_update().get(pk=plan.pk)
    version = _measurement(locked)
    if moment not in Moment.values:
        raise InputError("Choose from the list when in the activity you ask.", code="wave_moment")
    _check_terms(moment, first, last, asked)
    number = _next_round(locked, moment, first)
    questions = _questions_at(locked, moment)
    wave = Wave.objects.create(
        plan=locked,
        version=version,
        moment=moment,
        round=number,
        first=first,
        last=last,
        asked=asked,
        questions=questions,
        token=token_urlsafe(TOKEN_BYTES),
    )
    journal(by, "wave.begun", wave, moment=moment, first=first.isoformat(), last=last.isoformat(), asked=asked)
    return wave


def _measurement(plan: ImpactPlan) -> StepVersion:
    """Return the locked measurement plan that counts."""
    newest = plan.versions.filter(step=Step.MEASUREMENT).order_by("-number").first()
    if newest is None or newest.locked_at is None:
        raise ConflictError("Lock the measurement plan in step 5 first: who answers later must be asked the same.")
    return newest


def _next_round(plan: ImpactPlan, moment: str, first: date) -> int:
    """Return the number of the round that may begin on a day."""
    if plan.waves.count() >= MOST_WAVES:
        raise ConflictError("This plan has asked as often as a plan can. Begin a new plan for the next period.")
    newest = plan.waves.filter(moment=moment).order_by("-round").first()
    if newest is None:
        return 1
    if moment != Moment.PULSE and first <= newest.last:
        raise ConflictError(
            "People are still asked at this point of the activity then. Choose a first day after the last day of that wave."
        )
    return newest.round + 1


def _questions_at(plan: ImpactPlan, moment: str) -> list[str]:
    if moment == Moment.PULSE:
        return [PULSE]
    questions = [each for each in asked_of(book_of(plan)) if each in read_scales()]
    if not questions:
        raise ConflictError("The measurement plan asks nothing. Open step 5 again and choose questions.")
    return questions


def _check_terms(moment: str, first: date, last: date, asked: int) -> None:
    if is_endless(first, last):
        raise InputError("Nobody is asked on these days. Check the years.", code="wave_years")
    if last < first:
        raise InputError("The last day is before the first day. Check the two days.", code="period_reversed")
    if last - first > MOST_DAYS:
        raise InputError("A wave lasts a year at most. Choose an earlier last day.", code="wave_long")
    if moment == Moment.PULSE and last - first > PULSE_DAYS:
        raise InputError(
            "The question about one time is asked within a week. Choose an earlier last day.", code="wave_pulse_long"
        )
    if not 1 <= asked <= MOST_ASKED:
        raise InputError(f"Ask 1 to {MOST_ASKED} people.", code="wave_asked", most=MOST_ASKED)


@transaction.atomic
def change_wave(*, wave: Wave, first: date, last: date, asked: int, by: Person) -> Wave:
    """Change the days of a wave and how many people it asks; its questions and its moment stay.

    Raises:
        InputError: days or number cannot be used.
        ConflictError: another round at this point of the activity has these days.
    """
    _check_terms(wave.moment, first, last, asked)
    # the plan first, as who begins a wave does: two rounds at one point see each other so
    ImpactPlan.objects.every(because=FOUND).select_for_update().get(pk=wave.plan_id)
    locked = _locked(wave)
    _check_rounds(locked, first, last)
    locked.first, locked.last, locked.asked = first, last, asked
    locked.save(update_fields=["first", "last", "asked", "changed_at"])
    journal(by, "wave.changed", locked, first=first.isoformat(), last=last.isoformat(), asked=asked)
    return locked


def _check_rounds(wave: Wave, first: date, last: date) -> None:
    others = wave.plan.waves.filter(moment=wave.moment).exclude(pk=wave.pk)
    if wave.moment != Moment.PULSE and others.filter(first__lte=last, last__gte=first).exists():
        raise ConflictError("Another wave at this point of the activity has some of these days. Choose other days.")


@transaction.atomic
def answer_wave(*, token: str, sheet_id: UUID, said: Said, now: datetime) -> AnswerSheet:
    """Keep what somebody answered who has the link. Sent twice, it is kept once.

    Args:
        token: of the link.
        sheet_id: given with the form; it becomes the id of the sheet.
        said: the answers.
        now: this moment; only its day is kept.

    Raises:
        AlreadySentError: from this form other answers came in.
        ConflictError: the wave is not there, not open, or has all the sheets it takes.
        InputError: no consent, no answer at all, or an answer that cannot be.
    """
    found = Wave.objects.of_token(token).first()
    if found is None:
        raise ConflictError("This link does not work. Ask who gave it to you for another one.")
    wave = _locked(found)
    day = day_of(wave.plan, now)
    if not wave.first <= day <= wave.last:
        raise ConflictError("This survey is not open today.")
    return _keep(wave, sheet_id, said, (Channel.LINK, day), day)


@transaction.atomic
def enter_sheet(*, wave: Wave, sheet_id: UUID, said: Said, day: date | None, by: Person, now: datetime) -> AnswerSheet:
    """Keep what somebody answered on paper, typed in by who writes in the plan.

    Args:
        wave: which.
        sheet_id: given with the form.
        said: the answers.
        day: on which the sheet was filled in; None is today, or the last day of a wave that is over.
        by: who types it in.
        now: this moment.

    Raises:
        AlreadySentError, ConflictError, InputError: as for `answer_wave`; the day is outside the wave.
    """
    locked = _locked(wave)
    today = day_of(locked.plan, now)
    if today < locked.first:
        raise ConflictError("This wave has not begun. Type sheets in from its first day on.")
    latest = min(today, locked.last)
    filled_in = day or latest
    if not locked.first <= filled_in <= latest:
        raise InputError("This day is not in the wave, or still to come. Check the day.", code="wave_day")
    before = locked.sheets.filter(pk=sheet_id).exists()
    sheet = _keep(locked, sheet_id, said, (Channel.PAPER, filled_in), today)
    if not before:
        journal(by, "wave.sheet_typed_in", locked)
    return sheet


def day_of(plan: ImpactPlan, at: datetime) -> date:
    """Return the day of a moment on the clock of a plan."""
    return at.astimezone(ZoneInfo(plan.time_zone)).date()


def begin_of(plan: ImpactPlan, day: date) -> datetime:
    """Return when a day begins on the clock of a plan."""
    return datetime.combine(day, time(), ZoneInfo(plan.time_zone))


def _locked(wave: Wave) -> Wave:
    """Return a wave that nobody else writes to until the end of the transaction, with its plan."""
    rows = Wave.objects.every(because=FOUND).select_for_update(of=("self",)).select_related("plan", "version")
    return rows.get(pk=wave.pk)


def _keep(wave: Wave, sheet_id: UUID, said: Said, came: tuple[str, date], today: date) -> AnswerSheet:
    channel, day = came
    values: dict[str, Any] = {  # Any: of several fields
        "pseudonym": pseudonym_of(wave.plan, said.code) if wave.is_joined else "",
        "answers": _checked(wave, said),
        "words": said.words.strip(),
        "language": said.language,
        "has_consented": said.has_consented,
    }
    before = AnswerSheet.objects.every(because=LINK).filter(pk=sheet_id).first()
    if before is not None:
        if before.wave_id != wave.pk or any(getattr(before, name) != each for name, each in values.items()):
            raise AlreadySentError("Other answers came from this form before. They were kept; these were not.")
        return before
    if wave.sheets.count() >= SHEETS_FOR_EACH * wave.asked:
        raise ConflictError("This survey has all the answers it takes. Tell who asked you, if that is a mistake.")
    sheet = wave.sheets.create(pk=sheet_id, channel=channel, day=day, **values)  # type: ignore[misc]  # values of other fields
    # the hour at which somebody answered is nobody's business: both times of the row say its day
    begin = begin_of(wave.plan, today)
    wave.sheets.filter(pk=sheet.pk).update(created_at=begin, changed_at=begin)
    return sheet


def _checked(wave: Wave, said: Said) -> dict[str, dict[str, int]]:
    """Return the answers as they are kept; refuse what cannot be."""
    if said.has_consented is not True:
        raise InputError("Nothing is kept without your consent. Tick the box first.", code="survey_consent")
    if said.language not in languages_of(wave):
        raise InputError("This survey is not there in this language.", code="survey_language")
    scales, kept = read_scales(), dict[str, dict[str, int]]()
    for name, given in said.answers.items():
        known = scales.get(name) if name in wave.questions else None
        if known is None or known.scale is None or any(type(each) is not int for each in given.values()):
            raise InputError("An answer does not belong to this survey. Open the page again.", code="survey_answers")
        score(known.scale, given)
        if given:
            kept[name] = dict(given)
    _check_words(wave, said.words.strip())
    if not kept and not said.words.strip():
        raise InputError("Answer at least one question.", code="survey_empty")
    return kept


def _check_words(wave: Wave, words: str) -> None:
    if len(words) > LONGEST:
        raise InputError(f"Write at most {LONGEST} letters.", code="survey_words", most=LONGEST)
    known = read_scales()
    if words and not any(known[each].scale is None for each in wave.questions if each in known):
        raise InputError("An answer does not belong to this survey. Open the page again.", code="survey_answers")


@transaction.atomic
def take_back(*, sheet: AnswerSheet) -> None:
    """Erase what somebody answered, for who has the link of the sheet, and the values that were computed with it.

    Raises:
        ConflictError: it is erased already.
    """
    gone, _kinds = AnswerSheet.objects.every(because=LINK).filter(pk=sheet.pk).delete()
    if not gone:
        raise ConflictError("These answers are erased already.")
    runs = ValuationRun.objects.of(plan=[sheet.wave.plan])
    resting = [each.pk for each in runs if _rests_on(each, sheet.wave)]
    runs.filter(pk__in=resting).delete()  # a run keeps the change of each pair
    journal(None, "wave.sheet_taken_back", sheet.wave)


def _rests_on(run: ValuationRun, wave: Wave) -> bool:
    return any(str(wave.pk) in each.get("waves", ()) for each in run.sources.get("claims", {}).values())


@transaction.atomic
def clear_words(*, sheet: AnswerSheet, by: Person) -> None:
    """Clear an open answer for reports: a person has read it, and nobody can be recognised in it.

    Raises:
        ConflictError: there are no words any more.
    """
    _change_words(sheet, words_cleared=True)
    journal(by, "words.cleared", sheet)


@transaction.atomic
def drop_words(*, sheet: AnswerSheet, by: Person) -> None:
    """Erase an open answer; what else the person answered stays.

    Raises:
        ConflictError: there are no words any more.
    """
    _change_words(sheet, words="", words_cleared=False)
    journal(by, "words.dropped", sheet)


def _change_words(sheet: AnswerSheet, **values: str | bool) -> None:
    if not AnswerSheet.objects.every(because=FOUND).filter(pk=sheet.pk).exclude(words="").update(**values):
        raise ConflictError("These words are not there any more: somebody erased them.")


@transaction.atomic
def close_pairing(*, plan: ImpactPlan, by: Person) -> None:
    """Destroy the key of a plan's pseudonyms: nobody can compute them again, and later sheets join no earlier one.

    Raises:
        ConflictError: it is destroyed already.
    """
    changed = ImpactPlan.objects.every(because=FOUND).filter(pk=plan.pk, pairing_key__isnull=False)
    if not changed.update(pairing_key=None):
        raise ConflictError("The key is destroyed already.")
    journal(by, "impact_plan.pairing_closed", plan)
