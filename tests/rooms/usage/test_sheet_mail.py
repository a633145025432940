"""The sheet by mail: once at noon the day before, and again on every change, exactly once."""

from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.usage.makers import Plan, make_plan
from tests.rooms.usage.test_changing import by_host
from tests.rooms.usage.test_tonight import AMSTERDAM, building_of, day_of, link_of, make_reader

from meervoud.parties.models import OutboxMail, Person
from meervoud.site.due import do_what_is_due
from meervoud.usage import sheet_mail
from meervoud.usage.changing import call_off
from meervoud.usage.models import SheetMail, SheetReader
from meervoud.usage.sheet_mail import due_sheets
from meervoud.usage.sheet_readers import renew_link

pytestmark = pytest.mark.django_db


def sheets() -> list[OutboxMail]:
    return list(OutboxMail.objects.every(because="a test").filter(kind="sheet").order_by("created_at"))


def clock(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), AMSTERDAM).astimezone(UTC)


def noon_before(plan: Plan) -> datetime:
    return clock(day_of(plan.moments[0]) - timedelta(days=1), 12)


def test_at_noon_the_day_before_each_reader_gets_the_sheet_once() -> None:
    plan = make_plan()
    reader, noon = make_reader(plan), noon_before(plan)
    make_reader(plan, name="By link only", email="")
    assert due_sheets(now=noon - timedelta(minutes=1)) == 0
    assert [due_sheets(now=noon + timedelta(minutes=each)) for each in (0, 0, 10, 60 * 20)] == [1, 0, 0, 0]
    (mail,) = sheets()
    assert (mail.address, mail.to, mail.language) == ("guard@example.org", None, "en")
    assert "19:00-21:00 Quay room" in mail.text
    assert f"{link_of(reader)}?day={day_of(plan.moments[0])}" in mail.text
    assert plan.programme.desk_phone in mail.text


def test_no_name_and_no_phone_stands_in_a_mail_for_it_cannot_be_taken_back() -> None:
    plan = make_plan(title="Circle of the tern")
    Person.objects.filter(pk=plan.asker.pk).update(phone="06 1111 2222")
    make_reader(plan)
    due_sheets(now=noon_before(plan))
    (mail,) = sheets()
    assert [each for each in ("Amir", "tern", "06 1111 2222", "Zilverkade 1,") if each in mail.text] == []


def test_a_day_without_anything_is_not_mailed() -> None:
    plan = make_plan()
    make_reader(plan)
    assert due_sheets(now=noon_before(plan) + timedelta(days=2)) == 0
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    assert due_sheets(now=noon_before(plan)) == 0


def test_what_is_withdrawn_at_four_for_tonight_is_told_at_the_next_tick_once() -> None:
    plan = make_plan()
    make_reader(plan)
    moment = plan.moments[0]
    four = clock(day_of(moment), 16)
    due_sheets(now=noon_before(plan))
    assert due_sheets(now=four) == 0
    call_off(moment=moment, scope="one", said=by_host(plan))
    assert [due_sheets(now=four + timedelta(minutes=each)) for each in (1, 1, 2)] == [1, 0, 0]
    mail = sheets()[-1]
    assert mail.subject.startswith("Changed: ")
    assert "Not any more:\n- 19:00-21:00 Quay room" in mail.text
    assert "Nobody comes on this day any more." in mail.text


def test_what_is_added_or_moved_is_told_as_such() -> None:
    plan = make_plan()
    make_reader(plan)
    first, second = plan.moments[:2]
    due_sheets(now=noon_before(plan))
    plan.agreement.moments.filter(pk=first.pk).update(starts_at=first.starts_at + timedelta(hours=1, minutes=30))
    later = noon_before(plan) + timedelta(hours=1)
    assert due_sheets(now=later) == 1
    assert "At another hour or in another room:\n- 20:30-21:00 Quay room" in sheets()[-1].text
    begins = first.starts_at - timedelta(hours=8)
    plan.agreement.moments.filter(pk=second.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=2))
    assert due_sheets(now=later + timedelta(hours=1)) == 1
    assert "New:\n- 11:00-13:00 Quay room" in sheets()[-1].text
    assert "Not any more" not in sheets()[-1].text


def test_saying_how_it_went_or_another_name_of_a_room_is_no_change() -> None:
    plan = make_plan()
    make_reader(plan)
    due_sheets(now=noon_before(plan))
    plan.agreement.moments.filter(pk=plan.moments[0].pk).update(state="held", evidence="host")
    plan.offer.space.name = "River room"
    plan.offer.space.save()
    assert due_sheets(now=noon_before(plan) + timedelta(hours=2)) == 0


def test_what_is_planned_today_for_tonight_is_told_today() -> None:
    plan = make_plan()
    make_reader(plan)
    day = day_of(plan.moments[0])
    assert due_sheets(now=clock(day, 9)) == 1
    assert SheetMail.objects.visible_to(plan.lender).get().day == day


def test_what_is_over_is_not_told_to_a_new_reader() -> None:
    plan = make_plan()
    make_reader(plan)
    assert due_sheets(now=clock(day_of(plan.moments[0]), 22)) == 0


def test_two_at_once_mail_once() -> None:
    plan = make_plan()
    make_reader(plan)
    known = sheet_mail._mails(list(SheetReader.objects.every(because="a test")), noon_before(plan))
    assert due_sheets(now=noon_before(plan)) == 1
    with patch.object(sheet_mail, "_mails", return_value=known):  # another one that looked at the same moment
        assert due_sheets(now=noon_before(plan)) == 0
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    stale = {(each.reader_id, each.day): each for each in SheetMail.objects.every(because="a test")}
    assert due_sheets(now=noon_before(plan)) == 1
    with patch.object(sheet_mail, "_mails", return_value=stale):
        assert due_sheets(now=noon_before(plan)) == 0
    assert len(sheets()) == 2


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=["winter", "summer"])
def test_noon_is_that_of_the_wall_around_a_change_of_the_clock(day: date) -> None:
    plan = make_plan()
    make_reader(plan)
    moment = plan.moments[0]
    for wanted in (day, day + timedelta(days=1)):  # once the clock changes on the day itself, once the day before
        begins = clock(wanted, 19)
        plan.agreement.moments.filter(pk=moment.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=2))
        before = wanted - timedelta(days=1)
        assert due_sheets(now=clock(before, 11, 59)) == 0
        assert due_sheets(now=clock(before, 12)) == 1
        assert "19:00-21:00" in sheets()[-1].text
        SheetMail.objects.every(because="a test").delete()


def test_a_new_link_stands_in_the_next_mail_and_the_language_is_the_readers() -> None:
    plan = make_plan()
    reader = renew_link(reader=make_reader(plan, language="da"), by=plan.lender)
    due_sheets(now=noon_before(plan))
    (mail,) = sheets()
    assert (mail.language, link_of(reader) in mail.text) == ("da", True)


def test_many_readers_are_asked_about_in_the_same_number_of_queries() -> None:
    plan = make_plan()
    quiet = noon_before(plan) - timedelta(days=3)

    def ask() -> int:
        with CaptureQueriesContext(connection) as found:
            due_sheets(now=quiet)
        return len(found)

    make_reader(plan)
    few = ask()
    for number in range(5):
        make_reader(plan, name=f"Guard {number}")
    assert ask() == few == 3


def test_the_clock_of_the_platform_mails_them() -> None:
    plan = make_plan()
    make_reader(plan)
    building = building_of(plan)
    noon = noon_before(plan)
    assert do_what_is_due(now=noon, today=noon.date())["sheets of buildings mailed"] == 1
    assert SheetMail.objects.visible_to(plan.desk).get().building_id == building.pk
