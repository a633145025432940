"""What an import will write, in portions: noted before the first one, so that any worker can go on with the next."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import uuid4

from meervoud.lib.journal import journal
from meervoud.site.imports.differences import Difference, Preview
from meervoud.site.imports.holding import Job
from meervoud.site.imports.lookups import BATCH
from meervoud.site.imports.runs import State, preview_of
from meervoud.site.imports.sheets import forget_reading
from meervoud.site.models.imports import ImportChange, ImportRun

PORTION: Final = 200  # things in one transaction: some tenths of a second, in which nobody else writes to SQLite
NOTED_AT_ONCE: Final = 1000  # to note a thing takes less time than to write it


def plan(job: Job) -> None:
    """Note what the sheet does, unless it would do something else than the preview that was confirmed."""
    preview = preview_of(job.run, job.setting)
    forget_reading()
    if preview.fingerprint != job.run.fingerprint:
        with job.hold(State.WRITING) as run:
            run.state, run.ending, run.leased_until = State.PREVIEW, ImportRun.Ending.CHANGED, None
        return
    portions = portions_of([*preview.of("new"), *preview.of("changed")], PORTION)
    with job.hold(State.WRITING) as run:
        run.changes.all().delete()  # what a worker noted that did not come to the end of it
    changes = (_noted(job.run, number, each) for number, portion in enumerate(portions) for each in portion)
    while part := list(islice(changes, NOTED_AT_ONCE)):
        with job.hold(State.WRITING) as run:
            run.changes.bulk_create(part, batch_size=BATCH)
    _begin(job, preview, portions)


def _begin(job: Job, preview: Preview, portions: list[list[Difference]]) -> None:
    new, changed = len(preview.of("new")), len(preview.of("changed"))
    with job.hold(State.WRITING) as run:
        run.portions, run.total, run.content = len(portions), new + changed, b""
        run.rows_read, run.rows_refused = preview.read, preview.rows_refused
        run.rows_taken = preview.read - preview.rows_refused
        refused = preview.rows_refused
        # before the first portion: whatever the journal says of a thing afterwards was done by somebody else
        journal(run.ordered_by, "import.confirmed", run, kind=run.kind, new=new, changed=changed, refused=refused)


def _noted(run: ImportRun, portion: int, each: Difference) -> ImportChange:
    thing = each.thing or uuid4()  # what is new has its id before it is there: so it cannot be written twice
    return ImportChange(run=run, portion=portion, key=each.key[:120], thing=thing, before=each.before, after=each.after)


def portions_of(differences: Iterable[Difference], most: int) -> list[list[Difference]]:
    """Return things in portions; what shares a building is in one, so that no half of it is ever seen."""
    groups: dict[Hashable, list[Difference]] = defaultdict(list)
    for each in differences:
        groups[_shared(each)].append(each)
    portions: list[list[Difference]] = []
    for part in (part for group in groups.values() for part in _cut(group, most)):
        if not portions or len(portions[-1]) + len(part) > most:
            portions.append([])
        portions[-1] += part
    return portions


def _shared(each: Difference) -> Hashable:
    """Return what a thing may have in common with others: its building, or the host and place that make one."""
    if each.together:
        return each.together
    if each.thing is None and each.after.get("latitude") is not None:
        return each.after.get("host"), each.after["latitude"], each.after.get("longitude")
    return each.key


def _cut(group: list[Difference], most: int) -> Iterator[list[Difference]]:
    rest = iter(group)
    while part := list(islice(rest, most)):
        yield part
