"""Requests: their rules there and back, the days that are searched, their moves, and the steps of their pages."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.makers import TODAY, make_organisation, make_person, make_programme, make_request

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.actions import (
    OPEN_DAYS,
    expire_requests,
    expires_soon,
    open_request,
    renew_request,
    withdraw_request,
)
from meervoud.demand.as_request import clip, need_of, rule_of
from meervoud.demand.models import Request

DAY = st.dates(date(2026, 1, 1), date(2028, 12, 31))
WINDOW = st.tuples(st.integers(0, 40), st.integers(4, 20)).map(
    lambda each: Window(each[0] * 30, (each[0] + each[1]) * 30)
)
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
SHARE = st.sampled_from([0.5, 0.8, 0.9, 1.0])
RANGES = st.lists(st.tuples(DAY, st.integers(0, 20)), max_size=2).map(
    lambda pairs: tuple(DateRange(first, first + timedelta(days=days)) for first, days in pairs)
)
NEEDS: st.SearchStrategy[Need] = st.one_of(
    st.builds(
        Weekly, WEEKDAYS, WINDOW, st.just(60), DAY, st.integers(1, 60), SHARE, st.just(1), st.booleans(), RANGES,
        st.lists(DAY, max_size=3, unique=True).map(sorted).map(tuple),
    ),
    st.builds(Dates, st.lists(DAY, min_size=1, max_size=5, unique=True).map(sorted).map(tuple), WINDOW, st.just(90), SHARE),
    st.builds(
        Hours, st.integers(1, 40).map(lambda each: each * 60), WEEKDAYS, st.just(Window(540, 1320)), st.just(60), DAY,
        st.integers(1, 60), SHARE, RANGES,
    ),
    st.builds(Continuous, DAY, st.integers(1, 500), SHARE),
)  # fmt: skip
YEAR = DateRange(date(2026, 11, 22), date(2027, 11, 21))


@given(NEEDS)
def test_a_need_is_the_same_after_it_was_a_row(need: Need) -> None:
    assert need_of(rule_of(need)) == need


@given(NEEDS)
def test_what_is_searched_lies_within_the_year_and_within_what_was_asked(need: Need) -> None:
    try:
        clipped = clip(need, YEAR)
    except InputError:
        return  # nothing of it lies in the year; what the sentence is, stands in the tests of the pages
    asked, searched = days_of(need), days_of(clipped)
    assert searched
    assert searched <= asked
    assert all(YEAR.first <= day <= YEAR.last for day in searched)
    if not isinstance(need, (Weekly, Hours)):
        assert searched == {day for day in asked if YEAR.first <= day <= YEAR.last}


def days_of(need: Need) -> set[date]:
    """The days on which a moment may fall, written out plainly."""
    if isinstance(need, Dates):
        return set(need.dates)
    if isinstance(need, Continuous):
        return {need.first + timedelta(days=number) for number in range(need.days)}
    days = {need.first + timedelta(days=number) for number in range(need.weeks * 7)}
    return days | (set(need.extra) if isinstance(need, Weekly) else set())


@pytest.mark.django_db
def test_a_request_is_posted_for_ninety_days_expires_and_is_renewed_with_one_click() -> None:
    person = make_person()
    request = make_request(asked_by=person)
    assert request.expires_on == TODAY + timedelta(days=OPEN_DAYS)
    assert not expires_soon(request, TODAY)
    assert expires_soon(request, TODAY + timedelta(days=OPEN_DAYS - 10))
    assert expire_requests(today=TODAY + timedelta(days=OPEN_DAYS)) == 0
    assert expire_requests(today=TODAY + timedelta(days=OPEN_DAYS + 1)) == 1
    request.refresh_from_db()
    assert request.state == "expired"
    renew_request(request=request, by=person, today=TODAY + timedelta(days=100))
    assert (request.state, request.expires_on) == ("open", TODAY + timedelta(days=100 + OPEN_DAYS))
    withdraw_request(request=request, by=person)
    with pytest.raises(ConflictError):
        renew_request(request=request, by=person, today=TODAY)
    open_request(request=request, by=person, today=TODAY)
    with pytest.raises(ConflictError):
        open_request(request=request, by=person, today=TODAY)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"needs": ()}, "request_lacks_when"),
        ({"group_max": 0}, "request_lacks_people"),
        ({"title": ""}, "request_lacks_title"),
    ],
)
@pytest.mark.django_db
def test_a_request_without_when_how_many_or_a_name_stays_a_draft(values: dict[str, Any], code: str) -> None:
    request = make_request(opened=False, **values)
    with pytest.raises(InputError) as error:
        open_request(request=request, by=request.asked_by, today=TODAY)
    assert error.value.code == code


@pytest.mark.django_db
def test_every_step_of_a_request_keeps_what_was_typed(client: Client) -> None:
    programme, person = make_programme(), make_person()
    organisation = make_organisation(programme, member=person)
    row = make_request(programme, asked_by=person, opened=False)
    client.force_login(person)
    posts: dict[str, dict[str, Any]] = {
        "questions": {"days": ["0", "3"], "start": "18:00", "end": "21:30", "minutes": "90", "weeks": "26", "people": "14"},
        "activity": {
            "title": "Koor",
            "cause": "music",
            "for_whom": "Buren",
            "brings_about": "Mensen zingen samen",
            "kind_of_activity": "personal_contact",
            "organisation": str(organisation.pk),
            "is_sheltered": "on",
        },
        "musts": {"step_free": "on", "facilities": ["toilet"], "wishes": ["piano"], "activities": ["live_music"], "area_m2": "40"},
        "budget": {"can_pay": "some", "budget": "12.5", "budget_per": "hour"},
        "now": {"meets_now": "ending_room", "meets_until": "2027-01-31"},
    }  # fmt: skip
    for name, values in posts.items():
        assert client.post(f"/requests/{row.pk}/{name}/", values).status_code == 302, name
    row = Request.objects.every(because="test").get(pk=row.pk)
    rule = need_of(row.rules.get())
    assert isinstance(rule, Weekly)
    assert (rule.weekdays, rule.window, rule.minutes, rule.weeks) == (frozenset({0, 3}), Window(1080, 1290), 90, 26)
    assert (row.group_max, row.title, row.cause, row.is_sheltered) == (14, "Koor", "music", True)
    assert row.organisation == organisation
    assert (row.step_free, row.facilities, row.wishes, row.area_m2) == (True, ["toilet"], ["piano"], 40)
    assert (row.budget_cents, row.meets_now, row.meets_until) == (1250, "ending_room", date(2027, 1, 31))
    for name, values in posts.items():  # and shows it again
        page = client.get(f"/requests/{row.pk}/{name}/").content.decode()
        for value in values.values():
            if isinstance(value, str) and value != "on":
                assert value in page, (name, value)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("questions", {"days": ["1"], "start": "19:00", "end": "20:00", "minutes": "120"}),
        ("questions", {"days": ["9"]}),
        ("questions", {"people": "0"}),
        ("questions", {"first": "2126-01-01"}),
        ("activity", {"title": ""}),
        ("activity", {"title": "x", "organisation": "somebody else's"}),
        ("budget", {"can_pay": "some"}),
        ("now", {"meets_until": "soon"}),
        ("musts", {"facilities": ["a moat"]}),
    ],
)
@pytest.mark.django_db
def test_what_makes_no_sense_comes_back_with_a_sentence_and_changes_nothing(
    client: Client, name: str, values: dict[str, Any]
) -> None:
    row = make_request(asked_by=make_person())
    before = Request.objects.every(because="test").filter(pk=row.pk).values().get()
    client.force_login(row.asked_by)
    answer = client.post(f"/requests/{row.pk}/{name}/", values)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert Request.objects.every(because="test").filter(pk=row.pk).values().get() == before


@pytest.mark.django_db
def test_three_answers_become_a_draft_only_after_signing_in_and_are_not_lost(client: Client) -> None:
    make_programme()
    answers = {"days": ["1"], "start": "18:00", "end": "22:00", "minutes": "120", "people": "12"}
    answer = client.post("/ask/", answers)
    assert answer.status_code == 302
    assert not Request.objects.every(because="test").exists()
    assert "people%3D12" in answer["Location"]
    client.force_login(make_person())
    answer = client.post("/ask/", answers)
    row = Request.objects.every(because="test").get()
    assert answer["Location"] == f"/requests/{row.pk}/"
    assert (row.state, row.group_max) == ("draft", 12)
    assert timezone.localdate() <= (row.rules.get().first or date.min)
