"""Whole ways through the house, as people walk them."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone
from playwright.sync_api import expect

from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.demand.models import Request
from meervoud.matching.queries import what_fits
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.parties.organisations import verify_organisation
from meervoud.places.models import Neighbourhood
from meervoud.supply.models import Offer
from tests.journeys.conftest import NewWalk
from tests.journeys.walk import Walk, code_from_mail
from tests.rooms.makers import TOTP_SECRET, make_matchmaker, make_offer, make_person, make_programme, make_request

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORDS = {"nl": "een heel lang wachtwoord", "da": "en meget lang adgangskode", "en": "a very long password"}
SECONDS_A_STEP = 5
FIVE_MINUTES = 300


def make_city() -> Programme:
    """A programme with two neighbourhoods."""
    programme = make_programme(name="Ruimte voor Zilverhaven", theme="zilverhaven")
    for number, name in enumerate(("Havenkwartier", "Tuinstad")):
        west = 4.88 + number * 0.02
        ring = [[west, 52.36], [west + 0.02, 52.36], [west + 0.02, 52.38], [west, 52.38], [west, 52.36]]
        Neighbourhood.objects.create(
            programme=programme,
            code=f"N{number}",
            name=name,
            outline={"type": "Polygon", "coordinates": [ring]},
            west=west,
            east=west + 0.02,
            south=52.36,
            north=52.38,
        )
    return programme


def sign_up(walk: Walk, name: str, email: str) -> None:
    """Make an account with the code that the mail brings."""
    walk.steps += 1
    walk.page.locator("input[name=email]").fill(email)
    walk.type("Your name", name)
    walk.press("Make my account")
    walk.page.locator("input[name=code]").fill(code_from_mail())
    walk.steps += 1
    walk.page.locator("main form button").first.click()
    walk.page.wait_for_load_state()


def test_an_office_lists_a_room_on_a_phone_and_copies_it_twice(walk: NewWalk) -> None:
    programme = make_city()
    matchmaker = make_matchmaker(programme)
    phone = walk(width=320)
    phone.go("/offer/")
    phone.follow("Make an account")
    sign_up(phone, "Hanna de Wit", "hanna@kantoor.example")
    phone.go("/offer/")
    phone.type("Name of your organisation", "Kantoor aan de Kade")
    phone.type("What is the space called?", "Grote zaal")
    phone.press("Continue")
    phone.follow("Where it is")
    phone.type("Street and number", "Zilverkade 12")
    phone.choose("Neighbourhood", "Havenkwartier")
    phone.press("Save")
    phone.follow("What the space is like")
    phone.type("Most people", "25")
    phone.tick("Kitchen")
    phone.press("Save")
    phone.follow("When you lend it")
    phone.press("Outside our office hours")
    phone.follow("Doors, alarm and cleaning")
    phone.choose("Goes off at (Monday to Friday)", "06:00")
    phone.choose("Goes on at (Monday to Friday)", "22:00")
    phone.press("Save")
    phone.press("Put it online")
    for name in ("Kleine zaal", "Kantine"):
        phone.type("What is the next room called?", name)
        phone.press("Copy to the next room")
        phone.press("Put it online")
    assert phone.sees("As soon as the desk has checked your organisation")
    assert phone.steps * SECONDS_A_STEP < FIVE_MINUTES

    host = Organisation.objects.every(because="test").get(name="Kantoor aan de Kade")
    verify_organisation(organisation=host, programme=programme, by=matchmaker, verified=True)
    assert Offer.objects.online(programme).count() == 3
    tomorrow = timezone.localdate() + timedelta(days=1)
    evening = Weekly(frozenset(range(5)), Window(18 * 60, 24 * 60), 120, tomorrow, 8, 0.5)
    wish = make_request(programme, needs=(evening,), opened=False)
    ends = [
        moment.end
        for proposal in what_fits(wish).answer.proposals
        for pattern in proposal.patterns
        for moment in pattern.moments
    ]
    assert ends
    assert max(ends) <= 21 * 60 + 45


def test_a_coordinator_without_e_mail_is_served_on_the_phone(walk: NewWalk) -> None:
    programme = make_city()
    matchmaker = make_matchmaker(programme)
    make_offer(programme, capacity=30)
    desk = walk()
    sign_in(desk, matchmaker)
    desk.go("/desk/")
    desk.follow("Somebody calls")
    desk.type("Name of the caller", "Mevrouw Jansen")
    desk.type("Postal address", "Tuinlaan 3\nZilverhaven")
    desk.choose("Language of the letter", "English")
    desk.type("What is the activity called?", "Breien met buren")
    desk.tick("Tuesday")
    desk.choose("Not before", "10:00")
    desk.choose("Not after", "16:00")
    desk.type("How many people?", "8")
    desk.press("Keep it and show the letter")
    assert desk.sees("Mevrouw Jansen")
    assert desk.sees("Tuinlaan 3")
    code = desk.page.locator(".letter .code").inner_text()
    assert len(desk.page.pdf()) > 10_000  # the letter prints
    desk.page.reload()
    assert desk.page.locator(".letter .code").count() == 0, "the code is shown once"

    row = Request.objects.every(because="test").get(title="Breien met buren")
    assert row.asked_by.email is None
    assert row.state == "open"
    daughter = make_person("Dochter Jansen")
    home = walk(width=320)
    sign_in(home, daughter)
    home.go("/claim/")
    home.type("Code from the letter", code.lower().replace("-", " "))
    home.press("Make it mine")
    assert home.page.locator("h1").inner_text() == "Breien met buren"
    row.refresh_from_db()
    assert row.asked_by == daughter


def test_a_danish_department_lists_its_empty_shop(walk: NewWalk) -> None:
    programme = make_city()
    programme.currency, programme.country = "DKK", "DK"
    programme.save()
    person = make_person("Freja", language="da")
    department = walk(width=1280, code="da-DK")
    sign_in(department, person)
    department.go("/offer/")
    assert department.page.locator("html").get_attribute("lang") == "da"
    page = department.page
    page.locator("#id_host_name").fill("Folehaven afdeling")
    page.locator("#id_host_kind").select_option("housing_department")
    page.locator("#id_name").fill("Den tomme butik")
    page.locator("#id_kind").select_option("vacant_shop")
    page.locator("input[name=length][value=whole]").check()
    page.locator("main form button").click()
    department.check()
    offer = Offer.objects.every(because="test").get(space__name="Den tomme butik")
    page.goto(f"{department.base}/offers/{offer.pk}/whole/")
    department.check()
    page.locator("#id_condition").fill("Tør, nyt gulv")
    page.locator("#id_approvals").fill("Beboermøde")
    page.locator("main form button").click()
    page.goto(f"{department.base}/offers/{offer.pk}/place/")
    page.locator("#id_neighbourhood").select_option(label="Tuinstad")
    page.locator("main form button").click()
    page.goto(f"{department.base}/offers/{offer.pk}/space/")
    page.locator("#id_area_m2").fill("85")
    page.locator("main form button").click()
    department.check()
    page.locator("form[action$='/publish/'] button").click()
    offer.refresh_from_db()
    assert offer.state == "published"
    verify_organisation(organisation=offer.host, programme=programme, by=make_matchmaker(programme), verified=True)
    visitor = walk(code="da-DK")
    visitor.go(f"/spaces/{offer.pk}/")
    assert visitor.sees("Tør, nyt gulv")
    assert visitor.sees("Beboermøde")


def test_a_space_is_found_by_list_by_map_without_script_and_by_keyboard(walk: NewWalk) -> None:
    programme = make_city()
    near = make_offer(programme, name="Zaal aan het water", capacity=40)
    make_offer(programme, name="Kleine kamer", capacity=6)
    # by list, with the part that changes alone
    visitor = walk()
    visitor.go("/find/")
    assert visitor.page.locator("#count").inner_text() == "2 spaces found"
    visitor.type("How many people?", "20")
    visitor.page.keyboard.press("Tab")
    visitor.page.wait_for_url("**people=20**")
    visitor.page.get_by_text("1 space found").wait_for()
    visitor.check()
    # by map
    visitor.go("/find/?people=20")
    visitor.page.locator(".leaflet-container").wait_for()
    visitor.page.locator("path.point").first.click()
    visitor.page.locator(".leaflet-popup").wait_for()
    # by keyboard: from the top of the page to the space, and nothing traps
    visitor.go("/find/?people=20")
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.textContent").strip() == "Zaal aan het water":
            break
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**/spaces/{near.pk}/")
    # without script: the same form, the same list, a drawing for a map
    plain = walk(width=320, script=False)
    plain.page.goto(plain.base + "/find/")
    plain.page.get_by_label("Search for").fill("zal water")
    plain.page.get_by_role("button", name="Show spaces").click()
    expect(plain.page.locator("#count")).to_have_text("1 space found")
    assert plain.page.locator("svg.map circle.point").count() == 1
    plain.page.get_by_role("link", name="Zaal aan het water").click()
    expect(plain.page.locator("h1")).to_have_text("Zaal aan het water")


def test_three_answers_show_rooms_at_once_and_a_question_reaches_the_host(walk: NewWalk) -> None:
    programme = make_city()
    offer = make_offer(programme, name="Buurtzaal", hours="Mo-Su 09:00-22:00", capacity=30)
    member = make_person("Henk Host")
    offer.host.memberships.create(person=member, role="manager")
    asker = make_person("Ida")
    walker = walk(width=320)
    walker.go("/ask/")
    walker.tick("Tuesday")
    walker.choose("Not before", "18:00")
    walker.type("How many people?", "12")
    walker.press("Show what fits")
    assert walker.sees("1 room fits your answers")
    walker.press("Keep this and continue")
    fill_in_password(walker, asker)
    walker.press("Keep this and continue")
    walker.follow("What you do, and for whom")
    walker.type("What is the activity called?", "Taalcafé")
    walker.press("Save")
    walker.press("Post this request")
    assert walker.sees("Your request is posted")
    assert Request.objects.every(because="test").get().state == "open"
    walker.follow("Buurtzaal")
    walker.type("When would you like to come?", "Tuesdays at seven")
    walker.type("With how many people?", "12")
    walker.type("What will you do?", "We learn Dutch over coffee.")
    walker.press("Send my question")
    assert walker.sees("We learn Dutch over coffee.")
    body = walker.page.content()
    assert str(member.email) not in body
    assert member.name not in body


def sign_in(walk: Walk, person: Person) -> None:
    """Sign in with a password."""
    walk.page.goto(walk.base + "/account/login/")
    fill_in_password(walk, person)


def fill_in_password(walk: Walk, person: Person) -> None:
    """Fill in the page of signing in."""
    person.emailaddress_set.get_or_create(email=person.email, verified=True, primary=True)  # type: ignore[attr-defined]  # allauth's
    person.refresh_from_db()
    person.set_password(PASSWORDS[person.language])
    person.save()
    walk.page.locator("input[name=login]").fill(person.email or "")
    walk.page.locator("input[name=password]").fill(PASSWORDS[person.language])
    walk.page.locator("form[action='/account/login/'] button").click()
    walk.page.wait_for_load_state()
    if "/2fa/" in walk.page.url:
        walk.check()
        code = format_hotp_value(hotp_value(TOTP_SECRET, next(iter(yield_hotp_counters_from_time()))))
        walk.page.locator("input[name=code]").fill(code)
        walk.page.locator("main form button").first.click()
        walk.page.wait_for_load_state()
