"""Everything an impact report shows, as values of JSON: what is frozen when it is published, said in each language later."""

from collections.abc import Sequence
from typing import Any, Final

from meervoud.core.impact.effects import FEWEST, Gate
from meervoud.core.impact.grades import grade_ledger, weakest
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact.book import Book, book_of
from meervoud.outcomes.impact.collecting import Measured, measured, waves_of
from meervoud.outcomes.impact.evidence import Known, known_outcomes
from meervoud.outcomes.impact.extract import Extract, extract_of
from meervoud.outcomes.impact.pulse import pulse_facts, pulse_of
from meervoud.outcomes.impact.state import is_current
from meervoud.outcomes.impact.writing import keep_step
from meervoud.outcomes.models import ImpactPlan, Step, StepVersion, ValuationRun
from meervoud.parties.models import Person

VERSION: Final = 1
ROUND: Final = 5
"""Heads are told in fives: beside another report of the same rooms no small group can be worked out of them."""


def facts_of_plan(book: Book) -> tuple[Facts, dict[str, list[str]]]:
    """Return what a report of a plan shows now, and which sheets of answers its figures are made of, by scale."""
    plan, changes, extract = book.plan, measured(book), extract_of(book)
    run = plan.runs.first()
    if run is not None and not is_current(run, book, extract, changes):
        run = None
    known, pulse = known_outcomes(book, changes, extract), pulse_of(plan)
    facts = {
        "version": VERSION,
        "plan": {
            "title": plan.title,
            "about": about_of(plan),
            "language": plan.language,
            "currency": plan.currency,
            "country": plan.country,
            "is_made_up": plan.is_made_up,
        },
        "scope": book.content(Step.SCOPE),
        "stakeholders": book.rows(Step.STAKEHOLDERS, "stakeholders"),
        "theory": book.content(Step.THEORY),
        "versions": {str(step): [each.number, each.sha256] for step, each in book.versions.items()},
        "use": use_of(extract) if extract else None,
        "outcomes": [_outcome(book, each, changes) for each in known],
        "waves": wave_facts(plan),
        "pulse": pulse_facts(pulse),
        "value": {**value_of(run), "grade": _weakest(run, known)} if run else None,
        "telling": book.content(Step.REPORT).get("telling", {}),
        "decisions": book.rows(Step.REPORT, "decisions"),
        "funding": book.content(Step.REPORT).get("funding", {}),
    }
    sheets = {name: list(each.sheets) for name, each in changes.items() if each.effect.gate != Gate.NOTHING}
    return facts, {**sheets, **(pulse.sheets if pulse else {})}


def _weakest(run: ValuationRun, known: Sequence[Known]) -> str:
    """Return the grade of a value: that of the claim that is known least."""
    claimed = {each["outcome"] for each in run.sources["claims"].values()}
    return str(weakest(each.graded for each in known if each.outcome in claimed).grade)


def write_collection(*, plan: ImpactPlan, by: Person) -> StepVersion:
    """Write down what was collected, as the artefact of step 6: waves, what changed, and the use of the rooms.

    Raises:
        ConflictError: the step is locked, or somebody else wrote it down meanwhile.
    """
    book = book_of(plan)
    facts, _sheets = facts_of_plan(book)
    before = book.versions.get(Step.COLLECTION)
    content = {name: facts[name] for name in ("waves", "outcomes", "use")}
    return keep_step(plan=plan, step=Step.COLLECTION, content=content, edits=before.edits if before else 0, by=by)


def about_of(plan: ImpactPlan) -> str:
    """Return the name of what a plan is about; nothing of a group that needs shelter."""
    if plan.request is not None:
        return "" if plan.request.is_sheltered else plan.request.title
    if plan.organisation is not None:
        return plan.organisation.name
    return plan.programme.name if plan.programme is not None else ""


def use_of(extract: Extract) -> Facts:
    """Return the use of the rooms as everybody may read it: hours as they are, heads in fives, few heads hidden."""
    people, graded = extract.people, grade_ledger(extract.uses_by_evidence)
    return {
        "first": extract.first.isoformat(),
        "last": extract.last.isoformat(),
        "moments": extract.stays,
        "minutes": extract.minutes,
        "visits": in_fives(extract.visits),
        "people": [in_fives(people.least), None if people.most is None else in_fives(people.most)],
        "has_most": people.most is not None,
        "evidence": extract.uses_by_evidence,
        "grade": str(graded.grade),
        "reasons": list(graded.reasons),
        "in_kind": extract.in_kind,
        "rows": extract.rows,
        "sha256": extract.sha256,
    }


def in_fives(number: int) -> int | None:
    """Return a number of heads rounded to fives; None is fewer than five."""
    return None if number < FEWEST else ROUND * round(number / ROUND)


def _outcome(book: Book, known: Known, changes: dict[str, Measured]) -> Facts:
    found, drawn = changes.get(known.indicator), book.outcomes[known.outcome]
    return {
        "id": known.outcome,
        "label": drawn["label"],
        "is_negative": drawn.get("is_negative", False),
        "is_intended": drawn.get("is_intended", True),
        "stakeholders": drawn.get("stakeholders", []),
        "indicator": known.indicator,
        "grade": str(known.graded.grade),
        "reasons": list(known.graded.reasons),
        "effect": effect_facts(found) if found else None,
    }


def effect_facts(found: Measured) -> Facts:
    """Return a change as far as few people allow it to be told."""
    effect, change = found.effect, found.effect.change
    told: dict[str, Any] = {"gate": str(effect.gate)}
    if effect.gate == Gate.NOTHING or change is None:
        return told
    cautious = effect.conservative
    return told | {
        "pairs": effect.pairs,
        "before": effect.before,
        "after": effect.after,
        "change": [change.low, change.mean, change.high],
        "cautious": None if cautious is None else [cautious.low, cautious.mean, cautious.high],
        "d_av": effect.d_av,
        "hedges_g": effect.hedges_g,
        "warnings": list(effect.warnings),
        "waves": [str(each.pk) for each in (*found.before, *found.after)],
        "deadweight": found.difference.deadweight if found.difference else None,
    }


def wave_facts(plan: ImpactPlan) -> list[Facts]:
    """Return the waves of a plan: when, and which share of who was asked has answered."""
    return [_wave(each) for each in waves_of(plan)]


def _wave(wave: Any) -> Facts:  # Any: a wave with how many answered
    few = wave.answered < FEWEST
    return {
        "id": str(wave.pk),
        "moment": wave.moment,
        "round": wave.round,
        "first": wave.first.isoformat(),
        "last": wave.last.isoformat(),
        "response": None if few or wave.asked < FEWEST else in_share(wave.answered, wave.asked),
    }


def in_share(answered: int, asked: int) -> float:
    """Return which share answered, in steps of five percent: beside another one it tells of no single person."""
    return round(min(answered / asked, 1.0) * 20) / 20


def value_of(run: ValuationRun) -> Facts:
    """Return a run as everybody may read it: without the case, which has the change of each pair."""
    claims = {
        key: {**each, "proxy": _proxy_of(run, key), "shares": _shares_of(run, key)}
        for key, each in run.sources["claims"].items()
    }
    return {
        "id": str(run.pk),
        "at": run.at.isoformat(),
        "sha256": run.sha256,
        "statement": run.statement,
        "sources": {
            "claims": claims,
            "extract": _public(run.sources["extract"]),
            "versions": run.sources["versions"],
            "discount": run.sources.get("discount"),
            "rooms": run.sources.get("rooms", ""),
        },
    }


def _public(extract: Facts) -> Facts:
    kept = ("first", "last", "rows", "minutes", "sha256")
    return {name: extract[name] for name in kept}


def _claim_of(run: ValuationRun, key: str) -> Facts:
    found: Facts = next(each for each in run.case["claims"] if f"{each['outcome']} / {each['stakeholder']}" == key)
    return found


def _proxy_of(run: ValuationRun, key: str) -> Facts:
    found: Facts = _claim_of(run, key)["proxy"]
    return found


def _shares_of(run: ValuationRun, key: str) -> Facts:
    claim = _claim_of(run, key)
    return {name: claim[name] for name in ("deadweight", "displacement", "attribution_to_others", "drop_off")}
