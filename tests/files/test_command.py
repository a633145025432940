"""The command as a matchmaker types it: what it prints, writes, refuses, and with which exit code it ends."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from meervoud.cli import main
from meervoud.files.output.result_file import read_json
from meervoud.files.wording.language import LANGUAGES

ESCAPE = "\x1b"


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city; no test writes into it."""
    folder = tmp_path_factory.mktemp("city")
    assert main(["demo", str(folder)]) == 0
    return folder


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def files_of(city: Path) -> tuple[Path, Path]:
    return city / "spaces.csv", city / "requests.csv"


def change_request(city: Path, folder: Path, number: int, **values: str) -> Path:
    """Write the first six requests with some cells of one changed."""
    with (city / "requests.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:6]
    rows[number].update(values)
    path = folder / "changed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_match_shows_proposals_and_the_sums_of_the_files(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("match", *files_of(city), "--bookings", city / "bookings.ics", "--areas", city / "areas.geojson") == 0
    said = capsys.readouterr()
    for words in ("60 rows read = 60 taken + 0 refused", "40 rows read = 40 taken", "R01", "Proposals", "● fits"):
        assert words in said.out
    assert ESCAPE not in said.out + said.err
    assert said.err == ""


def test_match_writes_every_form_at_once(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / f"out{ending}" for ending in (".csv", ".xlsx", ".json", ".geojson", ".html")]
    out = [part for path in paths for part in ("--out", path)]
    assert run("match", *files_of(city), *out) == 0
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    assert all(path.stat().st_size > 1000 for path in paths)
    assert capsys.readouterr().out.count("Written:") == 5
    assert len(read_json(paths[2]).requests) == 40


@pytest.mark.slow
def test_the_same_files_give_the_same_results_byte_for_byte(city: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        out = [tmp_path / name / f"out{ending}" for ending in (".csv", ".xlsx", ".json", ".geojson", ".html")]
        flags = [part for path in out for part in ("--out", path)]
        assert run("match", *files_of(city), "--bookings", city / "bookings.ics", "--lang", "nl", *flags) == 0
    for ending in ("csv", "json", "geojson", "html"):
        one, two = (tmp_path / name / f"out.{ending}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    books = [load_workbook(tmp_path / name / "out.xlsx").active for name in ("one", "two")]
    cells = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in books]
    assert cells[0] == cells[1]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_city_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert run("demo", tmp_path / name, "--seed", seed) == 0
    written = {name: [path.read_bytes() for path in sorted((tmp_path / name).iterdir())] for name in "abc"}
    assert len(written["a"]) == 6
    assert written["a"] == written["b"]
    assert written["a"] != written["c"]


def test_with_json_only_json_is_on_the_output(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spaces, requests = files_of(city)
    free = ("free", spaces, "--between", "18:00-22:00", "--minutes", "180", "--first", "2027-01-04")
    for arguments in (("match", spaces, requests), free, ("check", requests)):
        assert run(*arguments, "--json") == 0
        said = capsys.readouterr()
        assert json.loads(said.out)
        assert ESCAPE not in said.out + said.err
    assert run("match", spaces, requests, "--json", "--top", 1) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["result"]["top"] == 1
    assert "60 rows read" in said.err


def test_explain_says_everything_about_one_request(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", city / "result.json", "R01") == 0
    said = capsys.readouterr().out
    for words in ("R01 Taalcafé Welkom", "18 people at most", "spaces fit", "1. S", "time ", "What excluded how many"):
        assert words in said
    assert ESCAPE not in said
    assert "%(" not in said


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_request_is_explained_in_every_language(city: Path, capsys: pytest.CaptureFixture[str], code: str) -> None:
    for request in read_json(city / "result.json").requests[::6]:
        assert run("explain", city / "result.json", request.id, "--lang", code) == 0
    assert "%(" not in capsys.readouterr().out


def test_free_lists_the_earliest_space_first(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spaces, _ = files_of(city)
    asked = ("--between", "18:00-22:00", "--minutes", "3 h", "--first", "2027-01-04", "--weekdays", "Tu,We")
    assert run("free", spaces, *asked, "--bookings", city / "bookings.ics", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    days = [each["day"] for each in found if each["day"]]
    assert len(found) == 60
    assert days == sorted(days)
    assert days[0] == "2027-01-05"
    assert run("free", spaces, *asked, "--show", 2) == 0
    assert "and 58 more" in capsys.readouterr().out


def test_free_of_no_spaces_is_an_empty_list(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = header_only(city / "spaces.csv", tmp_path)
    assert run("free", header, "--between", "18:00-22:00", "--minutes", "60", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("spaces.csv", "spaces"), ("requests.csv", "requests"), ("bookings.ics", "calendar"), ("areas.geojson", "areas")],
)
def test_check_sees_what_a_file_is(city: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    assert run("check", city / name, "--first", "2027-01-04", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["kind"] == kind
    assert said["read"] == said["taken"] + said["refused"] > 0
    assert run("check", city / name, "--first", "2027-01-04") == 0
    assert f"Read as: {kind}" in capsys.readouterr().out


def make_extract(folder: Path, name: str = "extract.geojson") -> Path:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.9, 52.37]}, "properties": each}
        for each in (
            {"osm": "node/1", "name": "Library", "amenity": "library", "footprint_m2": 300},
            {"osm": "node/2", "name": "Association", "office": "association", "footprint_m2": 300},
            {"osm": "node/3", "name": "Bench", "amenity": "bench"},
        )
    ]
    (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return folder / name


def test_scout_lists_places_and_says_what_is_assumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract = make_extract(tmp_path)
    assert run("scout", extract, "--out", tmp_path / "leads.csv") == 3  # the bench is refused
    said = capsys.readouterr().out
    assert "3 rows read = 2 taken + 1 refused" in said
    assert "Share assumed" in said
    assert run("check", tmp_path / "leads.csv") == 0
    capsys.readouterr()
    assert run("scout", extract, "--json") == 3
    assert json.loads(capsys.readouterr().out)["refused"] == 1


def test_an_extract_gives_spaces_and_requests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract = make_extract(tmp_path)
    ask = "weekdays=Tu,Th window=18:00-22:00 minutes=120 people=8 max_metres=800"
    from_osm = ("--spaces-from", "osm", "--requests-from", "osm", "--ask", ask, "--weeks", 6, "--first", "2026-12-09")
    assert run("match", extract, extract, *from_osm, "--json") == 3
    said = json.loads(capsys.readouterr().out)
    assert [request["id"] for request in said["requests"]] == ["node/2"]
    assert said["result"]["grid"] == {"monday": "2026-12-07", "weeks": 7, "zone": "Europe/Amsterdam"}


def test_a_calendar_without_places_takes_time_of_the_space_that_is_named(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a//b//EN", "BEGIN:VEVENT", "UID:1"]
    lines += ["DTSTART:20270105T000000", "DTEND:20270301T000000", "END:VEVENT", "END:VCALENDAR", ""]
    (tmp_path / "a=b.ics").write_text("\r\n".join(lines), "utf-8", newline="")
    asked = ("--between", "18:00-22:00", "--minutes", "60", "--first", "2027-01-05", "--json")
    spaces, _ = files_of(city)

    def first_day_of_hall(*bookings: object) -> tuple[int, str]:
        code = run("free", spaces, *asked, *bookings)
        return code, {each["space_id"]: each["day"] for each in json.loads(capsys.readouterr().out)}["S01"]

    assert first_day_of_hall() == (0, "2027-01-05")
    assert first_day_of_hall("--bookings", f"{tmp_path / 'a=b.ics'}=S01") == (0, "2027-03-01")
    # a file with "=" in its name is a file, and an event without a place is refused
    assert first_day_of_hall("--bookings", tmp_path / "a=b.ics") == (3, "2027-01-05")


def test_files_without_rows_give_a_result_without_proposals(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spaces, requests = files_of(city)
    no_requests = header_only(requests, tmp_path)
    assert run("match", spaces, no_requests, "--out", tmp_path / "out.html", "--out", tmp_path / "out.xlsx") == 0
    no_spaces = header_only(spaces, tmp_path)
    assert run("match", no_spaces, requests, "--out", tmp_path / "out.json") == 0
    answers = read_json(tmp_path / "out.json").result.answers
    assert len(answers) == 40
    assert not any(answer.proposals for answer in answers)


def header_only(path: Path, folder: Path) -> Path:
    short = folder / f"header-{path.name}"
    short.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    return short


@pytest.mark.parametrize(
    "values",
    [
        {"first": "2031-01-06"},
        {"first": "2019-01-07"},
        {"weeks": "106"},
        {"first": "9999-12-30"},
        {"first": "0001-01-01"},
        {"weeks": "99999"},
    ],
    ids=lambda values: "-".join(values.values()),
)
def test_a_request_that_cannot_be_planned_stops_no_other(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], values: dict[str, str]
) -> None:
    requests = change_request(city, tmp_path, 2, **values)
    assert run("match", city / "spaces.csv", requests, "--out", tmp_path / "out.json") == 3
    assert [request.id for request in read_json(tmp_path / "out.json").requests] == ["R01", "R02", "R04", "R05", "R06"]
    said = capsys.readouterr().out
    assert "6 rows read = 5 taken + 1 refused" in said
    assert "changed.csv, row 4" in said


def test_fewer_weeks_than_are_asked_refuse_the_requests_one_by_one(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("match", *files_of(city), "--weeks", 5) == 3
    said = capsys.readouterr().out
    assert "40 rows read = 2 taken + 38 refused" in said
    assert "requests.csv, row 2: 'R01' The day 2027-02-09 lies outside the weeks that are searched" in said


def test_closed_days_without_a_year_count_in_every_year_that_is_searched(tmp_path: Path) -> None:
    (tmp_path / "spaces.csv").write_text("id,opening_hours,closed\nS1,Mo-Su 08:00-23:00,07:08\nS2,Mo-Su 08:00-23:00,\n")
    (tmp_path / "requests.csv").write_text(
        "id,weekdays,window,minutes,first,weeks\nR1,Tu,19:00-22:00,120,2029-07-03,4\n"
    )
    assert run("match", *files_of(tmp_path), "--out", tmp_path / "out.json") == 0
    answer = read_json(tmp_path / "out.json").result.answers[0]
    assert [proposal.space_id for proposal in answer.proposals] == ["S2"]


def test_closed_days_without_a_year_count_for_given_dates_too(tmp_path: Path) -> None:
    (tmp_path / "spaces.csv").write_text("id,opening_hours\nS1,Mo-Su 08:00-23:00\n")
    (tmp_path / "requests.csv").write_text(
        "id,dates,window,closed\nR1,2029-06-05; 2029-07-03; 2029-09-04,19:00-22:00,07:08\n"
    )
    assert run("match", *files_of(tmp_path), "--out", tmp_path / "out.json") == 0
    proposal = read_json(tmp_path / "out.json").result.answers[0].proposals[0]
    assert [moment.day.month for moment in proposal.patterns[0].moments] == [6, 9]


def test_a_cafe_or_place_that_is_there_twice_is_refused_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cafe = {
        "name": "Café",
        "slug": "cafe",
        "rrule": ["FREQ=WEEKLY;BYDAY=SA"],
        "startTime": ["10:00"],
        "endTime": ["13:00"],
    }
    (tmp_path / "cafes.json").write_text(json.dumps([cafe, cafe]), "utf-8")
    extract = make_extract(tmp_path)
    content = json.loads(extract.read_text("utf-8"))
    content["features"].insert(0, content["features"][2])  # the bench, refused, before a place that is there twice
    content["features"].append(content["features"][1])
    extract.write_text(json.dumps(content), "utf-8")
    from_elsewhere = ("--spaces-from", "osm", "--requests-from", "repair-cafes", "--first", "2026-12-07")
    assert run("match", extract, tmp_path / "cafes.json", *from_elsewhere) == 3
    said = capsys.readouterr().out
    assert "2 rows read = 1 taken + 1 refused" in said
    assert "The id cafe is there twice" in said
    assert "row 5: 'Library' The id node/1 is already in row 2" in said


def test_an_area_whose_need_cannot_be_read_is_refused_alone(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = {"type": "Polygon", "coordinates": [[[4, 53], [5, 53], [5, 54], [4, 53]]]}
    properties = [
        {"name": "East", "need_language": 0.8, "need_repair": 0, "need_music": ""},
        {"name": "West", "need_language": "a lot"},
        {"name": "North", "need_unheard_of": 0.5},
    ]
    features = [{"type": "Feature", "properties": each, "geometry": shape} for each in properties]
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert run("match", *files_of(city), "--areas", tmp_path / "areas.geojson") == 3
    assert "3 rows read = 1 taken + 2 refused" in capsys.readouterr().out


def bad_runs(city: Path, folder: Path) -> dict[str, Sequence[object]]:
    spaces, requests = files_of(city)
    (folder / "empty.csv").write_bytes(b"")
    (folder / "empty.ics").write_bytes(b"")
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (folder / "binary.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
    (folder / "weights.toml").write_text("[parts]\n")
    (folder / "deep.toml").write_text("x = " + "[" * 20_000)
    (folder / "deep.geojson").write_text("[" * 100_000)
    (folder / "odd.geojson").write_text('{"features": [1, null, {"geometry": 3}, {"properties": [1]}]}')
    (folder / "folder.csv").mkdir()
    match, free = ("match", spaces, requests), ("free", spaces, "--between", "18:00-22:00", "--minutes")
    return {
        "no such spaces": ("match", folder / "no.csv", requests),
        "no such requests": ("match", spaces, folder / "no.csv"),
        "spaces are a folder": ("match", folder, requests),
        "requests are a folder": ("match", spaces, folder),
        "binary spaces": ("match", folder / "binary.csv", requests),
        "binary requests": ("match", spaces, folder / "binary.csv"),
        "binary workbook": ("match", folder / "binary.xlsx", requests),
        "empty spaces": ("match", folder / "empty.csv", requests),
        "empty requests": ("match", spaces, folder / "empty.csv"),
        "empty calendar": (*match, "--bookings", folder / "empty.ics"),
        "no such calendar": (*match, "--bookings", f"{folder / 'no.ics'}=S01"),
        "calendar of no space": (*match, "--bookings", f"{city / 'bookings.ics'}=S999"),
        "table as calendar": (*match, "--bookings", spaces),
        "broken weights": (*match, "--weights", folder / "weights.toml"),
        "endless weights": (*match, "--weights", folder / "deep.toml"),
        "binary weights": (*match, "--weights", folder / "binary.csv"),
        "folder as weights": (*match, "--weights", folder),
        "1,000 weeks": (*match, "--weeks", 1000),
        "endless weeks": (*match, "--weeks", 10**30),
        "a first day that is none": (*match, "--first", "31-31-2026"),
        "a first day too late": (*match, "--first", "9999-12-31"),
        "ask without a value": (*match, "--ask", "weekdays"),
        "ask with a wrong value": (*match, "--ask", "weekdays=Noday"),
        "ask with an open quotation": (*match, "--ask", 'name="'),
        "ask for what does not exist": (*match, "--ask", "colour=blue"),
        "a zone that is none": (*match, "--zone", "Mars/Olympus"),
        "a zone outside": (*match, "--zone", "../../etc/passwd"),
        "areas that are a table": (*match, "--areas", spaces),
        "areas without end": (*match, "--areas", folder / "deep.geojson"),
        "a mapping without end": (*match, "--spaces-mapping", folder / "deep.toml"),
        "a field that is none": (*match, "--requests-column", "colour=name"),
        "a column that is none": (*match, "--spaces-column", "capacity=Seats"),
        "an ending that is none": (*match, "--out", folder / "out.doc"),
        "a folder that is none": (*match, "--out", folder / "nowhere" / "out.csv"),
        "a folder as output": (*match, "--out", folder / "folder.csv"),
        "a table as extract": (*match, "--spaces-from", "osm"),
        "a table as repair cafes": (*match, "--requests-from", "repair-cafes"),
        "odd points": ("match", folder / "odd.geojson", requests),
        "no such result": ("explain", folder / "no.json", "R01"),
        "a table as result": ("explain", spaces, "R01"),
        "no such request": ("explain", city / "result.json", "R99"),
        "free, longer than the window": (*free, "600"),
        "free, no length": (*free, "soon"),
        "free, ends before it begins": (*free, "60", "--first", "2027-02-01", "--until", "2027-01-01"),
        "free, no weekday": (*free, "60", "--weekdays", "Noday"),
        "check a folder": ("check", folder),
        "check nothing": ("check", folder / "empty.ics"),
        "check odd points": ("check", folder / "odd.geojson"),
        "check too late": ("check", city / "bookings.ics", "--first", "9999-12-31"),
        "scout a table": ("scout", spaces),
        "scout to a workbook": ("scout", make_extract(folder), "--out", folder / "leads.xlsx"),
        "scout to nowhere": ("scout", make_extract(folder), "--out", folder / "nowhere" / "leads.csv"),
        "scout to a folder": ("scout", make_extract(folder), "--out", folder / "folder.csv"),
        "a demo in a file": ("demo", folder / "weights.toml"),
        "a demo in no land": ("demo", folder / "demo", "--areas", folder / "odd.geojson"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    for name, arguments in bad_runs(city, tmp_path).items():
        assert (name, run(*arguments, "--lang", code)) == (name, 4)
        said = capsys.readouterr().err.strip()
        assert said.endswith("."), name
        assert "%(" not in said, name
        assert "Traceback" not in said, name
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".", "out", "leads"))]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["match"],
        ["match", "a.csv", "b.csv", "--weeks", "0"],
        ["match", "a.csv", "b.csv", "--weeks", "many"],
        ["match", "a.csv", "b.csv", "--top", "-1"],
        ["match", "a.csv", "b.csv", "--spaces-from", "thin air"],
        ["match", "a.csv", "b.csv", "--nonsense"],
        ["explain", "a.json"],
        ["free", "a.csv"],
        ["check", "a.csv", "--as", "poem"],
        ["demo", "folder", "--spaces", "0"],
        ["demo", "folder", "--seed", "lucky"],
    ],
    ids=" ".join,
)
def test_a_command_written_wrongly_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--lang", code, *arguments])
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "meervoud" in said.err


def test_spaces_given_as_requests_are_refused_row_by_row_or_ask_nothing(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spaces, requests = files_of(city)
    assert run("match", spaces, spaces) == 3
    assert run("match", requests, requests) == 3
    assert "40 rows read = 0 taken + 40 refused" in capsys.readouterr().out


def test_names_from_files_do_not_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "\x1b[31m\x1b]0;title\x07[bold]Room[/bold] :smile: \x9b31m"
    (tmp_path / "spaces.csv").write_text(f"id,name,opening_hours\nS1,{name},Mo-Su 08:00-23:00\n", "utf-8")
    (tmp_path / "requests.csv").write_text(
        f"id,name,weekdays,window,minutes,first,weeks\nR1,{name},Tu,19:00-22:00,120,2026-12-01,4\n", "utf-8"
    )
    assert run("match", *files_of(tmp_path), "--out", tmp_path / "out.json") == 0
    assert run("explain", tmp_path / "out.json", "R1") == 0
    said = capsys.readouterr().out
    assert not set(said) & {"\x1b", "\x07", "\x9b"}
    assert "[bold]Room[/bold] :smile:" in said


def test_half_a_character_in_a_file_stops_nothing(tmp_path: Path) -> None:
    path = make_extract(tmp_path)
    path.write_text(path.read_text("utf-8").replace("Association", "Associa\\ud800tion"), "utf-8")
    out = [
        part for ending in ("csv", "xlsx", "json", "geojson", "html") for part in ("--out", tmp_path / f"o.{ending}")
    ]
    assert run("match", path, path, "--spaces-from", "osm", "--requests-from", "osm", "--ask", "people=4", *out) == 3
    assert "Associa\ufffdtion" in (tmp_path / "o.html").read_text("utf-8")


def test_a_result_with_values_that_no_match_writes_is_refused(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads((city / "result.json").read_text("utf-8"))
    for answer in content["result"]["answers"]:
        answer["near_misses"] = [{"condition": "distance", "found": "far", "wanted": "near", "space_id": "S01"}]
    (tmp_path / "out.json").write_text(json.dumps(content), "utf-8")
    assert run("explain", tmp_path / "out.json", "R01") == 4
    assert "no result of a match" in capsys.readouterr().err


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "import sys; from meervoud.cli import main; sys.exit(main())"]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*command, *(str(argument) for argument in arguments)],
        stdout=pipe,
        stderr=pipe,
        text=True,
        encoding="utf-8",
        env=dict(os.environ, **environment),
    )


def test_outside_a_terminal_there_is_no_bar_and_no_colour(city: Path) -> None:
    with start("match", *files_of(city)) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "R40" in out
    assert ESCAPE not in out
    assert err == ""


@pytest.mark.parametrize("arguments", [["--json"], ["--show", "3"]], ids=["json", "table"])
def test_a_reader_that_leaves_early_is_no_fault(city: Path, arguments: list[str]) -> None:
    with start("match", *files_of(city), *arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in (said := process.stderr.read())
        assert "Broken" not in said
        assert process.wait(timeout=60) == 0


def test_a_terminal_without_our_signs_shows_something_else(city: Path) -> None:
    with start("match", *files_of(city), PYTHONIOENCODING="ascii") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "+ fits" in out


def test_the_keyboard_stops_the_command_without_a_traceback(
    city: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("meervoud.cli.load", stop)
    assert run("match", *files_of(city)) == 130
    assert "Nothing was written half" in capsys.readouterr().err
