"""Valuing a plan: one run keeps the case, the seed, what followed and where every number came from."""

from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import transaction

from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.statement import DoubleCountError, value_case
from meervoud.files.impact.statement_out import statement_json
from meervoud.lib.journal import journal
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.cases import case_of
from meervoud.outcomes.impact.collecting import measured
from meervoud.outcomes.impact.evidence import known_outcomes
from meervoud.outcomes.impact.extract import extract_of
from meervoud.outcomes.impact.overlaps import claimed_by_others
from meervoud.outcomes.impact.state import state_of
from meervoud.outcomes.impact.writing import hash_of
from meervoud.outcomes.models import ImpactPlan, Step, ValuationRun
from meervoud.parties.models import Person


@transaction.atomic
def value_plan(*, plan: ImpactPlan, by: Person, now: datetime) -> ValuationRun:
    """Value a plan as it stands now, and keep the run.

    Raises:
        InputError: nothing is claimed, the scope has no period, or the case does not belong together (units, currency, price
            year, shares without a reason, something counted twice, people who were not counted), or together with a published
            report about the same activities it claims more than all of a change.
    """
    book = book_of(plan)
    extract = extract_of(book)
    if extract is None:
        raise InputError("This plan has no period yet. Say from when to when in step 1.", code="plan_no_period")
    if not book.rows(Step.VALUE, "claims"):
        raise InputError("Nothing is claimed yet. Choose a price for at least one outcome.", code="plan_no_claims")
    changes = measured(book)
    built = case_of(book, extract, changes)
    if issues := claimed_by_others(book, built):
        raise DoubleCountError(issues)
    seed = book.content(Step.VALUE)["terms"]["seed"]
    found = as_json(statement_json(value_case(built.case, seed=seed)))
    case = as_json(built.case)
    sources = {
        "claims": built.sources,
        "extract": as_json(extract.told()),
        "rooms": str(built.rooms),
        "discount": as_json(built.case.terms.discount),
        "grades": {each.outcome: as_json(each.graded) for each in known_outcomes(book, changes, extract)},
        "state": state_of(book, extract, changes),
        "versions": {str(step): [each.number, each.sha256] for step, each in book.versions.items()},
    }
    run = ValuationRun.objects.create(
        plan=plan,
        case=case,
        seed=seed,
        statement=found,
        sources=sources,
        sha256=hash_of({"case": case, "seed": seed, "statement": found, "sources": sources}),
        at=now,
        by=by.pk,
    )
    journal(by, "impact_plan.valued", run, sha256=run.sha256)
    return run


def as_json(found: Any) -> Any:  # Any: dataclasses to values of JSON
    """Return what dataclasses hold as values of JSON: decimals as text, keys as text."""
    if is_dataclass(found) and not isinstance(found, type):
        return as_json(asdict(found))
    if isinstance(found, dict):
        return {_key(name): as_json(each) for name, each in found.items()}
    if isinstance(found, list | tuple | set | frozenset):
        rows = [as_json(each) for each in found]
        return sorted(rows) if isinstance(found, set | frozenset) else rows
    if isinstance(found, Decimal):
        return str(found)
    return found.value if isinstance(found, Enum) else found


def _key(name: Any) -> str:  # Any: keys of JSON
    return "-".join(map(str, name)) if isinstance(name, tuple) else str(name)
