"""Makers of impact plans: a group in a room that came and was counted, its plan filled in, waves with answers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from tests.rooms.makers import make_request
from tests.rooms.outcomes.esg_makers import YEAR, lend

from meervoud.demand.models import Request
from meervoud.files.impact.scales import read_scales
from meervoud.outcomes.impact.book import Book, Content, book_of
from meervoud.outcomes.impact.writing import About, begin_plan, keep_step, lock_step
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step, Wave
from meervoud.parties.models import Person

NOW: Final = datetime(YEAR + 1, 1, 20, 12, tzinfo=UTC)
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
SCOPE: Final = {
    "mission": "Newcomers speak with their neighbours.",
    "audience": "Newcomers in the street, about forty.",
    "area": "Kadewijk",
    "first": FIRST.isoformat(),
    "last": LAST.isoformat(),
    "excluded": "Nothing",
}
STAKEHOLDERS: Final[list[Content]] = [
    {"id": "s1", "name": {"en": "Newcomers"}, "role": "beneficiary", "affected": 5, "influence": 2, "interest": 4},
    {"id": "s2", "name": {"en": "Volunteers"}, "role": "contributor", "affected": 3, "influence": 3, "interest": 5},
]
NODES: Final[list[Content]] = [
    {"id": "n1", "kind": "activity", "label": {"en": "Language cafe"}, "uses_space": True, "ledger_selector": "all"},
    {"id": "n2", "kind": "output", "label": {"en": "Evenings held"}},
    {"id": "n3", "kind": "outcome", "term": "short", "label": {"en": "More satisfied"}, "stakeholders": ["s1"]},
    {
        "id": "n4",
        "kind": "outcome",
        "term": "short",
        "label": {"en": "Volunteers get tired"},
        "stakeholders": ["s2"],
        "is_negative": True,
        "is_intended": False,
    },
]
LINKS: Final[list[Content]] = [
    {"start": "n1", "end": "n2", "kind": "enables", "rationale": {"en": "We hold them."}, "evidence": 1},
    {"start": "n2", "end": "n3", "kind": "contributes", "rationale": {"en": "Talking helps."}, "evidence": 1},
    {"start": "n2", "end": "n4", "kind": "contributes", "rationale": {"en": "It is late."}, "evidence": 1},
]
INDICATORS: Final[list[Content]] = [
    {"outcome": "n3", "relevance": 3, "significance": 2, "indicator": "life_satisfaction", "is_primary": True},
    {"outcome": "n4", "relevance": 1, "significance": 1, "indicator": ""},
]
MEASUREMENT: Final = {
    "questions": ["life_satisfaction"],
    "moments": ["start", "later"],
    "expected": 40,
    "who": "The volunteer at the door",
    "dose": 3,
    "consent": "You do not have to answer.",
}


def share(likely: float = 25.0, reason: str = "By what the group told") -> Content:
    """A share of a fifth to a third, with its reason."""
    return {"low": max(likely - 10, 0), "likely": likely, "high": min(likely + 10, 100), "reason": reason}


NETTING: Final = [
    {
        "outcome": "n3",
        "years": 1,
        "starts_after": 0,
        **{name: share() for name in ("deadweight", "displacement", "attribution_to_others", "drop_off")},
    }
]
CLAIM: Final[Content] = {
    "outcome": "n3",
    "stakeholder": "s1",
    "proxy": "p1",
    "people": 10,
    "low": None,
    "likely": None,
    "high": None,
    "payer": "person",
    "is_transfer": False,
    "why_unusual": "",
}
PRICE: Final[Content] = {
    "id": "p1",
    "name": "A point of satisfaction",
    "unit": "point*person*year",
    "kind": "wellbeing",
    "low": "8000",
    "value": "10000",
    "high": "12000",
    "currency": "EUR",
    "price_year": 2024,
    "source": "A made-up price of the tests",
}
VALUE: Final[Content] = {
    "claims": [CLAIM],
    "prices": [PRICE],
    "inputs": [
        {
            "id": "i1",
            "name": "Coordinator",
            "stakeholder": "s2",
            "kind": "other",
            "low": "4000",
            "likely": "5000",
            "high": "6000",
            "price_year": 2024,
        }
    ],
    "rates": [],
    "terms": {"base_year": 2024, "horizon": 3, "seed": 1},
}
FULL: Final[dict[Step, Content]] = {
    Step.SCOPE: SCOPE,
    Step.STAKEHOLDERS: {"stakeholders": STAKEHOLDERS, "wishes": []},
    Step.THEORY: {"nodes": NODES, "links": LINKS, "looked_for_harm": False},
    Step.INDICATORS: {"outcomes": INDICATORS},
    Step.MEASUREMENT: MEASUREMENT,
    Step.NETTING: {"outcomes": NETTING},
    Step.VALUE: VALUE,
}


def make_impact_plan(
    *, heads: tuple[int | None, ...] = (12, 12, 12, 12), steps: tuple[Step, ...] = tuple(FULL), **changed: Content
) -> ImpactPlan:
    """Make the plan of a group that met `len(heads)` times, with steps filled in; `value=...` changes that step."""
    use = lend(heads=heads)
    request = use.agreement.request
    plan = begin_plan(
        title="Language cafe", about=About(use.agreement.programme, request=request), language="en", by=request.asked_by
    )
    for step in steps:
        write(plan, step, {**FULL[step], **changed.get(step.name.lower(), {})})
    return plan


def make_unsigned_plan(
    *,
    asked: Request | None = None,
    steps: tuple[Step, ...] = (Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY),
    **changed: Content,
) -> ImpactPlan:
    """Make the plan of a group that has no room yet: nothing is signed, so that a test may empty the tables."""
    asked = asked or make_request()
    about = About(asked.programme, request=asked)
    plan = begin_plan(title="Language cafe", about=about, language="en", by=asked.asked_by)
    for step in steps:
        write(plan, step, {**FULL[step], **changed.get(step.name.lower(), {})})
    return plan


def owner(plan: ImpactPlan) -> Person:
    """Return who writes in a plan."""
    assert plan.by is not None
    return plan.by


def write(plan: ImpactPlan, step: Step, content: Content) -> None:
    """Keep a step as its writer would."""
    newest = plan.versions.filter(step=step).order_by("-number").first()
    keep_step(plan=plan, step=step, content=content, edits=newest.edits if newest else 0, by=owner(plan))


def lock(plan: ImpactPlan, *steps: Step) -> None:
    """Lock steps."""
    for step in steps:
        lock_step(plan=plan, step=step, by=owner(plan), now=NOW)


def make_wave(plan: ImpactPlan, moment: str = Moment.START, *, asked: int = 40, **values: Any) -> Wave:
    """Make a wave of the newest measurement plan."""
    version = plan.versions.filter(step=Step.MEASUREMENT).order_by("-number").first()
    assert version is not None
    months = {Moment.START: 1, Moment.LATER: 4, Moment.YEAR: 9}.get(Moment(moment), 1)
    first = date(YEAR, months, 1)
    said: dict[str, Any] = {
        "questions": version.content["questions"],
        "first": first,
        "last": first + timedelta(days=20),
        "token": uuid4().hex,
        **values,
    }
    wave = Wave(plan=plan, version=version, moment=moment, asked=asked, **said)
    wave.save()
    return wave


def answer(
    wave: Wave, pseudonym: str, score: int | None, *, scale: str = "life_satisfaction", item: str = ""
) -> AnswerSheet:
    """Let somebody answer one question."""
    item = item or read_scales()[scale].items[0].id
    return AnswerSheet.objects.create(
        wave=wave,
        pseudonym=pseudonym,
        answers={} if score is None else {scale: {item: score}},
        language="en",
        channel="link",
        day=wave.first,
        has_consented=True,
    )


def make_pairs(plan: ImpactPlan, scores: tuple[tuple[int, int | None], ...]) -> None:
    """Let people answer at the start, and again where a second score stands."""
    start, later = make_wave(plan, Moment.START), make_wave(plan, Moment.LATER)
    for number, (before, after) in enumerate(scores):
        answer(start, f"{number:024x}", before)
        if after is not None:
            answer(later, f"{number:024x}", after)


def book(plan: ImpactPlan) -> Book:
    """Return the newest versions of a plan."""
    return book_of(plan)
