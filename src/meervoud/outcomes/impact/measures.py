"""What can measure an outcome: questions to people, or figures of the ledger; and how long answering takes."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meervoud.files.impact.scales import Questions, read_scales, seconds_of
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.models import Step

LEDGER: Final = {
    "people": gettext_lazy("how many people came (from the ledger)"),
    "visits": gettext_lazy("how often people came (from the ledger)"),
    "hours": gettext_lazy("hours of use (from the ledger)"),
}
UNITS: Final = {
    "life_satisfaction": "point*person*year",
    "people": "person*year",
    "visits": "visit",
    "hours": "hour",
}
"""In which unit a measure counts, for the price of one unit; another scale counts in points of its own."""
MINUTE: Final = 60
PULSE: Final = "this_time"
"""The one question about a single time: nobody chooses it for a wave that shows a change."""


def unit_of(measure: str) -> str:
    """Return the unit of what a measure counts."""
    return UNITS.get(measure, f"{measure} point*person*year")


def name_of_measure(measure: str) -> str:
    """Return what a measure is called, in the language of the page."""
    known = read_scales().get(measure)
    return in_language(known) if known else str(LEDGER.get(measure, measure))


def in_language(questions: Questions) -> str:
    """Return the name of questions in the language of the page."""
    names = questions.names
    return names.get(spoken().code) or names.get("en") or next(iter(names.values()))


def survey_choices() -> list[tuple[str, str]]:
    """Return what people can be asked, with how long it takes."""
    return [(name, _choice(each)) for name, each in read_scales().items() if name != PULSE]


def _choice(each: Questions) -> str:
    seconds = seconds_of([each])
    gaps = {"name": in_language(each), "seconds": seconds}
    return ngettext("%(name)s (%(seconds)s second)", "%(name)s (%(seconds)s seconds)", seconds) % gaps


def measure_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can measure an outcome: scales to ask, figures that the ledger has."""
    known = {name: each for name, each in read_scales().items() if name != PULSE}
    scales = [(name, in_language(each)) for name, each in known.items() if each.scale is not None]
    return [(_("ask people"), scales), (_("count"), [(name, str(label)) for name, label in LEDGER.items()])]


def open_questions() -> list[str]:
    """Return the ids of questions that are answered in words."""
    return [name for name, each in read_scales().items() if each.scale is None]


def asked_of(book: Book) -> Sequence[str]:
    """Return the ids of what a plan asks people."""
    found: Sequence[str] = book.content(Step.MEASUREMENT).get("questions", [])
    return found


def questions_of(names: Iterable[str]) -> list[Questions]:
    """Return questions by id, in the order of the ids; what is no longer known is left out."""
    known = read_scales()
    return [known[each] for each in names if each in known]


def minutes_of(names: Iterable[str]) -> float:
    """Return how many minutes answering takes a person."""
    return seconds_of(questions_of(names)) / MINUTE


def say_length(names: Sequence[str]) -> str:
    """Return how long answering takes, in a sentence; "" where nothing is asked yet."""
    if not names:
        return ""
    seconds = seconds_of(questions_of(names))
    number = len([item for each in questions_of(names) for item in each.items])
    said = ngettext("%(number)s question", "%(number)s questions", number) % {"number": number}
    return _("%(questions)s, about %(seconds)s seconds for each person.") % {"questions": said, "seconds": seconds}
