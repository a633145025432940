"""Taking an import back: what it made goes, what it changed gets its old values; what somebody touched since stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.site.imports.differences import Stored, Values
from meervoud.site.imports.ends import tell_the_end
from meervoud.site.imports.holding import Job
from meervoud.site.imports.keeping import CHANGED, GONE, KEPT, USED, is_kept, keep
from meervoud.site.imports.lookups import Organisations
from meervoud.site.imports.removing import (
    remove_areas,
    remove_indicators,
    remove_organisations,
    remove_requests,
    remove_spaces,
    used_things,
)
from meervoud.site.imports.runs import State, count_again, give_next_number, let_indexes_notice
from meervoud.site.imports.sheets import Kind, kind_of
from meervoud.site.imports.space_changes import update_rows
from meervoud.site.models.imports import ImportChange, ImportRun
from meervoud.supply.models import Offer

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
        keep(change, why, fields)
        self.kept.append(change)


def undo_portion(job: Job) -> None:
    """Take the last portion back; what was used or changed since stays, and is marked with the reason."""
    with job.hold(State.UNDOING) as run:
        changes = [each for each in run.changes.filter(portion=run.portions_written - 1) if not is_kept(each)]
        undo = _plan_of(job, run, changes)
        if undo.give_back:
            job.undoer.change(undo.give_back)
        REMOVE[kind_of(run.kind)](undo.remove, run.created_at)
        update_rows(run.changes.all(), undo.kept, ["after"])
        run.portions_written -= 1
        run.done = run.changes.filter(portion__lt=run.portions_written).count()
        give_next_number(run, list(undo.give_back))


def _plan_of(job: Job, run: ImportRun, changes: Sequence[ImportChange]) -> _Undo:
    things = frozenset(change.thing for change in changes)
    stored = {each.id: each for each in job.undoer.stored(things=things)} if things else {}
    return _plan(changes, stored, _touched(run, things), kind_of(run.kind))


def finish_undoing(job: Job) -> None:
    """Remove the organisations that nothing needs now, bring up to date what hangs on the import, and say it is undone."""
    names = _names_in(job.run)
    with job.hold(State.UNDOING) as run:
        known = Organisations(run.programme)
        found = {organisation.pk for name in names if (organisation := known.find(name))}
        remove_organisations(found, run.created_at)
        count_again(run)
        let_indexes_notice(run)
        changes = run.changes.all()
        kept = changes.filter(**{f"after__{KEPT}__isnull": False}).count()
        new = changes.filter(before__isnull=True).count()
        journal(run.ordered_by, "import.undone", run, new=new, changed=changes.count() - new, kept=kept)
        end_undone(run)
        if job.tells:
            tell_the_end(run)


def end_undone(run: ImportRun) -> None:
    """Say that nothing is left to take back."""
    run.state, run.content, run.leased_until = State.UNDONE, b"", None


def _plan(changes: Sequence[ImportChange], stored: Mapping[UUID, Stored], touched: set[UUID], kind: Kind) -> _Undo:
    undo = _Undo()
    used = used_things(kind, [change.thing for change in changes if change.before is None])
    for change in changes:
        now = stored.get(change.thing)
        if now is None:
            undo.keep(change, GONE)
        elif change.before is None:
            _plan_new(undo, change, now, used=now.id in used, touched=now.id in touched)
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
        undo.remove.append(now.id)


def _plan_changed(undo: _Undo, change: ImportChange, now: Stored) -> None:
    before = change.before or {}
    same = {name: value for name, value in before.items() if now.values.get(name) == change.after[name]}
    if same:
        undo.give_back[now.id] = same
    # what has its old value already, by another room of the building or by somebody's hand, is no reason to speak
    others = [name for name in before if name not in same and now.values.get(name) != before[name]]
    if others:
        undo.keep(change, CHANGED, others)


def _names_in(run: ImportRun) -> set[str]:
    """Return the hosts and groups that the sheet named; an import may have made them for a thing that was there."""
    said = run.changes.values_list("after__host", "after__organisation").iterator(chunk_size=2000)
    return {name for names in said for name in names if name}


def _touched(run: ImportRun, things: frozenset[UUID]) -> set[UUID]:
    """Return the things that somebody did something with after the import, as the journal says."""
    own = JournalEntry.objects.filter(thing=run.pk, verb="import.confirmed").order_by("-number").first()
    later = JournalEntry.objects.filter(number__gt=own.number if own else 0).exclude(verb__startswith="import.")
    parts = {each: {each} for each in things}
    if run.kind == "spaces":
        offers = Offer.objects.every(because="what was touched since an import").filter(space__in=things)
        parts = {space: {space, *others} for space, *others in offers.values_list("space", "pk", "space__building")}
    every = {part for each in parts.values() for part in each}
    touched = set(later.filter(thing__in=every).values_list("thing", flat=True))
    return {thing for thing, of_it in parts.items() if of_it & touched}
