"""The words of the closed lists, in three languages, and the code that each stands for."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, cast

from meervoud.core.engine.types.vocabulary import Lend, StepFree
from meervoud.files.messages import unreadable
from meervoud.files.values.cells import Cell, cell_text, is_unknown

_FOLD = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d"})


def read_parameters(name: str) -> dict[str, Any]:
    """Return a parameter file of this room; TOML has values of any type."""
    text = (files("meervoud.files") / "parameters" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def fold(text: str) -> str:
    """Return text without what people vary: case, accents, hyphens, underscores and spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_FOLD))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\s_\-./:()]+", " ", letters).split())


def _by_word(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(word): code for code, words in table.items() for word in (code, *words)}


_TABLES = read_parameters("words.toml")
WORDS: dict[str, dict[str, str]] = {name: _by_word(table) for name, table in _TABLES.items() if name != "prices"}


@dataclass(frozen=True)
class PriceWords:
    """Words around an amount of money."""

    free: frozenset[str]
    hour: frozenset[str]
    month: frozenset[str]
    currencies: Mapping[str, str]


def _price_words(table: Mapping[str, Any]) -> PriceWords:
    currencies = {word.casefold(): code for code, words in table["currencies"].items() for word in (code, *words)}
    return PriceWords(frozenset(table["free"]), frozenset(table["hour"]), frozenset(table["month"]), currencies)


PRICE_WORDS = _price_words(_TABLES["prices"])


def find_word(table: str, text: str) -> str:
    """Return the code for a word of one part of words.toml: "kinds", "facilities", "activities", ...

    Raises:
        InputError: the word is not known; it names the nearest ones.
    """
    known = WORDS[table]
    folded = fold(text)
    if folded in known:
        return known[folded]
    nearest = list(dict.fromkeys(known[word] for word in get_close_matches(folded, known, n=6, cutoff=0.6)))[:3]
    codes = ", ".join(dict.fromkeys(known.values()))
    raise unreadable("word_unknown", value=text, nearest=", ".join(nearest) or "-", known=codes)


def one_word(table: str) -> Callable[[Cell], str]:
    """Return a reader of one word of a list."""
    return lambda cell: find_word(table, cell_text(cell))


def words(table: str) -> Callable[[Cell], frozenset[str]]:
    """Return a reader of several words of a list, with , ; | or a new line between them."""
    return lambda cell: frozenset(find_word(table, part) for part in split_list(cell))


def split_list(cell: Cell) -> list[str]:
    """Return the parts of a list; parts that say nothing fall away."""
    parts = (part.strip() for part in re.split(r"[,;|\n]", cell_text(cell)))
    return [part for part in parts if not is_unknown(part)]


def parse_yes_no(cell: Cell) -> bool:
    """Return True for yes and False for no; "limited" is neither."""
    answer = WORDS["step_free"].get(fold(cell_text(cell)))
    if answer not in {"yes", "no"}:
        raise unreadable("yes_or_no", value=cell_text(cell))
    return answer == "yes"


def parse_step_free(cell: Cell) -> StepFree:
    """Return yes, limited or no."""
    return cast("StepFree", find_word("step_free", cell_text(cell)))


def parse_lend(cell: Cell) -> Lend:
    """Return inside, outside or always."""
    return cast("Lend", find_word("lend", cell_text(cell)))
