"""Spaces that fail on one condition only, what relaxing it would open, and how many spaces each condition excludes."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from meervoud.core.engine.arrays import Flags, Ints
from meervoud.core.engine.attributes import missing_facilities, refused_activities
from meervoud.core.engine.fitting import best_percents, fit_time, plans_of
from meervoud.core.engine.index import Index
from meervoud.core.engine.musts import distances, failures
from meervoud.core.engine.relaxing import relax_condition
from meervoud.core.engine.relaxing_time import relax_time
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Condition, Exclusion, NearMiss, Relaxation
from meervoud.core.engine.types.spaces import Space

FAR = 1 << 40
TOGETHER = "together"


@dataclass(frozen=True)
class Misses:
    """Near misses, what relaxing would open, and what excluded how many."""

    near_misses: tuple[NearMiss, ...]
    relaxations: tuple[Relaxation, ...]
    exclusions: tuple[Exclusion, ...]


def find_near_misses(index: Index, request: Request, *, near: int = 5) -> Misses:
    """Look at every space for what keeps it from fitting.

    Args:
        index: all spaces.
        request: whose musts.
        near: how many near misses for each condition at most, the nearest first.
    """
    failed: dict[Condition, Flags] = dict(failures(index, request))
    if request.needs:
        failed["time"] = _fails_time(index, request, index.rows)
    if not failed:
        return Misses((), (), ())
    count = np.sum(list(failed.values()), axis=0)
    exclusions: list[Exclusion] = []
    near_misses: list[NearMiss] = []
    relaxations: list[Relaxation] = []
    order = _nearness(index, request)
    for condition, fails in sorted(failed.items()):
        alone = fails & (count == 1)
        rows = np.flatnonzero(alone)
        if fails.any():
            exclusions.append(Exclusion(condition, int(fails.sum()), len(rows)))
        nearest = rows[np.argsort(order[rows], kind="stable")]
        near_misses += [_near_miss(index, request, condition, int(row)) for row in nearest[:near]]
        relaxations += (
            relax_time(index, request, rows)
            if condition == "time"
            else relax_condition(index, request, condition, rows)
        )
    return Misses(tuple(near_misses), tuple(relaxations), tuple(exclusions))


def count_alone(index: Index, request: Request) -> dict[Condition, int]:
    """Return how many spaces fail each condition and no other, as `find_near_misses` does, for a fraction of the time.

    Time is looked at only where at most one other condition fails.
    """
    failed: dict[Condition, Flags] = dict(failures(index, request))
    count = np.sum(list(failed.values()), axis=0) if failed else np.zeros(len(index.rows), dtype=np.int64)
    if request.needs:
        close = np.flatnonzero(count <= 1)
        fails = np.zeros(len(index.rows), dtype=bool)
        fails[close] = _fails_time(index, request, close)
        failed["time"] = fails
        count = count + fails
    found: dict[Condition, int] = {}
    for condition, fails in sorted(failed.items()):
        number = int((fails & (count == 1)).sum())
        if number:
            found[condition] = number
    return found


def _fails_time(index: Index, request: Request, rows: Ints) -> Flags:
    fit = fit_time(plans_of(request.needs, index), index, rows)
    fails: Flags = ~fit.fits & index.columns.has_time[rows]  # unknown hours are asked about, they do not fail
    return fails


def _nearness(index: Index, request: Request) -> Ints:
    metres = distances(index, request, index.rows)
    return np.where(metres < 0, FAR, metres) * len(index.spaces) + index.id_order


def _near_miss(index: Index, request: Request, condition: Condition, row: int) -> NearMiss:
    space = index.spaces[row]
    if condition == "distance":
        metres = int(distances(index, request, np.array([row], dtype=np.int64))[0])
        return NearMiss(space.id, condition, str(request.max_metres), str(metres))
    if condition == "time":
        rules = zip(plans_of(request.needs, index), request.needs, strict=True)
        here = np.array([row], dtype=np.int64)
        shares = [
            (int(best_percents(plan, index, here)[0]), ceil(round(need.coverage_share * 100, 6)))
            for plan, need in rules
        ]
        found_percent, wanted_percent = min(shares, key=lambda share: share[0] - share[1])
        # each rule fits by itself, and not after the others
        found_text = TOGETHER if found_percent >= wanted_percent else str(found_percent)
        return NearMiss(space.id, condition, str(wanted_percent), found_text)
    wanted, found = _clash(request, space, condition)
    return NearMiss(space.id, condition, wanted, found)


def _clash(request: Request, space: Space, condition: Condition) -> tuple[str, str]:
    price, budget = space.price, request.budget
    values: dict[Condition, tuple[object, object]] = {
        "capacity": (request.group_max, space.capacity),
        "capacity_min": (request.group_max, space.capacity_min),
        "area": (f"{request.area_m2:g}", f"{space.area_m2 or 0:g}"),
        "facilities": (",".join(sorted(request.facilities)), ",".join(missing_facilities(request, space))),
        "activities": (",".join(sorted(request.activities)), ",".join(refused_activities(request, space))),
        "loudness": (request.loudness, space.loudness),
        "step_free": ("yes", space.step_free),
        "budget": (budget.cents if budget else "", price.cents if price else ""),
        "currency": (budget.currency if budget else "", price.currency if price else ""),
    }
    wanted, found = values[condition]
    return str(wanted), str(found)
