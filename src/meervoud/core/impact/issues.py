"""What a check finds: a rule by its code, an error or a warning, what it is about, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong, or unusual.

    Attributes:
        code: of the rule, such as D1 or T4.
        is_error: nothing goes on until it is mended; else it is a warning.
        about: ids or names of what it is about, sorted.
        message: in English: what, where, what to do.
        gaps: what the sentence of the code is filled with in other languages.
    """

    code: str
    is_error: bool
    about: tuple[str, ...]
    message: str
    gaps: tuple[tuple[str, str], ...] = ()


def error(code: str, about: Sequence[str], message: str, **gaps: str) -> Issue:
    """Return an issue that must be mended."""
    return Issue(code, is_error=True, about=tuple(sorted(about)), message=message, gaps=tuple(sorted(gaps.items())))


def warning(code: str, about: Sequence[str], message: str, **gaps: str) -> Issue:
    """Return an issue that somebody should look at."""
    return Issue(code, is_error=False, about=tuple(sorted(about)), message=message, gaps=tuple(sorted(gaps.items())))
