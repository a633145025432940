"""What a person takes along is all of their own and nothing of others; what is erased is gone from it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_person, make_programme, make_request
from tests.rooms.matrix.world import NOW, TODAY, make_proposal, noon
from tests.rooms.site.api_client import ask

from meervoud.matching.answering import Said, say_more, say_no
from meervoud.matching.desk_cases import note_on_request
from meervoud.matching.desk_filters import Chosen, save_filter
from meervoud.matching.desk_merging import merge_requests
from meervoud.matching.models import Answer, DeskNote, SavedFilter
from meervoud.outcomes.impact.writing import About, begin_plan
from meervoud.outcomes.models import ImpactPlan
from meervoud.parties.models import Person, Programme, Report
from meervoud.parties.privacy import forget
from meervoud.parties.reports import Reported, report
from meervoud.site.keys import make_key
from meervoud.site.models import ApiKey
from meervoud.site.own_data import TOLD, everything_about
from meervoud.site.own_use import USED

pytestmark = pytest.mark.django_db
TEST = "a test"
HERE = {*TOLD, "reports"} - {"agreements", "contacts", "endings", *USED}
"""What this file makes one of; agreements, their contacts and ends, and what is used have tests of their own."""


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


def somebody_with_everything(programme: Programme, mark: str) -> tuple[Person, str]:
    """Make a matchmaker who also lends and asks, with one of each; all their texts hold the mark."""
    person = make_matchmaker(programme)
    person.name = f"{mark} Matchmaker"
    person.save()
    _, secret = make_key(person=person, name=f"{mark} planner", scopes=["read:offers"], now=NOW)
    asked = make_request(programme, asked_by=person, title=f"{mark} choir")
    offer = make_offer(programme, host=make_organisation(programme, member=make_person()))
    proposal = make_proposal(asked, offer, make_matchmaker(programme), is_asked=True)
    say_more(proposal=proposal, said=Said("asker", person, NOW, f"{mark} asks for a piano"), kind="question")
    say_no(proposal=proposal, said=Said("asker", person, NOW, f"{mark} says why"), reason="too_far")
    chosen = Chosen({"words": f"{mark} words"})
    save_filter(by=person, programme=programme, name=f"{mark} filter", chosen=chosen, is_shared=True)
    note_on_request(request=asked, by=person, text=f"{mark} notes", now=NOW)
    begin_plan(title=f"{mark} plan", about=About(programme, request=asked), language="en", by=person)
    about = Reported("offer", offer.pk, programme)
    report(reported=about, by=person, wrong="not_true", text=f"{mark} reports", now=NOW)
    return person, secret


def export_of(person: Person) -> dict[str, list[dict[str, object]]]:
    client = Client()
    client.force_login(person)
    answer = client.get("/me/export/")
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(json.loads(answer.content))


def test_a_person_takes_along_one_of_each() -> None:
    programme = make_programme()
    person, secret = somebody_with_everything(programme, "Zwaluw")
    with patch("django.utils.timezone.now", return_value=NOW + timedelta(hours=1)):
        assert ask("my/offers", secret).status_code == 200
        told = export_of(person)
    (key,) = told["api_keys"]
    assert (key["name"], key["scopes"]) == ("Zwaluw planner", ["read:offers"])
    assert (key["made_at"], key["last_used_at"]) == (NOW.isoformat(), (NOW + timedelta(hours=1)).isoformat())
    said = {(each["side"], each["kind"], each["reason"], each["text"]) for each in told["answers"]}
    assert said >= {
        ("asker", "question", "", "Zwaluw asks for a piano"),
        ("asker", "no", "too_far", "Zwaluw says why"),
    }
    assert {each["at"] for each in told["answers"]} == {NOW.isoformat()}
    (saved,) = told["saved_filters"]
    assert (saved["name"], saved["filters"], saved["is_shared"]) == ("Zwaluw filter", {"words": "Zwaluw words"}, True)
    assert [each["text"] for each in told["desk_notes"]] == ["Zwaluw notes"]
    assert [(each["wrong"], each["text"]) for each in told["reports"]] == [("not_true", "Zwaluw reports")]
    assert [each["title"] for each in told["requests"]] == ["Zwaluw choir"]


def test_no_secret_is_handed_out() -> None:
    person, secret = somebody_with_everything(make_programme(), "Zwaluw")
    text = json.dumps(everything_about(person))
    key = ApiKey.objects.visible_to(person).get()
    for kept in (secret, secret.removeprefix("mv_"), key.secret_hash, person.password):
        assert kept
        assert kept not in text


def test_nothing_of_a_colleague_is_in_it() -> None:
    programme = make_programme()
    own, _ = somebody_with_everything(programme, "Zwaluw")
    other, _ = somebody_with_everything(programme, "Reiger")
    assert all(everything_about(other)[name] for name in HERE)
    assert "Reiger" not in json.dumps(everything_about(own))
    assert "Zwaluw" not in json.dumps(everything_about(other))


def test_a_note_that_a_merge_copied_is_handed_out_once() -> None:
    programme = make_programme()
    desk, asker = make_matchmaker(programme), make_person()
    first, second = (make_request(programme, asked_by=asker) for _ in range(2))
    note_on_request(request=first, by=desk, text="Once is enough", now=NOW)
    merge_requests(keep=second, other=first, by=desk, now=NOW, today=TODAY)
    assert DeskNote.objects.every(because=TEST).filter(by=desk, text="Once is enough").count() == 2
    assert [each["text"] for each in everything_about(desk)["desk_notes"]].count("Once is enough") == 1


def test_what_is_erased_is_gone_and_the_others_stay() -> None:
    programme = make_programme()
    gone, secret = somebody_with_everything(programme, "Zwaluw")
    other, _ = somebody_with_everything(programme, "Reiger")
    forget(person=gone, by=None)
    told = everything_about(gone)
    assert {name: told[name] for name in HERE if name != "requests"} == {
        "answers": [],
        "saved_filters": [],
        "desk_notes": [],
        "api_keys": [],
        "reports": [],
        "impact_plans": [],
    }
    assert "Zwaluw" not in json.dumps(told)
    assert ask("my/offers", secret).status_code == 401
    assert all(everything_about(other)[name] for name in HERE)
    rows = (Answer.objects, Report.objects, DeskNote.objects)
    texts = [each.text for manager in rows for each in manager.every(because=TEST)]
    assert [text for text in texts if "Zwaluw" in text and "notes" not in text] == []
    assert not SavedFilter.objects.every(because=TEST).filter(name__contains="Zwaluw").exists()
    assert [each.title for each in ImpactPlan.objects.every(because=TEST)] == ["Reiger plan"]
