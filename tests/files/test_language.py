"""What a person reads, in three languages: dates, numbers, sentences, and the help of the command."""

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polib
import pytest

from meervoud.cli import main
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.time import Grid
from meervoud.core.errors import InputError
from meervoud.files.command.command_line import EXAMPLES, asked_language, make_parser
from meervoud.files.command.usage import Parser, say_fault
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note
from meervoud.files.sources.request_template import read_template
from meervoud.files.values.closed_days import Calendar
from meervoud.files.wording.language import LANGUAGES, Language, language
from meervoud.files.wording.reading_sentences import say_note

ENGLISH, DUTCH, DANISH = (language(code) for code in LANGUAGES)
MONDAY = date(2026, 11, 23)
NARROW, HARD = "\u202f", "\u00a0"


def plain(text: str) -> str:
    """Return text with ordinary spaces; Babel puts unbreakable ones before signs."""
    return text.replace(NARROW, " ").replace(HARD, " ")


def in_three(what: str, *values: object) -> list[str]:
    return [plain(str(getattr(each, what)(*values))) for each in (ENGLISH, DUTCH, DANISH)]


def refusal(value: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_opening_hours(value)
    return caught.value


class TestFormats:
    def test_a_day_has_its_weekday_and_the_day_before_the_month(self) -> None:
        assert in_three("day", MONDAY) == ["Mon 23 Nov 2026", "ma 23 nov 2026", "man 23. nov 2026"]

    def test_days_are_a_short_list(self) -> None:
        days = [MONDAY, date(2027, 3, 1)]
        assert in_three("days", days) == ["23 Nov, 1 Mar", "23 nov, 1 mrt", "23. nov, 1. mar"]

    def test_numbers_have_the_marks_of_the_language(self) -> None:
        assert in_three("number", 12345.678) == ["12,345.68", "12.345,68", "12.345,68"]
        assert in_three("number", 3) == ["3", "3", "3"]

    def test_a_price_of_a_square_metre_has_up_to_four_decimals(self) -> None:
        assert in_three("price", "0.1570") == ["0.157", "0,157", "0,157"]
        assert in_three("price", "0.3") == ["0.30", "0,30", "0,30"]

    def test_a_month_has_its_name(self) -> None:
        assert in_three("month", date(2023, 10, 1)) == ["Oct 2023", "okt 2023", "okt 2023"]

    def test_percentages_come_from_shares(self) -> None:
        assert in_three("percent", 0.843) == ["84%", "84%", "84 %"]

    def test_money_has_its_sign_where_the_language_puts_it(self) -> None:
        assert in_three("money", 123450, "EUR") == ["€1,234.50", "€ 1.234,50", "1.234,50 €"]
        assert plain(DANISH.money(5000, "DKK")) == "50,00 kr."

    def test_distances_are_metres_below_a_kilometre(self) -> None:
        assert in_three("distance", 999) == ["999 m", "999 m", "999 m"]
        assert in_three("distance", 1240) == ["1.2 km", "1,2 km", "1,2 km"]

    def test_weekdays_begin_on_monday(self) -> None:
        assert in_three("weekday", 0) == ["Monday", "maandag", "mandag"]
        assert in_three("weekday", 6) == ["Sunday", "zondag", "søndag"]

    def test_the_clock_has_24_hours_in_every_language(self) -> None:
        assert in_three("clock", 19 * 60) == ["19:00"] * 3
        assert in_three("clock", 25 * 60 + 5) == ["01:05"] * 3

    def test_lists_end_with_the_word_of_the_language(self) -> None:
        assert in_three("together", ["a", "b", "c"]) == ["a, b and c", "a, b en c", "a, b og c"]
        assert in_three("either", ["a", "b"]) == ["a or b", "a of b", "a eller b"]
        assert in_three("together", []) == ["", "", ""]


class TestSentences:
    def test_a_number_of_one_has_its_own_form(self) -> None:
        one, many = "%(number)s space fits", "%(number)s spaces fit"
        assert in_three("count", one, many, 1) == ["1 space fits", "1 ruimte past", "1 lokale passer"]
        assert in_three("count", one, many, 0) == ["0 spaces fit", "0 ruimtes passen", "0 lokaler passer"]
        assert in_three("count", one, many, 1200)[1:] == ["1.200 ruimtes passen", "1.200 lokaler passer"]

    def test_a_language_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"Use en, nl or da\.") as caught:
            language("xx")
        assert caught.value.code == "language_unknown"
        assert DUTCH.error(caught.value) == "De taal xx is er niet. Gebruik en, nl of da."

    def test_an_error_is_said_in_the_language_by_its_code(self) -> None:
        assert in_three("error", unreadable("time_unreadable", value="7ish")) == [
            "7ish is not a time. Write it like 19:00.",
            "7ish is geen tijdstip. Schrijf het als 19:00.",
            "7ish er ikke et klokkeslæt. Skriv det som 19:00.",
        ]

    def test_an_error_of_the_engine_is_said_in_the_language(self) -> None:
        with pytest.raises(InputError) as caught:
            Grid("Europe/Amsterdam", date(2026, 11, 24))
        assert DANISH.error(caught.value).startswith("Skemaet skal begynde på en mandag; 2026-11-24")
        assert DUTCH.error(refusal("Mo-Fr sunrise-20:00")).startswith("De openingstijden volgen de zon: 'sunrise'.")

    def test_a_length_is_a_number_and_stands_without_quotes(self) -> None:
        assert DUTCH.error(refusal("x" * 2001)).startswith("De openingstijden zijn 2001 tekens lang")

    def test_an_error_without_a_known_code_keeps_its_own_words(self) -> None:
        assert in_three("error", InputError("A rare thing. Ask us.")) == ["A rare thing. Ask us."] * 3

    def test_a_reason_inside_a_sentence_is_said_in_the_language_too(self) -> None:
        error = refusal("dawn")
        gaps = {"name": "De Toren", "value": "dawn", "reason": str(error), "reason_code": error.code}
        text = say_note(DUTCH, "city.geojson", Note("hours_refused", {**error.values, **gaps}, 3))
        assert text.startswith("city.geojson, rij 3: De Toren: de openingstijden dawn zijn niet begrepen")
        assert text.endswith("De openingstijden volgen de zon: 'dawn'. Schrijf een kloktijd, bijvoorbeeld 20:00.")

    def test_a_value_of_ask_is_refused_with_its_reason_in_the_language(self) -> None:
        with pytest.raises(InputError) as caught:
            read_template("weekdays=Tu,Xx window=18:00-22:00 minutes=60", Calendar())
        assert DUTCH.error(caught.value) == (
            "In --ask staat bij weekdays: Tu,Xx. Xx is geen weekdag. Schrijf weekdagen als Tu,Th of Mo-Fr."
        )
        assert str(caught.value).startswith("--ask: weekdays is Tu,Xx. Xx is not a weekday.")


def parsers(spoken: Language) -> Iterator[Parser]:
    """Yield the parser of the command and that of each of its commands."""
    parser = make_parser(spoken)
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()


def help_in(spoken: Language) -> str:
    return "\n".join(parser.format_help() for parser in parsers(spoken))


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


class TestHelp:
    @pytest.mark.parametrize("code", LANGUAGES)
    def test_it_fits_eighty_columns_and_keeps_the_examples(self, code: str) -> None:
        text = help_in(language(code))
        assert [line for line in text.splitlines() if len(line) > 80] == []
        for example in EXAMPLES.values():
            assert all(line.strip() in text for line in example.splitlines())

    @pytest.mark.parametrize("code", ["nl", "da"])
    def test_no_line_of_ours_is_english(self, code: str) -> None:
        english = {line for line in sentences_of_help(ENGLISH) if " " in line}
        assert english
        assert english & sentences_of_help(language(code)) == set()

    @pytest.mark.parametrize("code", ["nl", "da"])
    def test_no_line_of_argparse_is_english(self, code: str) -> None:
        text = help_in(language(code))
        for words in ("usage:", "options:", "positional arguments", "show this help", "show program's version"):
            assert words not in text

    def test_it_speaks_dutch_and_danish(self) -> None:
        assert help_in(DUTCH).startswith("gebruik: meervoud [-h]")
        assert "\nopdrachten:\n" in help_in(DUTCH)
        assert help_in(DANISH).startswith("brug: meervoud [-h]")

    @pytest.mark.parametrize(
        "arguments", [["--help", "--lang", "nl"], ["--lang=nl", "--help"], ["match", "--help", "--lang=nl"]]
    )
    def test_the_language_is_known_before_the_arguments_are(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 0
        assert capsys.readouterr().out.startswith("gebruik: meervoud")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ([], "en"),
            (["--lang", "da"], "da"),
            (["match", "--lang=nl"], "nl"),
            (["--lang", "nl", "match", "--lang", "da"], "da"),
            (["--lang", "xx"], "en"),
            (["--lang"], "en"),
        ],
    )
    def test_english_is_spoken_where_no_known_language_is_named(self, arguments: list[str], code: str) -> None:
        assert asked_language(arguments).code == code

    def test_the_language_may_stand_before_and_behind_the_command(self) -> None:
        parse = make_parser(ENGLISH).parse_args
        assert parse(["--lang", "nl", "explain", "r.json", "R1"]).lang == "nl"
        assert parse(["--lang", "nl", "explain", "r.json", "R1", "--lang", "da"]).lang == "da"
        assert parse(["explain", "r.json", "R1"]).lang == "en"


def sentences_of_help(spoken: Language) -> set[str]:
    """Return what each argument, group and command says about itself."""
    said = set[str]()
    for parser in parsers(spoken):
        said |= {parser.description or "", *(line.strip() for line in (parser.epilog or "").splitlines())}
        said |= {group.title or "" for group in parser._action_groups}
        said |= {action.help or "" for action in parser._actions}
    return (
        said
        - {line.strip() for example in EXAMPLES.values() for line in example.splitlines()}
        - {
            "positional arguments",  # argparse makes these two; they stay empty and are not shown
            "optional arguments",
        }
    )


class TestFaults:
    @pytest.mark.parametrize(
        ("arguments", "fault"),
        [
            (["explain", "r.json", "--lang", "nl"], "Er ontbreekt: RUIMTEVRAAG. Voeg het toe; --help zegt wat het is."),
            (["scout", "x", "--nix", "--lang", "nl"], "Hier niet bekend: --nix. --help noemt wat bekend is."),
            (["demo", "x", "--show", "0", "--lang", "nl"], "--show: 0 is minder dan 1. Schrijf 1 of meer."),
            (["demo", "x", "--seed", "a", "--lang", "nl"], "--seed: a is geen heel getal. Schrijf alleen cijfers."),
            (["demo", "x", "--lang", "nl", "--show"], "--show heeft een waarde nodig. Schrijf die achter --show."),
            (["scout", "x", "--json=1", "--lang", "nl"], "--json heeft geen waarde. Laat '1' weg."),
            (["free", "x", "--s", "3", "--lang", "nl"], "--s kan meer dan één optie betekenen. Schrijf één van: --"),
            (["mtch", "--lang", "nl"], "OPDRACHT kan niet 'mtch' zijn. Kies uit: "),
            (["check", "x", "--lang", "xx"], "--lang cannot be 'xx'. Choose from: "),
        ],
    )
    def test_a_wrong_command_is_said_in_the_language(
        self, arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
        assert fault in capsys.readouterr().err

    def test_a_fault_that_argparse_words_anew_is_shown_as_it_is(self) -> None:
        assert say_fault(DUTCH, "one of the arguments -a -b is required") == "one of the arguments -a -b is required"


def test_a_compiled_catalogue_stands_beside_each_written_one() -> None:
    folder = Path(__file__).parents[2] / "src" / "meervoud" / "locale"
    written = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    assert [path.parent.parent.name for path in written] == ["da", "nl"]
    for path in written:
        assert len(polib.mofile(str(path.with_suffix(".mo")))) == len(polib.pofile(str(path)))
