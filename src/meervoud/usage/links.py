"""Signed links without an account: for whoever runs today, and for the code at a door."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from meervoud.places.models import Space
from meervoud.usage.models import DoorCode, State, UsageMoment

HANDED_ON: Final = "meervoud.usage.handed_on"
DOOR: Final = "meervoud.usage.door"
MOST_LETTERS: Final = 300
EARLY: Final = timedelta(minutes=45)
LATE: Final = timedelta(hours=2)
LINK_LIVES: Final = timedelta(days=3)
WHY: Final = "whoever has the link may say what became of one moment"
RUNNING: Final = (State.PLANNED, State.HELD, State.NOT_HELD)


def handed_on_token(moment: UsageMoment) -> str:
    """Return the word in the link of a moment; moved to another time, the moment gets another one."""
    return signing.Signer(salt=HANDED_ON).sign_object([moment.pk.hex, moment.sequence])


def moment_of_token(token: str, now: datetime) -> UsageMoment | None:
    """Return the moment of a link; None where it was tampered with, called off or moved since, or is long past."""
    try:
        moment, sequence = signing.Signer(salt=HANDED_ON).unsign_object(token[:MOST_LETTERS])
        key = UUID(moment)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    found = _moments().filter(pk=key, sequence=sequence, state__in=RUNNING).first()
    return found if found is not None and now < found.ends_at + LINK_LIVES else None


def door_token(code: DoorCode) -> str:
    """Return the word in the code at a door; it works until somebody makes a new one."""
    return signing.Signer(salt=DOOR).sign_object([code.pk.hex, code.number])


def space_of_token(token: str) -> Space | None:
    """Return the space of a code; None where it was tampered with or a new one hangs there."""
    try:
        code, number = signing.Signer(salt=DOOR).unsign_object(token[:MOST_LETTERS])
        key = UUID(code)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    rows = (
        DoorCode.objects.every(because=WHY).filter(pk=key, number=number).select_related("space__building__programme")
    )
    found = rows.first()
    return found.space if found is not None else None


def running_in(space: Space, now: datetime) -> UsageMoment | None:
    """Return the moment that runs in a space now, from three quarters of an hour before until two hours after it.

    A hall and the rooms it is made of have one door code each, and each knows what runs on its floor.
    """
    rows = _moments().filter(
        space__atoms__in=space.atoms.all(), state__in=RUNNING, starts_at__lte=now + EARLY, ends_at__gt=now - LATE
    )
    found = sorted(set(rows), key=lambda each: (not each.starts_at <= now < each.ends_at, abs(each.starts_at - now)))
    return found[0] if found else None


def _moments() -> QuerySet[UsageMoment]:
    return UsageMoment.objects.every(because=WHY).select_related(
        "agreement__programme",
        "agreement__offer__space",
        "agreement__offer__host",
        "agreement__request",
        "space__building",
        "taking__space",
    )
