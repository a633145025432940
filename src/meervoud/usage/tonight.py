"""The sheet of one building and one day: who comes, when, who opens and closes, when the alarm goes on, whom to call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from meervoud.agreements.drafting import WAYS, WHO
from meervoud.agreements.models import AgreementContact, Document, Version
from meervoud.agreements.terms import Terms, read_terms
from meervoud.matching.models import Side
from meervoud.places.models import Building
from meervoud.supply.week_grid import DAY as DAY_MINUTES
from meervoud.supply.week_grid import WeekGrid, read_hours
from meervoud.usage.models import TAKES_TIME, State, UsageMoment
from meervoud.usage.plan_rows import reason_in_words

DAY: Final = timedelta(days=1)
BEFORE: Final = 1
AHEAD: Final = 14
WHY: Final = "whoever looks after a building knows what happens in it"
LOOKED_AT: Final = range(-1, 4)
"""Days around a moment whose hours of the alarm are read: one that is off for longer is off all the time."""


@dataclass(frozen=True)
class Alarm:
    """When the alarm goes on after a moment, in minutes after the midnight of the day.

    Attributes:
        goes_on: None where it does not, or nobody told.
        out_by: until when everybody is out.
        text: the hours as the host wrote them, where they say more than a week.
    """

    goes_on: int | None = None
    out_by: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Line:
    """A moment as reception needs it; times are minutes after the midnight of the day, on the wall clock.

    Attributes:
        from_day, until_day: the day where it begins earlier or ends much later, else None.
        comes_in: from when people come in.
        left_at: when they left, where that was earlier than planned.
    """

    moment: UUID
    room: str
    storey: str
    start: int
    end: int
    from_day: date | None
    until_day: date | None
    is_on: bool
    state: str
    why: str
    who: str
    contact: str
    phone: str
    people: int
    comes_in: int
    left_at: int | None
    opens: str
    closes: str
    way: str
    emergency: str
    alarm: Alarm


@dataclass(frozen=True)
class Sheet:
    """What happens in a building on a day; `off` is what was called off, so that nobody waits for it."""

    building: Building
    day: date
    on: tuple[Line, ...]
    off: tuple[Line, ...]


def today_of(building: Building, now: datetime) -> date:
    """Return the day on the wall clock of the programme."""
    return now.astimezone(ZoneInfo(building.programme.time_zone)).date()


def day_asked(text: str, today: date) -> date:
    """Return the day that somebody asks for, from yesterday until two weeks ahead; else today."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return today
    return found if -BEFORE <= (found - today).days <= AHEAD else today


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the midnights around a day; a day of the clock change is an hour shorter or longer."""
    local = ZoneInfo(zone)
    return datetime.combine(day, time(), local), datetime.combine(day + DAY, time(), local)


def moments_of(building: Building, day: date) -> list[UsageMoment]:
    """Return what is or was planned in a building on a day; the caller found the building in a scope, or by a link."""
    begins, ends = bounds(day, building.programme.time_zone)
    rows = UsageMoment.objects.every(because=WHY).filter(
        space__building=building, starts_at__lt=ends, ends_at__gt=begins
    )
    return list(
        rows.exclude(state=State.SEEKING)
        .select_related(
            "space",
            "agreement__request__organisation",
            "agreement__request__asked_by",
            "agreement__offer__space",
        )
        .order_by("starts_at", "pk")
    )


def sheet_of(building: Building, day: date) -> Sheet:
    """Return the sheet in the language of the page; the same number of queries, however much happens."""
    moments = moments_of(building, day)
    terms, contacts = terms_of(moments), _contacts_of(moments)
    grid = read_hours(building.alarm) if building.alarm else None
    lines = [
        _line(each, (terms[each.agreement_id], contacts.get(each.agreement_id)), (building, day, grid))
        for each in moments
    ]
    on, off = (tuple(each for each in lines if each.is_on == wanted) for wanted in (True, False))
    return Sheet(building, day, on, off)


def terms_of(moments: Sequence[UsageMoment]) -> Mapping[UUID, Terms]:
    """Return the terms that count, by agreement: the last that both sides signed, before that the last written."""
    rows = Version.objects.every(because=WHY).filter(
        agreement__in={each.agreement_id for each in moments}, taken_back_at__isnull=True
    )
    papers = Document.objects.every(because=WHY).filter(version=OuterRef("pk"), form="json")
    last = dict(rows.annotate(signed=Exists(papers)).order_by("signed", "number").values_list("agreement", "terms"))
    return {agreement: read_terms(kept) for agreement, kept in last.items()}


def _contacts_of(moments: Sequence[UsageMoment]) -> Mapping[UUID, AgreementContact]:
    """Return whom each group says to call; a group that needs shelter is called by the desk only."""
    rows = AgreementContact.objects.every(because=WHY).filter(
        agreement__in={each.agreement_id for each in moments if not each.agreement.request.is_sheltered},
        side=Side.ASKER,
        role__in=(AgreementContact.Role.CONTACT, AgreementContact.Role.DEPUTY),
    )
    found = rows.exclude(phone="").order_by("-role", "-created_at")  # the contact comes last, and counts
    return {each.agreement_id: each for each in found}


def _line(
    moment: UsageMoment, agreed: tuple[Terms, AgreementContact | None], of: tuple[Building, date, WeekGrid | None]
) -> Line:
    (terms, called), (building, day, grid) = agreed, of
    zone, programme = building.programme.time_zone, building.programme
    start, end = (minutes_of(each, day, zone) for each in (moment.starts_at, moment.ends_at))
    contact, phone = _contact(moment, called)
    return Line(
        moment=moment.pk,
        room=moment.space.name,
        storey=moment.space.storey,
        start=start,
        end=end,
        from_day=day + timedelta(days=start // DAY_MINUTES) if start < 0 else None,
        until_day=day + timedelta(days=end // DAY_MINUTES) if end >= 2 * DAY_MINUTES else None,
        is_on=moment.state in TAKES_TIME,
        state=moment.get_state_display(),
        why=reason_in_words(moment.reason),
        who=_who(moment),
        contact=contact,
        phone=phone or programme.desk_phone,
        people=terms.people,
        comes_in=start - terms.access.minutes_before,
        left_at=minutes_of(moment.released_at, day, zone) if moment.released_at else None,
        opens=str(WHO[terms.access.opens]),
        closes=str(WHO[terms.access.closes]),
        way=str(WAYS[terms.access.way]),
        emergency=terms.emergency if _is_at_home(moment) else "",
        alarm=alarm_after(building, day, end, grid),
    )


def _is_at_home(moment: UsageMoment) -> bool:
    """Say whether a moment is in the building that its agreement speaks of: of another one it knows no way out."""
    return moment.space.building_id == moment.agreement.offer.space.building_id


def _contact(moment: UsageMoment, called: AgreementContact | None) -> tuple[str, str]:
    """Return the name and the phone of who comes, "" where only the desk may know or there is none."""
    request = moment.agreement.request
    if request.is_sheltered:
        return "", ""
    if called is not None:
        return called.name, called.phone
    return request.asked_by.name if request.organisation else "", request.asked_by.phone


def _who(moment: UsageMoment) -> str:
    request = moment.agreement.request
    if request.is_sheltered:
        return _("a group the programme knows")
    return request.organisation.name if request.organisation else str(request.asked_by)


def minutes_of(at: datetime, day: date, zone: str) -> int:
    """Return a moment in minutes after the midnight of a day, as the clock on the wall shows them."""
    local = at.astimezone(ZoneInfo(zone))
    return (local.date() - day).days * DAY_MINUTES + local.hour * 60 + local.minute


def alarm_after(building: Building, day: date, end: int, grid: WeekGrid | None) -> Alarm:
    """Return when the alarm of a building goes on after a moment that ends at `end`; `grid` is when it is off."""
    if not building.alarm:
        return Alarm()
    if grid is None:
        return Alarm(text=building.alarm)
    before = [each for each in _off_around(grid, day) if each[0] < end]
    if not before:
        return Alarm(text=building.alarm)
    goes_on = before[-1][1]
    if goes_on >= LOOKED_AT[-1] * DAY_MINUTES:
        return Alarm()
    return Alarm(goes_on, goes_on - building.lock_up_minutes)


def _off_around(grid: WeekGrid, day: date) -> list[tuple[int, int]]:
    """Return when the alarm is off, days that touch as one."""
    found = list[tuple[int, int]]()
    for shift in LOOKED_AT:
        weekday = (day.weekday() + shift) % 7
        for start, end in ((a + shift * DAY_MINUTES, b + shift * DAY_MINUTES) for a, b in grid.days[weekday]):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
    return found
