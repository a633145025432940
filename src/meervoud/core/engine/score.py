"""The score: a weighted mean of named parts, integers from 0 to 10,000."""

import tomllib
from importlib.resources import files

import numpy as np

from meervoud.core.engine.arrays import FULL_POINTS, Ints
from meervoud.core.engine.attributes import facility_bits
from meervoud.core.engine.columns import cause_bits
from meervoud.core.engine.index import Index
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import PART_NAMES, Weights
from meervoud.core.errors import InputError

MOST_WEIGHT = 1_000_000
MOST_CONSTANTS = {"half_points_metres": 1_000_000, "comfort_percent": 10_000, "open_host_points": FULL_POINTS}


def load_weights(text: str | None = None) -> Weights:
    """Read a set of weights.

    Args:
        text: a TOML text like `parameters/weights.toml`, or None for the set that comes with Meervoud.

    Raises:
        InputError: a weight is missing, negative or not a whole number, or all are 0.
    """
    if text is None:
        text = files("meervoud.core.engine").joinpath("parameters/weights.toml").read_text("utf-8")
    try:
        table = tomllib.loads(text)
        parts = [_whole(table["parts"][name]["weight"], name, MOST_WEIGHT) for name in PART_NAMES]
        time_fit, distance, size_fit, wishes, causes, neighbourhood, continuity = parts
        constants = table["constants"]
        half_points, comfort, open_host = (
            _whole(constants[name]["value"], name, most) for name, most in MOST_CONSTANTS.items()
        )
        version = str(table["version"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"The file of weights cannot be read: {error}. Start from the file that Meervoud brings.",
            code="weights_unreadable",
            value=str(error),
        ) from error
    if not any(parts) or half_points == 0:
        raise InputError(
            "At least one weight and the distance of half the points must be above 0.", code="weights_zero"
        )
    return Weights(
        (time_fit, distance, size_fit, wishes, causes, neighbourhood, continuity),
        half_points,
        comfort,
        open_host,
        version,
    )


def weights_for(request: Request, weights: Weights, *, knows_needs: bool) -> tuple[int, ...]:
    """Return the weight of each part for one request; 0 where the request says nothing about it."""
    asked = (
        bool(request.needs),
        request.position is not None,
        request.group_max > 0,
        bool(request.wishes),
        request.cause is not None,
        request.cause is not None and knows_needs,
        request.meets_at is not None,
    )
    return tuple(weight if said else 0 for weight, said in zip(weights.parts, asked, strict=True))


def score_parts(
    index: Index, request: Request, weights: Weights, rows: Ints, metres: Ints, time_points: Ints
) -> tuple[Ints, Ints]:
    """Score spaces for a request.

    Args:
        index: all spaces.
        request: for whom.
        weights: the set in use.
        rows: which spaces, shape (n,).
        metres: their distance, -1 where unknown, shape (n,).
        time_points: held of wanted, 0-10,000, shape (n,).

    Returns:
        (scores, parts): 0-10,000, shapes (n,) and (parts, n) in the order of PART_NAMES. A part that the request
        says nothing about is 0 and weighs nothing; a part that the space does not tell is 0 and weighs.
    """
    weight = weights_for(request, weights, knows_needs=bool(index.cause_needs))
    parts = np.zeros((len(PART_NAMES), len(rows)), dtype=np.int64)
    columns = index.columns
    if weight[0]:
        parts[0] = time_points
    if weight[1]:
        half = weights.half_points_metres
        parts[1] = np.where(metres < 0, 0, half * FULL_POINTS // (half + np.maximum(metres, 0)))
    if weight[2]:
        comfortable = request.group_max * weights.comfort_percent * (FULL_POINTS // 100)
        parts[2] = np.minimum(comfortable // columns.capacity[rows], FULL_POINTS)
    if weight[3]:
        wished = np.uint64(facility_bits(request.wishes))
        met = np.bitwise_count(columns.facilities[rows] & wished).astype(np.int64)
        parts[3] = met * FULL_POINTS // len(request.wishes)
    if request.cause is not None and (weight[4] or weight[5]):
        _score_cause(index, request.cause, weights, rows, parts)
    if weight[6]:
        parts[6] = np.where(rows == index.row_of.get(request.meets_at or "", -1), FULL_POINTS, 0)
    total = sum(weight)
    scores = np.array(weight, dtype=np.int64) @ parts // total if total else np.zeros(len(rows), dtype=np.int64)
    return scores, parts


def _score_cause(index: Index, cause: str, weights: Weights, rows: Ints, parts: Ints) -> None:
    liked = index.columns.causes[rows]
    bit = np.uint64(cause_bits(frozenset({cause})))
    parts[4] = np.where(liked == 0, weights.open_host_points, np.where((liked & bit) != 0, FULL_POINTS, 0))
    if index.cause_needs:
        parts[5] = index.neighbourhood_needs(cause)[rows]


def _whole(value: object, name: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InputError(
            f"The value of {name} in the file of weights is {value!r}; it must be a whole number from 0 to {most}.",
            code="weight_not_whole",
            name=name,
            value=str(value)[:40],
            most=most,
        )
    return value
