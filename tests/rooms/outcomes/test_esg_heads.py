"""Heads on ESG pages: who has every report and every page works out no small number and no sheltered group."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from tests.rooms.makers import TODAY, make_matchmaker, make_offer, make_programme
from tests.rooms.outcomes.esg_makers import APART, YEAR, came, hold, lend, outsider, worked_out
from tests.rooms.outcomes.makers import NOW
from tests.rooms.outcomes.test_past_uses import queries
from tests.rooms.usage.test_plan_pages import browser

from meervoud.outcomes.esg import esg_of, programmes_of
from meervoud.outcomes.models import LedgerDekad, ProgrammeReport
from meervoud.outcomes.reporting import publish_report
from meervoud.parties.models import Organisation, Programme
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = date(YEAR, 3, 1), date(YEAR, 11, 2)
LAST_AUTUMN = date(YEAR - 1, 11, 2)
THE_YEAR = (date(YEAR, 1, 1), date(YEAR, 12, 31))
ITS_HALF = (date(YEAR, 1, 1), date(YEAR, 6, 30))
OVER_NEW_YEAR = (date(YEAR - 1, 7, 1), date(YEAR, 6, 30))


def publish(programme: Programme, period: tuple[date, date]) -> None:
    staff = make_matchmaker(programme)
    report = ProgrammeReport.objects.create(
        programme=programme, title="Rooms", language="en", first=period[0], last=period[1], by=staff
    )
    publish_report(report=report, by=staff, now=NOW)


def hosts_of(programme: Programme) -> list[Organisation]:
    return list(Organisation.objects.every(because="a test").filter(offers__programme=programme).distinct())


def visits(host: Organisation, programme: Programme, year: int = YEAR) -> int | None:
    LedgerDekad.objects.every(because="a test").delete()
    found: int | None = esg_of(host, year, [programme], TODAY)["use"]["visits"]
    return found


def a_sheltered_group_beside_another(programme: Programme) -> None:
    office = came(programme, "North", (SPRING, 40)).host
    came(programme, "North", (SPRING, 3), host=office, is_sheltered=True)
    came(programme, "South", (SPRING, 30))
    publish(programme, THE_YEAR)


def a_host_in_each_neighbourhood(programme: Programme) -> None:
    for area, people in (("North", 3), ("South", 30), ("East", 40)):
        came(programme, area, (SPRING, people))
    publish(programme, THE_YEAR)


def two_hosts_in_a_hidden_neighbourhood(programme: Programme) -> None:
    for area, people in (("North", 3), ("South", 20), ("South", 15), ("East", 50)):
        came(programme, area, (SPRING, people))
    publish(programme, THE_YEAR)


def a_host_in_two_neighbourhoods(programme: Programme) -> None:
    host = came(programme, "North", (SPRING, 3)).host
    came(programme, "East", (SPRING, 20), host=host)
    came(programme, "East", (SPRING, 25))
    came(programme, "South", (SPRING, 30))
    publish(programme, THE_YEAR)


def a_small_host_in_a_neighbourhood_that_is_told(programme: Programme) -> None:
    for area, people in (("North", 40), ("North", 3), ("South", 10)):
        came(programme, area, (SPRING, people))
    publish(programme, THE_YEAR)


def a_report_over_half_the_year(programme: Programme) -> None:
    came(programme, "North", (SPRING, 20), (AUTUMN, 3))
    came(programme, "East", (SPRING, 30), (AUTUMN, 40))
    publish(programme, ITS_HALF)


def a_report_over_new_year(programme: Programme) -> None:
    came(programme, "North", (LAST_AUTUMN, 3), (SPRING, 20))
    came(programme, "East", (LAST_AUTUMN, 30), (SPRING, 40))
    publish(programme, OVER_NEW_YEAR)


def reports_that_reach_a_year_by_another_one(programme: Programme) -> None:
    came(programme, "North", (LAST_AUTUMN, 3), (SPRING, 20), (AUTUMN, 30))
    came(programme, "East", (LAST_AUTUMN, 30), (SPRING, 40), (AUTUMN, 50))
    publish(programme, OVER_NEW_YEAR)
    publish(programme, (date(YEAR, 7, 1), date(YEAR, 12, 31)))


ATTACKS: list[Callable[[Programme], None]] = [
    a_sheltered_group_beside_another,
    a_host_in_each_neighbourhood,
    two_hosts_in_a_hidden_neighbourhood,
    a_host_in_two_neighbourhoods,
    a_small_host_in_a_neighbourhood_that_is_told,
    a_report_over_half_the_year,
    a_report_over_new_year,
    reports_that_reach_a_year_by_another_one,
]


@pytest.mark.parametrize("tell", ATTACKS, ids=lambda each: each.__name__)
def test_who_has_all_reports_and_all_pages_works_nobody_out(tell: Callable[[Programme], None]) -> None:
    tell(programme := make_programme())
    hosts, years = hosts_of(programme), (YEAR - 1, YEAR)
    assert worked_out(outsider(programme, hosts, years)) == set()
    assert worked_out(outsider(programme, hosts, years, has_rule=False)), (
        "the control: without the rule somebody is found"
    )


def test_where_nothing_is_small_every_page_tells_its_heads() -> None:
    programme = make_programme()
    for area, people in (("North", 20), ("North", 15), ("East", 30)):
        came(programme, area, (SPRING, people), (AUTUMN, people))
    for period in (ITS_HALF, THE_YEAR, OVER_NEW_YEAR):
        publish(programme, period)
    assert sorted(visits(host, programme) or 0 for host in hosts_of(programme)) == [30, 40, 60]


def test_sheltered_heads_hide_a_host_also_where_they_are_many_and_no_report_is_there() -> None:
    programme = make_programme()
    few = came(programme, "North", (SPRING, 20)).host
    many = came(programme, "North", (SPRING, 30)).host
    assert (visits(few, programme), visits(many, programme)) == (20, 30)  # the control
    came(programme, "North", (AUTUMN, 12), host=many, is_sheltered=True)
    assert (visits(few, programme), visits(many, programme)) == (None, 30)


def test_a_small_host_does_not_hide_behind_sheltered_groups_whose_number_a_report_tells() -> None:
    programme = make_programme()
    for people in (3, 20, 40):
        came(programme, "North", (SPRING, people))
    came(programme, "North", (AUTUMN, 12), host=hosts_of(programme)[0], is_sheltered=True)
    publish(programme, THE_YEAR)
    puzzle = outsider(programme, hosts_of(programme), (YEAR,))
    assert puzzle.ranges[APART, THE_YEAR] == (12, 12)
    assert worked_out(puzzle) == set()
    assert sorted(visits(host, programme) or 0 for host in hosts_of(programme)) == [0, 0, 40]


def test_a_group_that_needs_shelter_since_a_report_is_not_the_difference_to_it() -> None:
    programme = make_programme()
    plan = came(programme, "North", (SPRING, 20))
    guests = came(programme, "North", (SPRING, 12), host=plan.host)
    other = came(programme, "East", (SPRING, 11))
    publish(programme, THE_YEAR)
    assert visits(plan.host, programme) == 32
    guests.agreement.request.is_sheltered = True
    guests.agreement.request.save(update_fields=["is_sheltered"])
    assert visits(plan.host, programme) is None, "32 in the report less 20 on the page would be the group"
    assert visits(other.host, programme) == 11


def test_a_neighbourhood_counted_otherwise_since_a_report_hides_its_hosts() -> None:
    programme = make_programme()
    plan, other = came(programme, "North", (SPRING, 20)), came(programme, "East", (SPRING, 30))
    publish(programme, THE_YEAR)
    UsageMoment.objects.every(because="a test").filter(agreement=plan.agreement, state="held").update(people=23)
    assert (visits(plan.host, programme), visits(other.host, programme)) == (None, 30)


def test_a_host_with_heads_by_an_evidence_that_a_report_hides_tells_none() -> None:
    programme = make_programme()
    plans = [came(programme, "North", (SPRING, people)) for people in (30, 40, 50)]
    assert [visits(plan.host, programme) for plan in plans] == [30, 40, 50]  # the control
    for plan, evidence in zip(plans, ("paper", "host", "checked_in"), strict=True):
        plan.agreement.moments.filter(state="held").update(evidence=evidence)
    extra = came(programme, "North", (SPRING, 2), host=plans[2].host)
    extra.agreement.moments.filter(state="held").update(evidence="door_code")
    # a report hides the two by the code at the door and, for them, the 30 on paper; their hosts then hide the least beside them
    assert visits(plans[0].host, programme) is None
    assert visits(plans[2].host, programme) is None


def test_first_timers_are_no_way_round() -> None:
    programme = make_programme()
    plans = [came(programme, "North", (SPRING, people)) for people in (30, 40, 50)]
    for plan, first in zip(plans, (3, 20, 30), strict=True):
        plan.agreement.moments.filter(state="held").update(first_timers=first)
    assert [visits(plan.host, programme) for plan in plans] == [None, None, 50]


def test_a_running_year_tells_hours_and_no_heads_and_says_so() -> None:
    plan = lend(heads=(12,))
    hold(plan, 1, datetime(TODAY.year, 1, 1, 12, tzinfo=UTC), people=40)
    programmes = programmes_of(plan.host, plan.lender)
    running = esg_of(plan.host, TODAY.year, programmes, TODAY)
    assert (running["use"]["visits"], running["use"]["people"]["least"], running["use"]["counted"]) == (None,) * 3
    assert running["use"]["room_minutes"] == 120
    for year, is_said in ((TODAY.year, True), (YEAR, False)):
        text = browser(plan.lender).get(f"/organisations/{plan.host.pk}/esg/{year}/").content.decode()
        assert ("told from 1 February" in text) == is_said
    for day, told in ((date(TODAY.year + 1, 1, 31), None), (date(TODAY.year + 1, 2, 1), 40)):
        assert esg_of(plan.host, TODAY.year, programmes, day)["use"]["visits"] == told


def test_a_count_that_comes_in_after_heads_were_told_hides_them() -> None:
    plan = lend(heads=(12,))
    programmes = programmes_of(plan.host, plan.lender)
    assert esg_of(plan.host, YEAR, programmes, TODAY)["use"]["visits"] == 12
    hold(plan, 1, datetime(YEAR, 5, 1, 18, tzinfo=UTC), people=3)
    assert visits(plan.host, plan.programme) == 15  # the control: it came in before
    hold(plan, 1, datetime(YEAR, 5, 1, 18, tzinfo=UTC), people=3, settled_at=datetime(YEAR + 1, 2, 1, 12, tzinfo=UTC))
    assert esg_of(plan.host, YEAR, programmes, TODAY)["use"]["visits"] is None


def test_what_is_hidden_in_one_programme_is_not_told_in_a_sum_with_another() -> None:
    plan = lend(heads=(40,))
    elsewhere = lend(offer=make_offer(make_programme(), host=plan.host), heads=(30,))
    both = programmes_of(plan.host, plan.lender)
    assert esg_of(plan.host, YEAR, both, TODAY)["use"]["visits"] == 70  # the control
    lend(offer=make_offer(elsewhere.programme), heads=(3,))
    assert visits(plan.host, elsewhere.programme) is None
    assert visits(plan.host, plan.programme) == 40
    assert esg_of(plan.host, YEAR, both, TODAY)["use"]["visits"] is None


def test_more_reports_need_no_more_queries() -> None:
    plan = lend(heads=(12, 15, 9, 8))
    address = f"/organisations/{plan.host.pk}/esg/{YEAR}/"
    publish(plan.programme, ITS_HALF)
    one = queries(plan.lender, address)
    for first, last in ((date(YEAR, 7, 1), THE_YEAR[1]), THE_YEAR, OVER_NEW_YEAR):
        publish(plan.programme, (first, last))
    assert 0 < queries(plan.lender, address) <= one
