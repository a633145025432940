"""Every issue, grade, cap and refusal that the core of impact can raise has a sentence, with the same gaps."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

from meervoud.core.impact.issues import Issue
from meervoud.core.impact.theory_of_change import Assumption, Evidence, Graph, Kind, Link, Node, Term, validate
from meervoud.files.impact.statement_out import say_issue
from meervoud.files.impact_messages import GRADES, ISSUES
from meervoud.files.messages import MESSAGES
from meervoud.files.wording.language import language

CORE = Path(str(files("meervoud.core.impact")))
GAP = re.compile(r"%\((\w+)\)s")


class Raised(NamedTuple):
    """An issue or error as the source raises it; gaps are None where they are given as a table (`**gaps`)."""

    code: str
    gaps: frozenset[str] | None


def raised(names: set[str]) -> Iterator[Raised]:
    """Yield each call of these functions in core.impact with its code and the names of its gaps."""
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                given = {each.arg: each.value for each in node.keywords}
                code = given.pop("code", node.args[0] if names != {"InputError"} else None)
                gaps = None if None in given else frozenset(map(str, given))
                if isinstance(code, ast.Constant):
                    yield Raised(str(code.value), gaps)


def test_every_issue_has_a_sentence_with_the_same_gaps() -> None:
    found = defaultdict[str, set[frozenset[str] | None]](set)
    for each in raised({"error", "warning"}):
        found[each.code].add(each.gaps)
    assert {f"T{number}" for number in range(16)} <= found.keys() <= ISSUES.keys()
    for code, kinds in found.items():
        for gaps in kinds - {None}:
            assert gaps is not None
            assert set(GAP.findall(ISSUES[code])) <= gaps, code


def test_every_refusal_has_a_sentence_with_the_same_gaps() -> None:
    found = [each for each in raised({"InputError"}) if each.code in MESSAGES]
    assert {
        *("priority_score", "points_sum", "points_unusable", "points_priority", "materiality_score"),
        *("people_unusable", "dose_unusable"),
    } <= {each.code for each in found}
    for each in found:
        assert each.gaps is None or set(GAP.findall(MESSAGES[each.code])) <= each.gaps, each.code


def node(name: str, kind: Kind, **more: object) -> Node:
    return Node(name, kind, {"en": name}, **more)  # type: ignore[arg-type]  # names of fields


ROOM, CAFE = node("room", Kind.INPUT), node("cafe", Kind.ACTIVITY, uses_space=True)
FOR = frozenset({"learners"})
SPEAK = node("speak", Kind.OUTCOME, term=Term.SHORT, stakeholders=FOR, is_valued=True)
WORK = node("work", Kind.OUTCOME, term=Term.LONG, stakeholders=FOR, is_valued=True, materiality=6)
LOST = node("lost", Kind.OUTCOME, primary_indicators=frozenset(map(str, range(8))))
RISK = Assumption("they come back", 5)
BROKEN = Graph(
    (ROOM, CAFE, SPEAK, WORK, LOST, node("idle", Kind.ACTIVITY), node("other", Kind.INPUT), node("far", Kind.OUTPUT)),
    (
        Link("cafe", "speak"),
        Link("speak", "work", evidence=Evidence.PRACTICE, assumptions=(RISK,)),
        Link("speak", "room"),
        Link("work", "speak", evidence=Evidence.PRACTICE),
        Link("other", "far"),
    ),
)
TWICE = Graph((ROOM, ROOM), (Link("room", "nowhere"),))


def all_issues() -> list[Issue]:
    return [*validate(BROKEN, languages=["nl"]), *validate(TWICE)]


def test_a_theory_with_every_fault_is_told_without_a_gap_left_open() -> None:
    issues = all_issues()
    assert {each.code for each in issues} == {f"T{number}" for number in range(16)}
    said = language("en")
    for each in issues:
        sentence = say_issue(said, each)
        assert "%(" not in sentence
        assert all(value in sentence for name, value in each.gaps if f"%({name})s" in ISSUES[each.code])
        assert sentence.endswith(".")


@pytest.mark.parametrize("code", ["T2", "T4", "T5", "T6", "T7", "T8", "T9", "T11", "T12", "T13", "T14", "T15"])
def test_the_sentence_says_what_the_core_says(code: str) -> None:
    for each in all_issues():
        if each.code == code:
            assert say_issue(language("en"), each) == each.message


def test_every_grade_has_a_name() -> None:
    assert set("ABCDE") <= GRADES.keys()
    assert all(GRADES.values())
