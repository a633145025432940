"""Makers of reports: a made-up ledger, and a report of it that is published."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.rooms.makers import make_matchmaker, make_programme

from meervoud.files.demo_pilot import pilot_plan
from meervoud.lib.events import happened
from meervoud.outcomes.models import Correction, ProgrammeReport, Published
from meervoud.outcomes.reporting import begin_report, change_report, publish_report
from meervoud.parties.models import Person, Programme
from meervoud.places.models import Neighbourhood
from meervoud.site.imports.demo_pilot import load_pilot
from meervoud.usage.models import UsageMoment
from meervoud.usage.settled import MomentSettled

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
AREAS = ("Kadewijk", "Havenkwartier", "Zuidkade", "Noorderplas", "Oostdok", "Westerpark")
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
AROUND = {"west": 0.0, "south": 0.0, "east": 1.0, "north": 1.0}


def make_pilot(areas: tuple[str, ...] = AREAS) -> tuple[Programme, Person]:
    """Make the made-up pilot: a year of use, beside a programme with neighbourhoods; return it and who looks after it."""
    beside = make_programme()
    for name in areas:
        Neighbourhood.objects.create(programme=beside, code=name, name=name, outline=SQUARE, **AROUND)
    staff = make_matchmaker(beside)
    return load_pilot(beside=beside, staff=staff, now=NOW), staff


def pilot_period() -> tuple[date, date]:
    """Return the first and the last day of the pilot."""
    plan = pilot_plan()
    return plan["first"], plan["last"]


def make_report(
    programme: Programme,
    by: Person,
    period: tuple[date, date] | None = None,
    *,
    title: str = "A year of rooms",
    **texts: Any,
) -> ProgrammeReport:
    """Make the draft of a report."""
    period = period or pilot_period()
    row = begin_report(programme=programme, title=title, language="en", period=period, by=by, now=NOW)
    return change_report(report=row, by=by, **texts) if texts else row


def make_published(
    programme: Programme, by: Person, period: tuple[date, date] | None = None, **texts: Any
) -> Published:
    """Make a report and publish it."""
    return publish_report(report=make_report(programme, by, period, **texts), by=by, now=NOW)


def make_correction(published: Published, figure: str, old: str, new: str, *, why: str = "x") -> Correction:
    """Make a correction of words that somebody typed, as they were before figures came from the ledger."""
    return Correction.objects.create(
        report=published.report, figure=figure, old={"typed": old}, new={"typed": new}, why=why
    )


def counted_anew(programme: Programme, *, people: int = 0, shorter: timedelta = timedelta()) -> None:
    """Change one moment of the ledger: how many people were there, or when they left."""
    held = UsageMoment.objects.every(because="a test").filter(agreement__programme=programme, state="held")
    one = held.filter(people__gte=6).order_by("starts_at").last()
    assert one is not None
    one.people, one.ends_at = (one.people or 0) + people, one.ends_at - shorter
    one.save()
    happened(MomentSettled(one))
