"""The compiled half-hours in a file, so that a second run need not compile them again."""

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from meervoud.core.engine.geography import sort_by_cell
from meervoud.core.engine.index import CauseNeeds, Index
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import Grid
from meervoud.files.messages import unreadable


def save_index(path: Path, index: Index) -> None:
    """Write the half-hours of an index and the fingerprint of the spaces they belong to."""
    with path.open("wb") as file:
        np.savez(file, bits=index.bits, fingerprint=np.array(_fingerprint(index.spaces, index.grid)))


def load_index(path: Path, spaces: Sequence[Space], grid: Grid, *, cause_needs: CauseNeeds | None = None) -> Index:
    """Return the index of exactly these spaces on this grid.

    Raises:
        InputError: the file is not there, is no index, or belongs to other spaces, hours, bookings or weeks.
    """
    ordered, _ = sort_by_cell(spaces)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            bits, fingerprint = content["bits"], str(content["fingerprint"])
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise unreadable("index_unreadable", file=path.name) from error
    if fingerprint != _fingerprint(ordered, grid):
        raise unreadable("index_stale", file=path.name)
    return Index(spaces, grid, bits=bits, cause_needs=cause_needs or {})


def _fingerprint(spaces: Sequence[Space], grid: Grid) -> str:
    digest = hashlib.sha256(repr(grid).encode())
    for space in spaces:
        digest.update(repr((space.id, space.periods, space.edges, space.closures, space.bookings)).encode())
        digest.update(str(space.buffer_minutes).encode())
    return digest.hexdigest()
