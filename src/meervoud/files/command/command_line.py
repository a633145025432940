"""The arguments of the command and their help."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from meervoud import __version__
from meervoud.files.check import FILE_KINDS
from meervoud.files.command.usage import Parser
from meervoud.files.wording.language import LANGUAGES, Language, language, mark

EXIT_CODES = {
    0: mark("done, every row was taken"),
    2: mark("the command was written wrongly"),
    3: mark("done, but some rows were refused (each with its reason)"),
    4: mark("nothing could be done: a file or a value as a whole cannot be used"),
    130: mark("stopped from the keyboard"),
}
EXAMPLES = {
    "match": r"""meervoud match spaces.csv requests.xlsx
meervoud match spaces.csv requests.csv --bookings hall.ics=S1 \
    --areas wijken.geojson --lang nl --out report.html
meervoud match london.geojson london.geojson --spaces-from osm \
    --requests-from osm --weeks 12 \
    --ask "weekdays=Tu,Th window=18:00-22:00 minutes=120 weeks=10 \
           people=12 max_metres=800"
""",
    "explain": "meervoud explain result.json R07 --lang da\n",
    "free": "meervoud free spaces.csv --between 18:00-22:00 --minutes 180 \\\n    --first 2027-01-04\n",
    "check": "meervoud check rooms.xlsx --column capacity='Number of patrons'\n",
    "scout": "meervoud scout city.geojson --out leads.csv\n",
    "demo": "meervoud demo build/demo --lang nl\n",
    "impact": "meervoud impact value case.json --seed 1 --lang nl\nmeervoud impact check-cids export.jsonld\n",
}


def asked_language(arguments: Sequence[str] | None) -> Language:
    """Return the language that `--lang` names, before anything else is known of the arguments; else English."""
    written = list(sys.argv[1:] if arguments is None else arguments)
    code = "en"
    for place, text in enumerate(written):
        if text.startswith("--lang="):
            code = text.removeprefix("--lang=")
        elif text == "--lang":
            code = "".join(written[place + 1 : place + 2])
    return language(code if code in LANGUAGES else "en")


def make_parser(spoken: Language) -> Parser:
    """Return the parser of the command; its help and its faults are in the language."""
    say = spoken.say
    parser = Parser(
        language=spoken,
        prog="meervoud",
        description=say("Find every space that fits a request, and say why."),
        epilog=_exit_codes(spoken),
    )
    parser.options.add_argument(
        "--version", action="version", version=f"meervoud {__version__}", help=say("show the version and stop")
    )
    _lang(parser, default="en")
    commands = parser.add_subparsers(
        title=say("commands"), dest="command", required=True, metavar=say("COMMAND"), parser_class=Parser
    )
    for name, (text, fill) in _COMMANDS.items():
        sentence, examples = say(text), indent(EXAMPLES[name], "  ")
        command = commands.add_parser(
            name,
            language=spoken,
            help=sentence,
            description=f"{sentence[0].upper()}{sentence[1:]}.",
            epilog="\n".join([say("for example:"), examples, _exit_codes(spoken)]),
        )
        fill(command)
        # suppressed, so that an unsaid option leaves what was said before the command
        _lang(command, default=argparse.SUPPRESS)
    return parser


def _exit_codes(spoken: Language) -> str:
    lines = [f"  {code:<5}{spoken.say(text)}" for code, text in EXIT_CODES.items()]
    return "\n".join([spoken.say("exit codes:"), *lines, ""])


def _lang(parser: Parser, default: str) -> None:
    parser.options.add_argument(
        "--lang", choices=LANGUAGES, default=default, help=parser.say("language of the answers (default: en)")
    )


def _match(command: Parser) -> None:
    say, option = command.say, command.options.add_argument
    _needs_spaces(command)
    command.needed.add_argument("requests", type=Path, metavar=say("REQUESTS"), help=say("CSV or XLSX of requests"))
    _reading(command)
    option("--first", metavar=say("DATE"), help=say("first day looked at (default: the earliest day asked)"))
    option("--areas", type=Path, metavar="GEOJSON", help=say("neighbourhoods, for the map and their needs"))
    option("--requests-mapping", type=Path, metavar="TOML", help=say("which column of the requests is which field"))
    option(
        "--requests-column",
        action="append",
        default=[],
        metavar=say("FIELD=HEADER"),
        help=say("one column, e.g. people=Aantal"),
    )
    option(
        "--requests-from",
        choices=("table", "osm", "repair-cafes"),
        default="table",
        help=say("table; the social organisations of an OpenStreetMap extract; the list of the repair cafés"),
    )
    option("--ask", default="", metavar=say("FIELDS"), help=say("what requests ask that do not say it themselves"))
    option(
        "--weeks",
        type=command.positive,
        metavar="N",
        help=say("how many weeks are looked at (default: as many as are asked)"),
    )
    option(
        "--top", type=command.positive, default=10, metavar="N", help=say("proposals for each request (default: 10)")
    )
    option("--show", type=command.positive, default=3, metavar="N", help=say("of which on the screen (default: 3)"))
    option("--weights", type=Path, metavar="TOML", help=say("weights of the score"))
    option(
        "--out",
        type=Path,
        action="append",
        default=[],
        metavar=say("FILE"),
        help=say("write .csv, .xlsx, .json, .geojson or .html; may be given more than once"),
    )
    option("--json", action="store_true", help=say("print the result as JSON, everything else to stderr"))


def _explain(command: Parser) -> None:
    say, need = command.say, command.needed.add_argument
    need("result", type=Path, metavar=say("RESULT"), help=say("a .json file written by match"))
    need("request", metavar=say("REQUEST"), help=say("the id of a request"))


def _free(command: Parser) -> None:
    say, option = command.say, command.options.add_argument
    _needs_spaces(command)
    _reading(command)
    option("--first", metavar=say("DATE"), help=say("first day looked at (default: today)"))
    option("--between", required=True, metavar="19:00-22:00", help=say("part of the day that would suit"))
    option("--minutes", required=True, metavar=say("LENGTH"), help=say("length: 180, 3 h or 3:00"))
    option("--until", metavar=say("DATE"), help=say("last day looked at (default: two years on)"))
    option("--weekdays", metavar="Mo,Tu", help=say("days that would suit (default: all)"))
    option(
        "--show",
        type=command.positive,
        default=20,
        metavar="N",
        help=say("how many spaces on the screen (default: 20)"),
    )
    option("--json", action="store_true", help=say("print as JSON, everything else to stderr"))


def _check(command: Parser) -> None:
    say, option = command.say, command.options.add_argument
    command.needed.add_argument("file", type=Path, metavar=say("FILE"), help=say("CSV, XLSX, GeoJSON or iCalendar"))
    option("--as", dest="kind", choices=FILE_KINDS, help=say("what it is (default: seen from its content)"))
    option("--mapping", type=Path, metavar="TOML", help=say("which column is which field"))
    option("--column", action="append", default=[], metavar=say("FIELD=HEADER"), help=say("one column"))
    option("--first", metavar=say("DATE"), help=say("first day looked at (default: today)"))
    option("--zone", default="Europe/Amsterdam", metavar=say("ZONE"), help=say("time zone (default: Europe/Amsterdam)"))
    option("--json", action="store_true", help=say("print as JSON"))


def _scout(command: Parser) -> None:
    say, option = command.say, command.options.add_argument
    command.needed.add_argument(
        "file", type=Path, metavar=say("FILE"), help=say("GeoJSON points with the tags of OpenStreetMap")
    )
    option("--out", type=Path, action="append", default=[], metavar="CSV", help=say("write the list as CSV"))
    option("--json", action="store_true", help=say("print as JSON, everything else to stderr"))


def _demo(command: Parser) -> None:
    say, option = command.say, command.options.add_argument
    command.needed.add_argument(
        "folder", type=Path, metavar=say("FOLDER"), help=say("where the files of the city are written")
    )
    option(
        "--seed", type=command.whole, default=1, metavar="N", help=say("another city for another number (default: 1)")
    )
    option("--areas", type=Path, metavar="GEOJSON", help=say("put the made-up spaces into these real areas"))
    option("--spaces", type=command.positive, metavar="N", help=say("how many spaces (default: 60)"))
    option("--show", type=command.positive, default=12, metavar="N", help=say("proposals on the screen (default: 12)"))


def _impact(command: Parser) -> None:
    say, need, option = command.say, command.needed.add_argument, command.options.add_argument
    need(
        "what",
        choices=("value", "check-cids"),
        metavar="value|check-cids",
        help=say("what a case is worth, as a range; or whether a file is as CIDS has it"),
    )
    need("case", type=Path, metavar=say("FILE"), help=say("JSON of a case; JSON-LD with full names for check-cids"))
    option("--seed", type=command.whole, default=1, metavar="N", help=say("seed of the draws (default: 1)"))
    option("--json", action="store_true", help=say("print as JSON, everything else to stderr"))


def _needs_spaces(command: Parser) -> None:
    command.needed.add_argument(
        "spaces", type=Path, metavar=command.say("SPACES"), help=command.say("CSV, XLSX or GeoJSON of spaces")
    )


def _reading(command: Parser) -> None:
    say, option = command.say, command.options.add_argument
    option(
        "--bookings",
        action="append",
        default=[],
        metavar=say("ICS[=SPACE]"),
        help=say("what is taken already; =SPACE names the space of a whole calendar; may be given more than once"),
    )
    option("--spaces-mapping", type=Path, metavar="TOML", help=say("which column of the spaces is which field"))
    option(
        "--spaces-column",
        action="append",
        default=[],
        metavar=say("FIELD=HEADER"),
        help=say("one column, e.g. capacity=Zitplaatsen"),
    )
    option(
        "--spaces-from",
        choices=("table", "osm"),
        default="table",
        help=say("a table, or an extract of OpenStreetMap"),
    )
    option(
        "--zone",
        default="Europe/Amsterdam",
        metavar=say("ZONE"),
        help=say("time zone of the spaces (default: Europe/Amsterdam)"),
    )
    option("--school-holidays", type=Path, metavar=say("FILE"), help=say("named periods that cells may speak of"))


_COMMANDS = {
    "match": (mark("match spaces with requests"), _match),
    "explain": (mark("say everything about one request of a result"), _explain),
    "free": (mark("the first free moment of every space"), _free),
    "check": (mark("read a file: what was taken, what was refused and why"), _check),
    "scout": (mark("places of OpenStreetMap that could lend a room"), _scout),
    "demo": (mark("a made-up city, matched"), _demo),
    "impact": (mark("what outcomes are worth, as a range that says what is not known"), _impact),
}
