"""From two yes to use: negotiate, approve, sign, plan around closed days, move, withdraw tonight, and three taps at the door."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from meervoud.agreements.guard import GUARD
from meervoud.agreements.models import Agreement, Document
from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.matching.models import Proposal
from meervoud.parties.models import OutboxMail, Person, ProgrammeRole
from meervoud.supply.calendar import Span, active_occupations, take_time
from meervoud.supply.models import Closure
from meervoud.usage.models import UsageMoment
from meervoud.usage.sheet_mail import due_sheets
from meervoud.usage.sheet_readers import add_reader
from tests.journeys.conftest import NewWalk
from tests.journeys.walk import Walk
from tests.rooms.makers import make_building, make_offer, make_organisation, make_person, make_programme, make_space
from tests.rooms.usage.makers import Plan, make_plan, make_proposal, tuesday

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(autouse=True)
def _what_was_signed_can_be_cleared(transactional_db: None) -> Iterator[None]:
    """Let the tables be emptied after the test: the database refuses that for what was signed."""
    yield
    with connection.schema_editor() as editor:
        GUARD.drop(None, editor)
    Document.objects.every(because="the end of a test").delete()
    with connection.schema_editor() as editor:
        GUARD.add(None, editor)


def bring(walk: Walk, person: Person) -> Walk:
    """Sign in, just now and with a password, as signing asks for."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session.save()
    walk.page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": walk.base}])
    return walk


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=moment):
        yield


def letters(person: Person) -> str:
    rows = OutboxMail.objects.every(because="a test").filter(to=person).order_by("created_at")
    return "\n".join(f"{each.subject}\n{each.text}" for each in rows)


def open_all(walk: Walk) -> None:
    """Open what is folded, as somebody does who looks for it."""
    folded = walk.page.locator("main details:not([open]) > summary").locator("visible=true")
    while folded.count():
        folded.first.click()


def agree(walk: Walk, kind: str) -> None:
    walk.page.locator(f"input[name=kind][value={kind}]").first.check()
    walk.press("Say so")


def make_agreed_shop(language: str = "en") -> tuple[Proposal, Person, Person]:
    """A proposal to which both said yes; the people have a password, to show who they are."""
    danish = {"time_zone": "Europe/Copenhagen", "country": "DK", "currency": "DKK", "city": "Havneby"}
    programme = make_programme(**(danish if language == "da" else {}))
    lender, asker = make_person("Hanna Host", language=language), make_person("Amir Asker", language=language)
    for person in (lender, asker):
        person.set_password("correct horse battery")
        person.save()
    kind = "housing" if language == "da" else "company"
    host = make_organisation(programme, member=lender, name="Kanalhus", kind=kind)
    space = make_space(make_building(programme, host), name="Butikken", kind="vacant_shop")
    offer = make_offer(programme, host=host, space=space)
    by = make_person("Desk")
    ProgrammeRole.objects.create(programme=programme, person=by)
    need = Weekly(frozenset({1}), Window(19 * 60, 22 * 60), 120, tuesday(0) - timedelta(days=1), 8)
    return make_proposal(programme, offer, asker, by, needs=(need,), title="Sprogcafé"), lender, asker


def test_both_sides_negotiate_and_an_approval_refuses_and_then_admits_the_signature(walk: NewWalk) -> None:
    proposal, lender, asker = make_agreed_shop()
    group, host = bring(walk(width=320), asker), bring(walk(), lender)
    group.go(f"/proposals/{proposal.pk}/")
    group.press("To the agreement")
    page = group.page.url.removeprefix(group.base)
    group.follow("Change the terms")
    group.type("What the group does in return", "A concert in May.")
    group.page.get_by_role("button", name=re.compile("version|Save|Keep", re.IGNORECASE)).first.click()
    group.check()
    host.go(page)
    open_all(host)
    host.page.get_by_label("Who must approve?").first.select_option("landlord")
    host.page.get_by_label("Their name").first.fill("Quay Properties")
    host.page.get_by_role("button", name="Note it").first.click()
    host.check()
    host.press("Put it to both sides")
    agree(host, "concern")
    expect(host.page.get_by_text("Write why").first).to_be_visible()
    host.page.get_by_label("Why, if you have a concern or object").first.fill("Mind the neighbours")
    agree(host, "concern")
    group.go(page)
    agree(group, "agree")
    assert "Nobody can sign yet" in group.page.content()
    assert group.page.get_by_role("button", name="Sign", exact=True).count() == 0
    host.go(page)
    open_all(host)
    host.page.get_by_label("approved", exact=True).first.check()
    host.page.get_by_role("button", name="Write it down").first.click()
    host.check()
    for each in (host, group):
        each.go(page)
        each.page.locator("form[action$='/sign/'] button").click()
        each.page.wait_for_load_state()
        each.check()
    expect(group.page.get_by_text("Both sides have signed.").first).to_be_visible()
    assert UsageMoment.objects.visible_to(asker).count() == 8
    group.go(f"{page}plan/")
    expect(group.page.get_by_role("heading", name="To come")).to_be_visible()


def test_a_season_is_planned_with_two_days_repaired_and_moved_from_one_evening_on(walk: NewWalk) -> None:
    plan = make_plan()
    Closure.objects.create(offer=plan.offer, first=tuesday(10), last=tuesday(10), reason="holiday")
    span = Span(*(each + timedelta(weeks=11) for each in (plan.moments[0].starts_at, plan.moments[0].ends_at)))
    take_time(space=plan.offer.space, spans=[span], request_key="x", by=None, now=timezone.now())
    group, host = bring(walk(width=320), plan.asker), bring(walk(code="nl"), plan.lender)
    group.go(f"/agreements/{plan.agreement.pk}/plan/")
    group.follow("Add moments")
    group.page.get_by_label("First day").fill(str(tuesday(9)))
    group.page.get_by_label("Last day").fill(str(tuesday(12)))
    group.press("Look at these days")
    expect(group.page.get_by_role("heading", name="2 days cannot be. What instead?")).to_be_visible()
    for number in range(2):
        group.page.locator("fieldset").filter(has=group.page.get_by_label("Leave this day out")).nth(number).locator(
            "input[type=radio]"
        ).first.check()
    group.press("Plan this")
    expect(group.page.get_by_text("4 moments wait for a yes of the other side. Their time is kept.")).to_be_visible()
    host.go(f"/agreements/{plan.agreement.pk}/plan/")
    host.page.locator("button[value=yes]").click()
    host.page.wait_for_load_state()
    host.check()
    assert plan.agreement.moments.count() == 12
    group.go(f"/moments/{plan.moments[3].pk}/")
    group.follow("Move to another day or hour")
    group.page.get_by_label("this and the following ones").check()
    group.page.get_by_label("To which day does this one go?").fill(str(tuesday(3) + timedelta(days=1)))
    group.press("Look at these days")
    group.press("Ask the other side")
    host.page.reload()
    host.page.locator("button[value=yes]").click()
    host.page.wait_for_load_state()
    local = [each.starts_at.astimezone(ZONE) for each in plan.moments]
    assert [each.weekday() for each in local[:8]] == [1, 1, 1, 2, 2, 2, 2, 2]
    assert {each.time() for each in local[:8]} == {time(19)}


def tonight(plan: Plan) -> tuple[UsageMoment, datetime]:
    """The first moment, and four in the afternoon of its day."""
    moment = plan.moments[0]
    day: date = moment.starts_at.astimezone(ZONE).date()
    return moment, datetime.combine(day, time(16), ZONE)


def the_guard_hears_it(at: datetime) -> None:
    """A new sheet follows the one of this afternoon."""
    due_sheets(now=at)
    sheets = OutboxMail.objects.every(because="a test").filter(address="guard@example.org").order_by("created_at")
    assert len(sheets) == 2
    assert "Quay room" in sheets[1].text
    assert "has changed" in sheets[1].text


def test_a_host_withdraws_tonight_at_four_and_the_group_finds_the_room_next_door(walk: NewWalk) -> None:
    plan = make_plan()
    neighbour = make_person("Nora Neighbour")
    other = make_organisation(plan.programme, member=neighbour, name="Next door BV")
    building = make_building(plan.programme, other, street="Geheimstraat 9")
    make_offer(plan.programme, host=other, space=make_space(building, name="Next door"))
    stranger = make_person("Sam Stranger")
    moment, four = tonight(plan)
    place = plan.offer.space.building
    add_reader(
        building=place, by=plan.lender, role="guard", name="Night guard", email="guard@example.org", language="en"
    )
    with clock(four):
        due_sheets(now=four)
        host, group = bring(walk(width=320), plan.lender), bring(walk(width=320), plan.asker)
        host.go(f"/moments/{moment.pk}/")
        open_all(host)
        host.page.get_by_label("Why?").first.select_option("own_use")
        host.page.locator("details[open] button", has_text="Withdraw").first.click()
        host.page.wait_for_load_state()
        host.check()
        the_guard_hears_it(four + timedelta(minutes=1))
        assert "Next door" in letters(plan.asker)
        assert "Geheimstraat" not in letters(plan.asker)
        group.go(f"/moments/{moment.pk}/")
        assert "Geheimstraat" not in group.page.content()
        group.press("Ask for this room")
        lender = bring(walk(code="da"), neighbour)
        lender.go(re.findall(r"/other-rooms/[^/]+/", letters(neighbour))[-1])
        lender.page.locator("button[value=yes]").click()
        lender.page.wait_for_load_state()
        lender.check()
        group.go(f"/moments/{moment.pk}/")
        expect(group.page.get_by_text("Geheimstraat 9").first).to_be_visible()
        nobody = Client()
        nobody.force_login(stranger)
        assert nobody.get(f"/moments/{moment.pk}/").status_code == 404
        assert Client().get(f"/moments/{moment.pk}/").status_code == 302
    held = plan.agreement.moments.filter(state="held", space=plan.offer.space)
    assert not held.exists()


def test_the_link_is_handed_on_and_three_taps_sent_twice_count_once(walk: NewWalk) -> None:
    plan = make_plan()
    moment, _four = tonight(plan)
    with clock(moment.starts_at + timedelta(minutes=100)):
        group = bring(walk(), plan.asker)
        group.go(f"/moments/{moment.pk}/")
        link = group.page.locator("a.break").inner_text().removeprefix(group.base)
        runner = walk(width=320, code="nl", script=False)
        runner.page.goto(runner.base + link)
        runner.page.locator("input[value=yes]").check()
        runner.page.locator("input[name=people]").fill("14")
        runner.page.locator("input[name=first_timers]").fill("3")
        runner.page.get_by_role("button", name=re.compile("\\w")).locator("visible=true").last.click()
        runner.page.go_back()
        runner.page.locator("form[novalidate] button").last.click()
        group.page.reload()
        group.check()
    moment.refresh_from_db()
    assert (moment.state, moment.people, moment.first_timers) == ("held", 14, 3)


def test_one_trial_evening_and_both_go_on(walk: NewWalk) -> None:
    proposal, lender, asker = make_agreed_shop()
    group, host = bring(walk(width=320, code="nl"), asker), bring(walk(width=320, code="nl"), lender)
    group.go(f"/proposals/{proposal.pk}/")
    group.page.locator("form[action$='/agreement/'] button").click()
    group.page.wait_for_load_state()
    found = Agreement.objects.visible_to(asker).get()
    page = reverse("agreement", args=[found.pk])
    group.go(f"{page}terms/")
    group.page.locator("input[name=is_trial]").check()
    group.page.locator("main form[method=post] button").last.click()
    group.page.wait_for_load_state()
    group.check()
    group.page.locator("form[action$='/propose/'] button").click()
    group.page.wait_for_load_state()
    for each in (host, group):
        each.go(page)
        agree_in(each)
    for each in (host, group):
        each.go(page)
        each.page.locator("form[action$='/sign/'] button").first.click()
        each.page.wait_for_load_state()
    trial = UsageMoment.objects.visible_to(asker).get()  # one alone: nothing comes back before both say yes
    assert active_occupations(timezone.now()).count() == 8  # and nobody else has its time
    with clock(trial.ends_at + timedelta(hours=10)):
        for each, person in ((group, asker), (host, lender)):
            bring(each, person)
            each.go(f"{page}trial/")
            each.page.locator("main input[type=radio]").first.check()
            each.page.locator("main form button").last.click()
            each.page.wait_for_load_state()
            each.check()
    assert UsageMoment.objects.visible_to(asker).count() == 8


def agree_in(each: Walk) -> None:
    """Agree, whatever the language of the page."""
    each.page.locator("input[name=kind][value=agree]").first.check()
    each.page.locator("form[action$='/consent/'] button").first.click()
    each.page.wait_for_load_state()


def test_a_danish_shop_whose_residents_say_yes_with_a_condition(walk: NewWalk) -> None:
    proposal, lender, asker = make_agreed_shop("da")
    host, group = bring(walk(code="da"), lender), bring(walk(width=320, code="da"), asker)
    host.go(f"/proposals/{proposal.pk}/")
    host.page.locator("form[action$='/agreement/'] button").click()
    host.page.wait_for_load_state()
    host.check()
    found = Agreement.objects.visible_to(asker).get()
    assert found.language == "da"
    page = reverse("agreement", args=[found.pk])
    open_all(host)
    form = host.page.locator("form[action$='/approvals/']").first
    form.locator("select[name=who]").select_option("residents")
    form.locator("input[name=name]").fill("Afdelingsmødet i Havnegården")
    form.locator("button").click()
    host.page.wait_for_load_state()
    open_all(host)
    note = host.page.locator("form[action*='/approvals/'][enctype]").first
    note.locator("input[value=conditions]").check()
    note.locator("textarea[name=conditions]").fill("Der er stille efter klokken 22.")
    note.locator("button").click()
    host.page.wait_for_load_state()
    host.check()
    assert "Der er stille efter klokken 22." in host.page.locator("main").inner_text()
    host.page.locator("form[action$='/propose/'] button").click()
    host.page.wait_for_load_state()
    for each in (host, group):
        each.go(page)
        agree_in(each)
    for each in (host, group):
        each.go(page)
        each.page.locator("form[action$='/sign/'] button").first.click()
        each.page.wait_for_load_state()
        each.check()
    document = Document.objects.visible_to(asker).filter(form="json").get()
    assert "Der er stille efter klokken 22." in bytes(document.data).decode()
    assert UsageMoment.objects.visible_to(asker).count() == 8
