"""The pages of the rules that say when: four kinds, there and back, and nothing lost on the way."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.demand.test_requests import NEEDS
from tests.rooms.makers import TODAY, make_person, make_request, weekly

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.actions import MOST_RULES, add_rule, remove_rule
from meervoud.demand.as_request import clip_all, needs_of, rule_of
from meervoud.demand.models import Request
from meervoud.demand.rule_fields import nth_weekdays
from meervoud.demand.rule_forms import FORMS
from meervoud.demand.steps import keep_refinements


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def iso(number: int) -> str:
    return day(number).isoformat()


SOON, FIRST = day(10), iso(10)
WEEK = {"days": ["1", "3"], "start": "19:00", "end": "22:00", "minutes": "90"}
ANSWERS: dict[str, tuple[dict[str, Any], Need]] = {
    "weekly": (
        {
            **WEEK, "per_week": "2", "same_start": "no", "first": FIRST, "weeks": "8", "share": "0.75",
            "closed_0": iso(20), "closed_1": iso(28), "closed_2": iso(36), "extra_1": iso(90),
        },
        Weekly(
            frozenset({1, 3}), Window(1140, 1320), 90, SOON, 8, 0.75, 2, same_start=False, closed=(DateRange(day(20), day(28)), DateRange(day(36), day(36))),
            extra=(day(90),),
        ),
    ),
    "dates": (
        {"dates_0": iso(70), "dates_4": iso(45), "start": "22:00", "end": "02:00", "minutes": "180", "share": "1.0", "same_start": "yes"},
        Dates((day(45), day(70)), Window(1320, 1560), 180, 1.0, same_start=True),
    ),
    "hours": (
        {**WEEK, "hours": "7.5", "first": FIRST, "weeks": "12", "share": "0.9"},
        Hours(450, frozenset({1, 3}), Window(1140, 1320), 90, SOON, 12, 0.9),
    ),
    "continuous": (
        {"first": iso(40), "last": iso(220), "share": "0.9"},
        Continuous(day(40), 181, 0.9),
    ),
}  # fmt: skip
every_kind = pytest.mark.parametrize("kind", ANSWERS)


@every_kind
@pytest.mark.django_db
def test_a_rule_of_each_kind_is_added_shown_and_kept_as_it_is(client: Client, kind: str) -> None:
    row = make_request(asked_by=make_person())
    client.force_login(row.asked_by)
    values, need = ANSWERS[kind]
    assert client.post(f"/requests/{row.pk}/when/add/{kind}/", values)["Location"] == f"/requests/{row.pk}/"
    assert needs_of(row)[1] == need
    rule = row.rules.all()[1]
    assert client.get(f"/requests/{row.pk}/").status_code == 200
    form = FORMS[kind](None, need=need, today=TODAY)
    shown = {each.html_name: each.value() for each in form}
    again = FORMS[kind](sent_of(shown), need=need, today=TODAY)
    assert again.is_valid(), again.errors
    assert again.need() == need
    assert client.post(f"/requests/{row.pk}/when/{rule.pk}/", values).status_code == 302
    assert [each.pk for each in row.rules.all()][1] == rule.pk
    assert needs_of(row)[1] == need


def sent_of(shown: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends of what a form shows."""
    sent: dict[str, Any] = {}
    for name, value in shown.items():
        if name in ("dates", "extra", "closed"):
            sent |= {f"{name}_{place}": str(each) for place, each in enumerate(value or ())}
        elif value is not None:
            sent[name] = [str(each) for each in value] if isinstance(value, list) else str(value)
    return sent


@given(NEEDS)
@pytest.mark.django_db
def test_a_rule_that_a_sheet_brought_is_the_same_after_its_page_was_saved(need: Need) -> None:
    if isinstance(need, Continuous) and need.days > 1800:
        return
    today = need.dates[0] if isinstance(need, Dates) else need.first
    form = FORMS[rule_of(need).kind](None, need=need, today=today)
    again = FORMS[rule_of(need).kind](sent_of({each.html_name: each.value() for each in form}), need=need, today=today)
    if isinstance(need, Dates) and (need.dates[0] - today).days > 364:
        return
    assert again.is_valid(), again.errors
    assert again.need() == need


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("weekly", {"days": []}, "Tick one or more days"),
        ("weekly", {"minutes": "480"}, "does not fit"),
        ("weekly", {"per_week": "5"}, "do not fit on 2 weekdays"),
        ("weekly", {"first": iso(800)}, "within a year"),
        ("hours", {"first": iso(-2000)}, "in the past"),
        ("weekly", {"closed_0": iso(60), "closed_1": iso(50)}, "ends before it begins"),
        ("weekly", {"closed_0": "soon"}, "date"),
        ("dates", {"dates_0": "", "dates_4": ""}, "Choose one or more dates"),
        ("dates", {"nth": "1"}, "day of the week as well"),
        ("dates", {"months": "99", "nth": "1", "nth_day": "1"}, "12"),
        ("hours", {"hours": ""}, "required"),
        ("hours", {"end": "02:00"}, "24:00"),
        ("hours", {"days": ["11"]}, "11"),
        ("continuous", {"last": iso(30)}, "before the first"),
        ("continuous", {"last": iso(7300)}, "Five years"),
        ("continuous", {"share": "9"}, "9"),
    ],
)
@pytest.mark.django_db
def test_answers_that_do_not_go_together_come_back_with_a_sentence(
    client: Client, kind: str, changed: dict[str, Any], words: str
) -> None:
    row = make_request(asked_by=make_person())
    client.force_login(row.asked_by)
    answer = client.post(
        f"/requests/{row.pk}/when/add/{kind}/", {**ANSWERS[kind][0], **changed}, headers={"accept-language": "en"}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert row.rules.count() == 1


@pytest.mark.django_db
def test_a_rule_that_was_removed_comes_back_as_it_was(client: Client) -> None:
    row = make_request(asked_by=make_person(), needs=(weekly(), ANSWERS["weekly"][1]))
    client.force_login(row.asked_by)
    rule = row.rules.all()[1]
    page = client.post(f"/requests/{row.pk}/when/{rule.pk}/remove/", follow=True)
    assert f"/requests/{row.pk}/when/back/" in page.content.decode()
    assert needs_of(row) == (weekly(),)
    page = client.post(f"/requests/{row.pk}/when/back/", follow=True)
    assert needs_of(row) == (weekly(), ANSWERS["weekly"][1])
    assert f"/requests/{row.pk}/when/back/" not in page.content.decode()
    client.post(f"/requests/{row.pk}/when/back/")
    assert row.rules.count() == 2


@pytest.mark.django_db
def test_the_last_rule_of_an_open_request_stays() -> None:
    row = make_request()
    with pytest.raises(ConflictError):
        remove_rule(rule=row.rules.get(), by=row.asked_by)
    draft = make_request(opened=False)
    remove_rule(rule=draft.rules.get(), by=draft.asked_by)
    assert not draft.rules.exists()


@pytest.mark.django_db
def test_a_request_has_ten_rules_at_most() -> None:
    row = make_request(needs=(weekly(),) * MOST_RULES)
    with pytest.raises(InputError) as refused:
        add_rule(request=row, by=row.asked_by, need=weekly())
    assert refused.value.code == "too_many_rules"


@pytest.mark.django_db
def test_the_three_questions_change_no_rule_that_they_cannot_show(client: Client) -> None:
    needs = (ANSWERS["hours"][1], ANSWERS["weekly"][1])
    row = make_request(asked_by=make_person(), needs=needs)
    client.force_login(row.asked_by)
    assert 'name="days"' not in client.get(f"/requests/{row.pk}/questions/").content.decode()
    assert client.post(f"/requests/{row.pk}/questions/", {**WEEK, "people": "33"}).status_code == 302
    row = Request.objects.every(because="test").get(pk=row.pk)
    assert row.group_max == 33
    assert needs_of(row) == needs


@pytest.mark.django_db
def test_the_three_questions_keep_what_a_rule_says_besides(client: Client) -> None:
    old = ANSWERS["weekly"][1]
    assert isinstance(old, Weekly)
    row = make_request(asked_by=make_person(), needs=(old,))
    client.force_login(row.asked_by)
    client.post(f"/requests/{row.pk}/questions/", {**WEEK, "days": ["4"], "first": FIRST, "weeks": "4", "people": "33"})
    need = needs_of(row)[0]
    assert isinstance(need, Weekly)
    assert (set(need.weekdays), need.weeks, need.closed, need.extra, need.per_week) == (
        {4},
        4,
        old.closed,
        old.extra,
        1,
    )
    assert need == keep_refinements(need, old)


def test_a_rule_that_is_past_is_no_longer_asked_and_the_others_are() -> None:
    year = DateRange(date(2027, 1, 1), date(2027, 12, 31))
    past, coming = Dates((date(2026, 5, 1),), Window(600, 900), 60), Dates((date(2027, 5, 1),), Window(600, 900), 60)
    assert clip_all((past, coming), year) == (coming,)
    assert clip_all((), year) == ()
    with pytest.raises(InputError):
        clip_all((past,), year)


@given(
    st.sampled_from([1, 2, 3, 4, -1]),
    st.integers(0, 6),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(1, 12),
)
def test_the_nth_weekday_of_a_month_is_the_one_that_counting_finds(
    nth: int, weekday: int, after: date, months: int
) -> None:
    found = nth_weekdays(nth, weekday, after=after, months=months)
    counted = list[date]()
    for number in range(500):
        this = after + timedelta(days=number)
        month = [each for each in month_of(this) if each.weekday() == weekday]
        if this == month[nth - 1 if nth > 0 else -1]:
            counted.append(this)
    assert found == counted[:months]


def month_of(this: date) -> list[date]:
    first = this.replace(day=1)
    return [each for number in range(31) if (each := first + timedelta(days=number)).month == this.month]
