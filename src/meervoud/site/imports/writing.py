"""Writing an import: one portion at a time, then what hangs on all of them."""

from collections.abc import Sequence

from meervoud.site.imports.differences import Difference, Subject
from meervoud.site.imports.ends import tell_the_end
from meervoud.site.imports.holding import Job
from meervoud.site.imports.keeping import CHANGED, GONE, is_kept, keep
from meervoud.site.imports.runs import State, count_again, give_next_number, let_indexes_notice, refresh_statistics
from meervoud.site.imports.space_changes import update_rows
from meervoud.site.models.imports import ImportChange


def write_portion(job: Job) -> None:
    """Write the next portion."""
    with job.hold(State.WRITING) as run:
        changes = list(run.changes.filter(portion=run.portions_written).order_by("created_at", "id"))
        _keep_what_changed(job.writer, changes)
        new = [change for change in changes if change.before is None]
        changed = [change for change in changes if change.before is not None and not is_kept(change)]
        if new:
            job.writer.create({change.thing: _difference(change) for change in new})
        if changed:
            job.writer.change({change.thing: change.after for change in changed})
        update_rows(run.changes.all(), [change for change in changes if is_kept(change)], ["after"])
        run.portions_written += 1
        run.done += len(changes)
        give_next_number(run, [change.thing for change in (*new, *changed)])


def _keep_what_changed(subject: Subject, changes: Sequence[ImportChange]) -> None:
    """Note what somebody changed or removed since the preview: it stays as it is now."""
    there = {change.thing: change for change in changes if change.before is not None}
    stored = {each.id: each.values for each in subject.stored(things=frozenset(there))} if there else {}
    for change in there.values():
        now = stored.get(change.thing)
        if now is None:
            keep(change, GONE)
            continue
        # what another row of the same building has brought about is no change of somebody else
        known = {name: (before, change.after[name]) for name, before in (change.before or {}).items()}
        differing = [name for name, values in known.items() if now.get(name) not in values]
        if differing:
            keep(change, CHANGED, differing)


def _difference(change: ImportChange) -> Difference:
    return Difference(change.key, change.after.get("name", change.key), (), "new", change.thing, None, change.after)


def finish_writing(job: Job) -> None:
    """Bring up to date what hangs on the whole import, and say that it is there."""
    with job.hold(State.WRITING) as run:
        count_again(run)
        if run.kind == "areas":
            let_indexes_notice(run)
        refresh_statistics(run)
        run.state, run.leased_until = State.CONFIRMED, None
        if job.tells:
            tell_the_end(run)
