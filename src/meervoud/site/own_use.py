"""What is known of how a person uses rooms, as it is handed out to them: a part of own_data.py."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from meervoud.agreements.models import Minutes
from meervoud.parties.models import Person
from meervoud.usage.models import CheckIn, Feed, Incident, PlanChange, StandIn, UsageMoment, Wait

OWN: Final = "a person's own rows, handed out to themselves"
Said = dict[str, Any]  # Any: values of JSON


def say_moment(moment: datetime | None) -> str | None:
    """Return a moment of the world as text."""
    return moment.isoformat() if moment else None


def _hours(row: UsageMoment | Wait) -> Said:
    return {"starts_at": say_moment(row.starts_at), "ends_at": say_moment(row.ends_at), "space": row.space.name}


def _moments(person: Person) -> list[Said]:
    """Return the moments of the agreements for which a person asked: when, where, and what became of them."""
    rows = UsageMoment.objects.every(because=OWN).filter(agreement__request__asked_by=person)
    names = ("state", "reason", "reason_text", "people", "first_timers", "evidence", "is_public")
    return [
        {"agreement": str(each.agreement_id), **_hours(each), **{name: getattr(each, name) for name in names}}
        for each in rows.select_related("space").order_by("starts_at", "pk")
    ]


def _reports(person: Person) -> list[Said]:
    """Return what a person said of moments, also where they wrote it down for somebody who called."""
    rows = CheckIn.objects.every(because=OWN).filter(by=person).order_by("said_at", "pk")
    names = ("way", "was_held", "people", "first_timers", "note")
    return [
        {"at": say_moment(each.said_at), "moment": str(each.moment_id)} | {name: getattr(each, name) for name in names}
        for each in rows
    ]


def _calendars(person: Person) -> list[Said]:
    """Return of what a person's calendar addresses tell; the secret is kept nowhere."""
    return [
        {
            "made_at": say_moment(each.created_at),
            "about": each.about,
            "thing": str(each.thing) if each.thing else None,
            "last_used_at": say_moment(each.last_used_at),
        }
        for each in Feed.objects.visible_to(person).order_by("created_at", "pk")
    ]


def _waits(person: Person) -> list[Said]:
    rows = Wait.objects.every(because=OWN).filter(by=person).select_related("space").order_by("created_at", "pk")
    return [
        {"at": say_moment(each.created_at), "agreement": str(each.agreement_id), **_hours(each), "state": each.state}
        for each in rows
    ]


def _plan_changes(person: Person) -> list[Said]:
    """Return the changes of plans that a person asked for."""
    rows = PlanChange.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    return [
        {"at": say_moment(each.created_at), "agreement": str(each.agreement_id), "side": each.side}
        | {"state": each.state, "text": each.note, "moments": [_row(row) for row in each.rows]}
        for each in rows
    ]


def _row(row: Said) -> Said:
    return {name: row[name] for name in ("starts_at", "ends_at")}


def _other_rooms(person: Person) -> list[Said]:
    """Return the rooms for one date that a person asked for, and for which they answered."""
    rows = StandIn.objects.every(because=OWN).filter(Q(asked_by=person) | Q(answered_by=person))
    return [
        {"at": say_moment(each.created_at), "moment": str(each.moment_id), "state": each.state}
        | {"asked": each.asked_by_id == person.pk, "answered": each.answered_by_id == person.pk}
        for each in rows.order_by("created_at", "pk")
    ]


def _incidents(person: Person) -> list[Said]:
    """Return what a person told that happened, and what they wrote of how something was settled."""
    rows = Incident.objects.every(because=OWN).filter(Q(by=person) | Q(settled_by=person)).select_related("space")
    return [_incident(each, person) for each in rows.order_by("created_at", "pk")]


def _incident(row: Incident, person: Person) -> Said:
    said: Said = {"incident": str(row.pk), "kind": row.kind, "space": row.space.name if row.space else ""}
    if row.by_id == person.pk:
        said |= {"told_at": say_moment(row.created_at), "text": row.note, "has_photo": row.photo is not None}
    if row.settled_by_id == person.pk:
        said |= {"settled_at": say_moment(row.settled_at), "how": row.settled_how}
    return said


def _minutes(person: Person) -> list[Said]:
    """Return which minutes of approvals a person sent; their bytes are on the page of the agreement."""
    rows = Minutes.objects.every(because=OWN).filter(by=person).select_related("approval").defer("data")
    return [
        {"at": say_moment(each.created_at), "agreement": str(each.approval.agreement_id)}
        | {"who": each.approval.who, "media_type": each.media_type}
        for each in rows.order_by("created_at", "pk")
    ]


USED: Final[Mapping[str, Callable[[Person], list[Said]]]] = {
    "moments": _moments,
    "reports_of_moments": _reports,
    "calendars": _calendars,
    "waits": _waits,
    "plan_changes": _plan_changes,
    "other_rooms": _other_rooms,
    "incidents": _incidents,
    "minutes": _minutes,
}
"""What each part is called, and who tells it."""
