"""What an error says to a person, in the language of the page."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language, gettext

from meervoud.core.errors import InputError, MeervoudError
from meervoud.files.wording.language import LANGUAGES, Language, language
from meervoud.files.wording.names import name_of

_refusals: dict[str, str] = {}


def set_refusals(*tables: Mapping[str, str]) -> None:
    """Set the sentences of codes that the files do not know, with named gaps; called once by the front door."""
    _refusals.clear()
    for table in tables:
        _refusals.update(table)


def spoken() -> Language:
    """Return the language of the page."""
    code = (get_language() or "en")[:2]
    return language(code if code in LANGUAGES else "en")


def words_of(table: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return the codes of a closed list with their words in the language of the page, as choices of a field."""
    said = spoken()
    return [(code, name_of(said, table, code).capitalize()) for code in codes]


def say_error(error: MeervoudError) -> str:
    """Return what an error says; its own English where no sentence is known for it."""
    if not isinstance(error, InputError):
        return gettext(str(error))
    known = spoken().sentence(error.code, error.values)
    if known:
        return known
    template = _refusals.get(error.code)
    gaps = {name: gettext(str(value)) if name == "weekday" else value for name, value in error.values.items()}
    return gettext(template) % gaps if template else gettext(str(error))
