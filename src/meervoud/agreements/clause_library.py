"""The library of clauses: model texts in three languages, by version and kind of contract; none was checked by a lawyer."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

VERSIONS: Final = ("2026-11",)
LATEST: Final = VERSIONS[-1]


@dataclass(frozen=True)
class Clause:
    """A model text.

    Attributes:
        key: its name, the same in every version.
        kinds: of contracts that have it.
        when: "" always; else the name of what must be settled for it to stand there.
        titles, texts: by language; texts have gaps like %(host)s.
    """

    key: str
    kinds: frozenset[str]
    when: str
    titles: dict[str, str]
    texts: dict[str, str]


@cache
def clauses_of(version: str = LATEST) -> tuple[Clause, ...]:
    """Return the clauses of one version of the library, in their order.

    Raises:
        KeyError: there is no such version.
    """
    if version not in VERSIONS:
        raise KeyError(version)
    text = files("meervoud.agreements").joinpath(f"clauses/{version}.toml").read_text("utf-8")
    return tuple(
        Clause(
            key=each["key"],
            kinds=frozenset(each["kinds"]),
            when=each.get("when", ""),
            titles={code: each[code][0] for code in ("nl", "en", "da")},
            texts={code: each[code][1] for code in ("nl", "en", "da")},
        )
        for each in tomllib.loads(text)["clause"]
    )
