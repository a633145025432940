"""A correction lists what the ledger says now beside what was published; it gives no small group away."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from tests.rooms.outcomes.makers import counted_anew, make_correction, make_pilot, make_published

from meervoud.core.errors import ConflictError, InputError
from meervoud.outcomes.corrections import Difference, correct_report, differences
from meervoud.outcomes.models import Correction, Figure, Published, Released
from meervoud.outcomes.settling import set_terms
from meervoud.parties.models import Person
from meervoud.usage.models import UsageMoment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def published() -> Published:
    programme, staff = make_pilot()
    return make_published(programme, staff)


def staff_of(published: Published) -> Person:
    return Person.objects.get(pk=str(published.by))


def said(found: list[Difference]) -> dict[Figure, tuple[str, str]]:
    return {each.figure: each.said for each in found}


def test_nothing_can_be_corrected_while_the_ledger_says_the_same(published: Published, client: Client) -> None:
    assert differences(published.report) == []
    client.force_login(staff_of(published))
    client.post("/programmes/", {"programme": published.report.programme.slug})
    page = client.get(f"/desk/reports/{published.report_id}/", headers=ENGLISH).content.decode()
    assert "The ledger still gives every figure as it was published." in page
    assert "List this correction" not in page


def test_a_correction_is_chosen_from_what_the_ledger_says_now(published: Published, client: Client) -> None:
    report = published.report
    counted_anew(report.programme, shorter=timedelta(hours=3))
    assert said(differences(report))[Figure.HOURS] == ("2,842 hours", "2,839 hours")
    client.force_login(staff_of(published))
    client.post("/programmes/", {"programme": report.programme.slug})
    page = client.get(f"/desk/reports/{report.pk}/", headers=ENGLISH).content.decode()
    assert "Usage hours: published 2,842 hours, by the ledger now 2,839 hours" in page
    given = {"figure": "hours=2,839 hours", "why": "One evening counted twice."}
    assert client.post(f"/desk/reports/{report.pk}/correct/", given, headers=ENGLISH).status_code == 302
    read = Client().get(f"/reports/{report.pk}/", headers=ENGLISH).content.decode()
    assert "<del>2,842 hours</del> <ins>2,839 hours</ins>" in read
    assert "One evening counted twice." in read
    assert published.sha256 in read
    danish = Client().get(f"/reports/{report.pk}/", headers={"accept-language": "da"}).content.decode()
    assert "<ins>2.839 timer</ins>" in danish, "everybody reads it in their own language"
    assert Figure.HOURS not in said(differences(report)), "it is listed, so nothing is left to correct"


@pytest.mark.parametrize(
    "given",
    [
        {"figure": "hours=2,839 hours", "why": " "},
        {"figure": "hours=2,800 hours", "why": "A figure that nobody counted."},
        {"figure": "moments=423 times", "why": "This one is right."},
        {"figure": "", "why": "x"},
        {"figure": "=", "why": "x" * 501},
    ],
)
def test_a_figure_that_the_ledger_does_not_give_is_refused(
    published: Published, client: Client, given: dict[str, str]
) -> None:
    counted_anew(published.report.programme, shorter=timedelta(hours=3))
    client.force_login(staff_of(published))
    client.post("/programmes/", {"programme": published.report.programme.slug})
    answer = client.post(f"/desk/reports/{published.report_id}/correct/", given, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'class="field wrong"' in answer.content.decode()
    assert not Correction.objects.every(because="a test").exists()


def test_what_changed_after_it_was_seen_is_refused(published: Published) -> None:
    by, report = staff_of(published), published.report
    counted_anew(report.programme, shorter=timedelta(hours=3))
    with pytest.raises(ConflictError):
        correct_report(report=report, figure="hours", seen="2,840 hours", why="Seen too early.", by=by)
    with pytest.raises(InputError):
        correct_report(report=report, figure="hours", seen="2,839 hours", why=" ", by=by)


def test_a_correction_by_fewer_than_five_people_is_refused(published: Published) -> None:
    by, report = staff_of(published), published.report
    counted_anew(report.programme, people=3)
    found = next(each for each in differences(report) if each.figure == Figure.VISITS)
    with pytest.raises(ConflictError, match="give a small group away"):
        correct_report(report=report, figure="visits", seen=found.said[1], why="Three more.", by=by)
    assert not Correction.objects.every(because="a test").exists()
    # the control: without the number in the register nothing stands in its way
    Released.objects.every(because="a test").filter(statistic="visits").delete()
    correct_report(report=report, figure="visits", seen=found.said[1], why="Three more.", by=by)


def test_a_corrected_number_of_people_is_in_the_register_too(published: Published) -> None:
    by, report = staff_of(published), published.report
    counted_anew(report.programme, people=30)
    found = next(each for each in differences(report) if each.figure == Figure.VISITS)
    row = correct_report(report=report, figure="visits", seen=found.said[1], why="Thirty more.", by=by)
    rows = Released.objects.every(because="a test").filter(report=report, statistic="visits", scope="")
    assert list(rows.order_by("number").values_list("number", flat=True)) == [
        found.old["use"]["visits"],
        found.new["use"]["visits"],
    ]
    assert rows.get(correction=row).number == found.new["use"]["visits"]
    counted_anew(report.programme, people=2)
    again = next(each for each in differences(report) if each.figure == Figure.VISITS)
    assert again.old == found.new, "the next correction begins at the last one"
    with pytest.raises(ConflictError, match="give a small group away"):
        correct_report(report=report, figure="visits", seen=again.said[1], why="Two more.", by=by)


def test_the_upper_end_of_a_range_of_people_is_a_number_of_visits_too() -> None:
    programme, by = make_pilot()
    held = UsageMoment.objects.every(because="a test").filter(agreement__programme=programme, state="held")
    held.filter(people=None).update(people=6)
    held.update(first_timers=None)
    report = make_published(programme, by).report
    counted_anew(programme, people=3)
    (found,) = (each for each in differences(report) if each.figure == Figure.PEOPLE)
    assert found.new["use"]["people"]["most"] == found.old["use"]["people"]["most"] + 3
    with pytest.raises(ConflictError, match="give a small group away"):
        correct_report(report=report, figure="people", seen=found.said[1], why="Three more.", by=by)


def test_another_tariff_corrects_nothing(published: Published) -> None:
    by, prices = staff_of(published), {"tariff_low": Decimal(1), "tariff": Decimal(2), "tariff_high": Decimal(3)}
    set_terms(programme=published.report.programme, by=by, tariff_year=2025, tariff_source="A new list", **prices)
    assert differences(published.report) == []


def test_what_was_typed_before_stays_to_be_read(published: Published) -> None:
    make_correction(published, "hours", "2,842 hours", "2,841 hours", why="An old one.")
    with translation.override("nl"):
        read = Client().get(f"/reports/{published.report_id}/").content.decode()
    assert "<del>2,842 hours</del> <ins>2,841 hours</ins>" in read
