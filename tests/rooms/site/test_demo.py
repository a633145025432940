"""The demo city in the database: complete, made up, in the coming weeks, and loaded once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command

from meervoud.demand.models import Request, RequestRule
from meervoud.matching.city_index import city_index
from meervoud.matching.models import MatchRun
from meervoud.matching.queue import queue_of
from meervoud.parties.models import Membership, Organisation, Person, Programme, ProgrammeRole
from meervoud.places.models import Building, Cluster, Neighbourhood
from meervoud.site.imports.demo import load_demo, monday_after
from meervoud.site.imports.runs import is_last
from meervoud.site.models.imports import ImportRun
from meervoud.supply.models import Closure, Occupation, Offer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
EVERY = {"because": "a test looks at everything"}


def load(spaces: int | None = None) -> None:
    load_demo(now=NOW, today=TODAY, spaces=spaces)


def test_the_city_is_complete_online_and_made_up() -> None:
    load()
    programme = Programme.objects.get()
    offers = Offer.objects.online(programme)
    assert (programme.slug, programme.theme, programme.desk_phone) == ("zilverhaven", "zilverhaven", "020 555 0100")
    assert offers.count() == 60
    assert Request.objects.open_in(programme, because="a test").count() == 40
    assert Neighbourhood.objects.exclude(kind="water").count() == 12
    assert Building.objects.every(**EVERY).filter(neighbourhood=None).count() == 0
    assert sum(Cluster.objects.filter(zoom=15).values_list("points", flat=True)) == 60
    assert Occupation.objects.every(**EVERY).count() > 100
    for rows in (offers, Organisation.objects.every(**EVERY), Request.objects.every(**EVERY), Person.objects.all()):
        assert rows.filter(is_made_up=False).count() == 0
    assert Organisation.objects.every(**EVERY).exclude(name__contains="made up").count() == 0
    with city_index(programme, NOW) as known:
        assert len(known.index.spaces) == 60


def test_the_desk_has_worked_a_morning() -> None:
    load()
    queue = queue_of(Programme.objects.get())
    stands = Counter(vars(each)["status"] for each in queue)
    assert stands["agreed"] == 2
    assert stands["one_yes"] >= 1
    assert stands["asked"] >= 3
    run = MatchRun.objects.every(**EVERY).get()
    assert (run.state, len(run.found)) == ("done", 40)


def test_its_days_lie_in_the_weeks_to_come() -> None:
    load()
    rules = RequestRule.objects.every(**EVERY).filter(request__state="open")
    first = set(rules.values_list("first", flat=True))
    assert min(day for day in first if day) == monday_after(TODAY) == date(2026, 11, 23)
    assert max(day for day in first if day) <= TODAY + timedelta(weeks=5)
    busy = Occupation.objects.every(**EVERY).filter(taking__kind="busy")
    starts = busy.order_by("starts_at").values_list("starts_at", flat=True)[0]
    assert monday_after(TODAY) <= starts.date() <= TODAY + timedelta(days=8)
    closed = set(Closure.objects.every(**EVERY).values_list("first", flat=True))
    assert date(2026, 12, 25) in closed
    assert min(closed) > TODAY


def test_three_people_can_look_around() -> None:
    load()
    host, group, matchmaker = (
        Person.objects.get(email=f"{role}@zilverhaven.invalid") for role in ("host", "initiative", "matchmaker")
    )
    assert not any(person.has_usable_password() for person in (host, group, matchmaker))
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 3
    assert ProgrammeRole.objects.every(**EVERY).get().person == matchmaker
    office = Membership.objects.every(**EVERY).get(person=host)
    assert (office.role, office.organisation.kind) == ("manager", "company")
    asked = Request.objects.visible_to(group)
    assert sorted(asked.values_list("state", flat=True)) == ["open", "placed"]
    assert {each.asked_by for each in asked} == {group}
    assert Membership.objects.every(**EVERY).get(person=group).organisation_id in {
        each.organisation_id for each in asked
    }


def test_its_sheets_stand_among_the_imports_and_can_be_taken_back_from_the_last_one() -> None:
    load(12)
    runs = {run.kind: run for run in ImportRun.objects.every(**EVERY)}
    assert {kind: is_last(run) for kind, run in runs.items()} == {"areas": False, "spaces": False, "requests": True}


def test_loading_it_again_changes_nothing(capsys: Any) -> None:
    call_command("load_demo", spaces=12)
    assert "12 spaces online" in capsys.readouterr().out
    call_command("load_demo")
    assert "loaded already" in capsys.readouterr().out
    spaces = Offer.objects.every(**EVERY)
    assert spaces.filter(programme__slug="zilverhaven").count() == 12
    assert spaces.filter(programme__slug="proefjaar").count() == 14
    assert spaces.count() == 26


@pytest.mark.slow
def test_a_thousand_spaces_are_a_matter_of_seconds() -> None:
    begun = datetime.now(UTC)  # noqa: TID251
    load(1000)
    assert (datetime.now(UTC) - begun).total_seconds() < 30  # noqa: TID251
    assert Offer.objects.online(Programme.objects.get()).count() == 1000
