"""A file of JSON-LD, read to be checked, and what the check says of it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Never

from meervoud.core.impact.issues import Issue
from meervoud.files.impact.statement_out import say_issue
from meervoud.files.messages import unreadable
from meervoud.files.wording.language import Language

MOST_BYTES: Final = 50_000_000


def read_cids(path: Path) -> Any:  # Any: values of JSON
    """Return what is in a file of JSON-LD.

    Raises:
        InputError: the file is not there, is too large, or is no JSON.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    try:
        if len(content) > MOST_BYTES:
            _refuse("too large")
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise unreadable("cids_unreadable", file=path.name) from error


def say_check(said: Language, file: str, issues: Sequence[Issue]) -> Iterator[str]:
    """Yield what the check says, faults before advice."""
    faults = [each for each in issues if each.is_error]
    if not faults:
        yield said.say("%(file)s is as the Basic tier of CIDS has it.", file=file)
    for title, found in (
        (said.say("To mend:"), faults),
        (said.say("To look at:"), [each for each in issues if not each.is_error]),
    ):
        if found:
            yield title
        for each in found:
            yield f"- {say_issue(said, each)}"


def _refuse(text: str) -> Never:
    """Refuse what JSON does not have, such as NaN."""
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: values of JSON
    """Refuse a name that stands there twice: one of the two would go unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found
