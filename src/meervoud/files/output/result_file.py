"""A result as JSON: written for machines, read back to be explained. Everything that was matched is in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_args

import cattrs

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.hours import OpeningHours
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Request, Weekly
from meervoud.core.engine.types.results import Answer, Result
from meervoud.core.engine.types.spaces import Space
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable

FORMAT = "meervoud-result-1"
NEEDS: dict[str, type[Any]] = {
    "weekly": Weekly,
    "dates": Dates,
    "hours": Hours,
    "continuous": Continuous,
}  # Any: four kinds
T = TypeVar("T")


@dataclass(frozen=True)
class Matched:
    """A result with the spaces and the requests that it speaks of; bookings stay with their calendar."""

    spaces: tuple[Space, ...]
    requests: tuple[Request, ...]
    result: Result
    format: str = FORMAT

    def space(self, space_id: str) -> Space:
        """Return a space by its id."""
        return self._by_id[space_id]

    @cached_property
    def _by_id(self) -> dict[str, Space]:
        return {space.id: space for space in self.spaces}

    def answer_to(self, request_id: str) -> tuple[Request, Answer]:
        """Return a request and its answer.

        Raises:
            InputError: no request has the id.
        """
        for request, answer in zip(self.requests, self.result.answers, strict=True):
            if request.id == request_id:
                return request, answer
        known = ", ".join(request.id for request in self.requests[:20])
        raise unreadable("request_unknown", value=request_id, known=known)


def matched(spaces: Sequence[Space], requests: Sequence[Request], result: Result) -> Matched:
    """Put a result together with what it speaks of."""
    told = (replace(space, bookings=(), notes=()) for space in spaces)  # when others meet is theirs to tell
    asked = (replace(request, notes=()) for request in requests)  # columns nobody named may hold addresses
    return Matched(tuple(told), tuple(asked), result)


def write_json(what: Matched) -> str:
    """Return the JSON text; the same result gives the same text."""
    return json.dumps(_converter().unstructure(what), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_json(path: Path) -> Matched:
    """Read a result.

    Raises:
        InputError: the file is not there, or is no result of this version.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise unreadable("result_unreadable", file=path.name)
        json.dumps(content, ensure_ascii=False).encode()  # half a character cannot be shown
        return _checked(_converter().structure(content, Matched))
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, cattrs.BaseValidationError) as error:
        raise unreadable("result_unreadable", file=path.name) from error


def _checked(what: Matched) -> Matched:
    """Return the result, or raise where its answers speak of requests, rules or spaces that the file does not hold."""
    for request, answer in zip(what.requests, what.result.answers, strict=True):
        spaces = {each.space_id for each in answer.proposals} | {each.space_id for each in answer.near_misses}
        rules = [each.rule for each in answer.relaxations]
        if request.id != answer.request_id or max(rules, default=-1) >= len(request.needs):
            raise KeyError(answer.request_id)
        for space_id in spaces:
            what.space(space_id)
    return what


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(OpeningHours, lambda hours: hours.text)
    converter.register_structure_hook(OpeningHours, lambda text, _: parse_opening_hours(text))
    converter.register_unstructure_hook_func(lambda kind: getattr(kind, "__origin__", kind) is frozenset, sorted)
    for name, kind in NEEDS.items():
        converter.register_unstructure_hook(kind, _named(converter, name, kind))
    converter.register_structure_hook_func(lambda kind: get_args(kind) == get_args(Need), _need(converter))
    return converter


def _named(converter: cattrs.Converter, name: str, kind: type[T]) -> Any:  # Any: a hook of cattrs
    write = cattrs.gen.make_dict_unstructure_fn(kind, converter)
    return lambda need: {"kind": name, **write(need)}


def _need(converter: cattrs.Converter) -> Any:  # Any: a hook of cattrs
    def structure(content: dict[str, Any], _: object) -> Need:
        kind = NEEDS[content["kind"]]
        rest = {key: value for key, value in content.items() if key != "kind"}
        need: Need = converter.structure(rest, kind)
        return need

    return structure
