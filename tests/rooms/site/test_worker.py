"""Tasks and who does them: what the clock brings, a real worker beside the web, and what happens when it stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.rooms.makers import make_matchmaker, make_offer, make_programme

from meervoud.lib.stopping import STOP
from meervoud.parties.mail import Letter, put_in_outbox
from meervoud.parties.models import OutboxMail, Programme
from meervoud.places.models import Space
from meervoud.site import tasks
from meervoud.site.due import do_what_is_due
from meervoud.site.imports.orders import order_import
from meervoud.site.imports.runs import preview_of, setting_of, start_import
from meervoud.site.models.imports import ImportRun
from meervoud.site.worker import work_off
from meervoud.supply.host_calendars import read_again
from meervoud.supply.models import HostCalendar

EVERY = {"because": "a test looks at everything"}
SECONDS = 60  # until a process that does not answer counts as a fault


@pytest.fixture
def queue(settings: Any) -> Iterator[None]:  # Any: the fixture of pytest-django
    """Let tasks wait in the database, as they do for people."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    yield
    STOP.clear()


def due() -> dict[str, int]:
    return do_what_is_due(now=timezone.now(), today=timezone.localdate())


def states(path: str) -> list[str]:
    return list(
        DBTaskResult.objects.filter(task_path__endswith=path).order_by("enqueued_at").values_list("status", flat=True)
    )


def make_calendar(url: str) -> HostCalendar:
    return HostCalendar.objects.create(offer=make_offer(), url=url)


# what the clock brings


@pytest.mark.django_db
def test_each_calendar_has_a_task_of_its_own_and_only_one(queue: None) -> None:
    calendars = [make_calendar(f"https://localhost/{number}.ics") for number in range(3)]
    assert due()["calendar tasks"] == 3
    assert due()["calendar tasks"] == 0, "they wait already"
    work_off()
    for calendar in calendars:
        calendar.refresh_from_db()
        assert (calendar.fault_code, calendar.read_at is None) == ("url_host", False)
    assert due()["calendar tasks"] == 0, "they are read for this hour"
    HostCalendar.objects.every(**EVERY).update(read_at=timezone.now() - timedelta(hours=2))
    assert due()["calendar tasks"] == 3


@pytest.mark.django_db
def test_one_calendar_that_breaks_its_task_holds_up_no_other(queue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_calendar("https://localhost/1.ics"), make_calendar("https://localhost/2.ics")

    def broken(*, calendar: HostCalendar, **options: Any) -> HostCalendar:
        if calendar.pk == first.pk:
            raise RuntimeError
        return read_again(calendar=calendar, **options)

    monkeypatch.setattr(tasks, "read_again", broken)
    due()
    work_off()
    assert sorted(states("read_calendar")) == ["FAILED", "SUCCESSFUL"]
    second.refresh_from_db()
    assert second.read_at is not None
    assert due()["calendar tasks"] == 0, "the broken one is tried again in an hour"
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=2))
    assert due()["calendar tasks"] == 1


@pytest.mark.django_db
def test_a_calendar_that_its_host_took_away_meanwhile_is_not_read(queue: None) -> None:
    taken_away, now_a_file = make_calendar("https://localhost/1.ics"), make_calendar("https://localhost/2.ics")
    due()
    HostCalendar.objects.every(**EVERY).filter(pk=taken_away.pk).delete()
    HostCalendar.objects.every(**EVERY).filter(pk=now_a_file.pk).update(url="")
    work_off()
    assert states("read_calendar") == ["SUCCESSFUL"] * 2
    now_a_file.refresh_from_db()
    assert now_a_file.read_at is None


@pytest.mark.django_db
def test_mails_that_wait_get_one_task_and_a_lost_one_is_replaced(queue: None) -> None:
    assert due()["mail tasks"] == 0
    letter = Letter("invitation", {"by": "Hanna", "organisation": "The Church", "token": "x"})
    put_in_outbox(address="a@example.org", language="en", letter=letter)
    assert [due()["mail tasks"] for _ in range(2)] == [1, 0]
    lost = DBTaskResult.objects.get()
    lost.claim("a worker that died")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))
    assert due()["mail tasks"] == 1
    work_off()
    assert len(mail.outbox) == 1
    assert OutboxMail.objects.every(**EVERY).filter(sent_at=None).count() == 0
    assert due()["mail tasks"] == 0


@pytest.mark.django_db
def test_the_tick_is_enough_where_no_worker_runs(queue: None, capsys: Any) -> None:
    letter = Letter("invitation", {"by": "Hanna", "organisation": "The Church", "token": "x"})
    put_in_outbox(address="a@example.org", language="en", letter=letter)
    call_command("tick")
    assert "mail tasks: 1" in capsys.readouterr().out
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_rows_of_tasks_are_forgotten_after_a_week_unless_they_wait(queue: None) -> None:
    for _ in range(3):
        tasks.send_mails.enqueue()
    done, waits, _ = DBTaskResult.objects.all()
    done.set_successful(None)
    DBTaskResult.objects.filter(pk__in=[done.pk, waits.pk]).update(enqueued_at=timezone.now() - timedelta(days=8))
    assert due()["tasks forgotten"] == 1
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {TaskResultStatus.READY}


@pytest.mark.django_db
def test_the_watching_machine_is_told_that_tasks_are_late_and_nothing_else(client: Client, queue: None) -> None:
    tasks.send_mails.enqueue()
    assert client.get("/healthz").json()["tasks_late"] is False
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "guard": True, "tasks_late": True}


# a real worker


def environment() -> dict[str, str]:
    """Return what a process needs to work on the database of this test."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return {**os.environ, "DATABASE_URL": f"sqlite:///{said['NAME']}"}
    url = re.sub(r"@([^/]*)/[^?]*", rf"@\1/{said['NAME']}", os.environ["DATABASE_URL"])
    return {**os.environ, "DATABASE_URL": url}


@contextmanager
def worker(*options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "meervoud.site.manage", "work", *options]
    with subprocess.Popen(command, env=environment(), text=True, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < until, "it did not come"
        STOP.wait(0.02)


def order(programme: Programme, rows: int) -> ImportRun:
    content = "id,name,host,latitude,longitude\n" + "".join(
        f"S{number},Room {number},Host {number % 9},52.{1000 + number},4.9\n" for number in range(rows)
    )
    setting = setting_of(programme, make_matchmaker(programme), timezone.now(), timezone.localdate())
    run = start_import(setting=setting, kind="spaces", name="a.csv", content=content.encode(), most_rows=None)
    return order_import(run=run, setting=setting, fingerprint=preview_of(run, setting).fingerprint)


def fresh(run: ImportRun) -> ImportRun:
    return ImportRun.objects.every(**EVERY).get(pk=run.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_sheet_is_followed_by_one_that_writes_the_rest(queue: None) -> None:
    run = order(make_programme(), 2000)
    with worker() as killed:
        wait_for(lambda: fresh(run).portions_written >= 2)
        killed.kill()
        killed.wait(SECONDS)
    stands = fresh(run)
    assert (stands.state, 0 < stands.done < 2000) == ("writing", True)
    assert Space.objects.every(**EVERY).count() == stands.done
    ImportRun.objects.every(**EVERY).update(leased_until=timezone.now() - timedelta(seconds=1))  # a minute later
    with worker("--once") as second:
        assert second.wait(SECONDS) == 0
    assert (fresh(run).state, fresh(run).done) == ("confirmed", 2000)
    keys = Space.objects.every(**EVERY).values_list("source_key", flat=True)
    assert (len(keys), len(set(keys))) == (2000, 2000)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_asked_to_stop_ends_between_two_portions_and_says_so_to_the_next(queue: None) -> None:
    run = order(make_programme(), 2000)
    with worker() as asked:
        wait_for(lambda: fresh(run).portions_written >= 1)
        asked.send_signal(signal.SIGTERM)
        assert asked.wait(SECONDS) == 0
    assert (fresh(run).state, fresh(run).leased_until) == ("writing", None)
    with worker("--once") as second:  # no lease to wait for
        assert second.wait(SECONDS) == 0
    assert fresh(run).state == "confirmed"
    assert Space.objects.every(**EVERY).count() == 2000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_beside_a_process_that_is_gone_ends_by_itself() -> None:
    with worker("--beside", "1") as alone:
        assert alone.wait(SECONDS) == 0


@pytest.mark.slow
def test_the_server_starts_a_worker_and_takes_it_with_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {**os.environ, "MEERVOUD_DATA": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'demo.sqlite3'}"}
    command = [sys.executable, "-m", "meervoud.site.manage"]
    for setting_up in (["migrate", "-v", "0"], ["createcachetable"]):
        subprocess.run([*command, *setting_up], env=own, check=True)
    with subprocess.Popen(
        [*command, "serve", "--port", str(port), "--workers", "1"], env=own, stderr=subprocess.PIPE
    ) as server:
        try:
            wait_for(lambda: is_well(port) and workers_of(server.pid))
            (found,) = workers_of(server.pid)
        finally:
            server.terminate()
        assert server.wait(SECONDS) == 0
    wait_for(lambda: not Path(f"/proc/{found}").exists())


def is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def workers_of(server: int) -> list[int]:
    """Return the processes that a server started to do tasks."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            is_worker = f"\0--beside\0{server}\0" in line.read_text()
        except OSError:
            continue
        if is_worker:
            found.append(int(re.sub(r"\D", "", str(line))))
    return found


@pytest.mark.django_db
def test_one_thing_that_fails_by_the_clock_keeps_no_other_from_being_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(**_: object) -> int:
        raise ValueError("a row that nobody thought of")

    monkeypatch.setattr("meervoud.site.due.expire_proposals", breaks)
    done = do_what_is_due(now=timezone.now(), today=timezone.localdate())
    assert done["proposals expired"] == -1
    assert done["imports picked up"] == 0
    assert "proposals expired" in caplog.text
