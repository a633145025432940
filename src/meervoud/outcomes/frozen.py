"""What is published, as bytes with their hash: written once, read ever after."""

import hashlib
import json
from typing import Any, Final

from meervoud.core.errors import ConflictError
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.models import ImpactReport, ProgrammeReport, Published

TEXTS: Final = ("title", "language", "summary", "kinds_of_matches", "lessons", "partners", "next_steps")


def frozen(report: ProgrammeReport, facts: Facts) -> bytes:
    """Return what is published as bytes: the same report and facts give the same ones. Stories stay outside: consent can end."""
    texts = {name: getattr(report, name) for name in TEXTS}
    said = {"report": str(report.pk), "texts": texts, "facts": facts}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_frozen(published: Published) -> dict[str, Any]:  # Any: values of JSON
    """Return what was published.

    Raises:
        ConflictError: the bytes are not those of the hash.
    """
    return read_bytes(published)


def read_bytes(row: Published | ImpactReport) -> dict[str, Any]:  # Any: values of JSON
    """Return what the bytes of a row say.

    Raises:
        ConflictError: the bytes are not those of the hash.
    """
    data = bytes(row.data)
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise ConflictError("This report is not what was published any more. Call the desk.")
    read: dict[str, Any] = json.loads(data)
    return read
