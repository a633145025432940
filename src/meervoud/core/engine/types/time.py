"""The grid of half-hours, closures and bookings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from meervoud.core.errors import InputError

SLOT_MINUTES = 30


@dataclass(frozen=True)
class Grid:
    """Weeks of half-hours on the wall clock of one time zone.

    Attributes:
        zone: name in the IANA database, e.g. "Europe/Amsterdam".
        monday: first day, a Monday.
        weeks: 1-106 (two years).
    """

    zone: str
    monday: date
    weeks: int = 53

    def __post_init__(self) -> None:
        """Refuse a grid that no calendar has."""
        if self.monday.weekday() != 0:
            raise InputError(
                f"The grid must begin on a Monday; {self.monday} is not one. Take the Monday before it.",
                code="grid_not_monday",
                value=str(self.monday),
            )
        if not 1 <= self.weeks <= 106:
            raise InputError(
                f"A grid holds 1 to 106 weeks, not {self.weeks}. Choose a shorter period.",
                code="grid_weeks",
                value=self.weeks,
            )
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InputError(
                f"The time zone {self.zone!r} is not known. Write it like Europe/Amsterdam.",
                code="zone_unknown",
                value=self.zone,
            ) from error

    @property
    def last(self) -> date:
        """The last day of the grid."""
        return self.monday + timedelta(days=7 * self.weeks - 1)


@dataclass(frozen=True)
class DateRange:
    """Whole days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins."""
        if self.last < self.first:
            raise InputError(
                f"The period {self.first} to {self.last} ends before it begins. Swap the two dates.",
                code="range_reversed",
                first=str(self.first),
                last=str(self.last),
            )


@dataclass(frozen=True)
class Closure:
    """Days on which a space is closed for all use.

    Attributes:
        days: both ends included.
        reason: "closed", "holiday" (a public holiday the host ticked) or "season".
    """

    days: DateRange
    reason: str = "closed"


@dataclass(frozen=True)
class Booking:
    """A space is taken from `starts_at` until `ends_at` (aware, half-open), with the host's buffers around it."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Refuse naive times and a booking that ends before it starts."""
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise InputError(
                f"The booking at {self.starts_at} names no time zone. Give its times a zone.", code="booking_naive"
            )
        if self.ends_at < self.starts_at:
            raise InputError(
                f"The booking at {self.starts_at} ends before it starts. Check its end.",
                code="booking_reversed",
                value=str(self.starts_at),
            )
