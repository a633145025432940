"""What templates can say: dates, money, distances, icons, the week."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from meervoud.site.templatetags import house

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "said"), [("nl", "ma 23 nov 2026"), ("en", "Mon 23 Nov 2026"), ("da", "man 23. nov 2026")]
)
def test_a_day_is_said_in_the_language_of_the_page(code: str, said: str) -> None:
    with translation.override(code):
        assert house.day(date(2026, 11, 23)) == said
        assert house.day(EVENING) == said


def test_a_usage_moment_is_on_the_clock_of_the_place() -> None:
    with translation.override("nl"):
        assert house.moment(EVENING, EVENING.replace(hour=20)) == "ma 23 nov 2026 19:00-21:00"
        assert house.moment(EVENING, EVENING.replace(hour=23)) == "ma 23 nov 2026 19:00-24:00"
        assert house.moment(EVENING) == "ma 23 nov 2026 19:00"


def test_money_distances_and_numbers_follow_the_language() -> None:
    with translation.override("nl"):
        assert house.money(1250, "EUR").replace("\xa0", " ") == "€ 12,50"
        assert house.distance(1840) == "1,8 km"
        assert house.number(11500) == "11.500"
        assert house.percent(0.42) == "42%"
        assert house.named("vacant_shop", "kinds") == "leegstaande winkel"


def test_nothing_is_said_about_nothing() -> None:
    silent = [house.day(None), house.clock(None), house.moment(None), house.money(None), house.distance(None)]
    silent += [house.number(None), house.percent(None), house.span(None, None)]
    assert silent == [""] * 8


def test_an_icon_is_for_the_eye_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in house.icon("users")
    assert 'aria-label="People"' in house.icon("users", "People")
    assert "<svg" in house.icon("an-icon-that-is-not-there")


def test_the_hostile_name_of_an_icon_is_escaped() -> None:
    assert "<b>" not in house.icon("users", '"><b>')


def test_the_week_has_a_cell_for_each_half_hour() -> None:
    with translation.override("nl"):
        week = house.week_of({"1-38"}, {"0-38": "taken"}, first=34, last=40)
    assert [name for _, name in week.days][:2] == ["maandag", "dinsdag"]
    rows = [row for part in week.parts for row in part.rows]
    assert [row.label for row in rows] == ["17:00", "17:30", "18:00", "18:30", "19:00", "19:30"]
    assert [cell.value for row in rows for cell in row.cells if cell.is_chosen] == ["1-38"]
    assert (rows[4].cells[0].state, rows[4].cells[1].state) == ("taken", "closed")
    assert rows[4].cells[1].label == "dinsdag 19:00-19:30"


@pytest.mark.parametrize("kind", ["bad", "error", "good", "success", "warning", "info", ""])
def test_a_notice_says_its_kind_without_colour(kind: str) -> None:
    text = Template("{% include 'components/notice.html' with kind=kind text='Hello' only %}").render(
        Context({"kind": kind})
    )
    assert "<svg" in text
    assert 'class="hidden"' in text


def test_a_card_escapes_what_people_wrote_and_leaves_out_what_is_not_known() -> None:
    card = SimpleNamespace(name="<script>x</script>", url="/s/", kind="office", capacity=None)
    text = Template("{% include 'components/space_card.html' with card=card only %}").render(Context({"card": card}))
    assert "<script>" not in text
    assert "card-foot" not in text
    assert "people" not in text
