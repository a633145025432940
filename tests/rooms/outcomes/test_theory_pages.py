"""The theory of change on the screen: drawn and listed alike, changed by plain forms; nobody's words get lost."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.rooms.makers import make_person
from tests.rooms.outcomes.impact_makers import LINKS, NODES, STAKEHOLDERS, lock, make_unsigned_plan, owner, write

from meervoud.files.impact.examples import read_examples
from meervoud.outcomes.impact.book import Content, book_of
from meervoud.outcomes.impact.rules import what_lacks
from meervoud.outcomes.impact.theory_edits import MOST_BOXES, MOST_UNDO
from meervoud.outcomes.models import ImpactPlan, Step

pytestmark = pytest.mark.django_db
BOX = {"kind": "outcome", "label": "They vote", "term": "long", "stakeholders": ["s1"]}
ASSUMED = {
    f"assumption{number}-{name}": value for number in range(3) for name, value in (("risk", 3), ("status", "open"))
}
ARROW = {
    "start": "n3",
    "end": "n4",
    "kind": "contributes",
    "rationale": "It takes evenings.",
    "evidence": "1",
    **ASSUMED,
}


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def plan() -> ImpactPlan:
    return make_unsigned_plan()


@pytest.fixture
def writer(plan: ImpactPlan, client: Client) -> Client:
    client.force_login(owner(plan))
    return client


def at(plan: ImpactPlan, name: str, *args: str) -> str:
    return reverse(name, args=[plan.pk, *args])


def edits(plan: ImpactPlan) -> int:
    found = book_of(plan).versions.get(Step.THEORY)
    return found.edits if found else 0


def send(client: Client, plan: ImpactPlan, name: str, *args: str, **said: Any) -> Any:
    return client.post(at(plan, name, *args), {"edits": edits(plan), **said})


def theory(plan: ImpactPlan) -> Content:
    return book_of(plan).content(Step.THEORY)


def drawn(plan: ImpactPlan) -> tuple[list[str], list[tuple[str, str]]]:
    said = theory(plan)
    return [each["id"] for each in said["nodes"]], [(each["start"], each["end"]) for each in said["links"]]


def shown(client: Client, plan: ImpactPlan) -> str:
    return str(client.get(at(plan, "impact_theory"), follow=True).content.decode())


class TestBoxes:
    def test_a_box_is_added_changed_and_removed_with_its_arrows(self, writer: Client, plan: ImpactPlan) -> None:
        answer = send(writer, plan, "impact_node_add", **BOX)
        assert answer.headers["Location"] == at(plan, "impact_theory") + "#box-n005"
        assert theory(plan)["nodes"][-1]["label"] == {"en": "They vote"}
        send(writer, plan, "impact_node", "n005", **{**BOX, "label": "They stand for the council"})
        assert theory(plan)["nodes"][-1]["label"] == {"en": "They stand for the council"}
        send(writer, plan, "impact_node", "n2", remove="1")
        assert drawn(plan) == (["n1", "n3", "n4", "n005"], [])

    def test_only_what_a_kind_can_have_is_kept(self, writer: Client, plan: ImpactPlan) -> None:
        everything = {**BOX, "kind": "activity", "is_negative": "on", "is_unintended": "on", "uses_space": "on"}
        send(writer, plan, "impact_node_add", **everything)
        row = theory(plan)["nodes"][-1]
        assert (row["term"], row["stakeholders"], row["is_negative"], row["is_intended"]) == ("", [], False, True)
        assert (row["uses_space"], row["ledger_selector"]) == (True, "all")
        send(writer, plan, "impact_node", row["id"], **{**everything, "kind": "outcome"})
        row = theory(plan)["nodes"][-1]
        assert (row["is_negative"], row["is_intended"], row["uses_space"], row["ledger_selector"]) == (
            True,
            False,
            False,
            "",
        )

    def test_changed_words_drop_other_languages_and_the_same_words_keep_them(
        self, writer: Client, plan: ImpactPlan
    ) -> None:
        both = {"en": "More satisfied", "nl": "Meer tevreden"}
        write(plan, Step.THEORY, {"nodes": [{**NODES[2], "label": both}], "links": []})
        send(writer, plan, "impact_node", "n3", **{**BOX, "label": "More satisfied"})
        assert theory(plan)["nodes"][0]["label"] == both
        send(writer, plan, "impact_node", "n3", **{**BOX, "label": "Happy"})
        assert theory(plan)["nodes"][0]["label"] == {"en": "Happy"}

    def test_an_id_is_not_used_again_while_a_later_step_names_it(self, writer: Client, plan: ImpactPlan) -> None:
        send(writer, plan, "impact_node_add", **BOX)
        write(plan, Step.INDICATORS, {"outcomes": [{"outcome": "n005", "indicator": "people"}]})
        send(writer, plan, "impact_node", "n005", remove="1")
        write(plan, Step.THEORY, {**theory(plan), "undo": []})
        send(writer, plan, "impact_node_add", **BOX)
        assert drawn(plan)[0][-1] == "n006"
        assert book_of(plan).rows(Step.INDICATORS, "outcomes")[0]["outcome"] == "n005"

    def test_a_wish_that_is_drawn_keeps_its_id_and_so_its_points(self, writer: Client, plan: ImpactPlan) -> None:
        wish = {"id": "o1", "name": {"en": "Less fear", "nl": "Minder angst"}, "points": {"s1": 100}}
        write(plan, Step.STAKEHOLDERS, {"stakeholders": STAKEHOLDERS, "wishes": [wish]})
        address = f"{at(plan, 'impact_node_add')}?wish=o1"
        assert address.replace("&", "&amp;") in shown(writer, plan)
        assert 'value="Less fear"' in writer.get(address).content.decode()
        send(writer, plan, "impact_node_add", **{**BOX, "label": "Less fear", "wish": "o1"})
        assert theory(plan)["nodes"][-1]["id"] == "o1"
        assert theory(plan)["nodes"][-1]["label"] == wish["name"]
        send(writer, plan, "impact_node_add", **{**BOX, "wish": "n1"})
        assert drawn(plan)[0][-1] not in ("o1", "n1"), "only a wish gives its id"


class TestArrows:
    def test_an_arrow_is_added_changed_and_removed(self, writer: Client, plan: ImpactPlan) -> None:
        assumed = {"assumption0-text": "They have time", "assumption0-risk": "5", "assumption0-test": "We ask them"}
        send(writer, plan, "impact_link_add", **{**ARROW, **assumed})
        row = theory(plan)["links"][-1]
        assert (row["start"], row["end"], row["evidence"]) == ("n3", "n4", 1)
        assert row["assumptions"] == [
            {
                "text": {"en": "They have time"},
                "risk": 5,
                "is_tested": True,
                "test": {"en": "We ask them"},
                "status": "open",
            }
        ]
        assert "We ask them" in shown(writer, plan)
        send(writer, plan, "impact_link", "n3", "n4", **{**ARROW, "start": "n1", "evidence": "3"})
        assert drawn(plan)[1][-1] == ("n1", "n4"), "its ends may change; it stays in its place"
        assert theory(plan)["links"][-1]["assumptions"] == []
        send(writer, plan, "impact_link", "n1", "n4", remove="1")
        assert len(drawn(plan)[1]) == len(LINKS)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"end": "n3"},
            {"end": "nothing"},
            {"start": "../../x"},
            {"start": "n1", "end": "n2"},
            {"evidence": "9"},
            {"kind": "burns"},
            {"rationale": "x" * 100_000},
            {"assumption0-text": "x", "assumption0-risk": "6"},
        ],
    )
    def test_what_is_no_arrow_is_refused_and_the_words_stay(
        self, writer: Client, plan: ImpactPlan, wrong: dict[str, str]
    ) -> None:
        answer = send(writer, plan, "impact_link_add", **{"rationale": "Words to keep", **ARROW, **wrong})
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
        assert wrong.get("rationale", "It takes evenings.") in answer.content.decode()
        assert len(drawn(plan)[1]) == len(LINKS)

    def test_the_form_knows_the_boxes_of_the_address(self, writer: Client, plan: ImpactPlan) -> None:
        html = writer.get(f"{at(plan, 'impact_link_add')}?from=n3&to=n4").content.decode()
        assert re.findall(r'<option value="(n\d)" selected>', html) == ["n3", "n4"]
        assert writer.get(f"{at(plan, 'impact_link_add')}?from=%00&to=<b>").status_code == 200


class TestUndo:
    def test_each_change_is_taken_back_in_turn(self, writer: Client, plan: ImpactPlan) -> None:
        first = {name: theory(plan)[name] for name in ("nodes", "links", "looked_for_harm")}
        send(writer, plan, "impact_node_add", **BOX)
        send(writer, plan, "impact_link_add", **ARROW)
        send(writer, plan, "impact_node", "n2", remove="1")
        send(writer, plan, "impact_node", "n3", **{**BOX, "label": "Other"})
        send(writer, plan, "impact_looked", looked="1")
        assert theory(plan)["looked_for_harm"] is True
        for _ in range(5):
            assert "Take the last change back" in shown(writer, plan)
            send(writer, plan, "impact_undo")
        assert theory(plan) == {**first, "undo": []}, "also the places of what came back"
        assert "Take the last change back" not in shown(writer, plan)
        before = edits(plan)
        send(writer, plan, "impact_undo")
        assert edits(plan) == before

    def test_at_most_twenty_steps_are_kept_and_none_holds_another(self, writer: Client, plan: ImpactPlan) -> None:
        for number in range(MOST_UNDO + 3):
            send(writer, plan, "impact_node", "n3", **{**BOX, "label": f"Name {number}"})
        steps = theory(plan)["undo"]
        assert len(steps) == MOST_UNDO
        assert all(each.keys() == {"nodes", "links", "looked_for_harm"} for each in steps)
        assert all(len(each["nodes"]["were"]) == 1 for each in steps), "only what changed"


class TestTwoWriters:
    def test_whoever_is_second_is_told_and_loses_nothing(self, writer: Client, plan: ImpactPlan) -> None:
        old = edits(plan)
        send(writer, plan, "impact_node", "n3", **{**BOX, "label": "The first"})
        answer = send(writer, plan, "impact_node", "n3", **{**BOX, "label": "The second"}, edits=old)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Somebody else changed the theory of change" in html
        assert 'value="The second"' in html
        assert theory(plan)["nodes"][2]["label"] == {"en": "The first"}
        assert f'name="edits" value="{edits(plan)}"' in html, "who keeps it again has been told"

    def test_words_about_a_box_that_is_gone_become_a_new_box(self, writer: Client, plan: ImpactPlan) -> None:
        old = edits(plan)
        send(writer, plan, "impact_node", "n3", remove="1")
        answer = send(writer, plan, "impact_node", "n3", **{**BOX, "label": "My words"}, edits=old)
        assert answer.status_code == 422
        assert 'value="My words"' in answer.content.decode()
        assert f'action="{at(plan, "impact_node_add")}"' in answer.content.decode()
        assert send(writer, plan, "impact_node", "n3", **BOX).status_code == 404

    @pytest.mark.parametrize("name", ["impact_undo", "impact_looked"])
    def test_a_button_of_an_old_page_does_nothing(self, writer: Client, plan: ImpactPlan, name: str) -> None:
        send(writer, plan, "impact_node_add", **BOX)
        before = theory(plan)
        for old in (0, -5, "x", "9" * 500, ""):
            answer = writer.post(at(plan, name), {"edits": old, "looked": "1"}, follow=True)
            assert "Somebody else changed the theory of change" in answer.content.decode()
        assert theory(plan) == before

    def test_a_locked_step_is_not_changed(self, writer: Client, plan: ImpactPlan) -> None:
        lock(plan, Step.THEORY)
        before = theory(plan)
        answer = send(writer, plan, "impact_node_add", **BOX)
        assert answer.status_code == 422
        assert 'value="They vote"' in answer.content.decode()
        send(writer, plan, "impact_node", "n2", remove="1")
        send(writer, plan, "impact_looked", looked="1")
        send(writer, plan, "impact_link_add", **ARROW)
        assert theory(plan) == before
        assert writer.get(at(plan, "impact_node", "n1")).status_code == 302
        html = shown(writer, plan)
        assert 'href="#box-n1"' in html
        assert at(plan, "impact_node", "n1") not in html
        assert at(plan, "impact_node_add") not in html


class TestWhoMay:
    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("impact_theory", ()),
            ("impact_node_add", ()),
            ("impact_node", ("n1",)),
            ("impact_link_add", ()),
            ("impact_link", ("n1", "n2")),
            ("impact_fit", ()),
        ],
    )
    def test_the_plan_of_somebody_else_is_not_there(
        self, client: Client, plan: ImpactPlan, name: str, args: tuple[str, ...]
    ) -> None:
        client.force_login(make_person())
        assert client.get(at(plan, name, *args)).status_code == 404
        for each in ("impact_looked", "impact_undo", "impact_example", "impact_node_add"):
            assert client.post(at(plan, each), {"edits": edits(plan), **BOX}).status_code == 404
        client.force_login(owner(plan))
        assert client.get(at(plan, name, *args)).status_code == 200

    def test_ids_that_are_not_there_are_not_found(self, writer: Client, plan: ImpactPlan) -> None:
        assert writer.get(at(plan, "impact_node", "n99")).status_code == 404
        assert writer.get(at(plan, "impact_link", "n1", "n4")).status_code == 404
        assert send(writer, plan, "impact_link", "n4", "n1", remove="1").status_code == 404


class TestThePage:
    def test_drawings_and_list_have_the_same_boxes_and_arrows(self, writer: Client, plan: ImpactPlan) -> None:
        html = shown(writer, plan)
        boxes = sorted(each["id"] for each in NODES)
        both = re.findall(r'data-box="(\w+)"', html)
        assert sorted(both[: len(boxes)]) == sorted(both[len(boxes) :]) == boxes
        assert sorted(re.findall(r'<li id="box-(\w+)"', html)) == boxes
        assert len(re.findall(r'class="arrow practice" d=', html)) == 2 * len(LINKS) + 1, "and one in the legend"
        listed = re.findall(r'<a class="button second small" href="[^"]*/arrow/(\w+)/(\w+)/"', html)
        assert sorted(listed) == sorted((each["start"], each["end"]) for each in LINKS)

    def test_what_is_wrong_leads_to_its_place(self, writer: Client, plan: ImpactPlan) -> None:
        loose = [
            *NODES[:3],
            {**NODES[2], "id": "n9", "label": {"nl": "Los", "en": "Loose <b>"}, "stakeholders": ["gone"]},
        ]
        write(plan, Step.THEORY, {"nodes": loose, "links": [{**LINKS[1], "evidence": 0}, LINKS[0]]})
        html = shown(writer, plan)
        assert f'“Loose &lt;b&gt;” is for nobody. Say for whom. <a href="{at(plan, "impact_node", "n9")}">' in html
        assert f'<a href="{at(plan, "impact_link", "n2", "n3")}">Change this arrow</a>' in html
        assert '<a href="#harm">' in html
        assert "Lock this version" not in html
        assert "<b>” is" not in html

    def test_huge_and_hostile_words_are_refused_or_shown_as_words(self, writer: Client, plan: ImpactPlan) -> None:
        assert send(writer, plan, "impact_node_add", **{**BOX, "label": "x" * 200_000}).status_code == 422
        assert send(writer, plan, "impact_node_add", **{**BOX, "stakeholders": ["s1", "s99"]}).status_code == 422
        send(writer, plan, "impact_node_add", **{**BOX, "label": "</text><script>alert(1)</script>" + "W" * 80})
        assert "<script>alert" not in shown(writer, plan)

    def test_two_hundred_boxes_are_shown_and_no_more_are_added(self, writer: Client, plan: ImpactPlan) -> None:
        kinds = ("input", "activity", "output", "outcome", "impact", "external")
        many = [{"id": f"n{each:03}", "kind": kinds[each % 6], "label": {"en": f"Box {each}"}} for each in range(200)]
        links = [{"start": f"n{each:03}", "end": f"n{(each * 7 + 3) % 200:03}"} for each in range(200)]
        write(plan, Step.THEORY, {"nodes": many, "links": links})
        assert shown(writer, plan).count("data-box=") == 400
        answer = send(writer, plan, "impact_node_add", **BOX)
        assert f"at most {MOST_BOXES} boxes" in answer.content.decode()

    def test_questions_to_the_database_do_not_grow_with_boxes(self, writer: Client, plan: ImpactPlan) -> None:
        counts = []
        for number in (3, 30):
            rows = [{**NODES[2], "id": f"n{each}"} for each in range(number)]
            write(plan, Step.THEORY, {"nodes": rows, "links": []})
            with CaptureQueriesContext(
                connection,
            ) as asked:
                shown(writer, plan)
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestExamples:
    @pytest.mark.parametrize("name", sorted(read_examples()))
    def test_every_example_begins_without_errors(self, client: Client, name: str) -> None:
        plan = make_unsigned_plan(steps=(Step.SCOPE,))
        client.force_login(owner(plan))
        assert f'value="{name}"' in shown(client, plan)
        send(client, plan, "impact_example", example=name)
        assert what_lacks(book_of(plan), Step.THEORY) == []
        assert what_lacks(book_of(plan), Step.STAKEHOLDERS) == []
        html = shown(client, plan)
        assert "Lock this version" in html
        assert html.count("data-box=") == 2 * len(theory(plan)["nodes"])

    def test_groups_that_are_named_stay_and_an_outcome_is_for_nobody_yet(self, client: Client) -> None:
        plan = make_unsigned_plan(steps=(Step.STAKEHOLDERS,))
        client.force_login(owner(plan))
        send(client, plan, "impact_example", example="buddies")
        assert book_of(plan).stakeholders.keys() == {"s1", "s2"}
        assert "is for nobody. Say for whom." in shown(client, plan)

    def test_an_example_only_begins_what_is_empty(self, writer: Client, plan: ImpactPlan) -> None:
        before = theory(plan)
        send(writer, plan, "impact_example", example="buddies")
        send(writer, plan, "impact_example", example="../buddies")
        assert theory(plan) == before
