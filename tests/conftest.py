"""What all tests share: where the reference data stands, the same random cases everywhere, and no silent skips."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import settings

from tests.contract.catalogue import compile_all

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("search", database=None)
settings.load_profile(os.environ.get("MEERVOUD_HYPOTHESIS", "same"))


@pytest.fixture(autouse=True, scope="session")
def _tasks_at_once() -> Iterator[None]:
    """Do tasks where they are ordered; a test of the worker itself asks for the real queue."""
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}):
        yield


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with `real/`; without it the test is skipped."""
    folder = os.environ.get("MEERVOUD_REFERENCE_DATA")
    if not folder:
        pytest.skip("set MEERVOUD_REFERENCE_DATA to the folder that holds real/")
    return Path(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a skip count as a failure where everything must run: MEERVOUD_NO_SKIPS=1."""
    report = yield
    if report.skipped and os.environ.get("MEERVOUD_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before the workers start: no test may read stale ones."""
    if not hasattr(config, "workerinput"):
        compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, so that no worker is left alone with it at the end; it counts for no coverage.

    What is slow is walked through by quick tests as well; to trace every line of it takes more time than the test itself.
    """
    for each in items:
        if _takes_long(each):
            each.add_marker("no_cover")
    items.sort(key=lambda each: not _takes_long(each))


def _takes_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("slow", "browser"))
