"""A proposal of the engine as JSON in a row, and back: the same words, moments and numbers for as long as it stands."""

from datetime import date
from functools import cache
from typing import Any

import cattrs

from meervoud.core.engine.types.results import Proposal


def write_snapshot(proposal: Proposal) -> dict[str, Any]:  # Any: values of JSON
    """Return what a row keeps of a proposal."""
    written: dict[str, Any] = _converter().unstructure(proposal)
    return written


def read_snapshot(kept: dict[str, Any]) -> Proposal:  # Any: values of JSON
    """Return the proposal that a row kept."""
    return _converter().structure(kept, Proposal)


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    return converter
