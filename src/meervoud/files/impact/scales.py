"""Questions to ask people: the scales that come with Meervoud, packs of an organisation's own, and the kit to start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from meervoud.core.impact.scales import Band, Item, Scale, Scoring
from meervoud.files.impact.toml_part import Part, Texts, read_toml
from meervoud.files.messages import unreadable
from meervoud.files.wording.language import LANGUAGES

FOLDER: Final = "parameters/scales"
KITS: Final = "parameters/kits-2026-11.toml"
MOST_SECONDS: Final = 5 * 60
"""Of a measurement plan, for one person; longer lists are not filled in."""
OPEN: Final = "open"
FURTHEST: Final = 100
LONGEST: Final = 600
_packs: Final = dict[str, "Questions"]()


@dataclass(frozen=True)
class Wording:
    """Where the words of one language come from.

    Attributes:
        read: where the wording was read; "" where it was not.
        is_own_translation: we translated it; nobody checked that it measures the same.
        is_own_question: we made the question ourselves; it is no published scale.
    """

    read: str = ""
    is_own_translation: bool = False
    is_own_question: bool = False


@dataclass(frozen=True)
class Question:
    """One question as it is asked.

    Attributes:
        id: as in the scale.
        texts: its words.
        seconds: how long answering takes, estimated.
    """

    id: str
    texts: Texts
    seconds: int


@dataclass(frozen=True)
class Questions:
    """A scale with its words, or an open question.

    Attributes:
        id: of the scale; packs have other ids than what comes with Meervoud.
        version: the day of the file.
        scale: how it is scored, with source and licence; None for an open question.
        names: what it is called.
        intro: what is said before it; empty where nothing is.
        items: the questions, in order.
        answers: names of answers by their number; of a long row only of its ends.
        band_names: what a band of scores is called, by its code.
        wordings: where the words come from, by language.
        source, licence: as in the scale.
        is_pack: an organisation uploaded it.
    """

    id: str
    version: str
    scale: Scale | None
    names: Texts
    intro: Texts
    items: tuple[Question, ...]
    answers: Mapping[int, Texts]
    band_names: Mapping[str, Texts]
    wordings: Mapping[str, Wording]
    source: str
    licence: str
    is_pack: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be asked."""
        return tuple(self.wordings)


@dataclass(frozen=True)
class Kit:
    """Questions to start from.

    Attributes:
        id: of the kit.
        names: what it is called.
        questions: ids, in the order of asking.
        months: after how many months to ask; 0 is at the start.
    """

    id: str
    names: Texts
    questions: tuple[str, ...]
    months: tuple[int, ...]


@cache
def read_scales() -> Mapping[str, Questions]:
    """Return what can be asked, by id: the scales that come with Meervoud, and the packs that this server brings along."""
    return {**_built_in(), **_packs}


def use_packs(folder: Path) -> None:
    """Let a server ask scales of its own: every TOML file in a folder. Called once, when the server starts.

    Raises:
        InputError: a file cannot be used; see read_pack. Two packs must not have one id.
    """
    _packs.clear()
    read_scales.cache_clear()
    for path in sorted(folder.glob("*.toml")):
        found = read_pack(path.read_bytes(), path.name)
        if found.id in _packs:
            raise unreadable("pack_built_in", id=found.id)
        _packs[found.id] = found
    read_scales.cache_clear()


@cache
def _built_in() -> Mapping[str, Questions]:
    folder = files("meervoud.core.impact") / FOLDER
    paths = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    found = [_questions(read_toml(each.read_bytes(), each.name), is_pack=False) for each in paths]
    return {each.id: each for each in found}


def read_pack(data: bytes, name: str) -> Questions:
    """Return a scale that an organisation may use and brings along.

    Args:
        data: the TOML file as it was uploaded.
        name: of that file, for the errors.

    Raises:
        InputError: the file is too large, no TOML, lacks something, has something unknown, does not say that the scale may be
            used, or has the id of a scale that comes with Meervoud.
    """
    part = read_toml(data, name)
    if part.left.get("may_use") is not True:
        raise unreadable("pack_may_use", file=name)
    part.flag("may_use")
    found = _questions(part, is_pack=True)
    if found.id in _built_in():
        raise unreadable("pack_built_in", id=found.id)
    return found


@cache
def read_kits() -> Mapping[str, Kit]:
    """Return the kits to start from, by id, the usual one first."""
    part = read_toml((files("meervoud.core.impact") / KITS).read_bytes(), KITS)
    part.text("version")
    part.text("source")
    kits = {}
    for each in part.parts("kits"):
        kit = Kit(
            id=each.name("id"),
            names=each.texts("name"),
            questions=tuple(map(str, each.items("questions"))),
            months=tuple(map(int, each.items("months"))),
        )
        each.end()
        kits[kit.id] = kit
    part.end()
    return kits


def seconds_of(questions: Iterable[Questions]) -> int:
    """Return how long answering takes one person, estimated."""
    return sum(item.seconds for each in questions for item in each.items)


def check_length(questions: Iterable[Questions]) -> int:
    """Return how many seconds a measurement takes one person.

    Raises:
        InputError: it is more than MOST_SECONDS.
    """
    seconds = seconds_of(questions)
    if seconds > MOST_SECONDS:
        raise unreadable("questions_too_long", minutes=-(-seconds // 60), most=MOST_SECONDS // 60)
    return seconds


def _questions(part: Part, *, is_pack: bool) -> Questions:
    scoring = part.one_of("scoring", (*Scoring, OPEN))
    name, source, licence = part.name("id"), part.text("source"), part.text("licence")
    lower, factor = part.flag("is_lower_better", default=False), part.number("factor", 1.0)
    read = [_item(each, scoring) for each in part.parts("items")]
    bands, band_names = _bands(part)
    scale = None
    if scoring != OPEN:
        items = tuple(item for item, _question in read)
        scale = Scale(name, Scoring(scoring), items, lower, source, licence, factor, bands)
    found = Questions(
        id=name,
        version=part.text("version"),
        scale=scale,
        names=part.texts("name"),
        intro=part.texts("intro", is_needed=False),
        items=tuple(question for _item, question in read),
        answers=_answers(part),
        band_names=band_names,
        wordings=_wordings(part),
        source=source,
        licence=licence,
        is_pack=is_pack,
    )
    part.end()
    _check(part, found)
    return found


def _item(part: Part, scoring: str) -> tuple[Item, Question]:
    name, texts, seconds = part.name("id"), part.texts("text"), part.whole("seconds", 1, LONGEST)
    low, high, counts, is_reversed = 0, 1, list[int](), False
    if scoring != OPEN:
        low, high = part.whole("low", -FURTHEST, FURTHEST), part.whole("high", -FURTHEST, FURTHEST)
        is_reversed = part.flag("is_reversed", default=False)
        counts = part.items("counts")
    are_usable = all(type(each) is int and low <= each <= high for each in counts)  # true is no answer
    if low >= high or not are_usable or bool(counts) != (scoring == Scoring.COUNT):
        part.refuse("high" if low >= high else "counts")
    part.end()
    return Item(name, low, high, is_reversed, frozenset(counts)), Question(name, texts, seconds)


def _answers(part: Part) -> dict[int, Texts]:
    found = dict[int, Texts]()
    for each in part.parts("answers"):
        value = each.whole("value", -FURTHEST, FURTHEST)
        if value in found:
            each.refuse("value")
        found[value] = each.texts("label")
        each.end()
    return found


def _bands(part: Part) -> tuple[tuple[Band, ...], dict[str, Texts]]:
    bands, names = list[Band](), dict[str, Texts]()
    for each in part.parts("bands"):
        band = Band(each.name("code"), each.number("low"), each.number("high"))
        if band.low > band.high or (bands and band.low <= bands[-1].high) or band.code in names:
            each.refuse("low")
        bands.append(band)
        names[band.code] = each.texts("label")
        each.end()
    return tuple(bands), names


def _wordings(part: Part) -> dict[str, Wording]:
    below, found = part.part("wording"), dict[str, Wording]()
    for language in [each for each in LANGUAGES if each in below.left]:
        each = below.part(language)
        wording = Wording(
            read=each.text("read", ""),
            is_own_translation=each.flag("own_translation", default=False),
            is_own_question=each.flag("own_question", default=False),
        )
        each.end()
        if [bool(wording.read), wording.is_own_translation, wording.is_own_question].count(True) != 1:
            below.refuse(language)
        found[language] = wording
    below.end()
    return found


def _check(part: Part, found: Questions) -> None:
    """Refuse what cannot be asked in each of its languages, or not scored."""
    ids = [each.id for each in found.items]
    is_one = found.scale is None or found.scale.scoring == Scoring.SINGLE
    if not ids or len(set(ids)) < len(ids) or (is_one and len(ids) > 1):
        part.refuse("items")
    said = [found.names, *(each.texts for each in found.items), *found.answers.values(), *found.band_names.values()]
    if found.intro:
        said.append(found.intro)
    if not found.wordings or any(each.keys() != found.wordings.keys() for each in said):
        part.refuse("wording")
    if found.scale is not None:
        _check_scale(part, found.scale, found.answers)


def _check_scale(part: Part, scale: Scale, answers: Mapping[int, Texts]) -> None:
    if not 0 < scale.factor <= FURTHEST:
        part.refuse("factor")
    low, high = scale.reach
    if any(not low <= each.low <= each.high <= high for each in scale.bands):
        part.refuse("bands")
    ends = {end for each in scale.items for end in (each.low, each.high)}
    is_named = ends <= answers.keys() or (not answers and len(scale.items) == 1)
    if not is_named or any(not min(ends) <= each <= max(ends) for each in answers):
        part.refuse("answers")
