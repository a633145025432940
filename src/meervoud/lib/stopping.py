"""Whether this process was asked to stop: long work looks here between two steps, and leaves the rest to the next one."""

from threading import Event
from typing import Final

STOP: Final = Event()


def is_asked_to_stop() -> bool:
    """Say whether somebody asked this process to stop."""
    return STOP.is_set()
