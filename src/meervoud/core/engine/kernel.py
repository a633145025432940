"""The inner loops on words: erode by a length, count starts over weeks."""

import numpy as np

from meervoud.core.engine.arrays import Flags, Ints, Words, span_mask

STARTS_PER_CHUNK = 8
# byte -> 8 byte counters: bit b of the byte becomes 1 in byte b of the word
COUNTERS = np.array([sum(((byte >> bit) & 1) << (8 * bit) for bit in range(8)) for byte in range(256)], dtype=np.uint64)
MOST_COUNTED = 255


def erode(words: Words, slots: int) -> Words:
    """Return words whose bit t is set where slots t to t + slots - 1 are all set, in log2(slots) steps; slots 1-64."""
    length = 1
    while length < slots:
        step = min(length, slots - length)
        words = words & (words >> np.uint64(step))
        length += step
    return words


def count_starts(words: Words, first: int, starts: int) -> Ints:
    """Count for each start how often its bit is set along the last axis.

    Args:
        words: shape (..., n).
        first: bit of the first start.
        starts: how many starts, 1-64.

    Returns:
        Counts, shape (..., starts).
    """
    chunks: list[Ints] = []
    for chunk in range(0, starts, STARTS_PER_CHUNK):
        some = min(STARTS_PER_CHUNK, starts - chunk)
        part = (words >> np.uint64(first + chunk)) & np.uint64((1 << some) - 1)
        counted = _count_bytes(part)
        chunks.append(counted[..., :some])
    return np.concatenate(chunks, axis=-1)


def _count_bytes(part: Words) -> Ints:
    # a byte counts to 255: longer rows are added up in pieces
    pieces = range(0, max(part.shape[-1], 1), MOST_COUNTED)
    sums = [COUNTERS[part[..., first : first + MOST_COUNTED]].sum(axis=-1, dtype=np.uint64) for first in pieces]
    counts = [each[..., None].view(np.uint8).astype(np.int64) for each in sums]
    total: Ints = counts[0]
    for more in counts[1:]:
        total += more
    return total


def any_start(words: Words, first: int, starts: int) -> Flags:
    """Return where one of the starts has its bit set; the shape of words."""
    found: Flags = (words & span_mask(first, first + starts)) != 0
    return found


def count_slots_in_blocks(words: Words, block: int) -> Ints:
    """Count the set slots that lie in a run of at least `block` set slots; the shape of words."""
    starts = erode(words, block)
    length, covered = 1, starts
    while length < block:
        step = min(length, block - length)
        covered = covered | (covered << np.uint64(step))
        length += step
    return np.bitwise_count(covered).astype(np.int64)
