"""The demo city in the database: a programme with its neighbourhoods, spaces, requests, busy times and three people."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction

from meervoud.files.demo_city import DemoFiles, demo_plan, write_demo_city
from meervoud.files.sources.calendars import read_calendar
from meervoud.lib.journal import journal
from meervoud.parties.models import Membership, Organisation, Person, Programme, ProgrammeRole
from meervoud.parties.models.organisations import Kind as OrganisationKind
from meervoud.parties.models.organisations import Role
from meervoud.demand.models import Request
from meervoud.site.imports.runs import confirm_import, preview_of, setting_of, start_import
from meervoud.site.imports.sheets import Kind
from meervoud.supply.calendar import Span, replace_busy
from meervoud.supply.models import Offer

SLUG: Final = "zilverhaven"
BECAUSE: Final = "the demo city is made up"
MOST_BUSY: Final = 300  # calendars that are read; more would only take time
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
        shift_days(files, _monday_after(today) - files.first)
        programme = _programme(today)
        people = {role: _person(*PEOPLE[role]) for role in PEOPLE}
        ProgrammeRole.objects.create(programme=programme, person=people["matchmaker"])
        counts = [
            _import(programme, people["matchmaker"], kind, path, now, today)
            for kind, path in (("areas", files.areas), ("spaces", files.spaces), ("requests", files.requests))
        ]
        _dress_up(programme, people)
        busy = _load_busy(programme, files, now, _monday_after(today))
        journal(None, "demo.loaded", programme, spaces=counts[1], requests=counts[2])
    return DemoCounts(counts[0], counts[1], counts[2], busy)
