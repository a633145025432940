"""Which kind of sheet is about what."""

from collections.abc import Callable, Mapping
from typing import Final

from meervoud.site.imports.areas import Areas, Indicators
from meervoud.site.imports.differences import Setting, Subject
from meervoud.site.imports.requests import Requests
from meervoud.site.imports.sheets import Kind
from meervoud.site.imports.spaces import Spaces

SUBJECTS: Final[Mapping[Kind, Callable[[Setting], Subject]]] = {
    "spaces": Spaces,
    "requests": Requests,
    "areas": Areas,
    "indicators": Indicators,
}


def subject_of(kind: Kind, setting: Setting) -> Subject:
    """Return what a kind of sheet is about, in a programme."""
    return SUBJECTS[kind](setting)
