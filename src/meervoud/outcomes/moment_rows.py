"""The moments that a figure is made of, one row each, and the same as CSV: its columns add up to the headlines."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from meervoud.core.impact.use_figures import counted_minutes, starts_a_stay
from meervoud.files.output.rows_out import safe_cell
from meervoud.outcomes.ledger import Moments, before_of, held_moments, ledger_of, parts_of, sheltered_askers, uses_of
from meervoud.parties.models import Programme
from meervoud.usage.models import Evidence, UsageMoment

PARTS: Final = ("space__building__host", "agreement__request__organisation", "agreement__request__asked_by")


@dataclass(frozen=True)
class MomentRow:
    """One realised moment as a figure counts it.

    Attributes:
        id: of the moment; "" for the one row of all groups that need shelter.
        starts_at, ends_at: when the group was there, on the clock of the programme; None in that one row.
        space, host, group: names; "" in that one row.
        minutes: for which it counts in usage hours.
        moments: 1 where a usage moment begins, 0 where it goes on.
        people, first_timers: as counted; None is not counted.
        area_m2: of the room; None is not known.
        evidence: how it is known, in words.
    """

    id: str
    starts_at: datetime | None
    ends_at: datetime | None
    space: str
    host: str
    group: str
    minutes: int
    moments: int
    people: int | None
    first_timers: int | None
    area_m2: float | None
    evidence: str

    @property
    def hours(self) -> float:
        """The minutes as hours, to two decimals."""
        return round(self.minutes / 60, 2)


def open_moments(programme: Programme, first: date, last: date) -> Moments:
    """Return the realised moments of a period that may be shown one by one: of groups that need no shelter."""
    rows = held_moments(programme, first, last).exclude(asker__in=sheltered_askers(programme))
    return rows.select_related(*PARTS, "space")


def rows_of(programme: Programme, moments: Sequence[UsageMoment]) -> list[MomentRow]:
    """Return moments that follow each other as rows."""
    uses = uses_of(moments)
    before = before_of(programme, uses)
    minutes, begins = counted_minutes(uses, before=before), starts_a_stay(uses, before=before)
    zone = ZoneInfo(programme.time_zone)
    return [_row(each, zone, minutes[str(each.pk)], is_first=str(each.pk) in begins) for each in moments]


def _row(moment: UsageMoment, zone: ZoneInfo, minutes: int, *, is_first: bool) -> MomentRow:
    request, until = moment.agreement.request, moment.released_at or moment.ends_at
    return MomentRow(
        id=str(moment.pk),
        starts_at=moment.starts_at.astimezone(zone),
        ends_at=until.astimezone(zone),
        space=moment.space.name,
        host=moment.space.building.host.name,
        group=request.organisation.name if request.organisation else request.title,
        minutes=minutes,
        moments=int(is_first),
        people=moment.people,
        first_timers=moment.first_timers,
        area_m2=moment.space.area_m2,
        evidence=str(Evidence(moment.evidence).label),
    )


def sheltered_row(programme: Programme, first: date, last: date) -> MomentRow | None:
    """Return the one row of all groups that need shelter, without a place, a host or an hour; None where there are none."""
    ledger = ledger_of(programme, first, last)
    found = [each for each in ledger.tallies if each.initiative in ledger.sheltered]
    if not found:
        return None
    return MomentRow(
        id="",
        starts_at=None,
        ends_at=None,
        space="",
        host="",
        group=_("groups that need shelter, together"),
        minutes=sum(each.room_minutes for each in found),
        moments=sum(each.stays for each in found),
        people=sum(each.visits for each in found),
        first_timers=sum(each.first_timers for each in found),
        area_m2=None,
        evidence="",
    )


def moments_csv(programme: Programme, first: date, last: date) -> Iterator[bytes]:
    """Return the moments of a period as CSV, piece by piece; minutes, moments, people and first-timers add up to the headlines.

    The pieces are in the language of whoever asks now, also where they are read when the page is long gone.
    """
    language, pieces = get_language(), _pieces(programme, first, last)
    return iter(lambda: _next_in(language, pieces), b"")


def _next_in(language: str | None, pieces: Iterator[bytes]) -> bytes:
    with override(language):
        return next(pieces, b"")


def _pieces(programme: Programme, first: date, last: date) -> Iterator[bytes]:
    name = f"{programme.name} ({_('made up')})" if programme.is_made_up else programme.name
    yield b"\xef\xbb\xbf" + csv_lines([[*heads(), _("Programme")]])
    for begin, end in parts_of(first, last):
        rows = rows_of(programme, list(open_moments(programme, begin, end)))
        if rows:
            yield csv_lines([*cells(each), _safe(name)] for each in rows)
    together = sheltered_row(programme, first, last)
    if together is not None:
        yield csv_lines([[*cells(together), _safe(name)]])


def heads() -> list[str]:
    """Return the names of the columns of `cells`."""
    return [
        *(_("Day"), _("From"), _("To"), _("Minutes that count"), _("Usage moments"), _("People")),
        *(_("For the first time"), _("Space"), _("Floor area in m2"), _("Host"), _("Group"), _("How we know"), _("Id")),
    ]


def cells(row: MomentRow) -> list[str]:
    """Return a row as texts for a sheet; no text of people can run as a formula."""
    times = (
        [f"{row.starts_at:%Y-%m-%d}", f"{row.starts_at:%H:%M}", f"{row.ends_at:%H:%M}"] if row.starts_at else [""] * 3
    )
    return [
        *(*times, str(row.minutes), str(row.moments), _said(row.people), _said(row.first_timers)),
        *(_safe(row.space), _said(row.area_m2), _safe(row.host), _safe(row.group)),
        *(_safe(row.evidence), row.id),
    ]


def _safe(text: str) -> str:
    return str(safe_cell(text))


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()
