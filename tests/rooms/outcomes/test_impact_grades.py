"""How well each figure of a value is known, from A to E: on the page of a run, of a report, on paper; also of long ago."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rooms.agreements.test_pdf import inflated, needs_poppler, pages_of, words_of
from tests.rooms.makers import make_matchmaker
from tests.rooms.outcomes.impact_makers import CLAIM, FULL, NOW, lock, make_impact_plan, make_pairs, owner, write

from meervoud.core.impact.grades import Grade
from meervoud.lib.typeset import Data, typeset
from meervoud.outcomes.frozen import read_bytes
from meervoud.outcomes.impact.grade_words import grades_of_report, grades_of_run
from meervoud.outcomes.impact.paper import impact_paper, impact_pdf
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.report_words import value_words
from meervoud.outcomes.impact.run_words import claims_of, three_lines
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.impact.writing import About, begin_plan
from meervoud.outcomes.models import ImpactPlan, ImpactReport, PortfolioValue, Step, ValuationRun
from meervoud.outcomes.report_papers import PAGES
from meervoud.usage.models import UsageMoment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TWELVE = tuple((5, 7) for _ in range(12))
REPORT = {
    "decisions": [{"what": "The evening", "choice": "keep", "why": "People come back"}],
    "telling": {"summary": "A year of talking.", "lessons": "Start at seven."},
    "funding": {"amount": 10_000, "purpose": "A second evening", "limits": "Volunteers"},
}
MARK = re.compile(
    r"<summary>How well it is known: ([A-E])<span class=\"hidden\">, ([^,<]+), ([^<]+)</span></summary>"
    r"<p>[^<]+</p>(?:<ul>((?:<li>[^<]*</li>)+)</ul>)?"
)
LINES = ("What hosts gave in kind", "Social value that this plan may claim")
OTHERS = "What the initiatives are worth according to others"


@pytest.fixture
def client() -> Client:
    """Somebody who reads English."""
    return Client(headers={"accept-language": "en"})


def make_ready(**changed: Any) -> ImpactPlan:
    """Make a plan with a claim, that can be valued and published."""
    plan = make_impact_plan(**changed)
    write(plan, Step.REPORT, REPORT)
    make_pairs(plan, TWELVE)
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
    return plan


def make_with_portfolio() -> ImpactPlan:
    """Make the plan of a programme of which others say what the initiatives are worth."""
    request = make_impact_plan(steps=()).request
    assert request is not None
    programme = request.programme
    PortfolioValue.objects.create(
        programme=programme, cents=3_600_000_000, initiatives=28, year=2023, source="A leaflet"
    )
    about = About(programme, programme=programme)
    plan = begin_plan(title="All", about=about, language="en", by=make_matchmaker(programme))
    for step, content in {**FULL, Step.REPORT: REPORT}.items():
        write(plan, step, content)
    make_pairs(plan, TWELVE)
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
    return plan


def value(plan: ImpactPlan) -> ValuationRun:
    return value_plan(plan=plan, by=owner(plan), now=NOW)


def publish(plan: ImpactPlan) -> ImpactReport:
    value(plan)
    return publish_impact_report(plan=plan, by=owner(plan), now=NOW)


def told(page: str) -> dict[str, tuple[str, str, str]]:
    """Return the grade, its meaning and its reasons by what it is about, as a page shows them."""
    return {name: (letter, meaning, reasons) for letter, meaning, name, reasons in MARK.findall(page)}


def long_ago(row: ImpactReport) -> ImpactReport:
    """Return a report as it was published before lines had grades."""
    facts = read_bytes(row)
    del facts["use"]["reasons"]
    del facts["value"]["grade"]
    data = json.dumps(facts).encode()
    return ImpactReport.objects.create(
        plan=row.plan, number=9, data=data, sha256=sha256(data).hexdigest(), sheets=row.sheets, at=NOW, by=row.by
    )


class TestRun:
    def test_each_line_and_each_claim_has_its_own_grade(self, client: Client) -> None:
        plan = make_with_portfolio()
        run = value(plan)
        client.force_login(owner(plan))
        shown = told(client.get(reverse("impact_run", args=[plan.pk, run.pk])).content.decode())
        assert set(shown) == {*LINES, OTHERS, "More satisfied / Newcomers"}
        assert shown[LINES[0]][:2] == ("A", "Well known")  # the host confirmed every moment
        assert shown[LINES[1]][:2] == ("C", "Partly known")  # twelve people were asked twice
        assert shown["More satisfied / Newcomers"][0] == "C"
        assert "10 to 29" in shown["More satisfied / Newcomers"][2]
        letter, meaning, why = shown[OTHERS]
        assert (letter, meaning) == ("E", "Not known")
        assert "somebody else" in why

    def test_what_nobody_saw_lowers_what_hosts_gave_and_the_claim(self) -> None:
        plan = make_ready()
        held = UsageMoment.objects.every(because="a test").filter(agreement__request=plan.request_id, state="held")
        held.update(evidence="silent")
        found = grades_of_run(value(plan).sources)
        assert found.in_kind is not None
        assert (found.in_kind.grade, found.in_kind.reasons) == (Grade.E, ("seldom_seen", "mostly_unseen"))
        assert found.outcomes["n3"].grade == Grade.D

    def test_a_value_is_known_no_better_than_its_weakest_claim(self) -> None:
        sources = {
            "extract": {"uses_by_evidence": {"host": 4}},
            "claims": {"a": {"outcome": "n1"}, "b": {"outcome": "n2"}},
            "grades": {
                name: {"grade": letter, "reasons": ["literature"]}
                for name, letter in (("n1", "B"), ("n2", "D"), ("not claimed", "E"))
            },
        }
        found = grades_of_run(sources)
        assert found.value is not None
        assert (found.value.grade, found.value.reasons) == (Grade.D, ("weakest_claim",))

    def test_a_grade_stays_what_it_was_when_the_value_was_computed(self) -> None:
        plan = make_ready()
        run = value(plan)
        before = grades_of_run(run.sources)
        plan.waves.all().delete()
        run.refresh_from_db()
        assert grades_of_run(run.sources) == before
        assert before.outcomes["n3"].grade == Grade.C

    def test_a_run_of_long_ago_opens_without_the_grades_it_did_not_keep(self, client: Client) -> None:
        plan = make_ready()
        run = value(plan)
        sources = {name: each for name, each in run.sources.items() if name != "grades"}
        old = ValuationRun.objects.create(
            plan=plan,
            case=run.case,
            seed=1,
            statement=run.statement,
            sources=sources,
            sha256="0" * 64,
            at=NOW,
            by=run.by,
        )
        client.force_login(owner(plan))
        answer = client.get(reverse("impact_run", args=[plan.pk, old.pk]))
        assert answer.status_code == 200
        assert set(told(answer.content.decode())) == {LINES[0]}


class TestReport:
    @pytest.mark.parametrize("name", ["impact_report", "impact_report_value"])
    def test_each_line_has_the_grade_that_was_frozen(self, client: Client, name: str) -> None:
        row = publish(make_with_portfolio())
        facts, shown = read_bytes(row), told(client.get(reverse(name, args=[row.pk])).content.decode())
        assert shown[LINES[0]][0] == facts["use"]["grade"]
        assert shown[LINES[1]][0] == facts["value"]["grade"] == "C"
        assert shown[OTHERS][0] == "E"
        assert "confirmed by the host" in shown[LINES[0]][2]
        claim = "More satisfied" if name == "impact_report" else "More satisfied / Newcomers"
        assert shown[claim][:2] == ("C", "Partly known")

    def test_a_report_and_its_run_say_the_same(self) -> None:
        plan = make_with_portfolio()
        run = value(plan)
        facts = read_bytes(publish(plan))
        mine, theirs = grades_of_run(run.sources), grades_of_report(facts)
        assert three_lines(run.statement, mine) == three_lines(facts["value"]["statement"], theirs)
        assert claims_of(run.sources, mine) == claims_of(facts["value"]["sources"], theirs)

    def test_a_report_of_before_opens_and_its_bytes_stay(self, client: Client) -> None:
        row = long_ago(publish(make_ready()))
        for name in ("impact_report", "impact_report_value", "impact_pdf", "impact_cids"):
            assert client.get(reverse(name, args=[row.pk])).status_code == 200
        assert sha256(client.get(reverse("impact_data", args=[row.pk])).content).hexdigest() == row.sha256
        shown = told(client.get(reverse("impact_report_value", args=[row.pk])).content.decode())
        assert shown[LINES[0]] == ("A", "Well known", "")  # the letter was kept, the reason was not
        assert LINES[1] not in shown

    def test_what_hosts_gave_has_its_grade_also_where_nothing_is_valued(self, client: Client) -> None:
        plan = make_ready(value={"claims": []})
        row = publish_impact_report(plan=plan, by=owner(plan), now=NOW)
        shown = told(client.get(reverse("impact_report", args=[row.pk])).content.decode())
        assert shown[LINES[0]][:2] == ("A", "Well known")
        [given] = [
            each
            for each in impact_paper(row, read_bytes(row))["sections"]
            if each["title"] == "What hosts gave in kind"
        ]
        assert given["lines"][1].startswith("How well it is known, from A to E: A.")

    def test_grades_bring_no_small_number_into_a_report(self) -> None:
        """What is frozen of a grade is a letter and codes; shares and numbers of its making stay behind."""
        facts = read_bytes(publish(make_ready()))
        assert facts["use"]["reasons"] == ["mostly_seen"]
        assert "grades" not in facts["value"]["sources"]
        assert CLAIM["outcome"] in grades_of_report(facts).outcomes


class TestPaper:
    def test_use_each_outcome_and_each_line_have_their_grade_and_the_letters_are_told_once(self) -> None:
        row = publish(make_with_portfolio())
        paper = impact_paper(row, read_bytes(row))
        parts = {each["title"]: each for each in paper["sections"]}
        known = "How well it is known, from A to E: "
        use = parts["How much it was used"]["lines"]
        assert next(each for each in use if each.startswith(known)).startswith(f"{known}A. Half or more")
        changed = parts["What changed"]["items"]
        assert [each["lines"][-1][len(known)] for each in changed] == ["C"]
        lines = parts["Three lines that are never added"]["items"]
        assert [each["lines"][-1][len(known)] for each in lines] == ["A", "C", "E"]
        assert json.dumps(paper).count("A is well known") == 1

    def test_without_use_there_is_no_grade_of_it(self) -> None:
        plan = make_ready(value={"claims": []}, scope={"first": "2019-01-01", "last": "2019-12-31"})
        row = publish_impact_report(plan=plan, by=owner(plan), now=NOW)
        use = next(
            each for each in impact_paper(row, read_bytes(row))["sections"] if each["title"] == "How much it was used"
        )
        assert not [each for each in use["lines"] if each.startswith("How well")]

    @needs_poppler
    @pytest.mark.parametrize("language", ["nl", "en", "da"])
    def test_it_is_one_tagged_page_in_every_language(self, tmp_path: Path, language: str) -> None:
        row = publish(make_with_portfolio())
        with translation.override(language):
            data = impact_pdf(row, read_bytes(row))
        assert pages_of(data, tmp_path) == 1
        inside = inflated(data).replace(b"/S /", b"/S/")
        for mark in (b"/StructTreeRoot", f"/Lang({language})".encode(), b"<pdfuaid:part>1</pdfuaid:part>", b"/S/H3"):
            assert mark in inside
        if language == "en":
            assert "A is well known" in words_of(data, tmp_path)

    @needs_poppler
    def test_what_was_just_one_page_without_grades_is_one_page_with_them(self, tmp_path: Path) -> None:
        row = publish(make_with_portfolio())
        facts = read_bytes(row)
        source = (PAGES / "impact.typ").read_bytes()
        apart = source.replace(b"else if fits(close) { close } ", b"")
        assert apart != source

        def pages(words: int, page: bytes, *, graded: bool) -> int:
            paper = impact_paper(row, {**facts, "telling": {"summary": "talking " * words}})
            return pages_of(typeset(page, paper if graded else ungraded(paper), NOW, root=PAGES), tmp_path)

        fits, too_many = 100, 2000
        assert pages(fits, apart, graded=False) == 1
        assert pages(too_many, apart, graded=False) > 1
        while too_many - fits > 4:
            middle = (fits + too_many) // 2
            fits, too_many = (middle, too_many) if pages(middle, apart, graded=False) == 1 else (fits, middle)
        assert pages(fits, source, graded=True) == 1
        assert pages(fits, apart, graded=True) > 1  # what would be if lines did not come closer


def ungraded(paper: Data) -> Data:
    """Return a paper without the lines that tell grades of use and value, as it was before it had them."""

    def kept(part: Mapping[str, Any]) -> list[str]:
        return [each for each in part["lines"] if not each.startswith(("How well it is known", "From A to E"))]

    def bare(part: dict[str, Any]) -> dict[str, Any]:
        items = part["items"]
        if part["title"] != "What changed":
            items = [{**each, "lines": kept(each)} for each in items]
        return {**part, "lines": kept(part), "items": items}

    return {**paper, "sections": [bare(each) for each in paper["sections"]]}


def test_a_value_without_a_grade_is_a_line_without_one() -> None:
    facts = read_bytes(long_ago(publish(make_ready())))
    found = value_words(facts)
    assert found is not None
    assert [each.grade is None for each in found["lines"]] == [False, True]
