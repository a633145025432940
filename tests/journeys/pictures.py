"""Make the pictures of the README: `python -m tests.journeys.pictures` walks through the demo city and looks."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.journeys.test_report_journey import FLAGS

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PORT = 8749
BASE = f"http://127.0.0.1:{PORT}"


@contextmanager
def served_demo() -> Iterator[None]:
    """Serve the demo city from a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MEERVOUD_DATA": folder, "MEERVOUD_LOG_LEVEL": "ERROR"}
        web = [sys.executable, "-m", "meervoud.site.manage"]
        for command in (["migrate", "-v", "0"], ["createcachetable"], ["load_demo"]):
            subprocess.run([*web, *command], env=environment, check=True, capture_output=True)
        server = subprocess.Popen([*web, "serve", "--port", str(PORT), "--workers", "1"], env=environment)
        try:
            wait_until_served()
            yield
        finally:
            server.terminate()
            server.wait(20)


def wait_until_served() -> None:
    """Return when the server answers."""
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{BASE}/healthz")  # noqa: S310  # our own server
        except (URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(BASE)


def take(page: Page, name: str) -> None:
    """Keep what the window shows, small enough for a README."""
    page.wait_for_load_state("networkidle")
    place = FOLDER / f"{name}.png"
    page.screenshot(path=place)
    with Image.open(place) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(place, optimize=True)


def main() -> int:
    """Walk as a visitor, a host on a phone and a matchmaker."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served_demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        wide = browser.new_context(base_url=BASE, locale="en-GB", viewport={"width": 1280, "height": 860}).new_page()
        wide.goto("/find/?days=1&days=3&start=18:00&end=22:00&people=12")
        wide.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
        wide.locator("#results").scroll_into_view_if_needed()
        take(wide, "find")
        wide.locator(".card-title a").first.click()
        take(wide, "space")
        wide.goto("/account/login/")
        wide.locator("button[value=matchmaker]").click()
        take(wide, "desk")
        wide.goto("/queue/figures/")
        wide.locator(".heat-week").scroll_into_view_if_needed()
        take(wide, "figures")
        wide.goto("/queue/?view=board")
        take(wide, "board")
        phone = browser.new_context(base_url=BASE, locale="en-GB", viewport={"width": 390, "height": 860}).new_page()
        phone.goto("/account/login/")
        phone.locator("button[value=host]").click()
        phone.locator("#offers + ul a, #offers ~ ul a").first.click()
        take(phone, "offer")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
