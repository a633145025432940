"""Which periods a ledger can be of."""

from datetime import date, timedelta
from typing import Final

LONGEST: Final = timedelta(days=10 * 366)
EARLIEST, LATEST = 2000, 2100


def is_endless(first: date, last: date) -> bool:
    """Say whether a period is longer than ten years, or of a time that no ledger is of."""
    return last - first > LONGEST or first.year < EARLIEST or last.year > LATEST
