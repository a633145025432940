"""What the smaller commands say, as JSON for machines."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from meervoud.core.engine.types.results import FirstFree
from meervoud.files.reading import Reading


def first_free_json(found: Sequence[FirstFree]) -> str:
    """Return a list of spaces with their first free day, start and end; null where there is none."""
    rows = [
        {
            "space_id": each.space_id,
            "day": each.moment.day.isoformat() if each.moment else None,
            "start_minute": each.moment.start if each.moment else None,
            "end_minute": each.moment.end if each.moment else None,
        }
        for each in found
    ]
    return json.dumps(rows, indent=1) + "\n"


def reading_json(kind: str, reading: Reading[object]) -> str:
    """Return read = taken + refused, with every refusal and note."""
    content = {
        "file": reading.file,
        "kind": kind,
        "read": reading.read,
        "taken": reading.rows_taken,
        "refused": reading.rows_refused,
        "things": len(reading.taken),
        "empty": reading.empty,
        "left_out": reading.left_out,
        "refusals": [asdict(refusal) for refusal in reading.refused],
        "notes": [{**asdict(note), "message": note.message} for note in reading.notes],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
