"""What a wave asks, in one language: each question with its answers, for a screen and for paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import translation

from meervoud.files.impact.scales import Questions, seconds_of
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.measures import questions_of
from meervoud.outcomes.impact.screens.measurement import CONSENT
from meervoud.outcomes.models import Wave
from meervoud.parties.models.people import LANGUAGES

MOST_IN_A_ROW: Final = 11
ROUND: Final = 10


@dataclass(frozen=True)
class Asked:
    """One question as it is asked.

    Attributes:
        scale, item: ids; item is of the question within its scale.
        text: its words.
        kind: names (every answer has a name), row (numbers with names at the ends), number (typed), words.
        low, high: lowest and highest answer.
        names: of answers, by their number.
    """

    scale: str
    item: str
    text: str
    kind: str
    low: int = 0
    high: int = 0
    names: tuple[tuple[int, str], ...] = ()

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return f"q_{self.scale}_{self.item}"

    @property
    def ends(self) -> tuple[str, str]:
        """The names of the lowest and of the highest answer."""
        found = dict(self.names)
        return found.get(self.low, ""), found.get(self.high, "")


@dataclass(frozen=True)
class Group:
    """Questions that belong together, with what is said before them."""

    intro: str
    asked: tuple[Asked, ...]


def scales_of(wave: Wave) -> list[Questions]:
    """Return what a wave asks, in order."""
    return questions_of(wave.questions)


def languages_of(wave: Wave) -> list[str]:
    """Return the languages that every question of a wave has, in the order of the house."""
    asked = scales_of(wave)
    return [code for code, _name in LANGUAGES if all(code in each.languages for each in asked)]


def language_for(wave: Wave, wanted: str) -> str:
    """Return the language in which to ask: the wanted one where every question has it, else the plan's, else the first."""
    known = languages_of(wave)
    found = next((each for each in (wanted, wave.plan.language) if each in known), "")
    return found or next(iter(known), wave.plan.language)


def groups_of(wave: Wave) -> list[Group]:
    """Return the questions of a wave in the language of the page; ask `language_for` first which that may be."""
    code = spoken().code
    return [Group(each.intro.get(code, ""), tuple(_asked(each, code))) for each in scales_of(wave)]


def _asked(questions: Questions, code: str) -> Sequence[Asked]:
    names = tuple((number, texts[code]) for number, texts in sorted(questions.answers.items()))
    if questions.scale is None:
        return [Asked(questions.id, each.id, each.texts[code], "words") for each in questions.items]
    return [
        Asked(
            questions.id, item.id, each.texts[code], _kind(item.low, item.high, len(names)), item.low, item.high, names
        )
        for each, item in zip(questions.items, questions.scale.items, strict=True)
    ]


def _kind(low: int, high: int, named: int) -> str:
    answers = high - low + 1
    if named == answers:
        return "names"
    return "row" if answers <= MOST_IN_A_ROW else "number"


def seconds_for(wave: Wave) -> int:
    """Return about how many seconds a wave takes a person, in tens."""
    return max(ROUND, ROUND * round(seconds_of(scales_of(wave)) / ROUND))


def consent_of(wave: Wave) -> tuple[str, str]:
    """Return what people read before they answer, and its language: our own text in that of the page, else as it was written."""
    written = str(wave.version.content.get("consent") or CONSENT).strip()
    for code, _name in LANGUAGES:
        with translation.override(code):
            if written == str(CONSENT):
                break
    else:
        return written, wave.plan.language
    return str(CONSENT), spoken().code
