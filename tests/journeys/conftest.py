"""What the journeys through the web share: a browser, and a person on a phone or at a desk."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from meervoud.matching.city_index import forget_indexes
from tests.journeys.test_report_journey import CHROMIUMS, FLAGS
from tests.journeys.walk import Walk

NewWalk = Callable[..., Walk]


@pytest.fixture(scope="module")
def web_browser() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, CHROMIUMS) if path), None)
    if found is None:
        pytest.skip(f"none of {', '.join(CHROMIUMS)} is installed")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop running in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def walk(web_browser: Browser, live_server: LiveServer) -> Iterator[NewWalk]:
    """Begin a walk: `walk(width=320, language="nl")`; at the end no page may have had a fault."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    forget_indexes()
    walks: list[Walk] = []

    def begin(*, width: int = 1280, code: str = "en-GB", script: bool = True, touch: bool = False) -> Walk:
        context = web_browser.new_context(
            base_url=live_server.url,
            locale=code,
            reduced_motion="reduce",
            java_script_enabled=script,
            has_touch=touch,
            viewport={"width": width, "height": 800},
        )
        context.set_default_timeout(8000)
        walks.append(Walk(context.new_page(), live_server.url))
        return walks[-1]

    yield begin
    for each in walks:
        faults = [fault for fault in each.faults if "status of 422" not in fault]
        each.page.context.close()
        assert faults == []
