"""What was signed can be cleared after a test that writes for good: the database refuses that else."""

from collections.abc import Iterator

import pytest
from django.db import connection

from meervoud.agreements.guard import GUARD
from meervoud.agreements.models import Document
from meervoud.matching.city_index import forget_indexes


@pytest.fixture
def cleared_after(transactional_db: None) -> Iterator[None]:
    """Take the guard away at the end, for as long as it takes to empty the table."""
    forget_indexes()
    yield
    with connection.schema_editor() as editor:
        GUARD.drop(None, editor)
    Document.objects.every(because="the end of a test").delete()
    with connection.schema_editor() as editor:
        GUARD.add(None, editor)
    forget_indexes()
