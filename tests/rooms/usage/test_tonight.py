"""The sheet of an evening: who comes, by whom it is read, and what stays unsaid."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from tests.rooms.makers import make_building, make_organisation, make_person, make_space
from tests.rooms.usage.makers import Plan, make_plan
from tests.rooms.usage.test_changing import by_host, sign_for
from tests.rooms.usage.test_check_in import at
from tests.rooms.usage.test_plan_pages import browser

from meervoud.agreements.contacts import Reach, add_contact
from meervoud.agreements.drafts import write_version
from meervoud.agreements.models import Version
from meervoud.agreements.terms import Access, read_terms, write_terms
from meervoud.core.errors import InputError, NotAllowedError
from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Membership, Person
from meervoud.parties.models.organisations import Role
from meervoud.places.models import Building
from meervoud.supply.week_grid import read_hours
from meervoud.usage.changing import call_off
from meervoud.usage.models import SheetReader, UsageMoment
from meervoud.usage.sheet_readers import MOST, add_reader, reader_of_token, remove_reader, renew_link, sheet_token
from meervoud.usage.tonight import Alarm, Sheet, alarm_after, day_asked, sheet_of

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def building_of(plan: Plan) -> Building:
    rows = Building.objects.every(because="a test").select_related("programme", "host")
    return rows.get(pk=plan.offer.space.building_id)


def day_of(moment: UsageMoment) -> date:
    return moment.starts_at.astimezone(AMSTERDAM).date()


def tonight(plan: Plan, number: int = 0) -> Sheet:
    return sheet_of(building_of(plan), day_of(plan.moments[number]))


def make_reader(plan: Plan, **values: str) -> SheetReader:
    said = {"role": "guard", "name": "Night guard", "email": "guard@example.org", "language": "en", **values}
    return add_reader(building=building_of(plan), by=plan.lender, **said)


def link_of(reader: SheetReader) -> str:
    return reverse("sheet", args=[sheet_token(reader)])


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def test_a_line_says_who_comes_when_who_opens_and_when_the_alarm_goes_on() -> None:
    plan = make_plan()
    Person.objects.filter(pk=plan.asker.pk).update(phone="06 1234 5678")
    Building.objects.every(because="a test").update(alarm="Mo-Su 07:00-23:00", lock_up_minutes=20)
    row = Version.objects.every(because="a test").get(agreement=plan.agreement)
    terms = replace(
        read_terms(row.terms), access=Access("key", "group", "host", 15), emergency="Gather at the quay.", people=11
    )
    Version.objects.every(because="a test").filter(pk=row.pk).update(terms=write_terms(terms))
    with translation.override("en"):
        (line,) = tonight(plan).on
    assert (line.room, line.who, line.phone) == ("Quay room", "Amir Asker", "06 1234 5678")
    assert (line.start, line.end, line.comes_in) == (19 * 60, 21 * 60, 18 * 60 + 45)
    assert (line.opens, line.closes, line.way, line.people) == ("the group", "the host", "a key", 11)
    assert line.emergency == "Gather at the quay."
    assert line.alarm == Alarm(23 * 60, 22 * 60 + 40)
    with at(plan.moments[0]):  # type: ignore[attr-defined]  # a patch
        page = visitor().get(link_of(make_reader(plan))).content.decode()
    for said in (
        "Gather at the quay.",
        "06 1234 5678",
        "19:00-21:00",
        "from 18:45",
        "goes on at 23:00",
        "out by 22:40",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("hours", "end", "expected"),
    [
        ("Mo-Fr 07:00-23:00", 21 * 60, Alarm(23 * 60, 22 * 60 + 45)),
        ("Mo-Su 18:00-02:00", 24 * 60 + 30, Alarm(26 * 60, 25 * 60 + 45)),
        ("Mo-Sa 00:00-24:00", 21 * 60, Alarm(text="Mo-Sa 00:00-24:00")),
        ("24/7", 21 * 60, Alarm()),
        ("", 21 * 60, Alarm()),
        ("PH off; Mo 10:00-12:00 || 13:00-14:00", 21 * 60, Alarm(text="PH off; Mo 10:00-12:00 || 13:00-14:00")),
        ("Mo 07:00-09:00,12:00-22:00", 8 * 60, Alarm(9 * 60, 8 * 60 + 45)),
    ],
    ids=["evening", "after midnight", "days on end", "always off", "not told", "not readable", "first of two"],
)
def test_the_alarm_goes_on_after_the_hours_that_a_moment_ends_in(hours: str, end: int, expected: Alarm) -> None:
    building = Building(alarm=hours, lock_up_minutes=15)
    grid = read_hours(hours) if hours else None
    monday = date(2026, 11, 23)
    found = alarm_after(building, monday, end, grid)
    if hours.startswith("Mo-Sa"):
        assert found == Alarm()  # it stays off for days
        saturday = alarm_after(building, monday + timedelta(days=5), end, grid)
        assert saturday == Alarm(24 * 60, 24 * 60 - 15)
    else:
        assert found == expected


def test_a_sheltered_group_has_no_name_and_the_phone_of_the_desk() -> None:
    plan = make_plan(is_sheltered=True, title="Circle of the tern")
    Person.objects.filter(pk=plan.asker.pk).update(phone="06 1111 2222")
    plain = make_plan()
    with translation.override("en"):
        assert tonight(plain).on[0].who == "Amir Asker"  # the control: else it is named
        (line,) = tonight(plan).on
    assert (line.who, line.contact, line.phone) == ("a group the programme knows", "", plan.programme.desk_phone)
    reader = make_reader(plan)
    with at(plan.moments[0]):  # type: ignore[attr-defined]  # a patch
        pages = [visitor().get(link_of(reader)).content.decode()]
        pages.append(visitor().get(reverse("sheet_happened", args=[sheet_token(reader)])).content.decode())
        address = reverse("building_sheet", args=[building_of(plan).pk])
        pages.append(browser(plan.lender).get(address).content.decode())
    for page in pages:
        assert [each for each in ("Amir", "tern", "06 1111 2222") if each in page] == []


def test_whom_the_group_says_to_call_stands_there_and_not_for_a_group_that_needs_shelter() -> None:
    for is_sheltered in (False, True):
        plan = make_plan(is_sheltered=is_sheltered)
        for role, name in (("deputy", "Dora Deputy"), ("contact", "Cees Contact"), ("emergency", "Emma")):
            reach = Reach("asker", role, name, phone=f"06 {len(name)}")
            add_contact(agreement=plan.agreement, by=plan.asker, reach=reach)
        add_contact(agreement=plan.agreement, by=plan.lender, reach=Reach("host", "contact", "Hugo", phone="06 99"))
        (line,) = tonight(plan).on
        known = ("", plan.programme.desk_phone) if is_sheltered else ("Cees Contact", "06 12")
        assert (line.contact, line.phone) == known


def test_terms_that_are_not_signed_yet_do_not_stand_on_the_sheet() -> None:
    plan = make_plan()
    row = Version.objects.every(because="a test").get(agreement=plan.agreement)
    agreed = read_terms(row.terms)
    write_version(plan.agreement, replace(agreed, people=500), [], plan.desk, "More people?")
    (line,) = tonight(plan).on
    assert line.people == agreed.people


def test_what_was_called_off_stays_as_not_today() -> None:
    plan = make_plan()
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    with translation.override("en"):
        sheet = tonight(plan)
    assert (len(sheet.on), [each.state for each in sheet.off]) == (0, ["withdrawn by the host"])
    with at(plan.moments[0]):  # type: ignore[attr-defined]  # a patch
        page = visitor().get(link_of(make_reader(plan))).content.decode()
    assert "Not today" in page
    assert "Nobody comes on this day" in page


def test_another_building_and_what_still_looks_for_a_room_are_not_on_it() -> None:
    plan = make_plan()
    other = make_building(plan.programme, plan.host, street="Other street 2")
    make_space(other)
    assert sheet_of(Building.objects.visible_to(plan.lender).get(pk=other.pk), day_of(plan.moments[0])).on == ()
    plan.agreement.moments.filter(pk=plan.moments[0].pk).update(state="seeking")
    sheet = tonight(plan)
    assert (sheet.on, sheet.off) == ((), ())


def test_a_night_stands_on_both_days_and_the_clock_is_that_of_the_wall_when_it_changes() -> None:
    plan = make_plan()
    first = plan.moments[0]
    night = date(2026, 10, 25)  # at three it is two again
    begins, ends = datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)
    plan.agreement.moments.filter(pk=first.pk).update(starts_at=begins, ends_at=ends)
    (before,) = sheet_of(building_of(plan), night - timedelta(days=1)).on
    assert (before.start, before.end - 24 * 60) == (22 * 60, 6 * 60)
    (after,) = sheet_of(building_of(plan), night).on
    assert (after.start, after.end, after.from_day) == (-120, 6 * 60, night - timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "days"),
    [("", 0), ("x", 0), ("2026-11-22", -1), ("2026-11-21", 0), ("2026-12-07", 14), ("2026-12-08", 0), ("9" * 500, 0)],
)
def test_a_day_is_from_yesterday_to_two_weeks_ahead_else_today(text: str, days: int) -> None:
    today = date(2026, 11, 23)
    assert day_asked(text, today) == today + timedelta(days=days)


def test_the_link_needs_no_account_is_kept_by_nobody_and_speaks_the_language_of_its_reader() -> None:
    plan = make_plan()
    address = link_of(make_reader(plan, language="da"))
    with at(plan.moments[0]):  # type: ignore[attr-defined]  # a patch
        answer = visitor().get(address)
        assert '<html lang="da">' in answer.content.decode()
        assert answer.headers["Content-Language"] == "da"
        assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == (
            "no-store, private",
            "noindex, nofollow",
        )
        client = visitor()
        client.post(reverse("set_language"), {"language": "nl", "next": "/"})
        assert '<html lang="nl">' in client.get(address).content.decode()
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("token", ["x", "x" * 3000, "a:b", "W10:aaaa", "%00", "ImEi:1"])
def test_a_link_that_was_tampered_with_opens_nothing(token: str) -> None:
    reader = make_reader(make_plan())
    for each in (token, sheet_token(reader)[:-1]):
        assert visitor().get(f"/sheet/{each}/").status_code == 410
        assert visitor().post(f"/sheet/{each}/happened/", {"kind": "lock"}).status_code == 410


def test_a_new_link_ends_the_old_one_and_a_reader_who_is_removed_reads_nothing() -> None:
    plan = make_plan()
    reader = make_reader(plan)
    old = link_of(reader)
    renewed = renew_link(reader=reader, by=plan.desk)
    assert [visitor().get(each).status_code for each in (old, link_of(renewed))] == [410, 200]
    remove_reader(reader=renewed, by=plan.lender)
    assert visitor().get(link_of(renewed)).status_code == 410
    assert reader_of_token(sheet_token(renewed)) is None


def test_who_looked_is_journalled_once_a_day() -> None:
    plan = make_plan()
    reader = make_reader(plan)
    seen = JournalEntry.objects.filter(verb="sheet.seen", thing=reader.pk)
    for hours, number in ((-3, 1), (0, 1), (24, 2)):
        with at(plan.moments[0], hours * 60):  # type: ignore[attr-defined]  # a patch
            visitor().get(link_of(reader))
            visitor().head(link_of(reader))
        assert seen.count() == number
    reader.refresh_from_db()
    assert reader.last_seen_at == plan.moments[0].starts_at + timedelta(hours=24)


def test_host_and_desk_let_somebody_read_it_and_nobody_else_does() -> None:
    plan = make_plan()
    deputy = make_person()
    Membership.objects.create(person=deputy, organisation=plan.host, role=Role.DEPUTY)
    address = reverse("building_sheet", args=[building_of(plan).pk])
    sent = {"role": "cleaner", "name": " Cleaning\x00 team ", "email": "", "language": "nl"}
    for person in (plan.lender, deputy, plan.desk):
        client = browser(person)
        assert client.get(address).status_code == 200
        assert client.post(address, {**sent, "name": ""}).status_code == 422
        assert client.post(address, sent).status_code in (302, 422)
    for person in (plan.asker, make_person()):
        assert browser(person).get(address).status_code == 404
        assert browser(person).post(address, sent).status_code == 404
        with pytest.raises(NotAllowedError):
            add_reader(building=building_of(plan), by=person, role="guard", name="Me")
    assert visitor().get(address).status_code == 302


def test_adding_the_same_reader_twice_changes_nothing_and_there_are_thirty_at_most() -> None:
    plan = make_plan()
    assert make_reader(plan) == make_reader(plan)
    for number in range(MOST - 1):
        make_reader(plan, name=f"Guard {number}")
    with pytest.raises(InputError):
        make_reader(plan, name="One too many")
    for wrong in ({"role": "king"}, {"name": " \x00 "}, {"language": "xx"}):
        with pytest.raises(InputError):
            make_reader(make_plan(), **wrong)


def test_the_host_gives_a_new_link_and_removes_on_the_page_and_not_for_another_building() -> None:
    plan, other = make_plan(), make_plan()
    reader, client = make_reader(plan), browser(plan.lender)
    page = client.get(reverse("building_sheet", args=[building_of(plan).pk])).content.decode()
    assert link_of(reader) in page
    wrong = reverse("sheet_reader_remove", args=[building_of(other).pk, reader.pk])
    assert [client.post(wrong).status_code, browser(other.lender).post(wrong).status_code] == [404, 404]
    assert client.post(reverse("sheet_reader_link", args=[building_of(plan).pk, reader.pk])).status_code == 302
    assert visitor().get(link_of(reader)).status_code == 410
    assert client.post(reverse("sheet_reader_remove", args=[building_of(plan).pk, reader.pk])).status_code == 302
    assert not SheetReader.objects.every(because="a test").exists()


def queries(address: str, moment: UsageMoment, client: Client) -> int:
    with at(moment), CaptureQueriesContext(connection) as found:  # type: ignore[attr-defined]  # a patch
        assert client.get(address).status_code == 200
    return len(found)


def test_a_full_house_takes_no_more_queries() -> None:
    plan = make_plan()
    reader, moment = make_reader(plan), plan.moments[0]
    address, client = link_of(reader), visitor()
    queries(address, moment, client)
    few = queries(address, moment, client)
    for weekday in (2, 3):
        asker = make_person()
        make_organisation(plan.programme, member=asker, kind="foundation")
        other = sign_for(plan, asker, weekday).moments.order_by("starts_at").first()
        assert other is not None
        UsageMoment.objects.every(because="a test").filter(pk=other.pk).update(
            starts_at=moment.starts_at - timedelta(hours=3), ends_at=moment.starts_at - timedelta(hours=1)
        )
    assert len(tonight(plan).on) == 3
    assert queries(address, moment, client) == few
