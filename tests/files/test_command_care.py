"""The command takes care: of files that are there, of readers that leave, of terminals that lack signs."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from meervoud import cli
from meervoud.files.demo_city import write_demo_city

pytestmark = pytest.mark.slow
COMMAND = [sys.executable, "-m", "meervoud.cli"]


@pytest.fixture
def city(tmp_path: Path) -> Path:
    write_demo_city(tmp_path)
    return tmp_path


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from meervoud.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        check=False,
        capture_output=True,
        env={**os.environ, **environment},
    )


def test_a_file_that_is_read_is_never_written_over(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (city / "spaces.csv").read_bytes()
    spaces, requests = str(city / "spaces.csv"), str(city / "requests.csv")
    assert cli.main(["match", spaces, requests, "--out", str(city / "." / "spaces.csv")]) == 4
    assert (city / "spaces.csv").read_bytes() == before
    assert "Write to another name" in capsys.readouterr().err


def test_files_are_written_before_anything_is_shown(city: Path) -> None:
    command = f"{sys.executable} -c 'from meervoud.cli import main; main()' match spaces.csv requests.csv --out r.html | head -1"
    subprocess.run(command, shell=True, cwd=city, check=True, capture_output=True)  # noqa: S602  # a pipe is the point
    assert "</html>" in (city / "r.html").read_text("utf-8")


def test_a_new_file_has_the_rights_that_the_person_wants(city: Path) -> None:
    mask = os.umask(0o077)
    try:
        cli.main(["match", str(city / "spaces.csv"), str(city / "requests.csv"), "--out", str(city / "r.csv")])
    finally:
        os.umask(mask)
    assert stat.S_IMODE((city / "r.csv").stat().st_mode) == 0o600


def test_signs_stay_apart_and_json_stays_whole_on_a_terminal_without_signs(city: Path) -> None:
    files = (city / "spaces.csv", city / "requests.csv")
    shown = run("match", *files, PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "+ fits   ~ fits if our assumptions hold   ? ask first" in shown
    told = json.loads(run("match", *files, "--json", PYTHONIOENCODING="cp1252").stdout.decode("utf-8"))
    assert "Taalcafé Welkom (made up)" in {request["organisation"] for request in told["requests"]}


def test_columns_that_nobody_named_stay_out_of_the_result(city: Path) -> None:
    text = (city / "requests.csv").read_text("utf-8").replace("id,", "phone,id,", 1)
    rows = text.splitlines()
    (city / "requests.csv").write_text("\n".join([rows[0], *(f"06-12345678,{row}" for row in rows[1:])]), "utf-8")
    done = run("match", city / "spaces.csv", city / "requests.csv", "--json")
    assert b"06-12345678" not in done.stdout
    assert json.loads(done.stdout)["requests"]


def test_a_full_disk_is_said(city: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    code = "import sys; from meervoud.cli import main; sys.exit(main(['match','spaces.csv','requests.csv','--json']))"
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run([sys.executable, "-c", code], cwd=city, check=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4
    assert b"Traceback" not in done.stderr


def test_school_holidays_come_from_a_file(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (city / "holidays.json").write_text(
        '[{"name": "Voorjaarsvakantie", "startDate": "2027-02-20", "endDate": "2027-02-28"}]', "utf-8"
    )
    (city / "one.csv").write_text(
        "id,weekdays,window,minutes,first,weeks,closed\nR1,Tu,19:00-22:00,60,2027-01-05,12,schoolvakanties\n", "utf-8"
    )
    arguments = ["match", str(city / "spaces.csv"), str(city / "one.csv")]
    assert cli.main(arguments) == 3
    assert cli.main([*arguments, "--school-holidays", str(city / "holidays.json")]) == 0
    assert "of 11 weeks" in capsys.readouterr().out


def test_more_than_two_years_are_not_searched_in_part(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "free",
        str(city / "spaces.csv"),
        "--between",
        "18:00-22:00",
        "--minutes",
        "60",
        "--first",
        "2027-01-04",
    ]
    assert cli.main([*arguments, "--until", "2030-01-01"]) == 4
    assert "106" in capsys.readouterr().err
