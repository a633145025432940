"""Names for the shapes of arrays that the engine passes around."""

import numpy as np
from numpy.typing import NDArray

from meervoud.core.engine.types.time import SLOT_MINUTES

Words = NDArray[np.uint64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

SLOTS_PER_DAY = 48
SPILL_SLOTS = 16
FULL_POINTS = 10_000
WHOLE_DAY = np.uint64((1 << SLOTS_PER_DAY) - 1)
SPILL_MASK = np.uint64((1 << SPILL_SLOTS) - 1)
ALL_BITS = np.uint64((1 << 64) - 1)


def span_mask(start: int, end: int) -> np.uint64:
    """Return the word with bits `start` up to but not including `end` set; 0 <= start <= end <= 64."""
    return np.uint64(((1 << end) - 1) ^ ((1 << start) - 1))


__all__ = [
    "ALL_BITS",
    "FULL_POINTS",
    "SLOTS_PER_DAY",
    "SLOT_MINUTES",
    "SPILL_MASK",
    "SPILL_SLOTS",
    "WHOLE_DAY",
    "Flags",
    "Floats",
    "Ints",
    "Words",
    "span_mask",
]
