"""Lines for an invoice: what took place, at what was agreed then; safe to open in a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.rooms.makers import make_person
from tests.rooms.usage.makers import Plan, make_plan

from meervoud.agreements.models import Version
from meervoud.agreements.terms import Money, read_terms, write_terms
from meervoud.parties.models import Person
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"


def priced(plan: Plan, money: Money) -> None:
    """Write a price into what was signed: the test needs the price, not the signing of it."""
    row = plan.agreement.versions.get()
    terms = write_terms(replace(read_terms(row.terms), money=money))
    Version.objects.every(because=EVERY).filter(pk=row.pk).update(terms=terms)


def held(plan: Plan, *numbers: int) -> list[UsageMoment]:
    found = [plan.moments[each] for each in numbers]
    rows = UsageMoment.objects.every(because=EVERY).filter(pk__in=[each.pk for each in found])
    rows.update(state="held", evidence="host")
    return found


def lines(person: Person, address: str, month: datetime | str) -> list[dict[str, str]]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    answer = client.get(address, {"month": month if isinstance(month, str) else f"{month:%Y-%m}"})
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def of(plan: Plan, person: Person, month: Any) -> list[dict[str, str]]:  # Any: a moment or a word
    return lines(person, reverse("agreement_invoice", args=[plan.agreement.pk]), month)


def test_a_line_for_each_moment_that_took_place_and_for_no_other() -> None:
    plan = make_plan()
    priced(plan, Money("cost_share", "EUR", 1250, "hour"))
    (moment,) = held(plan, 0)
    (line,) = of(plan, plan.lender, moment.starts_at)
    assert (line["From"], line["To"], line["Hours"]) == ("19:00", "21:00", "2.00")
    assert (line["Price"], line["Per"], line["Amount"], line["Currency"]) == ("12.50", "hour", "25.00", "EUR")
    assert line["How we know"] == "confirmed by the host"
    assert of(plan, plan.lender, moment.starts_at - timedelta(days=70)) == []


def test_each_time_and_each_month_cost_what_was_agreed() -> None:
    plan = make_plan()
    moments = held(plan, *range(8))
    month = moments[4].starts_at
    same = [each for each in moments if (each.starts_at.year, each.starts_at.month) == (month.year, month.month)]
    priced(plan, Money("price", "EUR", 999, "time"))
    assert [each["Amount"] for each in of(plan, plan.asker, month)] == ["9.99"] * len(same)
    priced(plan, Money("price", "EUR", 10000, "month"))
    assert [each["Amount"] for each in of(plan, plan.asker, month)] == ["100.00", *["0.00"] * (len(same) - 1)]
    priced(plan, Money("free", "EUR"))
    assert {each["Amount"] for each in of(plan, plan.asker, month)} == {"0.00"}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_runs_as_a_formula(name: str) -> None:
    plan = make_plan()
    Person.objects.filter(pk=plan.asker.pk).update(name=name)
    (moment,) = held(plan, 0)
    (line,) = of(plan, plan.lender, moment.starts_at)
    assert line["Group"] == f"'{name}"


def test_a_sheltered_group_has_no_name_there() -> None:
    plan = make_plan(is_sheltered=True)
    (moment,) = held(plan, 0)
    (line,) = of(plan, plan.lender, moment.starts_at)
    assert plan.asker.name not in str(line)


def test_hosts_and_desks_have_one_file_and_others_an_empty_one() -> None:
    plan, other = make_plan(), make_plan()
    (moment,) = held(plan, 0)
    held(other, 0)
    address = reverse("invoices")
    for person in (plan.lender, plan.desk):
        assert [each["Agreement"] for each in lines(person, address, moment.starts_at)] == [str(plan.agreement.pk)]
    for person in (plan.asker, make_person()):
        assert lines(person, address, moment.starts_at) == []


@pytest.mark.parametrize("month", ["", "2026-13", "2026-1", "x", "2026-01-01", "٢٠٢٦-٠١", "9" * 4000])
def test_what_is_no_month_is_not_there(month: str) -> None:
    plan = make_plan()
    client = Client()
    client.force_login(plan.lender)
    assert client.get(reverse("invoices"), {"month": month}).status_code == 404


def test_more_lines_need_no_more_queries() -> None:
    plan = make_plan()
    month = held(plan, 4)[0].starts_at
    counts = []
    for numbers in ((4,), range(8)):
        held(plan, *numbers)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            of(plan, plan.lender, month)
        counts.append(len(caught))
    assert counts[0] == counts[1]
