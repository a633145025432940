"""The Dutch and the Danish are complete, fill the same gaps, and hold nothing that nobody says."""

import ast
import gettext
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import polib
import pytest
from rich.console import Console

from meervoud.core.engine.score import load_weights
from meervoud.files.demo_city import write_demo_city
from meervoud.files.messages import MESSAGES
from meervoud.files.output.report import ReportInput, write_report
from meervoud.files.output.rows_out import proposal_rows
from meervoud.files.output.screen import Screen
from meervoud.files.run import Sources, load, run_match
from meervoud.files.wording.language import Language, language
from meervoud.lib import images, safe_fetch
from meervoud.site.imports.faults import SAYS
from meervoud.site.refusals import WEB
from meervoud.supply import week_grid
from tests.contract.catalogue import (
    HEADERS,
    SAME_IN,
    SOURCE,
    TRANSLATED,
    Said,
    path_of,
    problems_of,
    read,
    refreshed,
    said_in,
    sentences_said,
)

SAID = sentences_said()
both_languages = pytest.mark.parametrize("code", TRANSLATED)


def copy_of(code: str) -> polib.POFile:
    return polib.pofile(path_of(code).read_text("utf-8"))


@both_languages
def test_a_catalogue_is_complete_and_sound(code: str) -> None:
    assert problems_of(code, read(code), SAID) == []


@both_languages
def test_make_messages_would_change_nothing(code: str) -> None:
    old = read(code)
    assert f"{refreshed(code, old, SAID)}\n" == path_of(code).read_text("utf-8")


@both_languages
def test_a_catalogue_says_who_has_checked_it(code: str) -> None:
    text = path_of(code).read_text("utf-8")
    assert text.startswith(f"# {HEADERS[code]}\n")
    assert "#:" not in text
    assert "Date" not in text.partition("\n\n")[0]


@both_languages
def test_what_may_stay_as_it_is_in_english_is_said_and_few(code: str) -> None:
    assert {said.one for said in SAID} >= SAME_IN[code]
    assert len(SAME_IN[code]) < 30


@both_languages
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    compiled = polib.mofile(str(path_of(code).with_suffix(".mo")))
    assert {(each.msgid, each.msgstr, *each.msgstr_plural.values()) for each in compiled} == {
        (each.msgid, each.msgstr, *each.msgstr_plural.values()) for each in read(code)
    }
    assert language(code).say("Proposals") == {"nl": "Voorstellen", "da": "Forslag"}[code]


def remove(catalogue: polib.POFile) -> None:
    catalogue.remove(catalogue.find("Proposals"))


def misspell(catalogue: polib.POFile) -> None:
    catalogue.find("Why %(space)s").msgstr = "Waarom %(spaec)s"


def misspell_a_plural(catalogue: polib.POFile) -> None:
    catalogue.find("%(number)s person").msgstr_plural[1] = "%(nummer)s personen"


def lose_a_sign(catalogue: polib.POFile) -> None:
    catalogue.find(MESSAGES["share_outside"]).msgstr = "%(value)s is geen aandeel. Schrijf 90% of 0.9."


def leave_empty(catalogue: polib.POFile) -> None:
    catalogue.find("Proposals").msgstr = ""


def lose_a_plural(catalogue: polib.POFile) -> None:
    del catalogue.find("%(number)s person").msgstr_plural[1]


def leave_english(catalogue: polib.POFile) -> None:
    catalogue.find("Proposals").msgstr = "Proposals"


def guess(catalogue: polib.POFile) -> None:
    catalogue.find("Proposals").flags.append("fuzzy")


def add(catalogue: polib.POFile) -> None:
    catalogue.append(polib.POEntry(msgid="zzz nobody says this", msgstr="niemand zegt dit"))


def turn_around(catalogue: polib.POFile) -> None:
    catalogue.reverse()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (remove, "missing: Proposals"),
        (misspell, "other gaps: Why %(space)s"),
        (misspell_a_plural, "other gaps: %(number)s person"),
        (lose_a_sign, f"other gaps: {MESSAGES['share_outside']}"),
        (leave_empty, "not translated: Proposals"),
        (lose_a_plural, "not translated: %(number)s person"),
        (leave_english, "the same as the English: Proposals"),
        (guess, "fuzzy: Proposals"),
        (add, "nobody says: zzz nobody says this"),
        (turn_around, "not sorted, or twice the same; run make messages"),
    ],
)
def test_the_check_sees_a_damaged_catalogue(damage: Callable[[polib.POFile], None], problem: str) -> None:
    catalogue = copy_of("nl")
    damage(catalogue)
    assert problem in problems_of("nl", catalogue, SAID)


def test_a_refresh_adds_what_is_new_and_drops_what_is_gone() -> None:
    catalogue = copy_of("nl")
    said = {*SAID, Said("A new sentence"), Said("%(number)s new one", "%(number)s new ones")} - {Said("Proposals")}
    problems = problems_of("nl", refreshed("nl", catalogue, said), said)
    assert problems == ["not translated: %(number)s new one", "not translated: A new sentence"]


def test_sentences_are_found_in_every_place_where_they_may_stand() -> None:
    source = 'say("a" "b"); x.say(name); f"{say(\'c\')}"; t = {1: mark("d")}; y.count("e", "f", 2); "z".count("z")'
    assert set(said_in(source)) == {Said("ab"), Said("c"), Said("d"), Said("e", "f")}


def test_no_sentence_is_put_together_where_it_is_said() -> None:
    glued = [
        f"{path.name}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"say", "mark"}
        if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args)
    ]
    assert glued == []


def test_every_code_that_is_raised_has_a_sentence() -> None:
    raised = {
        code
        for path in SOURCE.rglob("*.py")
        for code in re.findall(r'(?:\bcode=|unreadable\(|Note\(|refusal\()"(\w+)"', path.read_text("utf-8"))
    }
    known = {*MESSAGES, *WEB, *images.REFUSALS, *safe_fetch.REFUSALS, *week_grid.REFUSALS, *SAYS}
    assert raised - {"invalid"} - known == set()
    assert "zone_unknown" in raised


class _Listener(gettext.NullTranslations):
    """Knows no language and keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: set[Said] = set()

    def gettext(self, message: str) -> str:
        self.heard.add(Said(message))
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.heard.add(Said(msgid1, msgid2))
        return msgid1 if n == 1 else msgid2


def test_all_that_is_said_about_a_city_is_in_the_catalogues(tmp_path: Path) -> None:
    city = write_demo_city(tmp_path, seed=1, areas=None, spaces=12)
    loaded = load(
        Sources(city.spaces, city.requests, ((city.bookings, None),), city.areas, first=city.first), city.first
    )
    what = run_match(loaded, load_weights(), top=3, progress=lambda: None)
    listener = _Listener()
    spoken = Language("en", listener)
    screen = Screen(Console(file=StringIO()), spoken)
    screen.show_readings(loaded.readings)
    screen.show_matches(what, top=3)
    for request, answer in zip(what.requests, what.result.answers, strict=True):
        screen.explain(what, request, answer)
    write_report(what, spoken, ReportInput(loaded.readings, loaded.areas))
    assert list(proposal_rows(what, spoken))
    assert listener.heard <= SAID
    assert len(listener.heard) > 100
