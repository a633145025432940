"""A part of a TOML file that knows its place: what is missing, unknown or of the wrong kind is told with where it stands."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, Never

from meervoud.files.messages import unreadable
from meervoud.files.wording.language import LANGUAGES

MOST_BYTES: Final = 64 * 1024
MOST_LETTERS: Final = 500
MOST_PARTS: Final = 50
MOST_DOTS: Final = 200  # in a line: reading a key of many parts takes time and memory by the square of their number
LARGEST: Final = 1000
ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
Texts = Mapping[str, str]
"""A text in each language it is there in."""


def read_toml(data: bytes, file: str) -> "Part":
    """Return what a TOML file says.

    Raises:
        InputError: the file is too large, or no TOML.
    """
    if len(data) > MOST_BYTES:
        raise unreadable("pack_too_large", file=file, most=MOST_BYTES // 1024)
    try:
        text = data.decode("utf-8-sig")
        if any(line.count(".") > MOST_DOTS for line in text.split("\n")):
            raise unreadable("pack_unreadable", file=file)
        return Part(tomllib.loads(text), "", file)
    except (ValueError, RecursionError) as error:
        raise unreadable("pack_unreadable", file=file) from error


class Part:
    """A table of the file; what is asked for is taken off, so that what is left over is unknown."""

    def __init__(self, content: Any, place: str, file: str) -> None:  # Any: values of TOML
        self.place, self.file = place, file
        if not isinstance(content, dict):
            self.refuse("")
        self.left: dict[str, Any] = dict(content)

    def refuse(self, name: str) -> Never:
        """Raise an error with the place of a value."""
        place = ", ".join(filter(None, (self.place, name[:MOST_LETTERS]))) or "-"
        raise unreadable("pack_place", file=self.file, place=place)

    def end(self) -> None:
        """Refuse what nobody asked for: a misspelt name must not go unseen."""
        for name in self.left:
            self.refuse(name)

    def take(self, name: str, *kinds: type, default: Any = None) -> Any:  # Any: values of TOML
        """Return a value of one of these kinds."""
        found = self.left.pop(name, default)
        if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
            self.refuse(name)
        return found

    def text(self, name: str, default: str | None = None) -> str:
        """Return a line of text."""
        found: str = self.take(name, str, default=default)
        is_usable = len(found) <= MOST_LETTERS and found.isprintable() and (found.strip() or default == found)
        return found if is_usable else self.refuse(name)

    def name(self, name: str) -> str:
        """Return an id: small letters, digits and underscores."""
        found = self.text(name)
        return found if ID.fullmatch(found) else self.refuse(name)

    def one_of(self, name: str, known: Collection[str], default: str | None = None) -> str:
        """Return one of some known words."""
        found = self.text(name, default)
        return found if found in known else self.refuse(name)

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a whole number within its bounds."""
        found: int = self.take(name, int)
        return found if least <= found <= most else self.refuse(name)

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number of a reasonable size."""
        found: int | float = self.take(name, int, float, default=default)
        return float(found) if abs(found) <= LARGEST else self.refuse(name)  # a NaN is not within any bounds

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Return true or false."""
        found: bool = self.take(name, bool, default=default)
        return found

    def texts(self, name: str, *, is_needed: bool = True) -> dict[str, str]:
        """Return a text by language; at least one where it is needed."""
        if name not in self.left and not is_needed:
            return {}
        part = self.part(name)
        found = {language: part.text(language) for language in LANGUAGES if language in part.left}
        part.end()
        return found or self.refuse(name)

    def items(self, name: str) -> list[Any]:  # Any: values of TOML
        """Return a list; an empty one where nothing is said."""
        found: list[Any] = self.take(name, list, default=[])
        return found if len(found) <= MOST_PARTS else self.refuse(name)

    def part(self, name: str) -> "Part":
        """Return a table within this one."""
        return Part(self.take(name, dict), self._below(name), self.file)

    def parts(self, name: str) -> Iterator["Part"]:
        """Return tables within this one, in order."""
        for number, each in enumerate(self.items(name), start=1):
            yield Part(each, self._below(f"{name} {number}"), self.file)

    def _below(self, name: str) -> str:
        return ", ".join(filter(None, (self.place, name)))
