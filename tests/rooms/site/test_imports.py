"""Sheets in: preview, confirm, the same sheet again, undo; every row is accounted for and nothing is written unasked."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from openpyxl import Workbook
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_programme

from meervoud.core.engine.types.requests import Request as EngineRequest
from meervoud.demand.models import Request, RequestRule
from meervoud.files.demo_city import write_demo_city
from meervoud.lib.chain import check_chain
from meervoud.lib.models import JournalEntry
from meervoud.matching.queries import Asked, find_spaces
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.places.models import Building, Cluster, Neighbourhood, Space
from meervoud.site.imports import sheets
from meervoud.site.imports.orders import confirm_import
from meervoud.site.imports.runs import drop_old_imports, preview_of, setting_of, start_import
from meervoud.site.models.imports import ImportRun
from meervoud.supply.actions import change_offered_space
from meervoud.supply.calendar import Span, replace_busy
from meervoud.supply.change_number import current_number
from meervoud.supply.models import Closure, Offer, OpeningPeriod

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
Row = dict[str, str]
EVERY = {"because": "a test looks at everything"}
COUNTS = re.compile(r"(\d+) rows? read = (\d+) new \+ (\d+) changed \+ (\d+) unchanged \+ (\d+) refused")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    sheets._last.clear()
    yield
    sheets._last.clear()


@pytest.fixture
def programme() -> Programme:
    return make_programme(name="Space for All", city="Zilverhaven")


@pytest.fixture
def matchmaker(programme: Programme) -> Person:
    return make_matchmaker(programme)


@pytest.fixture
def staff(client: Client, matchmaker: Person) -> Client:
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def as_csv(rows: list[Row]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def give(staff: Client, content: bytes, *, kind: str = "spaces", name: str = "", online: bool = False) -> Any:
    file = io.BytesIO(content)
    file.name = name or f"{kind}.csv"
    values: dict[str, Any] = {"kind": kind, "file": file, **({"online": "on"} if online else {})}
    return staff.post("/imports/", values)


def started(staff: Client, content: bytes, **options: Any) -> str:
    answer = give(staff, content, **options)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def counts(text: str) -> tuple[int, ...]:
    """Read, new, changed, unchanged, refused, as the page says; they always add up."""
    found = COUNTS.search(text)
    assert found, text
    numbers = tuple(map(int, found.groups()))
    assert numbers[0] == sum(numbers[1:])
    return numbers


def preview(staff: Client, content: bytes, **options: Any) -> tuple[str, tuple[int, ...]]:
    where = started(staff, content, **options)
    return where, counts(staff.get(where).content.decode())


def confirm(staff: Client, where: str) -> Any:
    page = staff.get(where).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(differences|online)" value="([^"]*)"', page))
    return staff.post(f"{where.partition('?')[0]}confirm/", fields)


def do(staff: Client, content: bytes, **options: Any) -> tuple[str, tuple[int, ...]]:
    where, numbers = preview(staff, content, **options)
    answer = confirm(staff, where)
    assert answer.status_code == 302
    return where.partition("?")[0], numbers


def table_counts(*, beside: tuple[str, ...] = ()) -> dict[str, int]:
    """How many rows every table has, but for the import itself, the journal and the session."""
    left_out = {"importrun", "journalentry", "session", *beside}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.model_name not in left_out
    }


def offers() -> Any:
    return Offer.objects.every(**EVERY)


def spaces() -> Any:
    return Space.objects.every(**EVERY)


def requests() -> Any:
    return Request.objects.every(**EVERY)


@pytest.fixture
def city(tmp_path: Path) -> tuple[list[Row], list[Row]]:
    """40 spaces and 180 requests of the demo city, clean."""
    files = write_demo_city(tmp_path, spaces=40)
    with files.spaces.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with files.requests.open(encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    many = [{**asked[number % len(asked)], "id": f"Q{number:03}"} for number in range(180)]
    return rows, many


DANISH = {"capacity": "pladser", "price": "pris", "holidays": "helligdage", "area_m2": "kvm"}


def soiled_spaces(rows: list[Row]) -> list[Row]:
    """The same sheet as it comes in: 6 of its 41 rows cannot be read."""
    dirty = [dict(row) for row in rows]
    dirty[0]["id"] = ""
    dirty[1]["opening_hours"] = "whenever we feel like it"
    dirty[2]["id"] = dirty[3]["id"]  # two different rooms with one number: both are refused
    dirty[4]["area_m2"] = "67,5"
    dirty[5]["name"] += "   "
    dirty[6]["capacity"] = "about forty"
    dirty[7]["price"] = "DKK 50"
    dirty[8]["holidays"] = ""
    dirty.append(dict.fromkeys(dirty[0], ""))
    return [{DANISH.get(name, name): value for name, value in row.items()} for row in dirty]


def soiled_requests(rows: list[Row]) -> list[Row]:
    """9 of the 180 cannot be read: no number, no such day, not this much time, two that say different things."""
    dirty = [dict(row) for row in rows]
    for number, (column, value) in enumerate(
        [("id", ""), ("weekdays", "someday"), ("window", "evening"), ("first", "31-02-2027"), ("budget", "kr 50")]
    ):
        dirty[number * 10][column] = value
    dirty[60]["minutes"], dirty[61]["people"] = "900", "20-10"
    dirty[70]["id"] = dirty[71]["id"]
    return dirty


def test_a_dirty_sheet_of_spaces_is_imported_mended_imported_again_and_undone(
    staff: Client, programme: Programme, city: tuple[list[Row], list[Row]]
) -> None:
    clean, before = city[0], table_counts()
    first, numbers = do(staff, as_csv(soiled_spaces(clean)), online=True)
    assert numbers == (40, 34, 0, 0, 6)
    assert offers().count() == 34
    assert {"published"} == set(offers().values_list("state", flat=True))
    assert spaces().get(source_key="S05").area_m2 == 67.5
    again, numbers = preview(staff, as_csv(soiled_spaces(clean)), online=True)
    assert numbers == (40, 0, 0, 34, 6)
    assert "There is nothing to write." in staff.get(again).content.decode()
    second, numbers = do(staff, as_csv(clean), online=True)
    assert numbers == (40, 6, 2, 32, 0)  # the area, and the holidays that were left empty
    page = staff.get(second).content.decode()
    assert "67.5" in page
    assert offers().count() == 40
    assert staff.post(f"{second}undo/").status_code == 302
    assert offers().count() == 34
    assert spaces().get(source_key="S05").area_m2 == 67.5
    assert staff.post(f"{first}undo/").status_code == 302
    left = table_counts(beside=("importchange", "changenumber"))
    assert left == {name: before[name] for name in left}
    assert check_chain().holds


def test_a_dirty_sheet_of_requests_is_imported_mended_imported_again_and_undone(
    staff: Client, matchmaker: Person, city: tuple[list[Row], list[Row]]
) -> None:
    clean, before = city[1], table_counts()
    first, numbers = do(staff, as_csv(soiled_requests(clean)), kind="requests")
    assert numbers == (180, 171, 0, 0, 9)
    assert set(requests().values_list("state", "asked_by")) == {("open", matchmaker.pk)}
    second, numbers = do(staff, as_csv(clean), kind="requests")
    assert numbers == (180, 9, 0, 171, 0)
    assert RequestRule.objects.every(**EVERY).count() == 180
    mended = [{**row, "people": "5-9", "weekdays": "Mo"} for row in clean]
    third, numbers = do(staff, as_csv(mended), kind="requests")
    assert numbers[2] >= 178
    assert set(requests().values_list("group_min", "group_max")) == {(5, 9)}
    for where in (third, second, first):
        assert staff.post(f"{where}undo/").status_code == 302
    left = table_counts(beside=("importchange",))
    assert left == {name: before[name] for name in left}


def test_nothing_is_written_before_it_is_confirmed(staff: Client, city: tuple[list[Row], list[Row]]) -> None:
    before, number = table_counts(), current_number()
    where = started(staff, as_csv(city[0]), online=True)
    for show in ("new", "changed", "refused", "anything"):
        assert staff.get(f"{where}&show={show}&page=2").status_code == 200
    assert table_counts() == before
    assert staff.post(f"{where.partition('?')[0]}drop/").status_code == 302
    assert table_counts() == before
    assert current_number() == number
    kept = ImportRun.objects.every(**EVERY).get()
    assert (kept.state, bytes(kept.content)) == ("dropped", b"")


def test_confirming_brings_map_search_and_index_up_to_date_and_is_journalled_once(
    staff: Client, programme: Programme, city: tuple[list[Row], list[Row]]
) -> None:
    before = current_number()
    where = started(staff, as_csv(city[0]), online=True)
    confirm(staff, where)
    confirm(staff, where)
    assert current_number() == before + 1
    assert set(offers().values_list("change_number", flat=True)) == {before + 1}
    assert sum(Cluster.objects.filter(zoom=6).values_list("points", flat=True)) == 40
    for row in city[0]:
        found = find_spaces(programme, Asked(EngineRequest(id="search"), words=row["name"]))
        assert row["name"] in {space.name for space in found.spaces}
    assert JournalEntry.objects.filter(verb="import.confirmed").count() == 1
    assert Building.objects.every(**EVERY).filter(public_latitude=None).count() == 0
    assert set(Organisation.objects.every(**EVERY).values_list("verification", flat=True)) == {"verified"}


def test_without_consent_spaces_stay_drafts_of_hosts_that_are_to_be_checked(staff: Client) -> None:
    row = {"id": "A", "name": "Hall", "host": "Church", "latitude": "52.3", "longitude": "4.9", "capacity": "9"}
    sheet = as_csv([{**row, "opening_hours": "Mo-Fr 09:00-17:00", "lend": "inside"}])
    do(staff, sheet)
    assert offers().values_list("state", "host__verification").get() == ("draft", "unverified")
    _, numbers = do(staff, sheet, online=True)
    assert numbers == (1, 0, 1, 0, 0)
    assert offers().values_list("state", "host__verification").get() == ("published", "verified")


def test_what_the_sheet_leaves_empty_is_not_erased_and_is_no_change(staff: Client, matchmaker: Person) -> None:
    do(staff, as_csv([{"id": "A", "name": "Hall", "host": "Church", "latitude": "52.3", "longitude": "4.9"}]))
    offer = offers().get()
    change_offered_space(offer=offer, by=matchmaker, values={"capacity": 30, "facilities": ["kitchen"]})
    _, numbers = preview(staff, as_csv([{"id": "A", "name": "Hall", "host": "", "capacity": "", "facilities": ""}]))
    assert numbers == (1, 0, 0, 1, 0)


def test_a_changed_world_shows_the_new_preview_instead_of_writing(
    staff: Client, programme: Programme, matchmaker: Person
) -> None:
    row = {"id": "A", "name": "Hall", "host": "Church", "latitude": "52.3", "longitude": "4.9", "capacity": "20"}
    do(staff, as_csv([row]))
    where = started(staff, as_csv([{**row, "capacity": "25"}]))
    page = staff.get(where).content.decode()
    fingerprint = re.findall(r'name="differences" value="([^"]+)"', page)[0]
    change_offered_space(offer=offers().get(), by=matchmaker, values={"capacity": 22})
    assert staff.post(f"{where}confirm/", {"differences": fingerprint}).status_code == 302
    text = staff.get(where).content.decode()
    assert "Something changed since you looked" in text
    assert "<del>22</del>" in text
    assert spaces().get().capacity == 22
    now = re.findall(r'name="differences" value="([^"]+)"', text)[0]
    assert staff.post(f"{where}confirm/", {"differences": now}).status_code == 302
    assert spaces().get().capacity == 25


def test_a_fault_in_the_middle_writes_nothing(
    programme: Programme, matchmaker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = setting_of(programme, matchmaker, NOW, TODAY)
    rows = [{"id": "A", "name": "Hall", "host": "Church", "latitude": "52.3", "longitude": "4.9"}]
    run = start_import(setting=setting, kind="spaces", name="a.csv", content=as_csv(rows), most_rows=None)
    shown = preview_of(run, setting)
    before = table_counts()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Offer.objects, "bulk_create", broken)
        with pytest.raises(RuntimeError):
            confirm_import(run=run, setting=setting, fingerprint=shown.fingerprint)
    assert table_counts() == {**before, "supply.ChangeNumber": 1}
    run.refresh_from_db()
    assert (run.state, run.ending) == ("undone", "fault")


def test_rooms_of_one_host_at_one_place_share_a_building_with_its_edges(staff: Client) -> None:
    place = {"host": "School", "latitude": "52.3", "longitude": "4.9", "doors": "Mo-Fr 07:00-22:00"}
    rows = [{"id": "A", **place}, {"id": "B", **place}, {"id": "C", **place, "doors": "Sa 10:00-12:00"}]
    do(staff, as_csv(rows))
    buildings = dict(spaces().values_list("source_key", "building"))
    assert buildings["A"] == buildings["B"] != buildings["C"]
    assert spaces().get(source_key="A").building.doors == "Mo-Fr 07:00-22:00"
    rows[0]["doors"] = "Mo-Fr 06:00-22:00"
    _, numbers = preview(staff, as_csv(rows))
    assert numbers == (3, 0, 0, 2, 1)  # two rows say different things of one building
    rows[1]["doors"] = "Mo-Fr 06:00-22:00"
    _, numbers = do(staff, as_csv(rows))
    assert numbers == (3, 0, 2, 1, 0)


def test_staff_of_another_programme_a_host_and_a_stranger_see_no_imports(
    client: Client, programme: Programme, matchmaker: Person
) -> None:
    host = Person.objects.create_user("host@example.org", name="Hanna")
    make_organisation(programme, member=host)
    other = make_matchmaker(make_programme(is_public=False))
    setting = setting_of(programme, matchmaker, NOW, TODAY)
    run = start_import(setting=setting, kind="spaces", name="a.csv", content=b"id\nA\n", most_rows=None)
    pages = ["/imports/", "/imports/export/spaces.csv", f"/imports/{run.pk}/"]
    posts = ["/imports/", *(f"/imports/{run.pk}/{verb}/" for verb in ("confirm", "drop", "undo"))]
    client.force_login(host)
    assert [client.get(page).status_code for page in pages] == [404] * 3
    assert [client.post(page).status_code for page in posts] == [404] * 4
    client.force_login(other)  # who has a desk of their own
    assert [client.get(page).status_code for page in pages[2:]] == [404]
    assert [client.post(page).status_code for page in posts[1:]] == [404] * 3
    assert "a.csv" not in client.get("/imports/").content.decode()
    client.logout()
    assert [client.get(page).status_code for page in pages] == [302] * 3
    run.refresh_from_db()
    assert run.state == "preview"


def test_undo_keeps_what_somebody_used_or_changed_since(
    staff: Client, programme: Programme, matchmaker: Person
) -> None:
    common = {"latitude": "52.3", "longitude": "4.9", "capacity": "20", "opening_hours": "Mo-Su 08:00-22:00"}
    rows = [{"id": key, "name": f"Room {key}", "host": f"Host {key}", "lend": "inside", **common} for key in "ABCD"]
    do(staff, as_csv(rows), online=True)
    second = [{**row, "capacity": "30", "area_m2": "50"} for row in rows[:2]]
    new = [{**rows[0], "id": key, "name": f"Room {key}", "host": f"Host {key}"} for key in "EFGH"]
    where, numbers = do(staff, as_csv([*second, *new]), online=True)
    assert numbers == (6, 4, 2, 0, 0)
    of = {offer.space.source_key: offer for offer in offers().select_related("space", "programme")}
    change_offered_space(offer=of["A"], by=matchmaker, values={"capacity": 31})
    change_offered_space(offer=of["E"], by=matchmaker, values={"storey": "2"})
    replace_busy(offer=of["F"], spans=[Span(NOW, NOW.replace(hour=14))], by=None, now=NOW)
    assert staff.post(f"{where}undo/").status_code == 302
    left = {space.source_key: (space.capacity, space.area_m2) for space in spaces()}
    assert left == {
        "A": (31, None),
        "B": (20, None),
        "C": (20, None),
        "D": (20, None),
        "E": (20, None),
        "F": (20, None),
    }
    names = set(Organisation.objects.every(**EVERY).values_list("name", flat=True))
    assert names == {f"Host {key}" for key in "ABCDEF"}
    page = staff.get(where).content.decode()
    assert page.count("somebody has changed it since") == 2
    assert page.count("it is in use by now") == 1
    assert "Changed since: most people." in page


def test_undo_leaves_a_host_that_was_there_before(staff: Client, programme: Programme) -> None:
    make_organisation(programme, name="Church")
    where, _ = do(staff, b"id,host,latitude,longitude\nA,church,52.3,4.9\nB,School,52.3,4.9\n")
    staff.post(f"{where}undo/")
    assert Organisation.objects.every(**EVERY).get().name == "Church"


def test_only_the_last_import_can_be_undone(staff: Client) -> None:
    row = {"id": "A", "name": "Hall", "host": "Church", "latitude": "52.3", "longitude": "4.9"}
    first, _ = do(staff, as_csv([row]))
    second, _ = do(staff, as_csv([{**row, "id": "B"}]))
    assert staff.post(f"{first}undo/").status_code == 409
    assert "Undo this import" not in staff.get(first).content.decode()
    assert staff.post(f"{second}undo/").status_code == 302
    assert staff.post(f"{second}undo/").status_code == 409
    assert staff.post(f"{first}undo/").status_code == 302
    assert spaces().count() == 0


def test_a_sheet_that_nobody_confirms_is_forgotten_after_two_weeks(staff: Client) -> None:
    started(staff, b"id\nA\n")
    run = ImportRun.objects.every(**EVERY).get()
    assert drop_old_imports(now=run.created_at + timedelta(days=13)) == 0
    assert drop_old_imports(now=run.created_at + timedelta(days=15)) == 1
    run.refresh_from_db()
    assert (run.state, bytes(run.content)) == ("dropped", b"")


def test_two_numbers_that_differ_by_the_apostrophe_of_an_export_are_one(staff: Client) -> None:
    _, numbers = preview(staff, b"id,host,latitude,longitude\n-1,h,52.3,4.9\n'-1,h,52.3,4.9\n")
    assert numbers == (2, 1, 0, 0, 1)


def test_a_host_moves_with_all_rooms_of_its_building_and_the_map_says_where_it_lies_now(
    staff: Client, programme: Programme
) -> None:
    square = {"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 53], [4, 52]]]}
    box = {"west": 4, "south": 52, "east": 5, "north": 53}
    area = Neighbourhood.objects.create(programme=programme, code="1", name="De Kade", outline=square, **box)
    rows = [{"id": key, "host": "School", "latitude": "50.1", "longitude": "4.9"} for key in "AB"]
    first, _ = do(staff, as_csv(rows))
    moved = [{**row, "host": "Library", "latitude": "52.3"} for row in rows]
    _, numbers = preview(staff, as_csv(moved[:1]))
    assert numbers == (1, 0, 0, 0, 1)  # the other room would keep the host
    second, numbers = do(staff, as_csv(moved))
    assert numbers == (2, 0, 2, 0, 0)
    building = Building.objects.every(**EVERY).get()
    assert (building.host.name, building.neighbourhood) == ("Library", area)
    assert set(offers().values_list("host__name", flat=True)) == {"Library"}
    staff.post(f"{second}undo/")
    building = Building.objects.every(**EVERY).get()
    assert (building.host.name, building.neighbourhood, building.latitude) == ("School", None, 50.1)
    staff.post(f"{first}undo/")
    assert Building.objects.every(**EVERY).count() == Organisation.objects.every(**EVERY).count() == 0


def test_what_a_sheet_says_is_there_is_no_longer_missing_and_too_few_people_are_refused(
    staff: Client, programme: Programme
) -> None:
    make_offer(programme, source_key="A", facilities=[], no_facilities=["kitchen", "lift"], capacity_min=10)
    do(staff, as_csv([{"id": "A", "facilities": "kitchen", "price": "EUR 12.50"}]))
    space = spaces().get()
    assert (space.facilities, space.no_facilities) == (["kitchen"], ["lift"])
    assert offers().values_list("price_kind", "price_cents").get() == ("price", 1250)
    _, numbers = preview(staff, as_csv([{"id": "A", "capacity": "8"}]))
    assert numbers == (1, 0, 0, 0, 1)


def test_an_import_of_which_somebody_removed_a_thing_says_so_at_the_undo(staff: Client) -> None:
    where, _ = do(staff, b"id,name,people\nQ,Choir,12\n", kind="requests")
    requests().all().delete()
    staff.post(f"{where}undo/")
    assert "It was removed since" in staff.get(where).content.decode()


def test_a_sheet_that_was_dropped_or_confirmed_stays_so(
    staff: Client, programme: Programme, matchmaker: Person
) -> None:
    where = started(staff, b"id,host,latitude,longitude\nA,h,52.3,4.9\n")
    fingerprint = re.findall(r'name="differences" value="([^"]+)"', staff.get(where).content.decode())[0]
    staff.post(f"{where}drop/")
    assert staff.post(f"{where}confirm/", {"differences": fingerprint}).status_code == 409
    assert "Nothing was written" in staff.get(where).content.decode()
    confirmed, _ = do(staff, b"id,host,latitude,longitude\nA,h,52.3,4.9\n")
    assert staff.post(f"{confirmed}drop/").status_code == 409
    assert offers().count() == 1


def test_a_number_that_two_spaces_have_is_refused(staff: Client, programme: Programme) -> None:
    host = make_organisation(programme)
    for _ in range(2):
        make_offer(programme, host=host, source_key="A")
    _, numbers = preview(staff, as_csv([{"id": "A", "capacity": "3"}]))
    assert numbers == (1, 0, 0, 0, 1)


def test_seasons_and_closed_days_are_replaced_and_come_back(staff: Client) -> None:
    row = {"id": "A", "name": "Hall", "host": "Church", "latitude": "52.3", "longitude": "4.9", "lend": "inside"}
    summer = {**row, "opening_hours": "Mo 09:00-12:00", "season_first": "2027-06-01", "season_last": "2027-08-31"}
    winter = {**row, "opening_hours": "Tu 09:00-12:00", "season_first": "2027-09-01", "season_last": "2028-05-31"}
    _, numbers = do(staff, as_csv([{**each, "closed": "2027-07-12:2027-07-20"} for each in (summer, winter)]))
    assert numbers == (2, 2, 0, 0, 0)
    assert OpeningPeriod.objects.every(**EVERY).count() == 2
    Closure.objects.create(offer=offers().get(), first=date(2020, 1, 1), last=date(2020, 1, 2))
    where, numbers = do(staff, as_csv([{**row, "opening_hours": "We 09:00-12:00", "closed": "2027-12-24:2028-01-02"}]))
    assert numbers == (1, 0, 1, 0, 0)
    assert list(OpeningPeriod.objects.every(**EVERY).values_list("hours", flat=True)) == ["We 09:00-12:00"]
    assert set(Closure.objects.every(**EVERY).values_list("first", flat=True)) == {date(2020, 1, 1), date(2027, 12, 24)}
    staff.post(f"{where}undo/")
    assert OpeningPeriod.objects.every(**EVERY).count() == 2
    assert set(Closure.objects.every(**EVERY).values_list("first", flat=True)) == {date(2020, 1, 1), date(2027, 7, 12)}


def test_a_workbook_with_formulas_says_which_cell_to_mend(staff: Client) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "navn", "vært", "kapacitet", "breddegrad", "længdegrad"])
    sheet.append(["A", "Sal", "Kirken", "=20+5", 52.3, 4.9])
    sheet.append(["B", "Sal 2", "Kirken", 30, 52.3, 4.9])
    stream = io.BytesIO()
    book.save(stream)
    where, numbers = preview(staff, stream.getvalue(), name="sale.xlsx")
    assert numbers == (2, 1, 0, 0, 1)
    page = staff.get(f"{where}?show=refused").content.decode()
    assert "kapacitet" in page
    assert "formula without a stored result" in page
