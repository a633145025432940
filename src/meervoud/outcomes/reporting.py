"""Reports of a programme: begun, written, published once with their hash, corrected beside what was published."""

import hashlib
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal, stand_in_line
from meervoud.outcomes.claimed import with_claimed
from meervoud.outcomes.esg_told import refuse_what_was_told
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.frozen import TEXTS, frozen
from meervoud.outcomes.models import ProgrammeReport, Published, Released, Story
from meervoud.outcomes.periods import is_endless
from meervoud.outcomes.publishable import numbers_released, publishable
from meervoud.outcomes.register import refuse_what_gives_away, row_of
from meervoud.parties.models import Person, Programme

OWN: Final = "of the programme that the person works for"


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
    if is_endless(first, last):
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
        ConflictError: it is published already, a story lacks the consent of who is in it, or a host has read heads on its
            ESG page that would have to be hidden beside this report.
        GivesAwayError: beside an earlier report it would give a small group away.
    """
    row = _draft(report)
    if row.stories.filter(withdrawn_at__isnull=True, consent_on__isnull=True).exists():
        raise ConflictError("A story lacks the consent of who is in it. Write down who agreed and when, or remove it.")
    facts = with_claimed(publishable(facts_of(row.programme, row.first, row.last)), row.programme, row.first, row.last)
    numbers = list(numbers_released(facts))
    stand_in_line()  # two reports published at one moment would not see each other's numbers
    refuse_what_gives_away(row, numbers)
    refuse_what_was_told(row, now.astimezone(ZoneInfo(row.programme.time_zone)).date())
    data = frozen(row, facts)
    published = Published.objects.create(
        report=row, data=data, sha256=hashlib.sha256(data).hexdigest(), at=now, by=by.pk
    )
    Released.objects.bulk_create(row_of(row, each) for each in numbers)
    journal(by, "report.published", row, sha256=published.sha256)
    return published


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
