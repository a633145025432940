"""The sheet by mail: at noon the day before, and again whenever today or tomorrow becomes otherwise."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meervoud.lib.journal import journal
from meervoud.lib.saying import spoken
from meervoud.parties.mail import Letter, put_in_outbox
from meervoud.usage.models import TAKES_TIME, SheetMail, SheetReader, UsageMoment
from meervoud.usage.sheet_readers import sheet_token
from meervoud.usage.tonight import DAY, Line, minutes_of, sheet_of

CLOCK: Final = "the platform's own clock"
NOON: Final = 12
AROUND: Final = timedelta(days=3)
Kept = dict[str, Any]  # Any: values of JSON
Plan = Mapping[tuple[UUID, date], list[Kept]]


@dataclass(frozen=True)
class Change:
    """What is otherwise than in the last mail."""

    added: tuple[Kept, ...]
    gone: tuple[Kept, ...]
    moved: tuple[Kept, ...]


def due_sheets(*, now: datetime) -> int:
    """Mail what readers do not know yet of today and tomorrow, and return how many mails that were.

    A day is told at noon of the day before, where something happens on it; what changes after that is told at once.
    """
    rows = SheetReader.objects.every(because=CLOCK).exclude(email="").select_related("building__programme")
    readers = list(rows.order_by("building", "created_at"))
    if not readers:
        return 0
    plan, mails = _plan(readers, now), _mails(readers, now)
    sent = 0
    for reader in readers:
        local = now.astimezone(ZoneInfo(reader.building.programme.time_zone))
        for day in (local.date(), local.date() + DAY):
            lines, mail = plan.get((reader.building_id, day), []), mails.get((reader.pk, day))
            if mail is None and _is_to_tell(lines, day, local):
                sent += _tell_first(reader, day, lines, now)
            elif mail is not None and mail.fingerprint != fingerprint_of(lines):
                sent += _tell_change(mail, reader, lines, now)
    return sent


def _is_to_tell(lines: Sequence[Kept], day: date, local: datetime) -> bool:
    if day > local.date() and local.hour < NOON:
        return False
    return any(datetime.fromisoformat(each["ends_at"]) > local for each in lines)


def _plan(readers: Sequence[SheetReader], now: datetime) -> Plan:
    """Return what begins in each building on each day around now."""
    zones = {each.building_id: each.building.programme.time_zone for each in readers}
    rows = UsageMoment.objects.every(because=CLOCK).filter(
        space__building__in=set(zones),
        starts_at__gt=now - AROUND,
        starts_at__lt=now + AROUND,
        state__in=TAKES_TIME,
    )
    found = defaultdict[tuple[UUID, date], list[Kept]](list)
    for each in rows.select_related("space").order_by("starts_at", "pk"):
        building = each.space.building_id
        day = each.starts_at.astimezone(ZoneInfo(zones[building])).date()
        found[building, day].append(
            {
                "moment": str(each.pk),
                "space": str(each.space_id),
                "room": each.space.name,
                "starts_at": each.starts_at.isoformat(),
                "ends_at": each.ends_at.isoformat(),
            }
        )
    return found


def _mails(readers: Sequence[SheetReader], now: datetime) -> dict[tuple[UUID, date], SheetMail]:
    days = [(now + number * DAY).date() for number in (-1, 0, 1, 2)]
    rows = SheetMail.objects.every(because=CLOCK).filter(reader__in=[each.pk for each in readers], day__in=days)
    return {(each.reader_id, each.day): each for each in rows}


def fingerprint_of(lines: Sequence[Kept]) -> str:
    """Return what tells two sheets apart: which moments, where and when; the name of a room may change."""
    said = sorted([each[name] for name in ("moment", "space", "starts_at", "ends_at")] for each in lines)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def change_of(before: Sequence[Kept], after: Sequence[Kept]) -> Change:
    """Return what became otherwise between two sheets."""
    old, new = ({each["moment"]: each for each in lines} for lines in (before, after))
    return Change(
        added=tuple(each for key, each in new.items() if key not in old),
        gone=tuple(each for key, each in old.items() if key not in new),
        moved=tuple(
            each
            for key, each in new.items()
            if key in old and any(each[name] != old[key][name] for name in ("space", "starts_at", "ends_at"))
        ),
    )


@transaction.atomic
def _tell_first(reader: SheetReader, day: date, lines: Sequence[Kept], now: datetime) -> bool:
    try:
        with transaction.atomic():  # whoever writes the row mails: the constraint refuses the second one
            mail = SheetMail.objects.create(
                building=reader.building,
                reader=reader,
                day=day,
                fingerprint=fingerprint_of(lines),
                lines=list(lines),
                sent_at=now,
            )
    except IntegrityError:
        return False
    _write(mail, reader, None)
    return True


@transaction.atomic
def _tell_change(mail: SheetMail, reader: SheetReader, lines: Sequence[Kept], now: datetime) -> bool:
    rows = SheetMail.objects.every(because=CLOCK).filter(pk=mail.pk, fingerprint=mail.fingerprint)
    if not rows.update(fingerprint=fingerprint_of(lines), lines=list(lines), sent_at=now):
        return False
    _write(mail, reader, change_of(mail.lines, lines))
    return True


def _write(mail: SheetMail, reader: SheetReader, change: Change | None) -> None:
    building, zone = reader.building, reader.building.programme.time_zone
    with translation.override(reader.language):
        sheet = sheet_of(building, mail.day)
        said = {
            "what": "changed" if change else "first",
            "building": str(building),
            "day": date_format(mail.day, "l j F"),
            "number": str(len(sheet.on)),
            "lines": _listed([_say_line(each) for each in sheet.on]),
            "desk_phone": building.programme.desk_phone,
            "desk_hours": building.programme.desk_hours,
            "path": f"{reverse('sheet', args=[sheet_token(reader)])}?day={mail.day.isoformat()}",
        }
        for name in ("added", "gone", "moved"):
            kept = getattr(change, name) if change else ()
            said[name] = _listed([_say_kept(each, mail.day, zone) for each in kept])
    put_in_outbox(address=reader.email, language=reader.language, letter=Letter("sheet", said))
    journal(None, "sheet.mailed", reader, day=mail.day.isoformat(), is_change=change is not None)


def _listed(lines: Sequence[str]) -> str:
    """Return lines as one gap of a mail; the filter `listed` takes them apart again."""
    return json.dumps([" ".join(each.split()) for each in lines])


def _say_kept(line: Kept, day: date, zone: str) -> str:
    start, end = (minutes_of(datetime.fromisoformat(line[name]), day, zone) for name in ("starts_at", "ends_at"))
    return f"{spoken().span(start, end)} {line['room']}"


def _say_line(line: Line) -> str:
    """Return a moment without the name and the phone of anybody: a mail cannot be taken back, the link can."""
    said = spoken()
    where = f"{line.room}, {line.storey}" if line.storey else line.room
    gaps = {
        "hours": said.span(line.start, line.end),
        "room": where,
        "people": said.number(line.people),
        "opens": line.opens,
        "closes": line.closes,
        "comes_in": said.clock(line.comes_in),
        "goes_on": said.clock(line.alarm.goes_on or 0),
        "out_by": said.clock(line.alarm.out_by or 0),
    }
    text = _(
        "%(hours)s %(room)s. People at most: %(people)s. Opens: %(opens)s. Closes: %(closes)s. In from %(comes_in)s."
    )
    if line.alarm.goes_on is not None:
        text = f"{text} {_('Everybody is out by %(out_by)s; the alarm goes on at %(goes_on)s.')}"
    return text % gaps
