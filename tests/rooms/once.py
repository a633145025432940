"""Rows that the tests of one module share: made once, and given to each test as if it were the first to see them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

import pytest
from django.db import transaction

from meervoud.matching.city_index import forget_indexes

T = TypeVar("T")


def made_once(make: Callable[[], Any]) -> Any:  # Any: what is made; a fixture of pytest
    """Return a fixture of a module that makes rows once, and takes them back after the last test.

    What a test writes is taken back by its own savepoint. Not for tests that commit (transaction=True).
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:  # the database must be there
        whole = transaction.atomic()
        with django_db_blocker.unblock():
            whole.__enter__()
            try:
                found = make()
            except BaseException as error:
                whole.__exit__(type(error), error, error.__traceback__)
                raise
        yield found
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)

    return made


def as_new(made: T) -> T:
    """Return a copy of what was made once; no index of an earlier test stays."""
    forget_indexes()
    return deepcopy(made)
