"""A run of the command: the grid, the calendars, what neighbourhoods need."""

from datetime import date
from pathlib import Path

import pytest

from meervoud.core.engine.score import load_weights
from meervoud.core.errors import InputError
from meervoud.files.run import Sources, cause_needs, load, run_match
from meervoud.files.sources.geojson import Area

SPACES = "id,name,opening_hours\nS1,Hall,Mo-Su 08:00-23:00\nS2,Room,Mo-Su 08:00-23:00\n"
REQUESTS = "id,weekdays,window,minutes,first,weeks\nR1,Tu,19:00-22:00,120,2026-12-01,4\n"
EVENT = "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20261208T190000\r\nDTEND:20261208T{end}\r\n{rule}END:VEVENT\r\n"


def make_files(folder: Path, *events: str) -> Sources:
    (folder / "spaces.csv").write_text(SPACES, "utf-8")
    (folder / "requests.csv").write_text(REQUESTS, "utf-8")
    text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    (folder / "hall.ics").write_text(text, "utf-8", newline="")
    return Sources(folder / "spaces.csv", folder / "requests.csv", ((folder / "hall.ics", "S1"),))


def certainties(sources: Sources) -> dict[str, str]:
    loaded = load(sources, date(2026, 11, 22))
    what = run_match(loaded, load_weights(), top=5, progress=lambda: None)
    return {each.space_id: each.certainty for each in what.result.answers[0].proposals}


def test_an_event_that_cannot_be_read_puts_the_hours_of_its_space_in_doubt(tmp_path: Path) -> None:
    good = EVENT.format(uid="a", end="213000", rule="")
    too_often = EVENT.format(uid="b", end="200000", rule="RRULE:FREQ=SECONDLY\r\n")
    elsewhere = make_files(tmp_path, too_often)
    assert certainties(elsewhere) == {"S1": "assumed", "S2": "sure"}
    assert certainties(make_files(tmp_path, good)) == {"S2": "sure"}  # 3 of 4 weeks are not enough in the hall
    assert certainties(make_files(tmp_path)) == {"S1": "sure", "S2": "sure"}


def test_the_grid_holds_every_day_that_is_asked_and_two_weeks_to_spare(tmp_path: Path) -> None:
    grid = load(make_files(tmp_path), date(2026, 11, 22)).grid
    assert (grid.monday, grid.weeks) == (date(2026, 11, 30), 7)


def test_what_neighbourhoods_need_comes_from_their_properties() -> None:
    area = Area("East", "", None, {"need_language": "0.8", "population": "9"})
    assert cause_needs([area]) == {("East", "language"): 8000}
    for indicators in ({"need_language": "much"}, {"need_unheard_of": "0.5"}):
        with pytest.raises(InputError):
            cause_needs([Area("East", "", None, indicators)])
