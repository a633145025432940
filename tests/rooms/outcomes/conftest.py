"""What the tests of this room share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english() -> Iterator[None]:
    """Say figures in English where no page asks for another language."""
    with translation.override("en"):
        yield
