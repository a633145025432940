"""The demo city in the database: a programme with its neighbourhoods, spaces, requests, busy times and three people."""

import csv
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import holidays
from allauth.account.models import EmailAddress
from django.db import transaction

from meervoud.demand.models import Request
from meervoud.files.demo_city import DemoFiles, write_demo_city
from meervoud.files.sources.calendars import read_calendar
from meervoud.lib.journal import journal
from meervoud.parties.models import Membership, Organisation, Person, Programme, ProgrammeRole
from meervoud.parties.models.organisations import Kind as OrganisationKind
from meervoud.parties.models.organisations import Role
from meervoud.site.imports.demo_agreements import sign_stories
from meervoud.site.imports.demo_desk import work_a_day
from meervoud.site.imports.demo_use import use_rooms
from meervoud.site.imports.differences import Setting
from meervoud.site.imports.orders import confirm_import
from meervoud.site.imports.runs import preview_of, setting_of, start_import
from meervoud.site.imports.sheets import Kind
from meervoud.supply.calendar import Span, merge_spans, replace_busy
from meervoud.supply.models import Offer

SLUG: Final = "zilverhaven"
BECAUSE: Final = "the demo city is made up"
MOST_EVENTS: Final = 400  # times in use that are read; more would only take time
MOST_DRESSED: Final = 20_000
PEOPLE: Final = {
    "host": ("host@zilverhaven.invalid", "Hanna Gastvrij"),
    "initiative": ("initiative@zilverhaven.invalid", "Ibrahim Welkom"),
    "matchmaker": ("matchmaker@zilverhaven.invalid", "Mila Verbinder"),
}
KIND_OF_HOST: Final[Mapping[str, str]] = {
    "office": OrganisationKind.COMPANY,
    "workshop": OrganisationKind.SOCIAL_ENTERPRISE,
    "community_centre": OrganisationKind.COMMUNITY_CENTRE,
    "school": OrganisationKind.SCHOOL,
    "library": OrganisationKind.MUNICIPALITY,
    "sports_hall": OrganisationKind.MUNICIPALITY,
    "place_of_worship": OrganisationKind.PLACE_OF_WORSHIP,
    "cafe_restaurant": OrganisationKind.COMPANY,
    "vacant_shop": OrganisationKind.OWNER,
    "ground_floor": OrganisationKind.HOUSING_DEPARTMENT,
}


@dataclass(frozen=True)
class DemoCounts:
    """What there is now."""

    neighbourhoods: int
    spaces: int
    requests: int
    busy: int


def load_demo(*, now: datetime, today: date, spaces: int | None = None, seed: int = 1) -> DemoCounts | None:
    """Fill the database with the demo city, and return what there is; None where it stands there already.

    Args:
        now: this moment.
        today: its dates begin on the Monday after it.
        spaces: how many; None is as many as the plan has.
        seed: the same seed gives the same city.
    """
    if Programme.objects.filter(slug=SLUG).exists():
        return None
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        files = write_demo_city(Path(folder), seed=seed, spaces=spaces)
        shift_days(files, monday_after(today) - files.first, today)
        programme = _programme(today)
        people = {role: _person(*PEOPLE[role]) for role in PEOPLE}
        ProgrammeRole.objects.create(programme=programme, person=people["matchmaker"])
        setting = setting_of(programme, people["matchmaker"], now, today, online=True)
        sheets: tuple[tuple[Kind, Path], ...] = (
            ("areas", files.areas),
            ("spaces", files.spaces),
            ("requests", files.requests),
        )
        counts = [_import(setting, kind, path) for kind, path in sheets]
        _dress_up(programme, people)
        busy = _load_busy(programme, files, now, today)
        agreements = sign_stories(programme, people, now)
        work_a_day(programme, people, now)
        use_rooms(programme, agreements, people, now)
        journal(None, "demo.loaded", programme, spaces=counts[1], requests=counts[2])
    return DemoCounts(counts[0], counts[1], counts[2], busy)


def monday_after(today: date) -> date:
    """Return the first Monday after a day."""
    return today + timedelta(days=7 - today.weekday())


def shift_days(files: DemoFiles, by: timedelta, today: date) -> None:
    """Let the dates of the demo city begin by so many days later, and close its spaces on the holidays to come."""
    year = holidays.country_holidays("NL", years=[today.year, today.year + 1])
    closed = ",".join(str(day) for day in sorted(year) if today < day <= today + timedelta(days=365))
    _rewrite(files.spaces, lambda row: {**row, "holidays": closed})
    _rewrite(files.requests, lambda row: {**row, "first": str(date.fromisoformat(row["first"]) + by)})

    def later(found: re.Match[str]) -> str:
        return f"{date.fromisoformat(found[1]) + by:%Y%m%d}T"

    head, *events = re.split(r"(?=BEGIN:VEVENT)", files.bookings.read_text("utf-8"))
    text = head + "".join(events[:MOST_EVENTS])
    text = text if text.rstrip().endswith("END:VCALENDAR") else f"{text}END:VCALENDAR\r\n"
    files.bookings.write_text(re.sub(r"\b(\d{8})T", later, text), "utf-8", newline="")


def _rewrite(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [change(row) for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _programme(today: date) -> Programme:
    return Programme.objects.create(
        slug=SLUG,
        name="Ruimte voor Zilverhaven",
        city="Zilverhaven",
        about="Een verzonnen programma in een verzonnen stad, om Meervoud te leren kennen.",
        starts_on=date(today.year, 1, 1),
        desk_phone="020 555 0100",
        desk_hours="ma-vr 9-17 uur",
        theme="zilverhaven",
        is_made_up=True,
    )


def _person(email: str, name: str) -> Person:
    """Make a person who can sign in by a code only; the address is one that no mail reaches."""
    person = Person.objects.create_user(email, name=name, is_made_up=True)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _import(setting: Setting, kind: Kind, path: Path) -> int:
    """Import a file of the demo city as its matchmaker would, and return how many things it made."""
    run = start_import(setting=setting, kind=kind, name=path.name, content=path.read_bytes(), most_rows=None)
    preview = preview_of(run, setting)
    confirm_import(run=run, setting=setting, fingerprint=preview.fingerprint)
    return len(preview.of("new"))


def _dress_up(programme: Programme, people: Mapping[str, Person]) -> None:
    """Say what kind of hosts there are, and give the made-up people their organisations."""
    offers = Offer.objects.every(because=BECAUSE).filter(programme=programme)
    kinds = dict(offers.values_list("host", "space__kind"))
    hosts = list(Organisation.objects.every(because=BECAUSE).filter(pk__in=list(kinds)[:MOST_DRESSED]))
    for host in hosts:
        host.kind = KIND_OF_HOST.get(kinds[host.pk], OrganisationKind.OTHER)
    Organisation.objects.every(because=BECAUSE).bulk_update(hosts, ["kind"], batch_size=500)
    office = offers.filter(space__kind="office").order_by("space__source_key").select_related("host").first()
    if office is not None:
        Membership.objects.create(person=people["host"], organisation=office.host, role=Role.MANAGER)
    requests = Request.objects.every(because=BECAUSE).filter(programme=programme).order_by("source_key")
    groups = Organisation.objects.every(because=BECAUSE).filter(requests__programme=programme)
    groups.update(kind=OrganisationKind.FOUNDATION)
    asked = requests.select_related("organisation").first()
    if asked is not None and asked.organisation is not None:
        Membership.objects.create(person=people["initiative"], organisation=asked.organisation, role=Role.MANAGER)
        requests.filter(pk=asked.pk).update(asked_by=people["initiative"])


def _load_busy(programme: Programme, files: DemoFiles, now: datetime, today: date) -> int:
    """Take the times at which the spaces are in use already, and return how many spaces have some."""
    last = monday_after(today) + timedelta(weeks=files.weeks)
    reading = read_calendar(files.bookings, programme.time_zone, today, last)
    spans: dict[str, list[Span]] = defaultdict(list)
    for event in reading.taken:
        spans[event.place] += [Span(each.starts_at, each.ends_at) for each in event.bookings]
    offers = Offer.objects.every(because=BECAUSE).filter(programme=programme, space__source_key__in=list(spans))
    chosen = list(offers.select_related("space").order_by("space__source_key"))
    for offer in chosen:
        replace_busy(offer=offer, spans=merge_spans(spans[offer.space.source_key]), by=None, now=now)
    return len(chosen)
