"""Find every space that fits a request, rank them, and say why. The public names of the library; see docs/api/engine.md."""

from meervoud.core.engine.availability import BookingArrays
from meervoud.core.engine.first_free import first_free
from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.proposals import answer, match, who_fits
from meervoud.core.engine.relaxing import relax_request
from meervoud.core.engine.retrieval import rank, rank_all
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.verify import verify

__all__ = [
    "BookingArrays",
    "Index",
    "answer",
    "build_index",
    "first_free",
    "load_weights",
    "match",
    "parse_opening_hours",
    "rank",
    "rank_all",
    "relax_request",
    "verify",
    "who_fits",
]
