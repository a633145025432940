"""How a plan is written: begun, a step kept, locked, opened again as a new version."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any

from django.db import transaction
from django.db.models import F

from meervoud.core.errors import ConflictError
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.models import ImpactPlan, Step, StepVersion
from meervoud.parties.models import Organisation, Person, Programme

FOUND = "a plan that the writer found"
KEY_BYTES = 32
UNDO = "undo"
"""Under which name a step keeps what its last changes were, to take them back."""


@dataclass(frozen=True)
class About:
    """What a plan is about: an activity of an initiative, an organisation, or a programme; exactly one of the three.

    Attributes:
        place: the programme whose country, currency and clock the plan has.
    """

    place: Programme
    request: Request | None = None
    organisation: Organisation | None = None
    programme: Programme | None = None


@transaction.atomic
def begin_plan(
    *, title: str, about: About, language: str, by: Person, example: Mapping[int, Content] | None = None
) -> ImpactPlan:
    """Begin an impact plan, empty or with the steps of an example to change.

    Args:
        title: of the plan.
        about: what it is about; the caller has seen that the person may.
        language: of its texts.
        by: who begins it.
        example: content by step.
    """
    plan = ImpactPlan.objects.create(
        title=title,
        request=about.request,
        organisation=about.organisation,
        programme=about.programme,
        language=language,
        country=about.place.country,
        currency=about.place.currency,
        time_zone=about.place.time_zone,
        pairing_key=token_bytes(KEY_BYTES),
        is_made_up=about.place.is_made_up,
        by=by,
    )
    for step, content in (example or {}).items():
        StepVersion.objects.create(plan=plan, step=step, content=content)
    journal(by, "impact_plan.begun", plan)
    return plan


@transaction.atomic
def keep_step(*, plan: ImpactPlan, step: Step, content: Content, edits: int, by: Person) -> StepVersion:
    """Keep what somebody wrote in a step.

    Args:
        plan: whose.
        step: which.
        content: as it is now.
        edits: how often it was kept before, as the writer saw it.
        by: the writer.

    Raises:
        ConflictError: the step is locked, or somebody else has kept it since.
    """
    # two who begin a step at one moment: the second one waits, and is told that somebody else has kept it
    ImpactPlan.objects.every(because=FOUND).select_for_update(no_key=True).get(pk=plan.pk)
    newest = plan.versions.filter(step=step).order_by("-number").first()
    if newest is None:
        newest = StepVersion.objects.create(plan=plan, step=step)
    if newest.locked_at is not None:
        raise ConflictError("This step is locked. Open it again first; the locked version stays as it is.")
    changed = plan.versions.filter(pk=newest.pk, edits=edits, locked_at__isnull=True).update(
        content=content, edits=F("edits") + 1
    )
    if not changed:
        raise ConflictError("Somebody else changed this step since you opened it. Open it again and add your change.")
    journal(by, "impact_step.kept", newest, step=int(step))
    newest.refresh_from_db()
    return newest


@transaction.atomic
def lock_step(*, plan: ImpactPlan, step: Step, by: Person, now: datetime, edits: int | None = None) -> StepVersion:
    """Lock the newest version of a step: from then on the database refuses to change it.

    Args:
        plan: whose.
        step: which.
        by: who locks it.
        now: this moment.
        edits: how often it was kept, as that person saw it; None where nobody looked at it.

    Raises:
        ConflictError: nobody began the step, it is locked already, or somebody else has kept it since.
    """
    row = plan.versions.select_for_update().filter(step=step, locked_at__isnull=True).first()
    if row is None:
        raise ConflictError("This step has nothing to lock. Fill it in first.")
    if edits is not None and row.edits != edits:
        raise ConflictError("Somebody else changed this step since you opened it. Open it again and add your change.")
    # what could be taken back while it was written is no part of what stays
    row.content = {name: each for name, each in row.content.items() if name != UNDO}
    row.sha256 = hash_of(row.content)
    row.locked_at, row.locked_by = now, by.pk
    row.save(update_fields=["content", "sha256", "locked_at", "locked_by", "changed_at"])
    journal(by, "impact_step.locked", row, step=int(step), number=row.number, sha256=row.sha256)
    return row


@transaction.atomic
def open_step(*, plan: ImpactPlan, step: Step, by: Person) -> StepVersion:
    """Open a locked step again: a new version begins as a copy, the locked one stays.

    Raises:
        ConflictError: its newest version is not locked.
    """
    newest = plan.versions.select_for_update().filter(step=step).order_by("-number").first()
    if newest is None or newest.locked_at is None:
        raise ConflictError("This step is not locked. You can write in it.")
    row = StepVersion.objects.create(plan=plan, step=step, number=newest.number + 1, content=newest.content)
    journal(by, "impact_step.opened", row, step=int(step), number=row.number)
    return row


def hash_of(content: Any) -> str:  # Any: JSON
    """Return the SHA-256 of JSON in its one canonical form."""
    said = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
