"""The verifier agrees with every true result, and reports every claim that was changed."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from meervoud.core.engine.index import build_index
from meervoud.core.engine.proposals import match
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.verify import verify
from meervoud.core.errors import InputError
from tests.core import strategies as city

WEIGHTS = load_weights()
CAUSE_NEEDS = {("east", "language"): 9000, ("west", "music"): 4000}


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_every_claim_of_a_random_city_is_found_again(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    spaces, request = data.draw(city.cities(grid)), data.draw(city.requests(grid))
    k, near = data.draw(st.sampled_from((1, 2, 10))), data.draw(st.sampled_from((1, 5)))
    index = build_index(spaces, grid, cause_needs=CAUSE_NEEDS)
    try:
        result = match(index, [request], WEIGHTS, k=k, near=near)
    except InputError:
        assume(False)  # noqa: FBT003  # hypothesis has it so: a rule that leaves the grid is refused
        return
    assert verify(spaces, [request], result, cause_needs=CAUSE_NEEDS) == []
