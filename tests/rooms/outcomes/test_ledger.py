"""The ledger of a programme: what counts, what it adds up to, and that kept sums never lag behind."""

import csv
import io
import random
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.rooms.makers import make_building, make_offer, make_organisation, make_space
from tests.rooms.usage.makers import NOW, Plan, make_plan

from meervoud.core.impact.reference import plain_figures
from meervoud.core.impact.use_figures import figures
from meervoud.lib.events import happened
from meervoud.outcomes.ledger import Ledger, held_moments, ledger_of, rooms_of, uses_of
from meervoud.outcomes.models import LedgerDekad
from meervoud.outcomes.moment_rows import moments_csv
from meervoud.outcomes.sums import pack, sums_of
from meervoud.usage.checking_in import Report, check_in, leave_early
from meervoud.usage.models import State, UsageMoment
from meervoud.usage.settled import MomentSettled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ENGLISH = {"accept-language": "en"}
YEAR = date(2025, 1, 1), date(2027, 12, 31)
NOTHING = pack(sums_of([], {}, [], {}))


def hold(plan: Plan, number: int, people: int | None = 8, first: int | None = None) -> UsageMoment:
    """Let a moment take place, as the desk tells it."""
    moment = plan.moments[number]
    said = Report(way="staff", key=f"key-{number:08}", was_held=True, people=people, first_timers=first, by=plan.desk)
    check_in(moment=moment, report=said, now=moment.ends_at)
    return plan.moments[number]


def minutes_of(ledger: Ledger) -> int:
    return figures(ledger.tallies, ledger.rooms).room_minutes


def test_only_what_took_place_counts() -> None:
    plan = make_plan()
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 0
    hold(plan, 0)
    nobody = plan.moments[1]
    said = Report(way="staff", key="nobody-came", was_held=False, by=plan.desk)
    check_in(moment=nobody, report=said, now=nobody.ends_at)
    found = figures(*_parts(plan))
    assert (found.room_minutes, found.stays, found.visits, found.hosts) == (120, 1, 8, 1)


def _parts(plan: Plan) -> tuple[Any, Any]:
    ledger = ledger_of(plan.programme, *YEAR)
    return ledger.tallies, ledger.rooms


def test_a_moment_that_is_settled_later_counts_at_the_next_look() -> None:
    plan = make_plan()
    hold(plan, 0)
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 120
    hold(plan, 1)
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 240


def test_without_the_word_that_it_is_settled_the_kept_sums_would_lag_behind() -> None:
    plan = make_plan()
    hold(plan, 0)
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 120
    moment = plan.moments[1]
    plan.agreement.moments.filter(pk=moment.pk).update(state=State.HELD, evidence="host")
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 120, "the control: nobody said so"
    happened(MomentSettled(moment))
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 240


def test_sums_made_while_a_moment_is_settled_do_not_hold() -> None:
    plan = make_plan()
    hold(plan, 0)
    ledger_of(plan.programme, *YEAR)
    row = LedgerDekad.objects.visible_to(plan.desk).get(sums__rooms__0__isnull=False)
    assert row.summed_at_change == row.changes
    happened(MomentSettled(plan.moments[0]))
    row.refresh_from_db()
    assert row.summed_at_change < row.changes


def test_whole_dekads_are_read_once() -> None:
    plan = make_plan()
    hold(plan, 0)
    month = plan.moments[0].starts_at.date().replace(day=1)
    last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    ledger_of(plan.programme, month, last)
    names, packed = NOTHING
    LedgerDekad.objects.visible_to(plan.desk).update(sums=names, packed=packed)
    assert minutes_of(ledger_of(plan.programme, month, last)) == 0, "what was kept is what is told"
    assert minutes_of(ledger_of(plan.programme, month, last - timedelta(days=1))) in (0, 120)


def test_who_leaves_early_counts_until_then() -> None:
    plan = make_plan()
    moment = plan.moments[0]
    leave_early(moment=moment, ends_at=moment.starts_at + timedelta(minutes=45), by=plan.asker, now=moment.starts_at)
    hold(plan, 0)
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 45


def test_a_moment_belongs_to_the_day_on_which_it_began_on_the_clock_of_the_programme() -> None:
    plan = make_plan()
    start = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    _write(plan, [(plan.offer.space, start, 60)])
    assert minutes_of(ledger_of(plan.programme, date(2026, 12, 1), date(2026, 12, 31))) == 0
    assert minutes_of(ledger_of(plan.programme, date(2027, 1, 1), date(2027, 1, 31))) == 60
    assert ledger_of(plan.programme, date(2027, 1, 1), date(2027, 1, 31)).months == {"2027-01": 60}


def _write(plan: Plan, rows: list[tuple[Any, datetime, int]], people: int | None = None) -> None:
    UsageMoment.objects.bulk_create(
        UsageMoment(
            agreement=plan.agreement,
            space=space,
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            state=State.HELD,
            evidence="host",
            people=people,
        )
        for space, start, minutes in rows
    )


@pytest.mark.parametrize("seed", range(5))
def test_months_and_parts_of_months_add_up_to_what_a_plain_look_finds(seed: int) -> None:
    plan, dice = make_plan(), random.Random(seed)  # noqa: S311  # a test
    other = make_space(plan.offer.space.building, name="Small room")
    begin = datetime(2026, 9, 20, tzinfo=UTC)
    rows = [
        (dice.choice([plan.offer.space, other]), begin + timedelta(minutes=dice.randrange(60 * 24 * 75)), length)
        for length in (dice.choice((15, 60, 150, 600, 1500)) for _ in range(60))
    ]
    _write(plan, rows, people=3)
    whole = ledger_of(plan.programme, date(2026, 8, 1), date(2026, 12, 31))
    parts = [
        ledger_of(plan.programme, *days)
        for days in (
            (date(2026, 8, 1), date(2026, 9, 24)),
            (date(2026, 9, 25), date(2026, 10, 31)),
            (date(2026, 11, 1), date(2026, 11, 12)),
            (date(2026, 11, 13), date(2026, 12, 31)),
        )
    ]
    tallies = [each for part in parts for each in part.tallies]
    assert figures(tallies, whole.rooms) == figures(whole.tallies, whole.rooms)
    uses = uses_of(held_moments(plan.programme, *YEAR))
    said = asdict(figures(whole.tallies, whole.rooms))
    plain = plain_figures(uses, rooms_of({each.room for each in uses}))
    assert {name: said[name] for name in plain if name in said and name != "people"} == {
        name: value for name, value in plain.items() if name in said and name != "people"
    }
    assert whole.rooms_apart == {str(other.pk)} & set(whole.rooms), "it has no offer"
    assert sum(map(sum, (*whole.hours.values(), *whole.hours_apart.values()))) == said["room_minutes"]


def test_groups_that_need_shelter_are_in_the_whole_only() -> None:
    plan = make_plan(is_sheltered=True)
    hold(plan, 0)
    ledger = ledger_of(plan.programme, *YEAR)
    assert minutes_of(ledger) == 120
    assert ledger.hours == {}
    assert len(ledger.sheltered) == 1
    text = b"".join(moments_csv(plan.programme, *YEAR)).decode("utf-8-sig")
    assert plan.offer.space.name not in text
    assert plan.host.name not in text
    assert "19:00" not in text
    assert _columns(text)["Minutes that count"] == 120


def _columns(text: str) -> dict[str, float]:
    rows = list(csv.DictReader(io.StringIO(text)))
    names = ("Minutes that count", "Usage moments", "People", "For the first time")
    return {name: sum(float(row[name] or 0) for row in rows) for name in names}


def test_the_rows_of_the_csv_add_up_to_the_headlines() -> None:
    plan = make_plan()
    for number in range(4):
        hold(plan, number, people=10 + number, first=number)
    start = plan.moments[0].starts_at + timedelta(minutes=30)
    _write(plan, [(plan.offer.space, start, 200)])  # somebody else counted the same evening
    found = figures(*_parts(plan))
    text = b"".join(moments_csv(plan.programme, *YEAR)).decode("utf-8-sig")
    sums = _columns(text)
    assert sums["Minutes that count"] == found.room_minutes
    assert sums["Usage moments"] == found.stays
    assert sums["People"] == found.visits
    assert sums["For the first time"] == 6


def test_a_cell_that_could_run_is_text() -> None:
    plan = make_plan(title="=HYPERLINK(1)")
    hold(plan, 0)
    text = b"".join(moments_csv(plan.programme, *YEAR)).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_the_desk_opens_a_figure_down_to_its_moments(client: Client) -> None:
    plan = make_plan()
    hold(plan, 0)
    client.force_login(plan.desk)
    days = "?first=2026-01-01&last=2027-12-31"
    page = client.get(f"/desk/figures/{days}", headers=ENGLISH).content.decode()
    assert "2 hours" in page
    opened = client.get(f"/desk/figures/hours/{days}").content.decode()
    assert plan.host.name in opened
    assert f"/moments/{plan.moments[0].pk}/" in opened
    assert client.get("/desk/figures/hours/?first=2026-02-01&last=2026-01-01").status_code == 200
    assert (
        "before the first day"
        in client.get("/desk/figures/?first=2026-02-01&last=2026-01-01", headers=ENGLISH).content.decode()
    )


def test_the_pages_ask_the_database_as_often_for_many_moments_as_for_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    plan = make_plan()
    client.force_login(plan.desk)
    rows = [(plan.offer.space, NOW + timedelta(days=number), 60) for number in range(40)]
    _write(plan, rows)
    for path in ("/desk/figures/", "/desk/figures/hours/"):
        address = f"{path}?first={NOW.date()}&last={(NOW + timedelta(days=50)).date()}"
        client.get(address)
        with django_assert_max_num_queries(60):
            client.get(address)


def test_an_empty_hall_is_reuse_and_no_double_use() -> None:
    plan = make_plan()
    host = make_organisation(plan.programme)
    shop = make_space(make_building(plan.programme, host), kind="vacant_shop", area_m2=80)
    make_offer(plan.programme, host=host, space=shop)
    _write(plan, [(shop, NOW, 60)])
    found = figures(*_parts(plan))
    assert (found.double_use_m2, found.reuse_m2) == (0, 80)


def test_a_group_that_needs_shelter_from_now_on_is_in_no_place_and_no_hour_that_was_kept_before() -> None:
    plan = make_plan()
    hold(plan, 0)
    assert ledger_of(plan.programme, *YEAR).hours != {}, "the control: until now it was"
    request = plan.agreement.request
    request.is_sheltered = True
    request.save(update_fields=["is_sheltered"])
    ledger = ledger_of(plan.programme, *YEAR)
    assert (ledger.hours, len(ledger.sheltered)) == ({}, 1)
    text = b"".join(moments_csv(plan.programme, *YEAR)).decode("utf-8-sig")
    assert _columns(text)["Minutes that count"] == minutes_of(ledger) == 120


def test_a_moment_settled_while_a_first_look_reads_is_not_lost() -> None:
    plan = make_plan()
    moment = plan.moments[0]
    happened(MomentSettled(moment))  # nobody looked before: the row must be there for the count to stand in
    row = LedgerDekad.objects.visible_to(plan.desk).get(first__lte=moment.starts_at.date(), changes=1)
    LedgerDekad.objects.visible_to(plan.desk).filter(pk=row.pk).update(  # as a reader that began before would
        summed_at_change=0, sums=NOTHING[0], packed=NOTHING[1]
    )
    plan.agreement.moments.filter(pk=moment.pk).update(state=State.HELD, evidence="host")
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 120


def test_a_look_that_ends_after_a_moment_was_settled_keeps_nothing() -> None:
    plan, told = make_plan(), list[int]()
    hold(plan, 0)

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  # as Django calls it
        """Settle a moment, as another process would, after the moments were read and before their sums are kept."""
        if sql.startswith('UPDATE "outcomes_ledgerdekad"') and '"packed"' in sql and not told:
            told.append(0)
            hold(plan, 1)
            told[0] = minutes_of(ledger_of(plan.programme, *YEAR))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        ledger_of(plan.programme, *YEAR)
    assert told == [240], "the other one sees it at once"
    kept = LedgerDekad.objects.visible_to(plan.desk).filter(sums__rooms__0__isnull=False)
    assert all(each.summed_at_change == each.changes for each in kept), "and what it kept still holds"
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 240


def test_sums_from_before_they_were_packed_are_made_anew() -> None:
    plan = make_plan()
    hold(plan, 0)
    ledger_of(plan.programme, *YEAR)
    LedgerDekad.objects.visible_to(plan.desk).update(packed=b"", sums={"tallies": [1, 2, 3]})
    assert minutes_of(ledger_of(plan.programme, *YEAR)) == 120


@pytest.mark.parametrize("second", [0.0, 0.9999, 59.9999, 59.999999])
def test_the_database_and_python_find_the_same_minute(second: float) -> None:
    plan = make_plan()
    at = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)  # an hour before the clock goes through one twice
    moment = hold(plan, 0)
    times = {"starts_at": at, "ends_at": at + timedelta(hours=3), "released_at": at + timedelta(seconds=3600 + second)}
    plan.agreement.moments.filter(pk=moment.pk).update(**times)
    happened(MomentSettled(plan.moments[0]))
    (plain,) = uses_of(held_moments(plan.programme, *YEAR))
    assert plain.ends - plain.starts == 60
    ledger = ledger_of(plan.programme, *YEAR)
    assert minutes_of(ledger) == 60
    (tally,) = ledger.tallies
    assert (tally.room, tally.initiative) == (plain.room, plain.initiative)


@pytest.mark.parametrize("days", ["first=0001-01-01&last=0001-02-01", "first=9999-12-01&last=9999-12-31"])
def test_a_period_that_no_ledger_is_of_is_refused_in_words(client: Client, days: str) -> None:
    plan = make_plan()
    client.force_login(plan.desk)
    page = client.get(f"/desk/figures/?{days}", headers=ENGLISH)
    assert page.status_code == 200
    assert "at most ten years" in page.content.decode()


def test_a_neighbourhood_that_is_not_there_shows_all_of_them(client: Client) -> None:
    plan = make_plan()
    hold(plan, 0)
    client.force_login(plan.desk)
    days = "?first=2026-01-01&last=2027-12-31"
    strange, all_of_them = (
        client.get(f"/desk/figures/{days}{area}", headers=ENGLISH).content.decode() for area in ("&area=Nowhere", "")
    )
    assert strange.count("level5") == all_of_them.count("level5") > 0
