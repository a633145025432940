"""The arguments of the command and their help."""

import argparse
from pathlib import Path

from meervoud import __version__
from meervoud.files.check import FILE_KINDS
from meervoud.files.language import LANGUAGES

EXIT_CODES = """exit codes:
  0    done, every row was taken
  2    the command was written wrongly
  3    done, but some rows were refused (each with its reason)
  4    nothing could be done: a file or a value as a whole cannot be used
  130  stopped from the keyboard
"""
EXAMPLES = {
    "match": """examples:
  meervoud match spaces.csv requests.xlsx
  meervoud match spaces.csv requests.csv --bookings hall.ics=S1 --areas wijken.geojson --lang nl --out report.html
  meervoud match london.geojson london.geojson --spaces-from osm --requests-from osm --weeks 12 \\
      --ask "weekdays=Tu,Th window=18:00-22:00 minutes=120 weeks=10 people=12 max_metres=800"
""",
    "explain": "example:\n  meervoud explain result.json R07 --lang da\n",
    "free": "example:\n  meervoud free spaces.csv --between 18:00-22:00 --minutes 180 --first 2027-01-04\n",
    "check": "example:\n  meervoud check rooms.xlsx --column capacity='Number of patrons'\n",
    "scout": "example:\n  meervoud scout city.geojson --out leads.csv\n",
    "demo": "example:\n  meervoud demo build/demo --lang nl\n",
}


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command."""
    parser = argparse.ArgumentParser(
        prog="meervoud",
        description="Find every space that fits a request, and say why.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"meervoud {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _match(_command(commands, "match", "match spaces with requests"))
    _explain(_command(commands, "explain", "say everything about one request of a result"))
    _free(_command(commands, "free", "the first free moment of every space"))
    _check(_command(commands, "check", "read a file: what was taken, what was refused and why"))
    _scout(_command(commands, "scout", "places of OpenStreetMap that could lend a room"))
    _demo(_command(commands, "demo", "a made-up city, matched"))
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"{EXAMPLES[name]}\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the answers (default: en)")
    return command


def _match(command: argparse.ArgumentParser) -> None:
    command.add_argument("spaces", type=Path, metavar="SPACES", help="CSV, XLSX or GeoJSON of spaces")
    command.add_argument("requests", type=Path, metavar="REQUESTS", help="CSV or XLSX of requests")
    _reading(command)
    command.add_argument("--areas", type=Path, metavar="GEOJSON", help="neighbourhoods, for the map and their needs")
    command.add_argument(
        "--requests-mapping", type=Path, metavar="TOML", help="which column of REQUESTS is which field"
    )
    command.add_argument(
        "--requests-column", action="append", default=[], metavar="FIELD=HEADER", help="one column, e.g. people=Aantal"
    )
    command.add_argument(
        "--requests-from",
        choices=("table", "osm", "repair-cafes"),
        default="table",
        help="table; the social organisations of an OpenStreetMap extract; the list of the repair cafés",
    )
    command.add_argument("--ask", default="", metavar="FIELDS", help="what requests ask that do not say it themselves")
    command.add_argument("--weeks", type=_positive, help="how many weeks are looked at (default: as many as are asked)")
    command.add_argument("--top", type=_positive, default=10, help="proposals for each request (default: 10)")
    command.add_argument("--show", type=_positive, default=3, help="of which on the screen (default: 3)")
    command.add_argument("--weights", type=Path, metavar="TOML", help="weights of the score")
    command.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="write .csv, .xlsx, .json, .geojson or .html; may be given more than once",
    )
    command.add_argument("--json", action="store_true", help="print the result as JSON, everything else to stderr")


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("result", type=Path, metavar="RESULT", help="a .json file written by match")
    command.add_argument("request", metavar="REQUEST", help="the id of a request")


def _free(command: argparse.ArgumentParser) -> None:
    command.add_argument("spaces", type=Path, metavar="SPACES", help="CSV, XLSX or GeoJSON of spaces")
    _reading(command)
    command.add_argument("--between", required=True, metavar="19:00-22:00", help="part of the day that would suit")
    command.add_argument("--minutes", required=True, help="length: 180, 3 h or 3:00")
    command.add_argument("--until", metavar="DATE", help="last day looked at (default: two years on)")
    command.add_argument("--weekdays", metavar="Mo,Tu", help="days that would suit (default: all)")
    command.add_argument("--show", type=_positive, default=20, help="how many spaces on the screen (default: 20)")
    command.add_argument("--json", action="store_true", help="print as JSON, everything else to stderr")


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, GeoJSON or iCalendar")
    command.add_argument("--as", dest="kind", choices=FILE_KINDS, help="what it is (default: seen from its content)")
    command.add_argument("--mapping", type=Path, metavar="TOML", help="which column is which field")
    command.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER", help="one column")
    command.add_argument("--first", metavar="DATE", help="first day looked at (default: today)")
    command.add_argument("--zone", default="Europe/Amsterdam", help="time zone (default: Europe/Amsterdam)")
    command.add_argument("--json", action="store_true", help="print as JSON")


def _scout(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="GeoJSON points with the tags of OpenStreetMap")
    command.add_argument("--out", type=Path, action="append", default=[], metavar="CSV", help="write the list as CSV")
    command.add_argument("--json", action="store_true", help="print as JSON, everything else to stderr")


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="FOLDER", help="where the files of the city are written")
    command.add_argument("--seed", type=int, default=1, help="another city for another number (default: 1)")
    command.add_argument("--areas", type=Path, metavar="GEOJSON", help="put the made-up spaces into these real areas")
    command.add_argument("--spaces", type=_positive, help="how many spaces (default: 60)")
    command.add_argument("--show", type=_positive, default=12, help="proposals on the screen (default: 12)")


def _reading(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--bookings",
        action="append",
        default=[],
        metavar="ICS[=SPACE]",
        help="what is taken already; =SPACE names the space of a whole calendar; may be given more than once",
    )
    command.add_argument("--spaces-mapping", type=Path, metavar="TOML", help="which column of SPACES is which field")
    command.add_argument(
        "--spaces-column",
        action="append",
        default=[],
        metavar="FIELD=HEADER",
        help="one column, e.g. capacity=Zitplaatsen",
    )
    command.add_argument(
        "--spaces-from", choices=("table", "osm"), default="table", help="a table, or an extract of OpenStreetMap"
    )
    command.add_argument(
        "--zone", default="Europe/Amsterdam", help="time zone of the spaces (default: Europe/Amsterdam)"
    )
    command.add_argument("--first", metavar="DATE", help="first day looked at (default: the earliest day asked)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
