"""Who works at an import: one worker at a time, and only for as long as it is alive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from meervoud.lib.stopping import STOP
from meervoud.site.imports.differences import Setting, Subject
from meervoud.site.imports.runs import State, lock_run, setting_of
from meervoud.site.imports.sheets import kind_of
from meervoud.site.imports.subjects import subject_of
from meervoud.site.models.imports import ImportRun, ImportRunQuerySet

Clock = Callable[[], datetime]
BUSY: Final = (State.WRITING, State.UNDOING)
LEASE: Final = timedelta(minutes=1)  # a portion takes less than a second
LONG_LEASE: Final = timedelta(minutes=10)  # to read a large sheet and compare it
BETWEEN_STEPS: Final = 0.12  # seconds
MOST_ATTEMPTS: Final = 10  # a sheet at which so many workers died is not tried again


class MovedOnError(Exception):
    """The import is no longer where this worker believed it to be: nothing of the step was written."""


@dataclass
class Job:
    """One worker's hold on one import, and what it needs to write it.

    Attributes:
        run: as it was when the worker took it.
        clock: asked at every step.
        tells: whether the person gets a mail at the end; nobody waits at the page of a command.
    """

    run: ImportRun
    clock: Clock
    tells: bool

    @contextmanager
    def hold(self, state: State) -> Iterator[ImportRun]:
        """Lend the import for one step, in one transaction; how far it is is saved with what the step wrote.

        Raises:
            MovedOnError: somebody cancelled it, or another worker took it over.
        """
        with transaction.atomic():
            run = lock_run(self.run)
            if (run.attempt, run.state) != (self.run.attempt, state):
                raise MovedOnError
            run.leased_until = self.clock() + LEASE
            yield run
            run.save()
        _let_others_write()

    def look(self) -> ImportRun | None:
        """Return the import as it stands; None where another worker has it by now."""
        found = _rows().filter(pk=self.run.pk, attempt=self.run.attempt)
        return found.defer("content").first()

    def leave(self) -> None:
        """Let the next worker go on at once."""
        _rows().filter(pk=self.run.pk, attempt=self.run.attempt).update(leased_until=None)

    @cached_property
    def setting(self) -> Setting:
        """For which programme, by whom and when the sheet was confirmed."""
        moment = self.run.confirmed_at or self.clock()
        by, day = self.run.ordered_by, timezone.localdate(moment)
        return setting_of(self.run.programme, by, moment, day, online=self.run.online)

    @cached_property
    def writer(self) -> Subject:
        """What the sheet is about, for writing it."""
        return subject_of(kind_of(self.run.kind), self.setting)

    @cached_property
    def undoer(self) -> Subject:
        """What the sheet is about, for taking it back: nothing goes online by that."""
        return subject_of(kind_of(self.run.kind), replace(self.setting, online=False))


def _let_others_write() -> None:
    """Leave SQLite alone for a moment: who waits for it outside a transaction asks again every tenth of a second."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        STOP.wait(BETWEEN_STEPS)


def take(run_id: UUID, clock: Clock, *, tells: bool) -> Job | None:
    """Take an import to work at it; None where nothing is to be done, or another worker is alive."""
    with transaction.atomic():
        found = _rows().filter(pk=run_id).defer("content").first()
        if found is None:
            return None
        run = lock_run(found)
        moment = clock()
        if run.state not in BUSY or (run.leased_until and run.leased_until > moment):
            return None
        run.attempt += 1
        run.leased_until = moment + (LONG_LEASE if run.portions is None else LEASE)
        if run.state == State.WRITING and run.attempt > MOST_ATTEMPTS:
            turn_back(run, ImportRun.Ending.FAULT)
        run.save()
    return Job(run, clock, tells)


def turn_back(run: ImportRun, ending: ImportRun.Ending) -> None:
    """Let an import that is being written be undone from where it is; what was not written yet is forgotten."""
    run.changes.filter(portion__gte=run.portions_written).delete()
    run.state, run.ending, run.content = State.UNDOING, ending, b""
    run.portions, run.total = run.portions_written, run.done


def left_alone(now: datetime) -> list[ImportRun]:
    """Return the imports that nobody works at, though they are not at their end."""
    died, never_taken = Q(leased_until__lt=now), Q(leased_until__isnull=True, changed_at__lt=now - LEASE)
    return list(_rows().filter(died | never_taken, state__in=BUSY).defer("content"))


def note_picked_up(run: ImportRun, now: datetime) -> bool:
    """Note that a task was written for an import that was left alone; only the first who does so is told yes."""
    same = _rows().filter(pk=run.pk, changed_at=run.changed_at)
    return bool(same.update(changed_at=now, leased_until=None))


def _rows() -> ImportRunQuerySet:
    return ImportRun.objects.every(because="the platform works at it for whoever confirmed it")
