"""Codes that others know our figures by: measures of IRIS+ and goals of the United Nations, from the dated files of core.impact."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

IRIS: Final = "parameters/iris-2026-11.toml"
GOALS: Final = "parameters/sdg-2026-11.toml"


@dataclass(frozen=True, slots=True)
class Code:
    """Something in a list that somebody else keeps.

    Attributes:
        iri: full name of it.
        identifier: as it stands in its list, such as PI5683 or 11.
        name: in English, as its keeper has it.
        keeper: where the list is.
        beware: where a figure of ours is not the same thing; "" where it is.
    """

    iri: str
    identifier: str
    name: str
    keeper: str
    beware: str = ""


@cache
def read_iris() -> Mapping[str, Code]:
    """Return the measures of IRIS+ that come with Meervoud, by id."""
    table = _read(IRIS)
    return {
        name: Code(
            table["address"].format(id=name.lower()),
            name,
            each["name"],
            "https://iris.thegiin.org/",
            each.get("beware", ""),
        )
        for name, each in table.items()
        if isinstance(each, dict)
    }


@cache
def read_goals() -> Mapping[int, Code]:
    """Return the Sustainable Development Goals, by number."""
    table = _read(GOALS)
    return {
        int(number): Code(table["address"].format(number=number), number, f"Goal {number}: {name}", table["list"])
        for number, name in table["goals"].items()
    }


def _read(name: str) -> dict[str, Any]:  # Any: values of TOML
    return tomllib.loads((files("meervoud.core.impact") / name).read_text("utf-8"))
