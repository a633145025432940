"""Taking an import back: what it made goes, what it changed gets its old values; what somebody touched since stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.db import transaction

from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.site.imports.day_ranges import planned_period
from meervoud.site.imports.differences import Setting, Stored, Values
from meervoud.site.imports.lookups import Organisations
from meervoud.site.imports.removing import (
    remove_areas,
    remove_indicators,
    remove_organisations,
    remove_requests,
    remove_spaces,
    used_things,
)
from meervoud.site.imports.runs import State, bring_up_to_date, lock_run
from meervoud.site.imports.sheets import Kind, kind_of
from meervoud.site.imports.subjects import subject_of
from meervoud.site.models.imports import ImportChange, ImportRun
from meervoud.supply.models import Offer

USED, CHANGED, GONE = "used", "changed", "gone"
KEPT: Final = "kept"  # in `after` of what was not taken back: why
FIELDS: Final = "kept_fields"
REMOVE: Final = {
    "spaces": remove_spaces,
    "requests": remove_requests,
    "areas": remove_areas,
    "indicators": remove_indicators,
}


@dataclass
class _Undo:
    """What is to be done: things to remove, values to give back, changes that stay."""

    remove: list[UUID] = field(default_factory=list)
    give_back: dict[UUID, Values] = field(default_factory=dict)
    kept: list[ImportChange] = field(default_factory=list)

    def keep(self, change: ImportChange, why: str, fields: Sequence[str] = ()) -> None:
        change.after = {**change.after, KEPT: why, FIELDS: list(fields)}
        self.kept.append(change)


def is_last(run: ImportRun) -> bool:
    """Say whether an import is the last one confirmed in its programme: only that one can be undone."""
    rows = ImportRun.objects.every(because="found in the scope of the person already")
    later = rows.filter(programme=run.programme_id, state=State.CONFIRMED, confirmed_at__gt=run.confirmed_at)
    return run.state == State.CONFIRMED and not later.exists()


@transaction.atomic
def undo_import(*, run: ImportRun, setting: Setting) -> ImportRun:
    """Take the last import back; what was used or changed since stays, and is marked with the reason.

    Raises:
        ConflictError: it was not confirmed, or another one was confirmed after it.
    """
    locked = lock_run(run)
    if locked.state != State.CONFIRMED or locked.confirmed_at is None:
        raise ConflictError("Only an import that was confirmed can be undone.")
    if not is_last(locked):
        raise ConflictError("A later import was confirmed. Undo that one first.")
    kind = kind_of(locked.kind)
    then = replace(setting, period=planned_period(locked.confirmed_at.date()), online=False)
    subject = subject_of(kind, then)
    stored = {each.id: each for each in subject.stored()}
    changes = list(locked.changes.all())
    undo = _plan(changes, stored, _touched(locked, kind), kind)
    subject.change(undo.give_back)
    REMOVE[kind](undo.remove, locked.created_at)
    remove_organisations(_named_in(changes, Organisations(locked.programme)), locked.created_at)
    ImportChange.objects.bulk_update(undo.kept, ["after"], batch_size=500)
    locked.state = State.UNDONE
    locked.save(update_fields=["state", "changed_at"])
    bring_up_to_date(locked, list(undo.give_back))
    removed, given_back = len(undo.remove), len(undo.give_back)
    journal(setting.by, "import.undone", locked, removed=removed, given_back=given_back, kept=len(undo.kept))
    return locked


def _plan(changes: Iterable[ImportChange], stored: Mapping[UUID, Stored], touched: set[UUID], kind: Kind) -> _Undo:
    undo = _Undo()
    changes = list(changes)
    used = used_things(kind, [change.thing for change in changes if change.before is None])
    for change in changes:
        now = stored.get(change.thing)
        if now is None:
            undo.keep(change, GONE)
        elif change.before is None:
            _plan_new(undo, change, now, used=change.thing in used, touched=change.thing in touched)
        else:
            _plan_changed(undo, change, now)
    return undo


def _plan_new(undo: _Undo, change: ImportChange, now: Stored, *, used: bool, touched: bool) -> None:
    differing = [name for name, value in change.after.items() if name in now.values and now.values[name] != value]
    if used:
        undo.keep(change, USED)
    elif touched or differing:
        undo.keep(change, CHANGED, differing)
    else:
        undo.remove.append(change.thing)


def _plan_changed(undo: _Undo, change: ImportChange, now: Stored) -> None:
    same = {name: value for name, value in (change.before or {}).items() if now.values.get(name) == change.after[name]}
    if same:
        undo.give_back[change.thing] = same
    others = [name for name in change.before or {} if name not in same]
    if others:
        undo.keep(change, CHANGED, others)


def _named_in(changes: Iterable[ImportChange], known: Organisations) -> set[UUID]:
    """Return the hosts and groups that the sheet named; an import may have made them for a thing that was there."""
    names = {change.after.get(name) for change in changes for name in ("host", "organisation")}
    found = (known.find(name) for name in names if name)
    return {organisation.pk for organisation in found if organisation}


def _touched(run: ImportRun, kind: Kind) -> set[UUID]:
    """Return the things that somebody did something with after the import, as the journal says."""
    own = JournalEntry.objects.filter(thing=run.pk, verb="import.confirmed").order_by("-number").first()
    later = JournalEntry.objects.filter(number__gt=own.number if own else 0).exclude(verb__startswith="import.")
    things = set(later.values_list("thing", flat=True))
    if kind != "spaces":
        return things
    offers = Offer.objects.every(because="what was touched since an import").filter(programme=run.programme)
    return {
        space
        for space, offer, building in offers.values_list("space", "pk", "space__building")
        if {space, offer, building} & things
    }
