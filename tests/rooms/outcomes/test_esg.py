"""A host's ESG page: what its rooms were used for in a year, over all programmes, made to be published."""

import csv
import io
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.rooms.makers import TODAY, make_matchmaker, make_offer, make_organisation, make_person, make_programme
from tests.rooms.outcomes.esg_makers import YEAR, hold, lend
from tests.rooms.outcomes.makers import make_pilot, pilot_period
from tests.rooms.outcomes.test_past_uses import queries
from tests.rooms.usage.makers import Plan
from tests.rooms.usage.test_plan_pages import browser

from meervoud.core.impact.use_figures import figures
from meervoud.outcomes.esg import esg_of, host_ledger, programmes_of
from meervoud.outcomes.ledger import ledger_of
from meervoud.outcomes.models import LedgerDekad
from meervoud.outcomes.settling import set_terms
from meervoud.parties.models import Membership, Organisation, Person
from meervoud.supply.models import Offer
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db


def facts(plan: Plan, viewer: Person | None = None, year: int = YEAR) -> dict[str, Any]:
    return esg_of(plan.host, year, programmes_of(plan.host, viewer or plan.lender), TODAY)


def page(person: Person, host: Organisation, year: int = YEAR) -> str:
    answer = browser(person).get(f"/organisations/{host.pk}/esg/{year}/")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(person: Person, host: Organisation, year: int = YEAR) -> list[dict[str, str]]:
    answer = browser(person).get(f"/organisations/{host.pk}/esg/{year}/esg.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def also_lends(plan: Plan, **values: Any) -> Plan:
    """Let the host lend a room in another programme too."""
    programme = make_programme(**values.pop("programme", {}))
    return lend(offer=make_offer(programme, host=plan.host), **values)


def test_a_host_sees_its_year_over_all_its_programmes_and_another_year_on_a_page_of_its_own() -> None:
    plan = lend()
    also_lends(plan, heads=(20,), month=6)
    hold(plan, 2, datetime(YEAR - 1, 5, 1, 18, tzinfo=UTC), people=30)
    found = facts(plan)
    assert (found["use"]["room_minutes"], found["use"]["stays"], found["use"]["visits"]) == (360, 3, 41)
    assert found["use"]["double_use_m2"] == 100
    assert facts(plan, year=YEAR - 1)["use"]["visits"] == 30
    text = page(plan.lender, plan.host)
    for each in ("6 hours", "41 times", "PI5683", "not social value; never added to it", f"lent in {YEAR}"):
        assert each in text
    assert f"/organisations/{plan.host.pk}/esg/{YEAR - 1}/" in text


def test_the_hours_of_all_hosts_add_up_to_those_of_the_programme() -> None:
    programme, _staff = make_pilot()
    (first, last), minutes, m2_hours, hosts = pilot_period(), 0, 0.0, 0
    whole = ledger_of(programme, first, last)
    total = figures(whole.tallies, whole.rooms)
    for host in Organisation.objects.every(because="a test").filter(offers__programme=programme).distinct():
        hosts += 1
        for year in range(first.year, last.year + 1):
            for part in host_ledger(host, year, [programme], TODAY):
                found = figures(part.tallies, part.whole.rooms)
                minutes, m2_hours = minutes + found.room_minutes, m2_hours + found.m2_hours
    assert hosts == 14
    assert minutes == total.room_minutes > 0
    assert m2_hours == pytest.approx(total.m2_hours)


def test_the_rows_of_the_csv_add_up_to_the_page_and_sheltered_groups_are_in_neither() -> None:
    plan = lend(heads=(12, 9, None))
    also_lends(plan, heads=(20,), is_sheltered=True, title="The quiet door", organisation=None)
    found, told = facts(plan), rows(plan.lender, plan.host)
    assert sum(int(each["Minutes that count"]) for each in told) == found["use"]["room_minutes"] == 360
    assert sum(int(each["Usage moments"]) for each in told) == found["use"]["stays"] == 3
    assert sum(int(each["People"] or 0) for each in told) == found["use"]["visits"] == 21
    assert all(each["Day"] for each in told)
    assert "quiet door" not in page(plan.lender, plan.host) + str(told)
    assert found["groups"] == ["Language cafe"]


def test_who_is_sheltered_in_one_programme_is_named_for_none() -> None:
    plan, organisation = lend(), make_organisation(make_programme(), name="Open arms")
    one, other = also_lends(plan), also_lends(plan)
    for each, is_sheltered in ((one, False), (other, True)):
        request = each.agreement.request
        request.organisation, request.is_sheltered = organisation, is_sheltered
        request.save(update_fields=["organisation", "is_sheltered"])
    assert facts(plan)["groups"] == ["Language cafe"]


def test_a_group_that_came_in_place_of_another_room_is_counted_but_not_named() -> None:
    plan = lend(title="Choir of the quay", heads=(12,))
    other = lend(offer=make_offer(plan.programme), title="Bread and coffee", heads=(9,), month=4)
    moment = other.moments[0]
    UsageMoment.objects.every(because="a test").filter(pk=moment.pk).update(space=plan.offer.space)
    found, told = facts(plan), rows(plan.lender, plan.host)
    assert (found["groups"], found["use"]["initiatives"], found["use"]["visits"]) == (["Choir of the quay"], 2, 21)
    assert sorted(each["Group"] for each in told) == ["", "Choir of the quay"]


@pytest.mark.parametrize("heads", [(3,), (1, 1, 1)], ids=["few visits", "few people"])
def test_heads_under_five_are_not_shown_on_the_page(heads: tuple[int, ...]) -> None:
    plan = lend(heads=heads)
    found = facts(plan)
    assert (found["use"]["visits"], found["use"]["people"]["least"]) == (None, None)
    assert found["use"]["room_minutes"] == 120 * len(heads)
    assert "fewer than 5" in page(plan.lender, plan.host)


def test_heads_are_hidden_too_where_they_would_give_those_of_another_host_away() -> None:
    plan = lend(heads=(40,))
    assert facts(plan)["use"]["visits"] == 40  # the control: alone it gives nobody away
    lend(offer=make_offer(plan.programme), heads=(3,), month=1)
    LedgerDekad.objects.every(because="a test").delete()
    assert facts(plan)["use"]["visits"] is None


def test_two_currencies_are_two_amounts_and_are_never_added() -> None:
    plan = lend()
    danish = also_lends(plan, programme={"currency": "DKK"})
    prices = {"tariff_low": Decimal(1), "tariff": Decimal(2), "tariff_high": Decimal(3)}
    set_terms(programme=danish.programme, by=danish.desk, tariff_year=2025, tariff_source="City of Aa", **prices)
    found = {each["currency"]: each for each in facts(plan)["contributions"]}
    assert sorted(found) == ["DKK", "EUR"]
    assert found["DKK"]["cents"] == [20000, 40000, 60000]  # 50 m2 times 4 hours times 1, 2 and 3
    text = page(plan.lender, plan.host)
    assert "City of Aa" in text
    assert "Do not add them" in text


def test_what_was_offered_and_what_the_host_took_back_stand_beside_what_was_used() -> None:
    plan = lend()
    hold(plan, 3, datetime(YEAR, 4, 1, 18, tzinfo=UTC), hours=3, state="withdrawn", evidence="")
    text = page(plan.lender, plan.host)
    assert "You withdrew 1 date, of 3 hours." in text
    assert "You offered no rooms by the hour." in text  # the offer was made this year
    made = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=UTC)
    Offer.objects.every(because="a test").filter(pk=plan.offer.pk).update(created_at=made)
    assert facts(plan, year=TODAY.year)["offered_minutes"] == 13 * 60  # on that day, from 9 to 22


def test_who_is_neither_of_the_host_nor_of_the_desk_finds_nothing() -> None:
    plan = lend()
    addresses = [f"/organisations/{plan.host.pk}/esg/{end}" for end in ("", f"{YEAR}/", f"{YEAR}/esg.csv")]
    for person in (plan.asker, make_person(), make_matchmaker(make_programme())):
        assert {browser(person).get(each).status_code for each in addresses} == {404}
    assert {Client().get(each).status_code for each in addresses} == {302}
    assert {browser(plan.lender).post(each).status_code for each in addresses} == {405}


def test_a_desk_sees_only_what_was_lent_in_its_own_programme() -> None:
    plan = lend()
    elsewhere = also_lends(plan, heads=(20,), title="Far away")
    assert facts(plan, plan.desk)["use"]["visits"] == 21
    assert "Far away" not in page(plan.desk, plan.host)
    assert "Far away" in page(plan.lender, plan.host)  # the control
    assert elsewhere.programme.name not in str(rows(plan.desk, plan.host))


@pytest.mark.parametrize("year", ["0", "1999", str(TODAY.year + 1), "99999999999999999999"])
def test_a_year_that_cannot_be_is_not_there(year: str) -> None:
    plan = lend()
    assert browser(plan.lender).get(f"/organisations/{plan.host.pk}/esg/{year}/").status_code == 404


def test_the_page_opens_at_the_last_year_with_use_else_at_this_one() -> None:
    plan = lend()
    asked = browser(plan.lender).get(f"/organisations/{plan.host.pk}/esg/")
    assert asked.headers["Location"] == f"/organisations/{plan.host.pk}/esg/{YEAR}/"
    other = make_organisation(plan.programme, member=(person := make_person()))
    asked = browser(person).get(f"/organisations/{other.pk}/esg/", follow=True)
    assert asked.redirect_chain[0][0].endswith(f"/esg/{TODAY.year}/")
    assert "No use in this year" in asked.content.decode()


def test_a_made_up_ledger_says_so_on_the_page_and_in_the_file() -> None:
    plan = lend()
    assert "This ledger is made up" not in page(plan.lender, plan.host)
    assert "made up" not in str(rows(plan.lender, plan.host))
    plan.programme.is_made_up = True
    plan.programme.save()
    assert "This ledger is made up" in page(plan.lender, plan.host)
    assert all("(made up)" in each["Programme"] for each in rows(plan.lender, plan.host))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the PDF back")
def test_the_page_can_be_taken_away_as_a_tagged_pdf_that_shows_names_as_they_are(tmp_path: Path) -> None:
    plan = lend(title="#import $x$ *b*", heads=(12, 9, 8))
    plan.host.name = "Quay & Sons #x"
    plan.host.save(update_fields=["name"])
    address = f"/organisations/{plan.host.pk}/esg/{YEAR}/esg.pdf"
    answer = browser(plan.lender).get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert b"/MarkInfo" in answer.content
    path = tmp_path / "esg.pdf"
    path.write_bytes(answer.content)
    found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    text = " ".join(found.stdout.split())
    for each in (f"What Quay & Sons #x lent in {YEAR}", "6 hours", "PI5683", "never added to it", "#import $x$ *b*"):
        assert each in text
    assert browser(make_person()).get(address).status_code == 404


def test_the_desk_of_a_host_leads_to_its_page_once_a_room_was_used() -> None:
    plan = lend()
    link = f"/organisations/{plan.host.pk}/esg/"
    assert link in browser(plan.lender).get("/desk/").content.decode()
    plan.agreement.moments.filter(state="held").update(state="cancelled")
    assert link not in browser(plan.lender).get("/desk/").content.decode()


def test_names_are_text_on_the_page_and_run_nowhere_in_the_file() -> None:
    plan = lend(title='=HYPERLINK("x")<script>')
    assert "<script>" not in page(plan.lender, plan.host).split("<main")[1]
    assert all(each["Group"].startswith("'=") for each in rows(plan.lender, plan.host))


def test_more_moments_need_no_more_queries() -> None:
    plan = lend(heads=(12,))
    address = f"/organisations/{plan.host.pk}/esg/{YEAR}/"
    one = queries(plan.lender, address)
    for number in range(1, 7):
        hold(plan, number, datetime(YEAR, 3, 2 + number, 18, tzinfo=UTC), people=10)
    LedgerDekad.objects.every(because="a test").delete()
    assert 0 < queries(plan.lender, address) <= one


def test_a_department_shows_to_who_acts_for_the_organisation_above_it() -> None:
    plan, chief = lend(), make_person()
    above = make_organisation(plan.programme)
    Membership.objects.create(person=chief, organisation=above, role="manager")
    plan.host.parent = above
    plan.host.save(update_fields=["parent"])
    assert "21 times" in page(chief, plan.host)
