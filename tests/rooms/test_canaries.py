"""What is private stays private: every address, every role that may not know it, and no word of it anywhere."""

from collections.abc import Iterator

import pytest
from tests.rooms.matrix.canaries import make_planted_world
from tests.rooms.matrix.crawl import leaks
from tests.rooms.matrix.world import ROLES, noon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_told_what_is_private(role: str) -> None:
    world, canaries = make_planted_world()
    assert leaks(world, canaries, role) == []
