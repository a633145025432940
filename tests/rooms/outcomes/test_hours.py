"""The hours of the week: what was offered, used and idle, in rooms that are offered by the hour; the rest stands beside it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.rooms.makers import make_programme
from tests.rooms.outcomes.esg_makers import YEAR, came
from tests.rooms.outcomes.makers import make_pilot, make_published, pilot_period
from tests.rooms.usage.makers import Plan, make_plan

from meervoud.outcomes.facts import Facts, facts_of
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.ledger import ledger_of
from meervoud.outcomes.models import LedgerDekad, OfferedMonth
from meervoud.outcomes.offered import offered_hours
from meervoud.outcomes.pictures import areas_with_hours, say_used, week_views
from meervoud.outcomes.publishable import hours_told, publishable
from meervoud.outcomes.report_papers import report_paper
from meervoud.outcomes.report_sheets import sheets_of
from meervoud.parties.models import Programme
from meervoud.places.models import Building, Neighbourhood
from meervoud.supply.models import Offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ENGLISH = {"accept-language": "en"}
EVERY = "a test"
DAYS = date(YEAR, 1, 1), date(YEAR, 12, 31)
MONTH = date(YEAR, 3, 1), date(YEAR, 3, 31)
HOUR = 168


def by_hour(**hours: dict[int, int]) -> dict[str, list[int]]:
    """Return the hours of a week of some neighbourhoods, from the minutes of some of the hours."""
    return {area: [minutes.get(hour, 0) for hour in range(HOUR)] for area, minutes in hours.items()}


def facts_with(
    used: dict[str, list[int]], offered: dict[str, list[int]], apart: dict[str, list[int]], **values: Any
) -> Facts:
    """Return of the facts what tells hours: a week, no group sheltered, ten groups in each neighbourhood if not said."""
    groups = values.pop("groups", None) or {
        "used": {"areas": dict.fromkeys(used, 10), "all": 10 * bool(used)},
        "apart": {"areas": dict.fromkeys(apart, 10), "all": 10 * bool(apart)},
    }
    areas = [
        {"area": area, "initiatives": max(each["areas"].get(area, 0) for each in groups.values())}
        for area in {**used, **apart}
    ]
    minutes = sum(map(sum, (*used.values(), *apart.values())))
    hours = {"used": used, "offered": offered, "apart": apart, "groups": groups}
    use = {"room_minutes": minutes, "initiatives": max(each["all"] for each in groups.values())}
    return {"version": 2, "first": "2026-01-05", "last": "2026-01-11", "hours": hours, "areas": areas, "use": use}


def told(facts: Facts) -> Facts:
    """Return the hours as they may be published; what else there is to hide is no part of these tests."""
    return {**facts, "hours": hours_told(facts)}


def rename(plan: Plan, name: str) -> None:
    Neighbourhood.objects.filter(buildings=plan.offer.space.building_id).update(name=name)


def _building(plan: Plan) -> Building:
    return Building.objects.every(because=EVERY).get(pk=plan.offer.space.building_id)


def lent_whole(plan: Plan) -> None:
    Offer.objects.every(because=EVERY).filter(pk=plan.offer.pk).update(length=Offer.Length.WHOLE)


def offered_since(plan: Plan, day: datetime) -> None:
    Offer.objects.every(because=EVERY).filter(pk=plan.offer.pk).update(created_at=day)


def test_a_neighbourhood_that_is_renamed_is_one_row_with_its_new_name(client: Client) -> None:
    plan = came(make_programme(), "Kade", (date(YEAR, 3, 3), 9))
    offered_since(plan, plan.moments[0].starts_at - timedelta(days=40))
    before = ledger_of(plan.programme, *DAYS).hours
    assert set(before) == {"Kade"}
    assert set(offered_hours(plan.programme, *MONTH)) == {"Kade"}
    rename(plan, "Quayside")
    assert ledger_of(plan.programme, *DAYS).hours == {"Quayside": before["Kade"]}
    assert set(offered_hours(plan.programme, *MONTH)) == {"Quayside"}
    client.force_login(plan.desk)
    page = client.get(f"/desk/figures/?first={DAYS[0]}&last={DAYS[1]}", headers=ENGLISH).content.decode()
    assert page.count('<option value="Quayside">') == 1
    assert page.count('<th scope="row">Quayside</th>') == 1
    assert "Kade" not in page


def test_a_new_name_needs_no_moment_to_be_read_anew() -> None:
    plan = came(make_programme(), "Kade", (date(YEAR, 3, 3), 9))
    ledger_of(plan.programme, *DAYS)
    rename(plan, "Quayside")
    plan.agreement.moments.update(state="planned")  # nobody said so: only who reads them anew would find none
    assert set(ledger_of(plan.programme, *DAYS).hours) == {"Quayside"}


def test_a_room_that_came_to_another_neighbourhood_takes_its_hours_along() -> None:
    programme = make_programme()
    plan, other = (came(programme, area, (date(YEAR, 3, 3), 9)) for area in ("Kade", "Haven"))
    before = ledger_of(programme, *DAYS).hours
    Building.objects.every(because=EVERY).filter(pk=_building(plan).pk).update(
        neighbourhood=_building(other).neighbourhood_id
    )
    found = ledger_of(programme, *DAYS)
    assert found.hours == {"Haven": [sum(each) for each in zip(before["Kade"], before["Haven"], strict=True)]}


def test_sums_and_months_that_know_neighbourhoods_by_name_are_made_anew() -> None:
    plan = came(make_programme(), "Kade", (date(YEAR, 3, 3), 9))
    offered_since(plan, plan.moments[0].starts_at - timedelta(days=40))
    hours, offered = ledger_of(plan.programme, *DAYS).hours, offered_hours(plan.programme, *MONTH)
    for row in LedgerDekad.objects.visible_to(plan.desk).exclude(sums={}):
        row.sums = {name: row.sums[name] for name in ("rooms", "initiatives", "sheltered")} | {"areas": ["Kade"]}
        row.save(update_fields=["sums"])
    OfferedMonth.objects.visible_to(plan.desk).update(hours={"Kade": [1] * HOUR})
    assert ledger_of(plan.programme, *DAYS).hours == hours
    assert offered_hours(plan.programme, *MONTH) == offered != {"Kade": [1] * HOUR}


def test_hours_in_a_room_that_is_lent_as_a_whole_stand_apart_also_where_they_were_kept_before() -> None:
    programme = make_programme()
    plan = came(programme, "Kade", (date(YEAR, 3, 3), 9))
    came(programme, "Kade", (date(YEAR, 3, 4), 9))
    facts = facts_of(programme, *DAYS)
    assert sum(facts["hours"]["used"]["Kade"]) == 240
    assert facts["hours"]["apart"] == {}
    lent_whole(plan)
    facts = facts_of(programme, *DAYS)
    assert {name: sum(facts["hours"][name]["Kade"]) for name in ("used", "apart")} == {"used": 120, "apart": 120}
    assert facts["use"]["room_minutes"] == 240
    assert facts["hours"]["groups"] == {
        "used": {"areas": {"Kade": 1}, "all": 1},
        "apart": {"areas": {"Kade": 1}, "all": 1},
    }
    Offer.objects.every(because=EVERY).filter(pk=plan.offer.pk).update(length=Offer.Length.HOURS)
    assert facts_of(programme, *DAYS)["hours"]["apart"] == {}


def test_groups_that_need_shelter_are_in_no_hours_apart() -> None:
    plan = make_plan(is_sheltered=True)
    plan.agreement.moments.update(state="held", evidence="host")
    lent_whole(plan)
    facts = facts_of(plan.programme, date(2025, 1, 1), date(2027, 12, 31))
    assert facts["use"]["room_minutes"] > 0
    assert (facts["hours"]["used"], facts["hours"]["apart"]) == ({}, {})
    assert say_used(facts, "") == []


def test_offered_less_used_is_idle_and_what_was_used_beyond_it_stands_beside_it() -> None:
    facts = facts_with(
        used=by_hour(Kade={10: 60, 11: 240}), offered=by_hour(Kade={10: 180, 11: 60}), apart=by_hour(Haven={3: 600})
    )
    assert say_used(facts, "") == [
        "4 hours were offered and 2 were used: 50%.",
        "Beside that, 3 hours at times that were not offered.",
        "Beside that, 10 hours in rooms that are not offered by the hour.",
    ]
    offered, used, idle = (each.hours for each in week_views(facts, ""))
    assert (offered[10], used[10], idle[10]) == (3, 1, 2)
    assert (offered[11], used[11], idle[11]) == (1, 4, 0)
    assert sum(idle) == 4 - 2, "what the sentence says is what the picture shows"
    assert used[3] == 0
    assert say_used(facts, "Kade")[-1] == "Beside that, 3 hours at times that were not offered."
    assert say_used(facts, "Haven") == [
        "No room was offered by the hour.",
        "Beside that, 10 hours in rooms that are not offered by the hour.",
    ]
    assert areas_with_hours(facts) == ["Haven", "Kade"]


def test_only_rooms_that_are_lent_as_a_whole_hide_nothing_of_the_week() -> None:
    facts = facts_with(used={}, offered={}, apart=by_hour(Haven={3: 60}))
    assert [each.name for each in week_views(facts, "")] == ["offered", "used", "idle"]
    assert say_used(facts, "") == [
        "No room was offered by the hour.",
        "Beside that, 1 hour in rooms that are not offered by the hour.",
    ]


FEW = {"used": {"areas": {"Kade": 9, "Haven": 7}, "all": 16}, "apart": {"areas": {"Kade": 2}, "all": 2}}
MANY = {"used": {"areas": {"Kade": 9, "Haven": 7}, "all": 16}, "apart": {"areas": {"Kade": 6}, "all": 6}}
SPREAD = {"used": {"areas": {"Kade": 9, "Haven": 7}, "all": 9}, "apart": {"areas": {"Kade": 3, "Haven": 4}, "all": 7}}
ROWS = by_hour(Kade={1: 60}, Haven={1: 120}), by_hour(Kade={1: 600}, Haven={1: 600}), by_hour(Kade={2: 30})


def test_hours_apart_of_few_groups_are_told_nowhere_and_nobody_can_subtract_them() -> None:
    facts = told(facts_with(*ROWS, groups=FEW))
    assert facts["hours"] == {
        "used": by_hour(Kade={1: 60, 2: 30}, Haven={1: 120}) | {"": [0] * HOUR},
        "offered": ROWS[1] | {"": [0] * HOUR},
        "apart": None,
    }
    assert [each.name for each in week_views(facts, "")] == ["offered", "used"], "idle would not be right"
    (said,) = say_used(facts, "")
    assert "cannot read here what stood idle" in said


def test_hours_apart_of_many_groups_are_told() -> None:
    facts = told(facts_with(*ROWS, groups=MANY))
    assert facts["hours"]["apart"] == by_hour(Kade={2: 30}) | {"": [0] * HOUR}
    assert facts["hours"]["used"] == ROWS[0] | {"": [0] * HOUR}
    assert len(week_views(facts, "Kade")) == 3


def test_hours_apart_of_few_groups_in_each_neighbourhood_are_told_of_all_together() -> None:
    facts = told(facts_with(*ROWS, groups=SPREAD))
    assert facts["hours"] == {
        "used": {"": [180 * (hour == 1) for hour in range(HOUR)]},
        "offered": {"": [1200 * (hour == 1) for hour in range(HOUR)]},
        "apart": {"": [30 * (hour == 2) for hour in range(HOUR)]},
    }


def test_a_neighbourhood_with_few_groups_apart_takes_one_with_many_along() -> None:
    groups = {
        "used": {"areas": {"Kade": 9, "Haven": 7, "Dok": 8}, "all": 20},
        "apart": {"areas": {"Kade": 6, "Haven": 2}, "all": 8},
    }
    facts = facts_with(*ROWS, groups=groups)
    facts["areas"] += [{"area": "Dok", "initiatives": 8}]
    facts["hours"]["used"] |= by_hour(Dok={5: 60})
    shown = told(facts)["hours"]
    assert [set(shown[name]) for name in ("used", "apart")] == [{""}, {""}], "Dok joins Haven first, then Kade does"
    assert sum(shown["used"][""]) == 60 + 120 + 60


def test_the_hours_of_a_week_are_never_those_of_fewer_than_five_groups() -> None:
    rows, none = by_hour(A={1: 60}, B={2: 60}, C={3: 60}), by_hour()

    def shown(*numbers: int, together: int) -> Any:
        groups = {"areas": dict(zip("ABC", numbers, strict=True)), "all": together}
        facts = facts_with(rows, rows, none, groups={"used": groups, "apart": {"areas": {}, "all": 0}})
        return told(facts)["hours"]

    assert set(shown(6, 5, 1, together=9)["used"]) == {"A", ""}, "one group alone would be the rest: B joins it"
    assert set(shown(6, 5, 7, together=9)["used"]) == {"A", "B", "C", ""}
    assert set(shown(2, 2, 1, together=5)["used"]) == {""}
    hidden = shown(2, 2, 1, together=4)
    assert (hidden["used"], hidden["apart"]) == ({}, None)
    assert [each.name for each in week_views({**facts_with(rows, rows, none), "hours": hidden}, "")] == ["offered"]
    assert say_used({**facts_with(rows, rows, none), "hours": hidden}, "") == []


def test_how_many_groups_there_are_leaves_in_no_report() -> None:
    programme, _staff = make_pilot()
    facts = facts_of(programme, *pilot_period())
    assert facts["hours"]["groups"]["used"]["all"] > 0
    assert set(publishable(facts)["hours"]) == {"used", "offered", "apart"}


def test_a_report_from_before_hours_stood_apart_reads_as_it_did() -> None:
    hours = {"used": by_hour(Kade={10: 60, 11: 240}), "offered": by_hour(Kade={10: 360, 11: 60})}
    facts = {"version": 1, "first": "2026-01-05", "last": "2026-01-11", "hours": hours, "use": {"room_minutes": 300}}
    assert say_used(facts, "") == ["7 hours were offered and 5 were used: 71%."]
    assert [each.name for each in week_views(facts, "")] == ["offered", "used", "idle"]
    assert areas_with_hours(facts) == ["Kade"]
    assert say_used({**facts, "hours": {**hours, "offered": by_hour(Kade={1: 60})}}, "") == []
    assert say_used({**facts, "hours": {"used": {}, "offered": hours["offered"]}}, "") == []


def _old(programme: Programme, staff: Any) -> tuple[Any, Facts]:
    """Return a published report, with the facts in the shape they had before."""
    published = make_published(programme, staff)
    said = read_frozen(published)
    del said["facts"]["hours"]["apart"]
    said["facts"]["version"] = 1
    return published, said


def test_the_files_of_a_report_from_before_are_made_as_they_were() -> None:
    published, said = _old(*make_pilot())
    hours = next(each for each in sheets_of(published, said) if each.part == "hours")
    assert hours.heads[3:] == ["Minutes offered", "Minutes used"]
    assert report_paper(published, said)["sections"]
