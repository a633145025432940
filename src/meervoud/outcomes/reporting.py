"""Reports of a programme: begun, written, published once with their hash, corrected beside what was published."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.core.impact.releases import Released as Number
from meervoud.lib.journal import journal, stand_in_line
from meervoud.outcomes.facts import Facts, facts_of
from meervoud.outcomes.models import Correction, ProgrammeReport, Published, Released, Story
from meervoud.outcomes.publishable import filters_of, gives_away, numbers_released, publishable, scope_of
from meervoud.parties.models import Person, Programme

OWN: Final = "of the programme that the person works for"
REGISTER: Final = "the register of what was published; its numbers are public"
ONE_DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=10 * 366)
EARLIEST: Final = 2000
TEXTS: Final = ("title", "language", "summary", "kinds_of_matches", "lessons", "partners", "next_steps")


class GivesAwayError(ConflictError):
    """A number of this report beside one that was published would give a small number of people away.

    Attributes:
        title: of the report that stands in the way.
        first, last: its period.
    """

    def __init__(self, title: str, first: date, last: date) -> None:
        super().__init__(
            "Beside an earlier report this one would give a small group away: by subtracting one from the other. "
            "Choose the period of that report, or one that differs from it by more."
        )
        self.title, self.first, self.last = title, first, last


@transaction.atomic
def begin_report(
    *, programme: Programme, title: str, language: str, period: tuple[date, date], by: Person, now: datetime
) -> ProgrammeReport:
    """Begin a report of a period.

    Raises:
        InputError: the period ends before it starts, or is not over yet.
    """
    first, last = period
    if last < first:
        raise InputError("The last day is before the first day. Check the two days.", code="period_reversed")
    if last - first > LONGEST or first.year < EARLIEST:
        raise InputError("Choose a period of at most ten years.", code="period_too_long")
    if last >= now.astimezone(ZoneInfo(programme.time_zone)).date():
        raise InputError("This period is not over yet. Choose a last day that is past.", code="period_not_over")
    row = ProgrammeReport.objects.create(
        programme=programme, title=title, language=language, first=first, last=last, by=by
    )
    journal(by, "report.begun", row)
    return row


@transaction.atomic
def change_report(*, report: ProgrammeReport, by: Person, **texts: str) -> ProgrammeReport:
    """Change the texts of a report that is not published yet.

    Raises:
        ConflictError: it is published.
    """
    row = _draft(report)
    for name in TEXTS:
        if name in texts:
            setattr(row, name, texts[name])
    row.save()
    journal(by, "report.changed", row)
    return row


@transaction.atomic
def publish_report(*, report: ProgrammeReport, by: Person, now: datetime) -> Published:
    """Publish a report: its figures of now and its texts are frozen as bytes with their hash.

    Raises:
        ConflictError: it is published already, or a story lacks the consent of who is in it.
        GivesAwayError: beside an earlier report it would give a small group away.
    """
    row = _draft(report)
    if row.stories.filter(withdrawn_at__isnull=True, consent_on__isnull=True).exists():
        raise ConflictError("A story lacks the consent of who is in it. Write down who agreed and when, or remove it.")
    facts = publishable(facts_of(row.programme, row.first, row.last))
    numbers = list(numbers_released(facts))
    stand_in_line()  # two reports published at one moment would not see each other's numbers
    _refuse_what_gives_away(row, numbers)
    data = frozen(row, facts)
    published = Published.objects.create(
        report=row, data=data, sha256=hashlib.sha256(data).hexdigest(), at=now, by=by.pk
    )
    Released.objects.bulk_create(
        Released(
            report=row,
            statistic=each.statistic,
            scope=scope_of(each.filter),
            first=row.first,
            last=row.last,
            number=each.n,
        )
        for each in numbers
    )
    journal(by, "report.published", row, sha256=published.sha256)
    return published


def frozen(report: ProgrammeReport, facts: Facts) -> bytes:
    """Return what is published as bytes: the same report and facts give the same ones. Stories stay outside: consent can end."""
    texts = {name: getattr(report, name) for name in TEXTS}
    said = {"report": str(report.pk), "texts": texts, "facts": facts}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_frozen(published: Published) -> dict[str, Any]:  # Any: values of JSON
    """Return what was published.

    Raises:
        ConflictError: the bytes are not those of the hash.
    """
    data = bytes(published.data)
    if hashlib.sha256(data).hexdigest() != published.sha256:
        raise ConflictError("This report is not what was published any more. Call the desk.")
    read: dict[str, Any] = json.loads(data)
    return read


def _refuse_what_gives_away(report: ProgrammeReport, numbers: list[Number]) -> None:
    rows = Released.objects.every(because=REGISTER).filter(report__programme=report.programme_id)
    earlier = {_number(each): each for each in rows.select_related("report").order_by("created_at")}
    found = gives_away(list(earlier), numbers)
    if found is not None:
        other = earlier[found[0]].report
        raise GivesAwayError(other.title, other.first, other.last)


def _number(row: Released) -> Number:
    return Number(row.statistic, filters_of(row.scope), row.first, row.last + ONE_DAY, row.number)


@transaction.atomic
def correct_report(*, report: ProgrammeReport, figure: str, new: str, why: str, old: str, by: Person) -> Correction:
    """List a correction beside a published report: the old figure, the new one, and why. The bytes stay as they are.

    Raises:
        ConflictError: the report is not published yet.
        InputError: no new figure or no reason.
    """
    if not Published.objects.every(because=OWN).filter(report=report).exists():
        raise ConflictError("This report is not published yet. Publish it first, or change its texts.")
    if not new.strip() or not why.strip():
        raise InputError("Write the new figure and why it was wrong.", code="correction_empty")
    row = Correction.objects.create(report=report, figure=figure, old=old, new=new.strip(), why=why.strip(), by=by.pk)
    journal(by, "report.corrected", row, figure=figure)
    return row


@transaction.atomic
def add_story(*, report: ProgrammeReport, by: Person, **said: Any) -> Story:  # Any: fields
    """Add a story to a report that is not published yet, with who agreed to be in it and when."""
    row = Story(**said)
    row.report = _draft(report)
    row.save(force_insert=True)
    journal(by, "story.added", row)
    return row


@transaction.atomic
def take_story_back(*, story: Story, by: Person | None, now: datetime) -> None:
    """Take a story back, also after it was published: its words and its picture are erased, the rest of the report stays."""
    rows = Story.objects.every(because=OWN).filter(pk=story.pk)
    rows.update(text="", picture=b"", picture_alt="", consent_of="", title="", withdrawn_at=now)
    journal(by, "story.taken_back", story)


def _draft(report: ProgrammeReport) -> ProgrammeReport:
    row = ProgrammeReport.objects.every(because=OWN).select_for_update(of=("self",)).get(pk=report.pk)
    if Published.objects.every(because=OWN).filter(report=row).exists():
        raise ConflictError("This report is published and stays as it is. Add a correction instead.")
    return row
