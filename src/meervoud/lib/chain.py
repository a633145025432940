"""The chain of the journal: checked as a whole, and its head written down where nobody can change it."""

import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from meervoud.core.errors import InputError
from meervoud.lib.journal import hash_of
from meervoud.lib.models import JournalEntry
from meervoud.lib.rates import TooOftenError, take_token

BATCH = 1000
A_DAY = 86_400
WRITTEN = re.compile(r"([1-9]\d{0,18}):([0-9a-f]{64})")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """The last entry of a chain at some moment: who keeps it can tell later that nothing before it was changed."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class ChainCheck:
    """What a walk along the chain found.

    Attributes:
        entries: how many there are.
        head: the last one, None where there is none.
        broken: the number of the first entry that does not follow from the one before it.
        missing: heads that were written down and are not in the chain.
    """

    entries: int
    head: Head | None
    broken: int | None
    missing: tuple[Head, ...]

    @property
    def holds(self) -> bool:
        """Say whether nothing is wrong."""
        return self.broken is None and not self.missing


def read_head(text: str) -> Head:
    """Return a head as `Head` writes it.

    Raises:
        InputError: it is none.
    """
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{text!r} is no head of the journal. Copy it whole from the log: a number, a colon, a hash.")
    return Head(int(found[1]), found[2])


def check_chain(kept: Collection[Head] = ()) -> ChainCheck:
    """Walk along the whole chain, some entries at a time, and look for heads that were written down.

    A chain whose end was cut, or that was written anew, holds in itself: only a head from elsewhere tells.
    """
    entries, head, broken = 0, None, None
    missing = dict.fromkeys(kept)
    for entry in _entries():
        if broken is None and entry.hash != hash_of(head.hash if head else "", entry):
            broken = entry.number
        entries, head = entries + 1, Head(entry.number, entry.hash)
        missing.pop(head, None)
    return ChainCheck(entries, head, broken, tuple(missing))


def _entries() -> Iterator[JournalEntry]:
    # each batch is a query of its own: one that stays open would hold back the database's cleaning for a long time
    last = 0
    while batch := list(JournalEntry.objects.filter(number__gt=last).order_by("number")[:BATCH]):
        yield from batch
        last = batch[-1].number


def log_head(*, now: datetime) -> int:
    """Write the head to the log, once a day, so that a log server holds it; return how many lines that were."""
    last = JournalEntry.objects.order_by("-number").first()
    if last is None:
        return 0
    try:
        take_token("head of the journal", most=1, per_seconds=A_DAY, now=now)
    except TooOftenError:
        return 0
    logger.info("head of the journal: %s", Head(last.number, last.hash))
    return 1
