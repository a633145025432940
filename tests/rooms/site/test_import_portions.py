"""A large sheet is written in portions: killed, cancelled or broken off at any moment, nothing stays half-written."""

import csv
import io
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.rooms.makers import make_matchmaker, make_programme

from meervoud.core.errors import ConflictError
from meervoud.lib.chain import check_chain
from meervoud.lib.models import JournalEntry
from meervoud.lib.stopping import STOP
from meervoud.parties.models import Organisation, OutboxMail, Person, Programme
from meervoud.places.models import Building, Cluster, Space
from meervoud.site.imports import planning, sheets
from meervoud.site.imports.differences import Difference
from meervoud.site.imports.holding import MovedOnError, take
from meervoud.site.imports.orders import cancel_import, confirm_import, order_import, order_undo
from meervoud.site.imports.planning import portions_of
from meervoud.site.imports.runs import preview_of, setting_of, start_import
from meervoud.site.imports.sheets import Kind
from meervoud.site.imports.tasks import pick_up_imports
from meervoud.site.imports.working import work_on
from meervoud.site.imports.writing import write_portion
from meervoud.site.models.imports import ImportChange, ImportRun
from meervoud.site.worker import work_off
from meervoud.supply.actions import change_offered_space
from meervoud.supply.models import Closure, Offer, OpeningPeriod

pytestmark = pytest.mark.django_db
EVERY = {"because": "a test looks at everything"}
ROWS, PORTION = 23, 5


class KilledError(BaseException):
    """The process is gone: nothing may catch this."""


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(planning, "PORTION", PORTION)
    sheets.forget_reading()
    yield
    sheets.forget_reading()
    STOP.clear()


@pytest.fixture
def queue(settings: Any) -> None:  # Any: the fixture of pytest-django
    """Let tasks wait in the database, as they do for people."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def matchmaker(programme: Programme) -> Person:
    return make_matchmaker(programme)


def sheet(rows: int = ROWS, **values: str) -> bytes:
    """Spaces of which every third is in the building of the one before."""
    columns = ["id", "name", "host", "latitude", "longitude", "capacity", "opening_hours", "lend", "closed"]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    for number in range(rows):
        at = number - (number % 3 == 2)
        known = {"host": f"Host {at % 7}", "latitude": f"52.{300 + at}", "longitude": "4.9", "lend": "inside"}
        known |= {"capacity": "20", "opening_hours": "Mo-Fr 09:00-17:00", "closed": "2027-07-12:2027-07-20"}
        writer.writerow({"id": f"S{number}", "name": f"Room {number}", **known, **values})
    return text.getvalue().encode()


def start(
    programme: Programme, by: Person, content: bytes, *, kind: Kind = "spaces"
) -> tuple[ImportRun, Callable[[], ImportRun]]:
    """Give a sheet, and return it with a way to order that it is written."""
    setting = setting_of(programme, by, timezone.now(), timezone.localdate(), online=True)
    run = start_import(setting=setting, kind=kind, name=f"{kind}.csv", content=content, most_rows=None)
    fingerprint = preview_of(run, setting).fingerprint
    return run, lambda: order_import(run=run, setting=setting, fingerprint=fingerprint)


def write(programme: Programme, by: Person, content: bytes) -> ImportRun:
    run, order = start(programme, by, content)
    order()
    work_off()  # where tasks wait
    return fresh(run)


def dies_at(step: int) -> Callable[[], Any]:
    """Return a clock that kills its worker in the middle of a step; the first is the one that takes the import."""
    asked = iter(range(1000))

    def clock() -> Any:
        if next(asked) == step:
            raise KilledError
        return timezone.now()

    return clock


def work_until_killed(run: ImportRun, step: int) -> bool:
    """Work until a step; say whether it came to be killed there."""
    try:
        work_on(run.pk, clock=dies_at(step))
    except KilledError:
        return True
    return False


def fresh(run: ImportRun) -> ImportRun:
    return ImportRun.objects.every(**EVERY).get(pk=run.pk)


def later(minutes: int = 11) -> Any:
    return timezone.now() + timedelta(minutes=minutes)


def written(programme: Programme) -> dict[str, Any]:
    """Everything that a sheet makes, as far as it can be compared between two programmes."""
    offers = Offer.objects.every(**EVERY).filter(programme=programme).select_related("space__building", "host")
    return {
        "spaces": sorted((each.space.source_key, each.space.capacity, each.state, each.host.name) for each in offers),
        "buildings": Building.objects.every(**EVERY).filter(programme=programme).count(),
        "hosts": sorted(
            Organisation.objects.every(**EVERY).filter(partnerships__programme=programme).values_list("name")
        ),
        "periods": OpeningPeriod.objects.every(**EVERY).filter(offer__programme=programme).count(),
        "closures": Closure.objects.every(**EVERY).filter(offer__programme=programme).count(),
        "map": sorted(Cluster.objects.filter(programme=programme, zoom=12).values_list("cell", "points")),
        "atoms": sum(each.space.atoms.count() for each in offers),
    }


NOTHING = {"spaces": [], "buildings": 0, "hosts": [], "periods": 0, "closures": 0, "map": [], "atoms": 0}


def points(programme: Programme) -> int:
    return sum(Cluster.objects.filter(programme=programme, zoom=6).values_list("points", flat=True))


def same_but_for_the_map(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**one, "map": None} == {**other, "map": None}  # public points are blurred by the id of the building


# killed


def test_killed_at_any_step_the_next_worker_goes_on_where_it_stopped(queue: None, matchmaker: Person) -> None:
    in_one_go = make_programme()
    write(in_one_go, make_matchmaker(in_one_go), sheet())
    wanted, ran_out = written(in_one_go), False
    assert len(wanted["spaces"]) == ROWS
    for step in range(1, 40):
        programme = make_programme()
        run, order = start(programme, make_matchmaker(programme), sheet())
        order()
        ran_out = not work_until_killed(run, step)
        if ran_out:
            break
        assert fresh(run).state == "writing"
        assert len(written(programme)["spaces"]) == fresh(run).done
        assert work_on(run.pk) is False, "the worker that died is trusted for a while"
        assert fresh(run).state == "writing"
        assert pick_up_imports(now=timezone.now()) == 0
        assert pick_up_imports(now=later()) == 1
        assert pick_up_imports(now=later()) == 0, "one task is enough"
        work_off()
        assert fresh(run).state == "confirmed", step
        assert same_but_for_the_map(written(programme), wanted), step
        assert points(programme) == ROWS
        assert ImportChange.objects.every(**EVERY).filter(run=run).count() == ROWS
    assert ran_out, "every step was tried"
    assert check_chain().holds


def test_an_undo_killed_at_any_step_goes_on_too(queue: None) -> None:
    for step in range(1, 40):
        programme = make_programme()
        by = make_matchmaker(programme)
        first = write(programme, by, sheet())
        before = written(programme)
        second = write(programme, by, sheet(ROWS + 4, capacity="30", host="Somebody else"))
        assert fresh(second).done == ROWS + 4
        order_undo(run=second, by=by)
        was_killed = work_until_killed(second, step)
        assert was_killed == (fresh(second).state == "undoing")
        pick_up_imports(now=later())
        work_off()
        assert fresh(second).state == "undone", step
        assert same_but_for_the_map(written(programme), before), step
        order_undo(run=first, by=by)
        work_off()
        assert written(programme) == NOTHING
        if not was_killed:
            break
    else:
        pytest.fail("it never came to its end")


def test_a_worker_that_was_only_slow_writes_nothing_after_another_took_over(
    programme: Programme, matchmaker: Person, queue: None
) -> None:
    run, order = start(programme, matchmaker, sheet())
    order()
    assert work_until_killed(run, 6)
    stands = fresh(run).done
    slow = take(run.pk, lambda: later(20), tells=False)
    assert slow is not None
    taken_over = take(run.pk, lambda: later(40), tells=False)
    assert taken_over is not None
    with pytest.raises(MovedOnError):
        write_portion(slow)
    assert slow.look() is None
    assert fresh(run).done == len(written(programme)["spaces"]) == stands
    write_portion(taken_over)  # as a control: the one that has it does write
    assert fresh(run).done == len(written(programme)["spaces"]) > stands


def test_a_sheet_at_which_ten_workers_died_is_taken_back(programme: Programme, matchmaker: Person, queue: None) -> None:
    run, order = start(programme, matchmaker, sheet())
    order()
    for _ in range(10):
        assert work_until_killed(run, 6 if fresh(run).portions is None else 1)
        pick_up_imports(now=later())
    work_on(run.pk)
    assert (fresh(run).state, fresh(run).ending) == ("undone", "fault")
    assert written(programme) == NOTHING


def test_asked_to_stop_a_worker_leaves_the_rest_to_the_next_at_once(
    programme: Programme, matchmaker: Person, queue: None
) -> None:
    run, order = start(programme, matchmaker, sheet())
    order()
    asked = iter(range(1000))

    def clock() -> Any:
        if next(asked) == 6:
            STOP.set()
        return timezone.now()

    assert work_on(run.pk, clock=clock) is True
    assert 0 < fresh(run).done < ROWS
    STOP.clear()
    assert work_on(run.pk) is False
    assert fresh(run).state == "confirmed"
    assert len(written(programme)["spaces"]) == ROWS


# cancelled, or broken off by a fault


def test_cancelled_in_the_middle_everything_is_taken_back(
    client: Client, programme: Programme, matchmaker: Person, queue: None
) -> None:
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    run, order = start(programme, matchmaker, sheet())
    order()
    assert work_until_killed(run, 6)
    assert 0 < len(written(programme)["spaces"]) < ROWS
    assert client.post(f"/imports/{run.pk}/cancel/").status_code == 302
    assert client.post(f"/imports/{run.pk}/cancel/").status_code == 409
    assert "Taking back what was written" in client.get(f"/imports/{run.pk}/").content.decode()
    pick_up_imports(now=later())
    work_off()
    assert (fresh(run).state, fresh(run).ending) == ("undone", "cancelled")
    assert written(programme) == NOTHING
    assert ImportChange.objects.every(**EVERY).filter(thing__in=Space.objects.every(**EVERY).values("pk")).count() == 0
    assert "This import was cancelled" in client.get(f"/imports/{run.pk}/").content.decode()


def test_what_somebody_changed_before_the_cancelling_stays_and_is_named(
    client: Client, programme: Programme, matchmaker: Person, queue: None
) -> None:
    run, order = start(programme, matchmaker, sheet())
    order()
    assert work_until_killed(run, 6)
    offer = Offer.objects.every(**EVERY).select_related("space", "programme").get(space__source_key="S1")
    change_offered_space(offer=offer, by=matchmaker, values={"capacity": 33})
    cancel_import(run=run, by=matchmaker)
    pick_up_imports(now=later())
    work_off()
    assert [key for key, *_ in written(programme)["spaces"]] == ["S1"]
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert page.count("somebody has changed it since") == 1


def test_cancelled_before_a_worker_came_it_ends_at_once(programme: Programme, matchmaker: Person, queue: None) -> None:
    run, order = start(programme, matchmaker, sheet())
    order()
    cancel_import(run=run, by=matchmaker)
    assert (fresh(run).state, fresh(run).ending, bytes(fresh(run).content)) == ("undone", "cancelled", b"")
    work_off()
    assert written(programme) == NOTHING
    assert JournalEntry.objects.filter(thing=run.pk, verb="import.confirmed").count() == 0


def test_a_fault_at_a_later_row_takes_back_the_rows_before_it(
    client: Client, programme: Programme, matchmaker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, order = start(programme, matchmaker, sheet())
    whole, calls = Offer.objects.bulk_create, []

    def broken(rows: list[Offer], **options: Any) -> list[Offer]:
        calls.append(Offer.objects.every(**EVERY).count())
        if len(calls) == 3:
            raise RuntimeError
        return whole(rows, **options)

    monkeypatch.setattr(Offer.objects, "bulk_create", broken)
    order()
    assert calls[-1] > 0, "two portions stood in the tables"
    assert (fresh(run).state, fresh(run).ending) == ("undone", "fault")
    assert written(programme) == NOTHING
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "A fault stopped this import" in client.get(f"/imports/{run.pk}/").content.decode()


def test_where_only_the_database_was_away_the_import_goes_on_later(
    programme: Programme, matchmaker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, order = start(programme, matchmaker, sheet())
    whole, calls = Offer.objects.bulk_create, []

    def away_once(rows: list[Offer], **options: Any) -> list[Offer]:
        calls.append(1)
        if len(calls) == 3:
            raise OperationalError
        return whole(rows, **options)

    monkeypatch.setattr(Offer.objects, "bulk_create", away_once)
    order()
    assert fresh(run).state == "writing"
    assert len(written(programme)["spaces"]) == fresh(run).done > 0
    pick_up_imports(now=later())
    assert fresh(run).state == "confirmed"
    assert len(written(programme)["spaces"]) == ROWS


# somebody else is there too


def test_what_somebody_changes_while_a_sheet_is_written_is_left_to_them(
    client: Client, programme: Programme, matchmaker: Person, queue: None
) -> None:
    write(programme, matchmaker, sheet())
    run, order = start(programme, matchmaker, sheet(capacity="30"))
    order()
    assert work_until_killed(run, 5)
    assert 0 < fresh(run).done < ROWS
    offers = Offer.objects.every(**EVERY).select_related("space", "programme")
    change_offered_space(offer=offers.get(space__source_key="S20"), by=matchmaker, values={"capacity": 77})
    pick_up_imports(now=later())
    work_off()
    capacities = [capacity for _, capacity, *_ in written(programme)["spaces"]]
    assert sorted(capacities) == [30] * (ROWS - 1) + [77]
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert page.count("somebody has changed it since") == 1
    order_undo(run=run, by=matchmaker)
    work_off()
    assert sorted(capacity for _, capacity, *_ in written(programme)["spaces"]) == [20] * (ROWS - 1) + [77]


def test_a_programme_writes_one_sheet_at_a_time(programme: Programme, matchmaker: Person, queue: None) -> None:
    before = write(programme, matchmaker, sheet(1))
    first, order = start(programme, matchmaker, sheet())
    second, order_second = start(programme, matchmaker, sheet(3))
    order()
    order()  # pressing twice is ordering once
    assert DBTaskResult.objects.filter(args_kwargs__args=[str(first.pk)]).count() == 1
    with pytest.raises(ConflictError, match="Another sheet is being imported"):
        order_second()
    with pytest.raises(ConflictError, match="Another sheet is being imported"):
        order_undo(run=before, by=matchmaker)
    with (
        pytest.raises(IntegrityError, match=r"a_programme_writes_one_import_at_a_time|programme_id"),
        transaction.atomic(),
    ):
        ImportRun.objects.every(**EVERY).filter(pk=second.pk).update(state="writing")
    elsewhere = make_programme()
    write(elsewhere, make_matchmaker(elsewhere), sheet(3))
    work_off()
    assert fresh(first).state == "confirmed"
    assert len(written(elsewhere)["spaces"]) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_confirm_at_the_same_moment_one_is_refused_in_a_sentence(queue: None) -> None:
    programme = make_programme()
    matchmaker = make_matchmaker(programme)
    orders = [start(programme, matchmaker, sheet(number))[1] for number in (3, 4)]
    together, said = threading.Barrier(2), list[str]()

    def confirm(order: Callable[[], ImportRun]) -> None:
        together.wait()
        try:
            order()
        except ConflictError as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1
    assert "Another sheet is being imported" in said[0]
    assert DBTaskResult.objects.count() == 1


def test_the_task_row_is_of_the_same_transaction_as_the_order(
    programme: Programme, matchmaker: Person, queue: None
) -> None:
    run, order = start(programme, matchmaker, sheet(3))
    with transaction.atomic():
        order()
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert (fresh(run).state, DBTaskResult.objects.count()) == ("preview", 0)


# what a person sees


def test_the_page_shows_how_far_it_is_and_then_what_it_did(
    client: Client, programme: Programme, matchmaker: Person, queue: None
) -> None:
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    run, order = start(programme, matchmaker, sheet())
    order()
    where = f"/imports/{run.pk}/"
    assert "<progress" in client.get(where).content.decode()
    assert work_until_killed(run, 6)
    page = client.get(where).content.decode()
    assert f'max="{ROWS}" value="{fresh(run).done}"' in page
    for said in ("You can leave this page", "Cancel this import", "Look again", 'hx-trigger="every 1s"'):
        assert said in page
    part = client.get(where, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="progress"')
    assert "Cancel this import" not in part
    assert "is being imported" in client.get("/imports/").content.decode()
    pick_up_imports(now=later())
    work_off()
    assert client.get(where, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "What was written" in client.get(where).content.decode()
    client.post(f"{where}undo/")
    assert "Taking back what was written" in client.get(where).content.decode()
    assert "Cancel this import" not in client.get(where).content.decode()
    work_off()
    assert "all of it was taken back" in client.get(where).content.decode()


def test_somebody_elsewhere_can_neither_watch_nor_cancel_it(client: Client, programme: Programme, queue: None) -> None:
    run, order = start(programme, make_matchmaker(programme), sheet(3))
    order()
    client.force_login(make_matchmaker(make_programme()))
    assert client.get(f"/imports/{run.pk}/").status_code == 404
    assert client.post(f"/imports/{run.pk}/cancel/").status_code == 404
    assert fresh(run).state == "writing"


def test_after_a_large_sheet_the_person_gets_a_mail_and_after_a_small_one_none(
    programme: Programme, matchmaker: Person
) -> None:
    rows = "".join(f"Q{number},Choir {number},12\n" for number in range(501))
    _, order = start(programme, matchmaker, b"id,name,people\nQ,Choir,12\n", kind="requests")
    order()
    assert OutboxMail.objects.every(**EVERY).count() == 0
    run, order = start(programme, matchmaker, f"id,name,people\n{rows}".encode(), kind="requests")
    order()
    mail = OutboxMail.objects.every(**EVERY).get()
    assert mail.to == matchmaker
    assert "requests.csv" in mail.subject
    assert f"/imports/{run.pk}/" in mail.text


def test_a_command_writes_at_once_and_sends_no_mail(programme: Programme, matchmaker: Person, queue: None) -> None:
    setting = setting_of(programme, matchmaker, timezone.now(), timezone.localdate(), online=True)
    run = start_import(setting=setting, kind="spaces", name="a.csv", content=sheet(), most_rows=None)
    with pytest.raises(ConflictError, match="Something changed"):
        confirm_import(run=run, setting=setting, fingerprint="of another preview")
    confirm_import(run=run, setting=setting, fingerprint=preview_of(run, setting).fingerprint)
    assert fresh(run).state == "confirmed"
    assert len(written(programme)["spaces"]) == ROWS
    assert OutboxMail.objects.every(**EVERY).count() == DBTaskResult.objects.count() == 0


# portions


def difference(number: int, **after: object) -> Difference:
    return Difference(f"S{number}", "Room", (number,), "new", None, None, after)


def test_rooms_of_one_building_are_in_one_portion_and_each_is_in_one() -> None:
    rooms = [difference(number, host="H", latitude=52.0 + number % 10, longitude=4.0) for number in range(60)]
    rooms += [difference(number) for number in range(60, 80)]
    portions = portions_of(rooms, 8)
    assert max(map(len, portions)) <= 8
    assert sorted(each.key for portion in portions for each in portion) == sorted(each.key for each in rooms)
    for latitude in range(10):
        of_it = [
            number
            for number, portion in enumerate(portions)
            for each in portion
            if each.after.get("latitude") == 52 + latitude
        ]
        assert len(set(of_it)) == 1
    crowd = [difference(number, host="H", latitude=52.0, longitude=4.0) for number in range(20)]
    assert [len(portion) for portion in portions_of(crowd, 8)] == [8, 8, 4], "but nobody waits for a large one"
    assert portions_of([], 8) == []
