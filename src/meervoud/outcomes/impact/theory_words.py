"""What the parts of a theory of change are called on the screen, and what is wrong with one, in words with links."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.impact.issues import Issue
from meervoud.core.impact.theory_of_change import Graph, Kind, Term, validate
from meervoud.files.impact.statement_out import say_issue
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.theory import ABOUT_VALUE, graph_of
from meervoud.outcomes.models import Step

KINDS: Final = {
    Kind.INPUT: gettext_lazy("Input"),
    Kind.ACTIVITY: gettext_lazy("Activity"),
    Kind.OUTPUT: gettext_lazy("Output"),
    Kind.OUTCOME: gettext_lazy("Outcome"),
    Kind.IMPACT: gettext_lazy("Impact"),
    Kind.EXTERNAL: gettext_lazy("From outside"),
}
MEANT: Final = (
    (Kind.INPUT, gettext_lazy("Input: what you put in")),
    (Kind.ACTIVITY, gettext_lazy("Activity: what you do")),
    (Kind.OUTPUT, gettext_lazy("Output: what you can count afterwards")),
    (Kind.OUTCOME, gettext_lazy("Outcome: what changes for people")),
    (Kind.IMPACT, gettext_lazy("Impact: what it is all for in the end")),
    (Kind.EXTERNAL, gettext_lazy("From outside: what others do, or what happens anyway")),
)
HEADINGS: Final = {
    Kind.INPUT: gettext_lazy("Inputs"),
    Kind.ACTIVITY: gettext_lazy("Activities"),
    Kind.OUTPUT: gettext_lazy("Outputs"),
    Kind.IMPACT: gettext_lazy("Impact"),
    Kind.EXTERNAL: gettext_lazy("From outside"),
}
TERMS: Final = {
    Term.SHORT: gettext_lazy("Outcomes: soon"),
    Term.MEDIUM: gettext_lazy("Outcomes: later"),
    Term.LONG: gettext_lazy("Outcomes: in the long run"),
}
AFTER: Final = (
    (Term.SHORT, gettext_lazy("soon: within weeks or months")),
    (Term.MEDIUM, gettext_lazy("later: within a year or so")),
    (Term.LONG, gettext_lazy("in the long run: after years")),
)
LINKS: Final = (
    ("enables", gettext_lazy("enables: without it, it cannot begin")),
    ("contributes", gettext_lazy("contributes: it helps, beside other things")),
    ("requires", gettext_lazy("requires: all of it is needed")),
)
LEADS: Final = {
    "enables": gettext_lazy("enables"),
    "contributes": gettext_lazy("contributes to"),
    "requires": gettext_lazy("is required for"),
}
EVIDENCE: Final = (
    (0, gettext_lazy("We do not know; we believe it")),
    (1, gettext_lazy("From practice: we have seen it happen")),
    (2, gettext_lazy("From research elsewhere")),
    (3, gettext_lazy("We measured it ourselves, before and after")),
    (4, gettext_lazy("We measured it, beside a group without the activity")),
)
RISKS: Final = (
    (1, gettext_lazy("1: it will hold")),
    (2, gettext_lazy("2")),
    (3, gettext_lazy("3: it may hold or not")),
    (4, gettext_lazy("4")),
    (5, gettext_lazy("5: it may well not hold")),
)
STATUSES: Final = (
    ("open", gettext_lazy("We do not know yet")),
    ("holds", gettext_lazy("It holds")),
    ("fails", gettext_lazy("It does not hold")),
)
ABOUT_INDICATORS: Final = ("T6", "T11")
HARM: Final = "T9"


@dataclass(frozen=True)
class Told:
    """What is wrong or unusual, in a sentence, with the places to mend it.

    Attributes:
        code: of the rule.
        sentence: in the language of the page.
        is_error: the step cannot be locked before it is mended.
        places: names and addresses.
    """

    code: str
    sentence: str
    is_error: bool
    places: tuple[tuple[str, str], ...]


def heading_of(kind: Kind, term: Term | None) -> str:
    """Return what stands above a layer of a theory."""
    return str(TERMS[term or Term.SHORT] if kind == Kind.OUTCOME else HEADINGS[kind])


def spoken_graph(book: Book) -> Graph:
    """Return the theory of a plan with texts in the plan's language, for whom only as far as step 2 still knows them."""
    found, known = graph_of(book), book.stakeholders.keys()
    nodes = tuple(
        replace(each, labels={book.plan.language: book.text(each.labels)}, stakeholders=each.stakeholders & known)
        for each in found.nodes
    )
    rows = book.rows(Step.THEORY, "links")
    links = tuple(
        replace(
            link,
            assumptions=tuple(
                replace(one, text=book.text(said["text"]))
                for one, said in zip(link.assumptions, row.get("assumptions", ()), strict=True)
            ),
        )
        for link, row in zip(found.links, rows, strict=True)
    )
    return Graph(nodes, links, found.looked_for_harm)


def problems_told(book: Book) -> list[Told]:
    """Return what is wrong with the theory of a plan and where to mend it, errors first; prices are looked at in step 8."""
    graph = spoken_graph(book)
    return [
        Told(each.code, say_issue(spoken(), each), each.is_error, tuple(_places(book, graph, each)))
        for each in validate(graph)
        if each.code != ABOUT_VALUE
    ]


def _places(book: Book, graph: Graph, issue: Issue) -> Iterator[tuple[str, str]]:
    plan, names = book.plan.pk, {each.id: each.labels[book.plan.language] for each in graph.nodes}
    if issue.code == HARM:
        yield _("Look for harm"), "#harm"
    elif issue.code in ABOUT_INDICATORS:
        yield _("To step 4"), reverse("impact_step", args=[plan, int(Step.INDICATORS)])
    elif len(arrows := [each for each in graph.links if {each.start, each.end} == set(issue.about)]) == 1:
        ends = (arrows[0].start, arrows[0].end)
        yield _("Change this arrow"), reverse("impact_link", args=[plan, *ends])
    else:
        for each in issue.about:
            if each in names:
                yield names[each], reverse("impact_node", args=[plan, each])
