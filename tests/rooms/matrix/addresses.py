"""What the resolver knows: the addresses of the house, and those of the packages it uses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver

NAMESPACES: Final = ("account/", "admin/")
"""The beginnings of addresses that belong to packages; each is judged as a whole."""


@dataclass(frozen=True)
class Address:
    """One pattern: its name, how it is written, and the converter of each of its arguments."""

    name: str
    route: str
    arguments: tuple[tuple[str, str], ...]


def walk(resolver: URLResolver, before: str = "", above: tuple[tuple[str, str], ...] = ()) -> Iterator[Address]:
    """Return every address under a resolver."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        arguments = above + tuple(
            (name, type(converter).__name__.removesuffix("Converter").lower())
            for name, converter in each.pattern.converters.items()
        )
        if isinstance(each, URLPattern):
            yield Address(each.name or "", route, arguments)
        else:
            yield from walk(each, route, arguments)


def addresses(urlconf: str | None = None) -> list[Address]:
    """Return every address that the web answers."""
    return list(walk(get_resolver(urlconf)))


def own(found: list[Address]) -> list[Address]:
    """Return the addresses of the house itself."""
    return [each for each in found if not each.route.startswith(NAMESPACES)]


def of_packages(found: list[Address], beginning: str) -> list[Address]:
    """Return the addresses of a package."""
    return [each for each in found if each.route.startswith(beginning)]


def unnamed(found: list[Address], named: set[str]) -> list[str]:
    """Return the own addresses that a table does not name."""
    return [each.route for each in own(found) if each.name not in named]
