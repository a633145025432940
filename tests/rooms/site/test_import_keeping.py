"""How long an import keeps the words of people: sixty days, in which it can be undone."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django_tasks_db.models import DBTaskResult
from tests.rooms.matrix.world import NOW, World, make_world, noon

from meervoud.core.errors import ConflictError
from meervoud.places.models import Space
from meervoud.site.imports.orders import order_undo
from meervoud.site.imports.runs import UNDO_DAYS, forget_old_changes, is_last
from meervoud.site.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with noon():
        return make_world()


def aged(run: ImportRun, days: int) -> ImportRun:
    rows = ImportRun.objects.every(because="test").filter(pk=run.pk)
    rows.update(created_at=NOW - timedelta(days=days))
    return rows.get()


def test_what_an_import_changed_is_kept_for_sixty_days_and_can_be_undone(world: World) -> None:
    run = aged(world.imported, UNDO_DAYS - 1)
    assert forget_old_changes(now=NOW) == 0
    assert is_last(run)
    order_undo(run=run, by=world.people["matchmaker"])
    run.refresh_from_db()
    assert run.state == "undone"


def test_then_it_is_forgotten_and_what_it_wrote_stays(world: World) -> None:
    run = aged(world.imported, UNDO_DAYS + 1)
    thing = run.changes.get().thing
    assert forget_old_changes(now=NOW) == 1
    assert forget_old_changes(now=NOW) == 0
    run = ImportRun.objects.every(because="test").get(pk=run.pk)
    assert (run.state, bytes(run.content), run.changes.count()) == ("confirmed", b"", 0)
    assert Space.objects.every(because="test").filter(pk=thing).exists()
    with pytest.raises(ConflictError):
        order_undo(run=run, by=world.people["matchmaker"])


def test_a_sheet_that_waits_is_not_touched(world: World) -> None:
    run = aged(world.waiting, UNDO_DAYS + 1)
    forget_old_changes(now=NOW)
    assert bytes(ImportRun.objects.every(because="test").get(pk=run.pk).content) != b""


def test_task_rows_are_not_shown_in_the_admin() -> None:
    assert not admin.site.is_registered(DBTaskResult)
