"""A person in a browser: walks through pages, and at the end nothing was wrong on any of them."""

import re
from dataclasses import dataclass, field

from django.core import mail
from playwright.sync_api import ConsoleMessage, Page, Response

from tests.journeys.test_report_journey import faults_of_axe, is_wider_than_the_screen


@dataclass
class Walk:
    """One person's way through the house.

    `faults` collects what the browser complained about; `steps` counts what the person typed and pressed.
    """

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url} {error}"))
        self.page.on("response", self._note)
        self.page.on("request", lambda request: self._note_address(request.url))

    def _note_console(self, message: ConsoleMessage) -> None:
        if str(message.type) != "verbose":  # what a browser would suggest to a developer
            self.faults.append(f"{self.page.url} {message.type}: {message.text}")

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url} answered {response.status}")

    def _note_address(self, url: str) -> None:
        if not url.startswith((self.base, "data:")):
            self.faults.append(f"a request left the machine: {url}")

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.check()

    def check(self) -> None:
        """Look at the page as it stands: a heading, nothing for axe, no wider than the screen, the desk's phone."""
        assert self.page.locator("h1").count() == 1, self.page.url
        assert faults_of_axe(self.page) == "", self.page.url
        assert not is_wider_than_the_screen(self.page), self.page.url
        assert self.page.locator("footer a[href^='tel:']").count() == 1, "the phone of the desk"

    def type(self, label: str, text: str) -> None:
        self.steps += 1
        self.page.get_by_label(label, exact=False).first.fill(text)

    def choose(self, label: str, text: str) -> None:
        self.steps += 1
        self.page.get_by_label(label, exact=False).first.select_option(text)

    def tick(self, label: str) -> None:
        self.steps += 1
        self.page.get_by_label(label, exact=True).first.check()

    def press(self, name: str) -> None:
        self.steps += 1
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()
        self.check()

    def follow(self, name: str) -> None:
        self.steps += 1
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.check()

    def sees(self, text: str) -> bool:
        return text in self.page.locator("main").inner_text() or text in self.page.locator("#messages").inner_text()


def code_from_mail(pattern: str = r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{6})$") -> str:
    """Return the code that the last mail brings."""
    found = re.findall(pattern, str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return str(found[-1])
