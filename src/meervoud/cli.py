"""The command `meervoud`: match, explain, free, check, scout, demo; and web, which hands over to the server."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from meervoud.core.engine.first_free import EVERY_DAY, first_free
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.statement import DoubleCountError, value_case
from meervoud.files.check import check_file
from meervoud.files.command.command_line import asked_language, make_parser
from meervoud.files.demo_city import write_demo_city
from meervoud.files.impact.case_file import read_case
from meervoud.files.impact.cids_check import check_cids
from meervoud.files.impact.cids_file import read_cids, say_check
from meervoud.files.impact.statement_out import say_issue, say_statement, statement_json
from meervoud.files.messages import unreadable
from meervoud.files.output.json_out import first_free_json, reading_json
from meervoud.files.output.report import ReportInput
from meervoud.files.output.result_file import read_json, write_json
from meervoud.files.output.screen import Screen, Terminal
from meervoud.files.output.spaces_out import write_spaces_csv
from meervoud.files.output.write_out import check_endings, write_out, write_whole
from meervoud.files.run import MOST_WEEKS, Sources, load, run_match
from meervoud.files.sources.scout import scout_spaces, share_assumed
from meervoud.files.tables.mapping import read_mapping
from meervoud.files.values.amounts import parse_minutes
from meervoud.files.values.moments import parse_date, parse_weekdays, parse_window
from meervoud.files.wording.language import language

DONE, SOME_REFUSED, INPUT_ERROR, CANCELLED = 0, 3, 4, 130
YEAR = timedelta(days=365)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 2 wrong usage, 3 some rows refused, 4 nothing could be done."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # closed by the shell: >&-
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a sign shows "?" for it
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["web"]:
        return web_command(given[1:])
    options = make_parser(asked_language(arguments)).parse_args(arguments)
    screen = Screen(Terminal(highlight=False, emoji=False), language(options.lang))
    errors = Screen(Terminal(stderr=True, highlight=False, emoji=False), screen.language)
    run: Callable[[argparse.Namespace, Screen, Screen], int] = COMMANDS[options.command]
    try:
        code = run(options, screen, errors)
        sys.stdout.flush()  # here, where a reader that has gone is no fault
    except InputError as error:
        errors.fail(error)
        return INPUT_ERROR
    except KeyboardInterrupt:
        errors.say("Stopped. Nothing was written half.")
        return CANCELLED
    except BrokenPipeError:
        # the reader of our output has gone, e.g. `| head`; what is still to be flushed goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:  # a full disk behind our output
        errors.fail(unreadable("out_unwritable", file="stdout", reason=str(error.strerror or error)))
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INPUT_ERROR
    return code


def web_command(arguments: Sequence[str]) -> int:
    """Run a command of the web; it is imported only here, for the command alone needs none of it."""
    try:
        import_module("meervoud.site.manage").main(list(arguments))
    except ModuleNotFoundError as error:
        if error.name != "django":
            raise
        sys.stderr.write("The web is not installed. Install meervoud[server], and try again.\n")
        return INPUT_ERROR
    return DONE


def match_command(options: argparse.Namespace, screen: Screen, errors: Screen) -> int:
    """Match spaces with requests, show the best, write the files that are asked for."""
    check_endings(options.out, not_over=_inputs(options))
    weights = load_weights(None if options.weights is None else _text_of(options.weights))
    loaded = load(_sources(options), _today())
    listing = errors if options.json else screen
    listing.show_readings(loaded.readings)
    with _progress(screen, len(loaded.requests)) as step:
        what = run_match(loaded, weights, top=options.top, progress=step)
    for path in options.out:  # before the screen: whoever reads it may leave early
        write_out(path, what, screen.language, ReportInput(loaded.readings, loaded.areas))
    if options.json:
        _print_json(write_json(what))
    else:
        screen.show_matches(what, top=options.show)
    for path in options.out:
        listing.say("Written: %(file)s", file=str(path))
    return SOME_REFUSED if loaded.refused else DONE


def explain_command(options: argparse.Namespace, screen: Screen, _: Screen) -> int:
    """Say everything about one request of a result."""
    what = read_json(options.result)
    found = what.answer_to(options.request)
    try:
        screen.explain(what, *found)
    except (LookupError, ValueError, OverflowError) as error:  # a value that no match writes
        raise unreadable("result_unreadable", file=options.result.name) from error
    return DONE


def free_command(options: argparse.Namespace, screen: Screen, errors: Screen) -> int:
    """Show the first free moment of every space."""
    first = parse_date(options.first) if options.first else _today()
    last = parse_date(options.until) if options.until else first + 2 * YEAR
    within = DateRange(first, last)
    weeks = (last - first).days // 7 + 1
    if weeks > MOST_WEEKS:
        raise unreadable("grid_weeks", value=weeks)
    loaded = load(_sources(options, first=first, weeks=weeks), _today())
    (errors if options.json else screen).show_readings(loaded.readings)
    found = first_free(
        loaded.index(),
        parse_window(options.between),
        parse_minutes(options.minutes),
        within,
        weekdays=parse_weekdays(options.weekdays) if options.weekdays else EVERY_DAY,
    )
    if options.json:
        _print_json(first_free_json(found))
    else:
        screen.show_first_free(found, loaded.spaces, options.show)
    return SOME_REFUSED if loaded.refused else DONE


def check_command(options: argparse.Namespace, screen: Screen, _: Screen) -> int:
    """Read one file and say what was taken and what was refused, row by row."""
    first = parse_date(options.first) if options.first else _today()
    kind, reading = check_file(
        options.file,
        options.kind,
        DateRange(first, first + YEAR),
        zone=options.zone,
        mapping=read_mapping(options.mapping, options.column),
    )
    if options.json:
        _print_json(reading_json(kind, reading))
    else:
        screen.say("Read as: %(kind)s", kind=kind)
        screen.show_readings([reading], every_refusal=True)
    return SOME_REFUSED if reading.refused else DONE


def scout_command(options: argparse.Namespace, screen: Screen, errors: Screen) -> int:
    """List the places of an OpenStreetMap extract that could lend a room, and how much of that is assumed."""
    check_endings(options.out, (".csv",), not_over=[options.file])
    reading = scout_spaces(options.file)
    for path in options.out:
        write_whole(path, partial(write_spaces_csv, spaces=reading.taken))
    listing = errors if options.json else screen
    listing.show_readings([reading])
    if options.json:
        _print_json(reading_json("osm", reading))
    else:
        screen.show_assumed(share_assumed(reading.taken))
    for path in options.out:
        listing.say("Written: %(file)s", file=str(path))
    return SOME_REFUSED if reading.refused else DONE


def demo_command(options: argparse.Namespace, screen: Screen, _: Screen) -> int:
    """Make the demo city, match it, print the best proposals and the place of the report."""
    city = write_demo_city(options.folder, seed=options.seed, areas=options.areas, spaces=options.spaces)
    sources = Sources(city.spaces, city.requests, ((city.bookings, None),), city.areas, first=city.first)
    loaded = load(sources, city.first)
    with _progress(screen, len(loaded.requests)) as step:
        what = run_match(loaded, load_weights(), top=10, progress=step)
    about = ReportInput(loaded.readings, loaded.areas)
    for name in ("result.json", "report.html"):
        write_out(options.folder / name, what, screen.language, about)
    screen.say("Zilverhaven is made up: nobody and nothing in it exists.")
    screen.show_readings(loaded.readings)
    screen.show_best(what, options.show)
    first = what.requests[0].id
    screen.say("The report: %(file)s", file=str((options.folder / "report.html").resolve()))
    screen.say("Why? meervoud explain %(file)s %(request)s", file=str(options.folder / "result.json"), request=first)
    return SOME_REFUSED if loaded.refused else DONE


def impact_command(options: argparse.Namespace, screen: Screen, errors: Screen) -> int:
    """Value a case of outcomes, prices and inputs, and show the range; or check a file for others."""
    if options.what == "check-cids":
        return _check_cids(options, screen)
    try:
        found = value_case(read_case(options.case), seed=options.seed)
    except DoubleCountError as error:
        for each in error.issues:
            errors.tell(say_issue(errors.language, each))
        return INPUT_ERROR
    if options.json:
        _print_json(json.dumps(statement_json(found), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    else:
        for line in say_statement(screen.language, found):
            screen.tell(line)
    return DONE


def _check_cids(options: argparse.Namespace, screen: Screen) -> int:
    issues = check_cids(read_cids(options.case))
    if options.json:
        _print_json(json.dumps([asdict(each) for each in issues], ensure_ascii=False, indent=1) + "\n")
    else:
        for line in say_check(screen.language, options.case.name, issues):
            screen.tell(line)
    return SOME_REFUSED if any(each.is_error for each in issues) else DONE


COMMANDS: dict[str, Callable[[argparse.Namespace, Screen, Screen], int]] = {
    "match": match_command,
    "explain": explain_command,
    "free": free_command,
    "check": check_command,
    "scout": scout_command,
    "demo": demo_command,
    "impact": impact_command,
}


@contextmanager
def _progress(screen: Screen, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal, nothing elsewhere."""
    columns = (TextColumn(screen.language.say("Matching")), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _sources(options: argparse.Namespace, first: date | None = None, weeks: int | None = None) -> Sources:
    return Sources(
        spaces=options.spaces,
        requests=getattr(options, "requests", None),
        bookings=tuple(_calendar(text) for text in options.bookings),
        areas=getattr(options, "areas", None),
        zone=options.zone,
        first=first or (parse_date(options.first) if options.first else None),
        weeks=weeks or getattr(options, "weeks", None),
        spaces_mapping=read_mapping(options.spaces_mapping, options.spaces_column),
        requests_mapping=read_mapping(
            getattr(options, "requests_mapping", None), getattr(options, "requests_column", ())
        ),
        spaces_from=options.spaces_from,
        requests_from=getattr(options, "requests_from", "table"),
        template=getattr(options, "ask", ""),
        school_holidays=options.school_holidays,
    )


def _inputs(options: argparse.Namespace) -> list[Path]:
    calendars = [_calendar(text)[0] for text in options.bookings]
    return [path for path in (options.spaces, options.requests, options.areas, *calendars) if path is not None]


def _print_json(text: str) -> None:
    # machines read UTF-8, whatever a terminal can show
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    sys.stdout.write(text)


def _calendar(text: str) -> tuple[Path, str | None]:
    # FILE=SPACE names the space of a whole calendar; a file with "=" in its name wins if it is there
    path, sign, space = text.rpartition("=")
    return (Path(path), space) if sign and not Path(text).exists() else (Path(text), None)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable("file_missing", file=str(path)) from error


def _today() -> date:
    return datetime.now(tz=UTC).date()  # noqa: TID251  # the command is the one place that knows the clock
