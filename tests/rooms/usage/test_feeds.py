"""Calendars read back by two parsers that share no code: the planned moments, over both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import vobject
from dateutil.rrule import rruleset
from icalendar import Calendar
from recurring_ical_events import of
from tests.rooms.makers import make_building, make_offer, make_organisation, make_person, make_space
from tests.rooms.usage.makers import NOW, Plan, make_plan, tuesday
from tests.rooms.usage.test_changing import by_group, move

from meervoud.core.errors import InputError
from meervoud.usage.calendars import write_calendar
from meervoud.usage.changing import call_off
from meervoud.usage.feeds import feed_of, make_feed, moments_of_feed, take_back_feed
from meervoud.usage.models import Series, State, UsageMoment
from meervoud.usage.plan_changes import accept_change
from meervoud.usage.wishes import Hours, Weekly, days_of, span_on

pytestmark = pytest.mark.django_db
Times = set[tuple[datetime, datetime]]
YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC))


def by_first_parser(text: bytes) -> Times:
    found = of(Calendar.from_ical(text)).between(*YEARS)
    live = [each for each in found if str(each.get("STATUS")) != "CANCELLED"]
    return {(each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC)) for each in live}


def by_second_parser(text: bytes) -> Times:
    """Expand by vobject and dateutil, and put overrides in their places by hand as RFC 5545 says."""
    events = list(vobject.readOne(text.decode()).vevent_list)
    moved = {
        (each.uid.value, each.recurrence_id.value.astimezone(UTC)): each
        for each in events
        if hasattr(each, "recurrence_id")
    }
    found: Times = set()
    for each in events:
        if hasattr(each, "recurrence_id"):
            continue
        rule = each.rruleset
        length = each.dtend.value - each.dtstart.value
        starts = list(rule) if isinstance(rule, rruleset) else [each.dtstart.value]
        for start in starts:
            other = moved.get((each.uid.value, start.astimezone(UTC)))
            if other is None:
                if each.status.value != "CANCELLED":
                    found.add((start.astimezone(UTC), (start + length).astimezone(UTC)))
            elif other.status.value != "CANCELLED":
                found.add((other.dtstart.value.astimezone(UTC), other.dtend.value.astimezone(UTC)))
    return found


def planned(plan: Plan) -> Times:
    rows = plan.agreement.moments.exclude(state__in=(State.CANCELLED, State.WITHDRAWN))
    return set(rows.values_list("starts_at", "ends_at"))


def written(plan: Plan) -> bytes:
    feed, _ = make_feed(person=plan.asker, about="person")
    return write_calendar(list(moments_of_feed(feed, NOW)), name="Mine", now=NOW)


def test_a_series_stays_a_series_and_both_parsers_read_the_planned_moments() -> None:
    plan = make_plan()
    text = written(plan)
    assert by_first_parser(text) == by_second_parser(text) == planned(plan)
    assert text.count(b"BEGIN:VEVENT") == 1
    assert b"RRULE:FREQ=WEEKLY" in text


def test_cancelled_moved_and_left_out_moments_are_read_back() -> None:
    plan = make_plan()
    call_off(moment=plan.moments[1], scope="one", said=by_group(plan))
    accept_change(
        change=move(
            plan,
            "one",
            tuesday(2) + timedelta(days=1),
            Hours(time(18), time(20)),
        ),
        by=plan.lender,
        now=NOW,
    )
    UsageMoment.objects.every(because="a test").filter(pk=plan.moments[4].pk).delete()
    accept_change(
        change=move(
            plan,
            "following",
            tuesday(6) + timedelta(days=2),
            Hours(time(17), time(19)),
            key="f",
            number=5,
        ),
        by=plan.lender,
        now=NOW,
    )
    text = written(plan)
    assert by_first_parser(text) == by_second_parser(text) == planned(plan)
    assert b"STATUS:CANCELLED" in text
    assert b"RECURRENCE-ID;TZID=Europe/Amsterdam" in text
    assert b"EXDATE;TZID=Europe/Amsterdam" in text
    assert text.count(b"RRULE:FREQ=WEEKLY") == 2


@pytest.mark.parametrize("first", [date(2026, 10, 5), date(2027, 3, 8)], ids=["autumn", "spring"])
@pytest.mark.parametrize("starts", [19, 2], ids=["evening", "in the changed hour"])
def test_hours_stay_on_the_wall_clock_over_both_changes_of_the_clock(first: date, starts: int) -> None:
    plan = make_plan()
    plan.agreement.moments.all().delete()
    Series.objects.every(because="a test").delete()
    hours = Hours(time(starts, 30), time(starts + 2, 30))
    wish = Weekly(frozenset({0, 6}), first, first + timedelta(weeks=8), hours)
    series = Series.objects.create(
        agreement=plan.agreement,
        weekdays=[0, 6],
        starts=hours.starts,
        minutes=120,
        first=first,
        last=first + timedelta(weeks=8),
    )
    for day in days_of(wish):
        span = span_on(day, hours, plan.programme.time_zone)
        if span is not None:
            UsageMoment.objects.create(
                agreement=plan.agreement,
                series=series,
                recurs_on=day,
                space=plan.offer.space,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
            )
    text = write_calendar(list(plan.agreement.moments.select_related("series", "space__building")), name="x", now=NOW)
    assert by_first_parser(text) == by_second_parser(text) == planned(plan)


def test_a_feed_tells_its_owner_what_they_may_see_and_nobody_else() -> None:
    plan, other = make_plan(), make_plan()
    feed, secret = make_feed(person=plan.lender, about="person")
    assert feed_of(secret) == feed
    assert feed.token_hash != secret
    assert feed_of("x") is None
    assert {each.agreement_id for each in moments_of_feed(feed, NOW)} == {plan.agreement.pk}
    for about, thing in (
        ("space", plan.offer.space_id),
        ("building", plan.offer.space.building_id),
        ("organisation", plan.host.pk),
    ):
        found, _ = make_feed(person=plan.lender, about=about, thing=thing)
        assert moments_of_feed(found, NOW).count() == 8
    not_theirs: tuple[tuple[str, UUID | None], ...] = (
        ("space", other.offer.space_id),
        ("organisation", other.host.pk),
        ("person", plan.host.pk),
        ("space", None),
        ("all", None),
    )
    for about, thing_of in not_theirs:
        with pytest.raises(InputError):
            make_feed(person=plan.lender, about=about, thing=thing_of)
    take_back_feed(feed=feed, by=plan.asker)
    assert feed_of(secret) == feed  # it is not theirs
    take_back_feed(feed=feed, by=plan.lender)
    assert feed_of(secret) is None


def test_a_sheltered_group_stands_in_no_calendar_with_name_or_place() -> None:
    programme_offer = make_offer(space=None)
    host = make_organisation(programme_offer.programme, member=make_person())
    building = make_building(programme_offer.programme, host, street="Hidden lane 5")
    offer = make_offer(programme_offer.programme, host=host, space=make_space(building, name="Blue room"))
    plan = make_plan(offer=offer, is_sheltered=True, title="Women's shelter choir")
    feed, _ = make_feed(person=plan.asker, about="person")
    text = write_calendar(list(moments_of_feed(feed, NOW)), name="x", now=NOW).decode()
    assert ("shelter" in text, "Hidden" in text, "Blue" in text) == (False, False, False)
