"""What a browser sends of a form that nobody touched: read from the page itself."""

from html.parser import HTMLParser
from typing import Any, Final

TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field


class _Fields(HTMLParser):
    """The fields of the first form with a hidden field `edits`; boxes that are not ticked send nothing."""

    def __init__(self, marker: str) -> None:
        super().__init__()
        self.marker, self.found, self.said = marker, dict[str, Any](), dict[str, Any]()
        self.select, self.text = "", ""
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            self.said = {}
        elif tag == "input" and name and name != TOKEN:
            self._input(name, said)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in said or self.select not in self.said):
            self.said[self.select] = said.get("value", "")
        elif tag == "textarea":
            self.text, self.said[name] = name, ""

    def _input(self, name: str, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if kind not in ("checkbox", "radio", "file"):
            self.said[name] = said.get("value", "")
        elif kind != "file" and "checked" in said:
            self.said.setdefault(name, []).append(said.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self.text:
            self.said[self.text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.said[self.text] = self.said[self.text].removeprefix("\n")
            self.text = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form" and self.marker in self.said and not self.found:
            self.found = self.said


def as_sent(html: str, marker: str = "edits") -> dict[str, Any]:
    """Return what a browser sends of the first form of a page that has a field of this name."""
    parser = _Fields(marker)
    parser.feed(html)
    assert parser.found, "no such form on this page"
    return parser.found
