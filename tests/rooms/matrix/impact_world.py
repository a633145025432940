"""What the world of the matrix knows of impact: a plan of the group that asks, valued, published, with a story and a wave."""

from datetime import datetime
from typing import Any

from tests.rooms.matrix.survey_world import make_surveys
from tests.rooms.outcomes.impact_makers import CLAIM, FULL, INDICATORS, PRICE, lock, write

from meervoud.demand.models import Request
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.publishing import add_impact_story, publish_impact_report, withdraw_impact_report
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.impact.writing import About, begin_plan, open_step
from meervoud.outcomes.models import Step
from meervoud.parties.models import Person

HOURS = [{**INDICATORS[0], "indicator": "hours"}, INDICATORS[1]]
"""Counted in the ledger, which has no use of this group yet: the value is nothing, and may be told."""
BY_THE_HOUR = {"claims": [{**CLAIM, "people": None}], "prices": [{**PRICE, "unit": "hour"}]}


def make_impact(asked: Request, by: Person, now: datetime) -> dict[str, Any]:
    """Fill in a plan about a request, ask five people, value it, publish it twice and withdraw one of the two."""
    plan = begin_plan(title="Language cafe", about=About(asked.programme, request=asked), language="en", by=by)
    first, last = now.date().replace(month=1, day=1), now.date()
    changed: dict[Step, Content] = {
        Step.SCOPE: {"first": first.isoformat(), "last": last.isoformat()},
        Step.INDICATORS: {"outcomes": HOURS},
        Step.VALUE: BY_THE_HOUR,
    }
    for step, content in FULL.items():
        write(plan, step, {**content, **changed.get(step, {})})
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY, Step.MEASUREMENT)
    surveys = make_surveys(plan, now.date())
    valued = value_plan(plan=plan, by=by, now=now)
    said = {"title": "A talk", "text": "They talk.", "consent_of": "Amal", "consent_on": last}
    told = add_impact_story(plan=plan, by=by, said={**said, "picture": b"RIFF", "picture_alt": "A table"})
    out = publish_impact_report(plan=plan, by=by, now=now)
    gone = publish_impact_report(plan=plan, by=by, now=now)
    withdraw_impact_report(report=gone, by=by, now=now)
    open_step(plan=plan, step=Step.THEORY, by=by)
    found = {"own_plan": plan, "valued": valued, "told": told, "impact_out": out, "impact_gone": gone}
    return {**found, **surveys}
