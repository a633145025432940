"""How many people can have come often enough, slow and plain: by trying every attendance, and by a flow through a network."""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow


def by_every_attendance(head_counts: Sequence[int], dose: int) -> int:
    """Return the most people that came `dose` times in any attendance whatsoever with these head counts."""
    crowd = range(sum(head_counts))
    moments = [list(combinations(crowd, each)) for each in head_counts]
    return (
        max(
            sum(sum(person in there for there in attendance) >= dose for person in crowd)
            for attendance in product(*moments)
        )
        if crowd
        else 0
    )


def by_flow(head_counts: Sequence[int], dose: int) -> int:
    """Return the most people for whom `dose` seats each can be found, at most one at a moment."""
    return max((people for people in range(sum(head_counts) + 1) if _fits(head_counts, dose, people)), default=0)


def _fits(head_counts: Sequence[int], dose: int, people: int) -> bool:
    moments = len(head_counts)
    end = people + moments + 1
    room = np.zeros((end + 1, end + 1), dtype=np.int32)
    room[0, 1 : people + 1] = dose
    room[1 : people + 1, people + 1 : end] = 1
    room[people + 1 : end, end] = head_counts
    return bool(maximum_flow(csr_array(room), 0, end).flow_value == dose * people)
