"""Makers of rows: a test names only what matters to it."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator

from meervoud.core.engine.types.requests import Need, Weekly, Window
from meervoud.demand.actions import begin_request, open_request
from meervoud.demand.models import Request
from meervoud.parties.models import Membership, Organisation, Person, Programme, ProgrammePartner, ProgrammeRole
from meervoud.parties.models.organisations import Role, Verification
from meervoud.places.actions import add_building, add_space
from meervoud.places.models import Building, Space
from meervoud.supply.actions import publish_offer, save_changed, set_hours
from meervoud.supply.models import Offer, OpeningPeriod

TODAY = datetime.now(tz=ZoneInfo("Europe/Amsterdam")).date()  # noqa: TID251  # pages ask the clock; rows of a fixed year would be past one day
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # the second step of every matchmaker of the tests
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
_numbers = count(1)
Values = Any  # the values of any field


def make_programme(**values: Values) -> Programme:
    number = next(_numbers)
    said = {
        "slug": f"programme-{number}",
        "name": f"Space for Impact {number}",
        "city": "Zilverhaven",
        "starts_on": date(2026, 1, 1),
        "desk_phone": "020 555 0100",
        "desk_hours": "Mo-Fr 9-17",
    }
    return Programme.objects.create(**{**said, **values})


def make_person(name: str = "", **values: Values) -> Person:
    number = next(_numbers)
    email = values.pop("email", f"person{number}@example.org")
    return Person.objects.create_user(email, name=name or f"Person {number}", **values)


def make_matchmaker(programme: Programme) -> Person:
    person = make_person("Mila Matchmaker")
    ProgrammeRole.objects.create(programme=programme, person=person)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
    return person


def make_organisation(
    programme: Programme, *, member: Person | None = None, verified: bool = True, **values: Values
) -> Organisation:
    said: dict[str, Values] = {"name": f"Organisation {next(_numbers)}", "kind": "company", **values}
    organisation = Organisation(verification=Verification.VERIFIED if verified else Verification.UNVERIFIED, **said)
    organisation.save(force_insert=True)
    ProgrammePartner.objects.create(programme=programme, organisation=organisation)
    if member:
        Membership.objects.create(person=member, organisation=organisation, role=Role.MANAGER)
    return organisation


def make_building(programme: Programme, host: Organisation, **values: Values) -> Building:
    said = {"street": "Zilverkade 1", "latitude": 52.37, "longitude": 4.9, **values}
    return add_building(programme=programme, host=host, by=make_person(), **said)


def make_space(building: Building, parts: tuple[Space, ...] = (), **values: Values) -> Space:
    said = {"name": f"Room {next(_numbers)}", "kind": "meeting_room", "capacity": 20, **values}
    return add_space(building=building, by=make_person(), parts=parts, **said)


def make_offer(
    programme: Programme | None = None,
    *,
    host: Organisation | None = None,
    space: Space | None = None,
    hours: str = "Mo-Su 09:00-22:00",
    published: bool = True,
    **values: Values,
) -> Offer:
    """Make an offer; values that a space has go to the space."""
    programme = programme or make_programme()
    host = host or make_organisation(programme)
    of_space = {key: values.pop(key) for key in list(values) if hasattr(Space, key) and not hasattr(Offer, key)}
    space = space or make_space(make_building(programme, host), **of_space)
    said: dict[str, Values] = {"price_kind": "free", **values}
    offer = Offer(programme=programme, host=host, space=space, **said)
    offer.save(force_insert=True)
    by = make_person()
    set_hours(offer=offer, by=by, periods=[OpeningPeriod(hours=hours)] if hours else [])
    save_changed(offer)
    return publish_offer(offer=offer, by=by) if published else offer


def weekly(weekdays: tuple[int, ...] = (1,), start: int = 19, end: int = 22, minutes: int = 120) -> Weekly:
    """Some weekdays from Monday on, eight weeks; hours of the day."""
    return Weekly(frozenset(weekdays), Window(start * 60, end * 60), minutes, MONDAY, 8)


def make_request(
    programme: Programme | None = None,
    *,
    asked_by: Person | None = None,
    needs: tuple[Need, ...] = (weekly(),),
    opened: bool = True,
    **values: Values,
) -> Request:
    programme, asked_by = programme or make_programme(), asked_by or make_person()
    said = {"title": "Language cafe", "group_max": 12, **values}
    request = begin_request(programme=programme, asked_by=asked_by, by=asked_by, values=said, needs=needs)
    return open_request(request=request, by=asked_by, today=TODAY) if opened else request
