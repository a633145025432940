"""Impact reports: frozen with their hash, refused where they would tell of a few people beside an earlier one."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.core.impact.valuation.statement import DoubleCountError
from meervoud.lib.journal import journal, stand_in_line
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact.book import Book, book_of
from meervoud.outcomes.impact.cases import case_of
from meervoud.outcomes.impact.collecting import measured
from meervoud.outcomes.impact.extract import extract_of
from meervoud.outcomes.impact.overlaps import claimed_by_others
from meervoud.outcomes.impact.report_facts import facts_of_plan
from meervoud.outcomes.impact.shown import may_stand_beside
from meervoud.outcomes.models import ImpactPlan, ImpactReport, ImpactStory, Step
from meervoud.parties.models import Person

WHY: Final = "a plan that the writer found"
NEEDED: Final = (Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)


@transaction.atomic
def publish_impact_report(*, plan: ImpactPlan, by: Person, now: datetime) -> ImpactReport:
    """Publish what a plan shows now; from then on the report never changes.

    Raises:
        ConflictError: scope, stakeholders or theory of change are not locked, so that a report could not point to them, a
            story lacks the consent of who is in it, the programme is not public, or the value is not that of now.
        InputError: beside an earlier report it would tell what one to four people answered, or claim a change twice over.
    """
    # the plan first, then the line, as everybody does who writes in a plan; two reports at one moment see each other so
    plan = (
        ImpactPlan.objects.every(because=WHY)
        .select_for_update(of=("self",))
        .select_related("request", "organisation", "programme")
        .get(pk=plan.pk)
    )
    stand_in_line()
    book = book_of(plan)
    _check_public(plan)
    _check_locked(book)
    if plan.stories.filter(withdrawn_at__isnull=True, consent_on__isnull=True).exists():
        raise ConflictError("A story lacks the consent of who is in it. Write down who agreed and when, or remove it.")
    facts, sheets = facts_of_plan(book)
    if book.rows(Step.VALUE, "claims"):
        _check_value(book, facts)
    earlier = list(plan.reports.defer("data"))
    refuse_few_more([each.sheets for each in earlier], sheets)
    data = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    row = ImpactReport.objects.create(
        plan=plan,
        number=1 + max((each.number for each in earlier), default=0),
        data=data,
        sha256=sha256(data).hexdigest(),
        sheets=sheets,
        at=now,
        by=by.pk,
    )
    journal(by, "impact_report.published", row, number=row.number, sha256=row.sha256)
    return row


def refuse_few_more(earlier: Sequence[Mapping[str, list[str]]], now: Mapping[str, list[str]]) -> None:
    """Refuse figures that are made of almost the same answers as published ones: the difference is what a few answered.

    Raises:
        InputError: on one scale the answers of one to four people are in the one and not in the other.
    """
    for scale, people in now.items():
        if not may_stand_beside(frozenset(people), [frozenset(each[scale]) for each in earlier if scale in each]):
            raise InputError(
                "Beside an earlier report this one would tell what one to four people answered. Wait until more have answered.",
                code="report_few_more",
            )


def _check_value(book: Book, facts: Facts) -> None:
    """Refuse a value of before, and one that together with a report published since claims more than all of a change."""
    extract = extract_of(book)
    if facts["value"] is None or extract is None:
        raise ConflictError(
            "Something changed since the value was computed, or it never was. Compute it in step 8, or remove the claims."
        )
    if issues := claimed_by_others(book, case_of(book, extract, measured(book))):
        raise DoubleCountError(issues)


def _check_public(plan: ImpactPlan) -> None:
    place = plan.programme or (plan.request.programme if plan.request else None)
    if place is not None and not place.is_public:
        raise ConflictError("This programme is not public, so nobody could read the report. Make it public first.")


def _check_locked(book: Book) -> None:
    if not all(book.is_locked(step) for step in NEEDED):
        raise ConflictError("Lock steps 1, 2 and 3 first: a report points to a version that stays as it is.")


@transaction.atomic
def withdraw_impact_report(*, report: ImpactReport, by: Person, now: datetime) -> None:
    """Take a report offline; its bytes stay, so that whoever has a copy can check it.

    Raises:
        ConflictError: it is withdrawn already.
    """
    changed = (
        ImpactReport.objects.of(plan=[report.plan])
        .filter(pk=report.pk, withdrawn_at__isnull=True)
        .update(withdrawn_at=now)
    )
    if not changed:
        raise ConflictError("This report is withdrawn already.")
    journal(by, "impact_report.withdrawn", report)


@transaction.atomic
def add_impact_story(*, plan: ImpactPlan, by: Person, said: Mapping[str, Any]) -> ImpactStory:  # Any: fields
    """Add a story beside the reports of a plan, with the consent of who is in it."""
    row = ImpactStory(plan=plan, **said)
    row.save()
    journal(by, "impact_story.added", row)
    return row


@transaction.atomic
def take_impact_story_back(*, story: ImpactStory, by: Person, now: datetime) -> None:
    """Take a story back: its words, its picture and who agreed are erased."""
    rows = ImpactStory.objects.of(plan=[story.plan]).filter(pk=story.pk)
    rows.update(title="", text="", picture=b"", picture_alt="", consent_of="", withdrawn_at=now)
    journal(by, "impact_story.taken_back", story)
