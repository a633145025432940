"""Sheets out and in again, hostile files, neighbourhoods and figures, the commands, and how many queries a page needs."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook
from tests.rooms.makers import (
    MONDAY,
    make_building,
    make_matchmaker,
    make_offer,
    make_organisation,
    make_programme,
    make_request,
    make_space,
    weekly,
)

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Weekly, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.demand.models import Request
from meervoud.lib.models import JournalEntry
from meervoud.matching.city_index import city_index
from meervoud.parties.models import Person, Programme
from meervoud.places.models import Building, Indicator, Neighbourhood
from meervoud.site.imports import sheets
from meervoud.site.imports.day_ranges import cut_days, days_outside, join_days
from meervoud.site.models.imports import ImportRun
from meervoud.supply.models import Closure, Offer, OpeningPeriod

pytestmark = pytest.mark.django_db
EVERY = {"because": "a test looks at everything"}
COUNTS = re.compile(r"(\d+) rows? read = (\d+) new \+ (\d+) changed \+ (\d+) unchanged \+ (\d+) refused")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    sheets._last.clear()
    yield
    sheets._last.clear()


@pytest.fixture
def programme() -> Programme:
    return make_programme(slug="zilver", name="Space for All", city="Zilverhaven")


@pytest.fixture
def matchmaker(programme: Programme) -> Person:
    return make_matchmaker(programme)


@pytest.fixture
def staff(client: Client, matchmaker: Person) -> Client:
    client.force_login(matchmaker)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def give(staff: Client, content: bytes, *, kind: str = "spaces", name: str = "sheet.csv") -> Any:
    file = io.BytesIO(content)
    file.name = name
    return staff.post("/imports/", {"kind": kind, "file": file})


def shown(
    staff: Client, content: bytes, *, kind: str = "spaces", name: str = "sheet.csv"
) -> tuple[str, tuple[int, ...]]:
    answer = give(staff, content, kind=kind, name=name)
    assert answer.status_code == 302, answer.content.decode()
    where = str(answer.headers["Location"])
    found = COUNTS.search(staff.get(where).content.decode())
    assert found
    return where, tuple(map(int, found.groups()))


def confirm(staff: Client, where: str) -> None:
    page = staff.get(where).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(differences|online)" value="([^"]*)"', page))
    assert staff.post(f"{where}confirm/", fields).status_code == 302


def make_everything(programme: Programme) -> None:
    """Spaces and requests that use every field that a sheet can hold."""
    area = Neighbourhood.objects.create(
        programme=programme,
        code="1",
        name="De Kade",
        outline={"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 53], [4, 52]]]},
        west=4,
        south=52,
        east=5,
        north=53,
    )
    host = make_organisation(programme, name='=HYPERLINK("x")')
    edges = {"doors": "Mo-Fr 07:00-22:00", "alarm": "Mo-Su 06:00-23:00", "cleaning": "Tu 18:00-19:00"}
    edges |= {"concierge": "Mo 09:00-12:00", "heating": "Mo-Fr 07:00-20:00"}
    building = make_building(programme, host, neighbourhood=area, latitude=52.370216, longitude=4.895168, **edges)
    full = make_space(
        building,
        name="+31 zaal",
        kind="office",
        source_key="-1",
        capacity=24,
        capacity_min=4,
        area_m2=12.125,
        facilities=["toilet", "kitchen"],
        no_facilities=["piano"],
        step_free="limited",
        assumed=["capacity", "time"],
    )
    offer = make_offer(
        programme,
        host=host,
        space=full,
        hours="",
        published=False,
        activities=["meeting", "cooking"],
        no_activities=["alcohol"],
        loudness="talking",
        causes=["music", "language"],
        price_kind="price",
        price_cents=750,
        buffer_minutes=30,
    )
    for first, last, hours in ((date(2027, 1, 1), date(2027, 5, 31), "Mo-Fr 08:00-18:00"), (None, None, "")):
        OpeningPeriod.objects.create(
            offer=offer, hours=hours, lend="outside" if hours else "always", first=first, last=last
        ) if hours else None
    OpeningPeriod.objects.create(
        offer=offer, hours="Sa 10:00-17:00", lend="inside", first=date(2027, 6, 1), last=date(2027, 8, 31)
    )
    for number in range(60):
        day = date(2027, 1 + number % 12, 1 + number // 12 * 3)
        Closure.objects.create(offer=offer, first=day, last=day)
    Closure.objects.create(offer=offer, first=date(2019, 1, 1), last=date(2019, 1, 9))
    Closure.objects.create(offer=offer, first=date(2027, 4, 27), last=date(2027, 4, 28), reason="holiday")
    make_offer(programme, host=host, hours="Fr-Sa 20:00-02:00", name="No number of its own")
    make_offer(programme, price_kind="cost_share", capacity=None, area_m2=80.0, source_key="share")
    make_offer(programme, price_kind="price", price_cents=45000, price_per="month", source_key="month")


def make_every_request(programme: Programme) -> None:
    closed = (DateRange(date(2026, 12, 21), date(2027, 1, 1)),)
    needs = (
        Weekly(
            frozenset({1, 3}),
            Window(1140, 1320),
            90,
            MONDAY,
            8,
            coverage_share=0.75,
            per_week=2,
            same_start=False,
            closed=closed,
            extra=(date(2027, 1, 30),),
        ),
        Dates((date(2027, 2, 1), date(2027, 2, 9)), Window(1320, 1560), 120, 0.5, same_start=True),
        Hours(100, frozenset({0, 6}), Window(540, 1440), 45, MONDAY, 4, 0.9, closed),
        Continuous(date(2027, 3, 1), 40, 0.875),
    )
    group = make_organisation(programme, name="@choir")
    make_request(
        programme,
        needs=needs,
        title="-Sing",
        organisation=group,
        neighbourhood="De Kade",
        latitude=52.3,
        longitude=-0.00004,
        max_metres=1500,
        group_min=5,
        group_max=9,
        area_m2=20.0,
        facilities=["toilet"],
        wishes=["piano"],
        activities=["meal"],
        step_free=True,
        loudness="singing",
        cause="music",
        budget_cents=1050,
        kind_of_activity="learning",
        meets_at_key="S1",
        source_key="=R1",
    )
    make_request(programme, budget_cents=0, group_min=0)
    make_request(programme, needs=(weekly(),), group_min=12, budget_cents=30000, budget_per="month", source_key="R3")
    make_request(programme, needs=(), opened=False, group_max=0, source_key="R4")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("kind", "make", "rows"), [("spaces", make_everything, 5), ("requests", make_every_request, 7)]
)
def test_a_sheet_that_goes_out_comes_in_without_a_difference(
    staff: Client, programme: Programme, kind: str, make: Callable[[Programme], None], rows: int, form: str
) -> None:
    make(programme)
    answer = staff.get(f"/imports/export/{kind}.{form}")
    assert "attachment" in answer.headers["Content-Disposition"]
    where, numbers = shown(staff, answer.content, kind=kind, name=f"out.{form}")
    assert numbers == (rows, 0, 0, rows, 0), re.findall(
        r"(?s)<tr>.*?</tr>|<del>.*?</ins>", staff.get(where).content.decode()
    )
    assert JournalEntry.objects.filter(verb="sheet.exported").count() == 1


def test_no_cell_that_goes_out_runs_as_a_formula(staff: Client, programme: Programme) -> None:
    make_everything(programme)
    text = staff.get("/imports/export/spaces.csv").content.decode("utf-8-sig")
    assert "'+31 zaal" in text
    assert "\"'=HYPERLINK" in text
    sheet = load_workbook(io.BytesIO(staff.get("/imports/export/spaces.xlsx").content)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<" * 400_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "says"),
    [
        (b"a" * (11 * 1024 * 1024), "big.csv", "spaces", "larger than 10 MB"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "page.xlsx", "spaces", "not a readable .xlsx workbook"),
        (b"", "empty.csv", "spaces", "empty"),
        (b"id\nA\n", "sheet.exe", "spaces", "cannot be read here"),
        (b"id\nA\n", "sheet.geojson", "requests", "cannot be read here"),
        (b"{", "map.geojson", "areas", "not readable GeoJSON"),
        (b"[" * 100_000, "map.geojson", "spaces", "not readable GeoJSON"),
        (b"\x00" * 5000, "nul.csv", "spaces", ""),
        (b"foo,bar\n1,2\n", "other.csv", "requests", "foo"),
        (b"code,name\n1,2\n", "figures.csv", "indicators", "These columns are needed"),
    ],
    ids=["large", "html", "empty", "ending", "map", "json", "deep", "nul", "columns", "figures"],
)
def test_a_hostile_or_wrong_file_gets_a_sentence(
    staff: Client, content: bytes, name: str, kind: str, says: str
) -> None:
    answer = give(staff, content, name=name, kind=kind)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert 'id="error-summary"' in text
    assert ImportRun.objects.every(**EVERY).count() == 0


@pytest.mark.slow
def test_a_workbook_that_unfolds_to_more_than_fits_gets_a_sentence(staff: Client) -> None:
    answer = give(staff, zip_bomb(), name="bomb.xlsx")
    assert answer.status_code == 422
    assert "unfolds to more" in answer.content.decode()


def test_nul_bytes_in_a_row_refuse_that_row(staff: Client) -> None:
    content = b"id,name,host,latitude,longitude\nA,Ha\x00ll,Church,52.3,4.9\nB,Room,Church,52.3,4.9\n"
    _, numbers = shown(staff, content)
    assert numbers == (2, 1, 0, 0, 1)


def test_more_rows_than_allowed_are_refused(staff: Client, settings: Any) -> None:
    settings.MOST_IMPORTED_ROWS = 3
    answer = give(staff, b"id\nA\nB\nC\nD\n")
    assert answer.status_code == 422
    assert "more than 3 rows" in answer.content.decode()


def test_texts_that_do_not_fit_a_field_refuse_their_row(staff: Client) -> None:
    long = "x" * 121
    rows = [f"{long},a,h", f"A,{long},h", f"B,b,{'h' * 161}", "C,c,", "D,d,h"]
    where, numbers = shown(staff, "\n".join(["id,name,host", *rows]).encode())
    assert numbers == (5, 1, 0, 0, 4)
    page = staff.get(f"{where}?show=refused").content.decode()
    assert page.count("and only 1") == 3
    assert "does not say who lends the space" in page


def test_money_of_another_country_and_a_place_nowhere_refuse_their_row(staff: Client) -> None:
    rows = ["A,h,DKK 50,,52.3,4.9", "B,h,,Atlantis,,", "C,h,free,Atlantis,52.3,4.9"]
    where, numbers = shown(staff, "\n".join(["id,host,price,neighbourhood,latitude,longitude", *rows]).encode())
    assert numbers == (3, 1, 0, 0, 2)
    page = staff.get(f"{where}?show=refused").content.decode()
    assert "counts in EUR" in page
    assert "Atlantis" in page


def areas(needs: float = 0.8) -> bytes:
    outline = [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 53.0], [4.0, 52.0]]]
    features = [
        {
            "type": "Feature",
            "properties": {"name": "De Kade", "code": "K1", "need_language": needs},
            "geometry": {"type": "Polygon", "coordinates": outline},
        },
        {
            "type": "Feature",
            "properties": {"name": "water", "kind": "water"},
            "geometry": {"type": "Polygon", "coordinates": [[[6, 52], [7, 52], [7, 53], [6, 52]]]},
        },
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_neighbourhoods_are_imported_changed_and_undone_and_take_in_what_lies_in_them(
    staff: Client, programme: Programme
) -> None:
    offer = make_offer(programme)
    where, numbers = shown(staff, areas(), kind="areas", name="areas.geojson")
    assert numbers == (2, 2, 0, 0, 0)
    confirm(staff, where)
    assert Neighbourhood.objects.get(code="K1").needs == {"language": 8000}
    assert Building.objects.every(**EVERY).get(pk=offer.space.building_id).neighbourhood is not None
    second, numbers = shown(staff, areas(0.4), kind="areas", name="areas.geojson")
    assert numbers == (2, 0, 1, 1, 0)
    confirm(staff, second)
    assert Neighbourhood.objects.get(code="K1").needs == {"language": 4000}
    staff.post(f"{second}undo/")
    assert Neighbourhood.objects.get(code="K1").needs == {"language": 8000}
    staff.post(f"{where}undo/")
    assert Neighbourhood.objects.count() == 0
    assert Building.objects.every(**EVERY).get(pk=offer.space.building_id).neighbourhood is None


def test_every_process_notices_what_neighbourhoods_need_since_an_import(staff: Client, programme: Programme) -> None:
    make_offer(programme)
    with city_index(programme) as known:
        assert dict(known.index.cause_needs) == {}
    # here nothing is committed, so nobody forgets an index: as in a process that did not write the sheet
    confirm(staff, shown(staff, areas(), kind="areas", name="areas.geojson")[0])
    with city_index(programme) as known:
        assert dict(known.index.cause_needs) == {("De Kade", "language"): 8000}


def test_figures_about_neighbourhoods_are_imported_by_code_name_and_year(staff: Client) -> None:
    confirm(staff, shown(staff, areas(), kind="areas", name="areas.geojson")[0])
    head = "code,name,year,value,unit,source\n"
    rows = ["K1,lonely,2025,12.5,%,CBS", "K1,lonely,2025,13,%,CBS", "X,lonely,2025,1,%,CBS", "K1,lonely,soon,1,%,CBS"]
    sheet = head + "\n".join([*rows, "K1,vacant,2025,0,m2,", "K1,vacant,2025,0,m2,own count"])
    where, numbers = shown(staff, sheet.encode(), kind="indicators")
    assert numbers == (6, 2, 0, 0, 4)
    confirm(staff, where)
    again = sheet.replace("12.5", "11.5")
    second, numbers = shown(staff, again.encode(), kind="indicators")
    assert numbers == (6, 0, 1, 1, 4)
    confirm(staff, second)
    assert Indicator.objects.get(name="lonely").value == 11.5
    staff.post(f"{second}undo/")
    assert Indicator.objects.get(name="lonely").value == 12.5
    staff.post(f"{where}undo/")
    assert Indicator.objects.count() == 0


def test_a_map_of_points_is_a_sheet_of_spaces(staff: Client) -> None:
    feature = {
        "type": "Feature",
        "properties": {"id": "A", "name": "Hall", "host": "Church"},
        "geometry": {"type": "Point", "coordinates": [4.9, 52.3]},
    }
    where, numbers = shown(
        staff, json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), name="spaces.geojson"
    )
    assert numbers == (1, 1, 0, 0, 0)
    confirm(staff, where)
    assert Offer.objects.every(**EVERY).get().space.building.longitude == 4.9


def many(number: int) -> bytes:
    rows = [f"S{each},Room {each},Host {each % 7},52.3,4.9,{each + 1}" for each in range(number)]
    return "\n".join(["id,name,host,latitude,longitude,capacity", *rows, *(f"X{row},,,,," for row in rows)]).encode()


@pytest.mark.parametrize("number", [12, 230])
def test_a_page_needs_as_many_queries_for_many_rows_as_for_few(
    staff: Client, programme: Programme, number: int, django_assert_max_num_queries: Any
) -> None:
    where, _ = shown(staff, many(number))
    confirm(staff, where)
    changed = many(number).replace(b",52.3,", b",52.4,")
    second, numbers = shown(staff, changed)
    assert numbers[2] > 0
    for page in (second, f"{second}?show=refused&page=2", where, "/imports/"):
        sheets._last.clear()
        with django_assert_max_num_queries(22):
            assert staff.get(page).status_code == 200
    text = staff.get(second).content.decode()
    assert ("Page 1 of" in text) == (number > 100)


def test_the_commands_show_write_and_give_back(
    programme: Programme, matchmaker: Person, tmp_path: Path, capsys: Any
) -> None:
    sheet, out = tmp_path / "spaces.csv", tmp_path / "out.xlsx"
    sheet.write_text("id,name,host,latitude,longitude,capacity\nA,Hall,Church,52.3,4.9,20\nB,Room,,,,\n")
    options = {"programme": "zilver", "by": str(matchmaker.email), "kind": "spaces"}
    call_command("import_sheet", sheet, **options)
    assert "2 rows read = 1 new + 0 changed + 0 unchanged + 1 refused" in capsys.readouterr().out
    assert Offer.objects.every(**EVERY).count() == ImportRun.objects.every(**EVERY).count() == 0
    call_command("import_sheet", sheet, **options, yes=True)
    sheet.write_text("id,capacity\nA,25\n")
    call_command("import_sheet", sheet, **options)
    assert "20 -> 25" in capsys.readouterr().out
    call_command("export_sheet", programme="zilver", kind="spaces", out=out)
    call_command("import_sheet", out, **options)
    assert "1 row" in capsys.readouterr().out
    for wrong in ({"programme": "nowhere"}, {"by": "stranger@example.org"}):
        with pytest.raises(CommandError):
            call_command("import_sheet", sheet, **{**options, **wrong})
    with pytest.raises(CommandError):
        call_command("import_sheet", tmp_path / "none.csv", **options)
    for name in ("out.pdf", "missing/out.csv"):
        with pytest.raises(CommandError):
            call_command("export_sheet", programme="zilver", kind="requests", out=tmp_path / name)


def test_days_are_joined_cut_and_left_over() -> None:
    def days(first: int, last: int) -> DateRange:
        return DateRange(date(2027, 1, first), date(2027, 1, last))

    assert join_days([days(5, 6), days(1, 2), days(3, 3), days(6, 9)]) == [days(1, 3), days(5, 9)]
    assert cut_days([days(1, 9), days(20, 21)], days(4, 12)) == [days(4, 9)]
    assert days_outside([days(1, 9), days(20, 21)], days(4, 12)) == [days(1, 3), days(20, 21)]


def test_a_request_keeps_its_asker_and_needs_through_a_change(staff: Client, programme: Programme) -> None:
    make_request(programme, source_key="R1", title="Choir")
    before = Request.objects.every(**EVERY).get()
    where, numbers = shown(staff, b"id,name,people\nR1,Choir of all,30\n", kind="requests")
    assert numbers == (1, 0, 1, 0, 0)
    confirm(staff, where)
    after = Request.objects.every(**EVERY).get()
    assert (after.title, after.group_max, after.asked_by) == ("Choir of all", 30, before.asked_by)
    assert after.rules.count() == 1


def test_a_cell_too_long_for_a_workbook_gets_a_sentence(staff: Client, programme: Programme) -> None:
    offer = make_offer(programme)
    Closure.objects.bulk_create(
        [Closure(offer=offer, first=day, last=day) for day in map(date.fromordinal, range(730_000, 734_000, 2))]
    )
    assert staff.get("/imports/export/spaces.csv").status_code == 200
    answer = staff.get("/imports/export/spaces.xlsx")
    assert answer.status_code == 400
    assert "Take the file as CSV" in answer.content.decode()
