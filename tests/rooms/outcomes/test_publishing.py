"""Reports: what is published stays, what is small stays hidden, what was wrong is listed."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.rooms.outcomes.makers import NOW, make_pilot, make_published, make_report, pilot_period

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.events import happened
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.headlines import headlines
from meervoud.outcomes.models import Published, Released
from meervoud.outcomes.pictures import say_used, week_views
from meervoud.outcomes.publishable import gives_away, hidden_numbers, numbers_released, publishable
from meervoud.outcomes.register import GivesAwayError
from meervoud.outcomes.reporting import add_story, begin_report, change_report, publish_report, take_story_back
from meervoud.usage.models import UsageMoment
from meervoud.usage.settled import MomentSettled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ENGLISH = {"accept-language": "en"}
STORY = {"title": "The choir", "text": "They sing again.", "consent_of": "The choir", "consent_on": date(2024, 2, 1)}


def test_the_made_up_pilot_adds_up_to_what_was_published() -> None:
    programme, _ = make_pilot()
    use = facts_of(programme, *pilot_period())["use"]
    assert (use["hosts"], use["initiatives"], use["stays"]) == (14, 28, 423)
    assert use["room_minutes"] == 2_842 * 60
    assert use["people"] == {"least": 1_227, "most": None, "method": "bounds"}
    assert use["double_use_m2"] == 11_500
    said = {each.code: each for each in headlines(facts_of(programme, *pilot_period()))}
    assert said["people"].value == "at least 1,227 people"
    assert "118 days round the clock" in said["hours"].equals
    assert "9.5 times Paradiso" in said["double_use"].equals


def test_what_is_published_is_what_the_hash_says_and_never_changes() -> None:
    programme, staff = make_pilot()
    published = make_published(programme, staff, summary="Half a year")
    report = published.report
    assert hashlib.sha256(bytes(published.data)).hexdigest() == published.sha256
    before = read_frozen(published)
    UsageMoment.objects.every(because="a test").filter(agreement__programme=programme).update(people=50)
    assert read_frozen(Published.objects.visible_to(staff).get(pk=published.pk)) == before
    with pytest.raises(ConflictError, match="stays as it is"):
        change_report(report=report, by=staff, summary="Other words")
    with pytest.raises(ConflictError, match="stays as it is"):
        publish_report(report=report, by=staff, now=NOW)
    with pytest.raises(ConflictError, match="stays as it is"):
        add_story(report=report, by=staff, **STORY)


def test_the_database_itself_refuses_to_change_what_was_published() -> None:
    programme, staff = make_pilot()
    published = make_published(programme, staff)
    with pytest.raises(DatabaseError, match="what_was_published_stays"), transaction.atomic():
        Published.objects.visible_to(staff).filter(pk=published.pk).update(data=b"{}")


def test_bytes_that_are_not_those_of_the_hash_are_not_shown() -> None:
    programme, staff = make_pilot()
    published = make_published(programme, staff)
    published.data = json.dumps({"report": "another"}).encode()
    with pytest.raises(ConflictError, match="not what was published"):
        read_frozen(published)


def test_small_numbers_leave_in_no_table() -> None:
    programme, _staff = make_pilot()
    facts = facts_of(programme, *pilot_period())
    shown = publishable(facts)
    small = {(area, reason) for area, reason, number in facts["not_placed"]["counts"] if number < 5}
    assert small, "the control: there are small numbers"
    seen = {(area, reason): number for area, reason, number in shown["not_placed"]["counts"]}
    assert all(seen[each] is None for each in small)
    busy = {row["area"] for row in facts["areas"] if row["initiatives"] >= 5}
    assert {""} <= set(shown["hours"]["used"]) <= {"", *busy}
    assert "initiatives" not in shown["areas"][0]


def test_few_people_are_hidden_everywhere() -> None:
    programme, _staff = make_pilot()
    held = UsageMoment.objects.every(because="a test").filter(agreement__programme=programme)
    first = held.filter(state="held").order_by("starts_at").first()
    assert first is not None
    held.exclude(pk=first.pk).update(people=None, first_timers=None)
    held.filter(pk=first.pk).update(people=3, first_timers=3)
    shown = publishable(facts_of(programme, *pilot_period()))
    assert shown["use"]["visits"] is None
    assert shown["use"]["people"]["least"] is None
    said = {each.code: each.value for each in headlines(shown)}
    assert said["people"] == "fewer than 5 people, or hidden"
    assert all(number != 3 for number in _numbers(shown["areas"]))


def test_where_visits_are_hidden_nobody_reads_them_off_the_people() -> None:
    programme, _staff = make_pilot()
    facts = facts_of(programme, *pilot_period())
    small = {"visits": 8, "people": {**facts["use"]["people"], "least": 8, "most": 8}, "counted": 2}
    two = [{**row, "visits": 4 if at < 2 else 0} for at, row in enumerate(facts["areas"])]
    evidence = {code: {**row, "visits": 8 if code == "host" else 0} for code, row in facts["evidence"].items()}
    shown = publishable({**facts, "use": {**facts["use"], **small}, "areas": two, "evidence": evidence})
    assert shown["use"]["visits"] is None
    assert (shown["use"]["people"]["least"], shown["use"]["people"]["most"], shown["use"]["counted"]) == (
        None,
        None,
        None,
    )
    assert {row["visits"] for row in (*shown["areas"], *shown["evidence"].values())} == {None}


def test_a_period_without_use_says_nothing_of_few_groups() -> None:
    programme, _staff = make_pilot()
    facts = publishable(facts_of(programme, date(2023, 1, 1), date(2023, 1, 31)))
    assert not any("Few groups" in each for each in say_used(facts, ""))
    assert len(week_views(facts, "")) == 3


def test_every_number_that_is_hidden_is_counted() -> None:
    programme, _staff = make_pilot()
    facts = publishable(facts_of(programme, *pilot_period()))
    assert facts["imported"] is None
    parts = [facts[name] for name in ("use", "evidence", "areas", "not_placed", "room_before")]
    assert hidden_numbers(facts) == _nones(parts) > 0
    facts["use"]["visits"] = facts["use"]["people"]["least"] = None
    assert hidden_numbers(facts) == _nones(parts)


def _nones(value: Any) -> int:
    """Count what is None anywhere; the row of no place, and no upper end, hide nothing."""
    if isinstance(value, dict):
        return sum(_nones(each) for name, each in value.items() if name not in ("most", "area"))
    return sum(map(_nones, value)) if isinstance(value, list) else int(value is None)


def _numbers(rows: Any) -> list[Any]:
    return [each["visits"] for each in rows]


def test_a_report_that_would_give_a_small_group_away_beside_another_is_refused() -> None:
    programme, staff = make_pilot()
    first, last = pilot_period()
    make_published(programme, staff, (first, last))
    held = UsageMoment.objects.every(because="a test").filter(agreement__programme=programme, state="held")
    one = held.filter(people__isnull=False).order_by("starts_at").first()
    assert one is not None
    held.filter(pk=one.pk).update(people=(one.people or 0) + 3)
    happened(MomentSettled(one))
    with pytest.raises(GivesAwayError) as refused:
        make_published(programme, staff, (first, last + timedelta(days=3)), title="Three days more")
    assert refused.value.title == "A year of rooms"
    assert Published.objects.visible_to(staff).count() == 1


def test_without_the_register_the_difference_would_be_there_to_read() -> None:
    programme, staff = make_pilot()
    facts = publishable(facts_of(programme, *pilot_period()))
    numbers = list(numbers_released(facts))
    total = next(each for each in numbers if each.statistic == "visits" and not each.filter)
    other = type(total)("visits", frozenset(), total.starts, total.ends + timedelta(days=1), (total.n or 0) + 2)
    assert gives_away([], [other]) is None, "the control: nothing was published before"
    assert gives_away(numbers, [other]) == (total, other)
    assert Released.objects.visible_to(staff).count() == 0


def test_the_same_report_can_be_published_again_word_for_word() -> None:
    programme, staff = make_pilot()
    make_published(programme, staff)
    make_published(programme, staff, title="Again")
    assert Published.objects.visible_to(staff).count() == 2


def test_a_visitor_opens_a_figure_to_its_definition_and_evidence() -> None:
    programme, staff = make_pilot()
    report = make_published(programme, staff).report
    page = Client().get(f"/reports/{report.pk}/figures/hours/", headers=ENGLISH).content.decode()
    assert "Time that two groups share in one room counts once" in page
    assert "nobody objected in 7 days" in page
    assert "/moments/" not in page
    assert Client().get(f"/reports/{report.pk}/figures/nothing/").status_code == 404


def test_a_draft_is_for_the_desk_only() -> None:
    programme, staff = make_pilot()
    report = make_report(programme, staff)
    assert Client().get(f"/reports/{report.pk}/").status_code == 404
    assert report.title not in Client().get("/reports/").content.decode()


def test_a_story_needs_consent_and_can_be_taken_back_after_it_was_published() -> None:
    programme, staff = make_pilot()
    report = make_report(programme, staff)
    bare = add_story(report=report, by=staff, title="No consent", text="They sing.")
    with pytest.raises(ConflictError, match="lacks the consent"):
        publish_report(report=report, by=staff, now=NOW)
    take_story_back(story=bare, by=staff, now=NOW)
    story = add_story(report=report, by=staff, picture=b"RIFFpicture", picture_alt="A hall", **STORY)
    published = publish_report(report=report, by=staff, now=NOW)
    picture = f"/reports/stories/{story.pk}/picture/"
    assert "They sing again." in Client().get(f"/reports/{report.pk}/").content.decode()
    assert Client().get(picture).content == b"RIFFpicture"
    take_story_back(story=story, by=staff, now=NOW)
    assert "They sing again." not in Client().get(f"/reports/{report.pk}/").content.decode()
    assert Client().get(picture).status_code == 404
    assert b"They sing again." not in bytes(published.data)


def test_a_period_that_is_not_over_is_refused() -> None:
    programme, staff = make_pilot()
    ahead = (NOW.date(), NOW.date() + timedelta(days=1))
    with pytest.raises(InputError, match="not over yet"):
        begin_report(programme=programme, title="Too soon", language="en", period=ahead, by=staff, now=NOW)


def test_what_others_say_the_initiatives_are_worth_is_in_no_sum() -> None:
    programme, _staff = make_pilot()
    facts = facts_of(programme, *pilot_period())
    assert facts["portfolio"][0]["cents"] == 3_600_000_000
    assert facts["contribution"]["cents"][2] < 100_000_000
    assert not any("36" in each.value for each in headlines(facts))


def test_few_requests_are_not_told() -> None:
    programme, _staff = make_pilot()
    facts = facts_of(programme, *pilot_period())
    for asked, placed, counts in ((3, 3, []), (20, 3, [["A", "waiting", 17]])):
        said = publishable({**facts, "not_placed": {"asked": asked, "placed": placed, "counts": counts}})["not_placed"]
        assert (said["asked"], said["placed"]) == (None, None)
    assert "initiatives" not in _small(publishable({**facts, "before": {**facts["use"], "initiatives": 2}})["before"])


def _small(use: Any) -> dict[str, Any]:
    return {name: number for name, number in use.items() if isinstance(number, int) and 0 < number < 5}
