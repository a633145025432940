"""The made-up impact plan of the made-up pilot: nine steps, answers of people who do not exist, a value, a published report."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from meervoud.files.impact.examples import example_content, read_examples
from meervoud.files.impact.scales import read_scales
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.surveying import begin_wave
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.impact.writing import About, begin_plan, keep_step, lock_step
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step, Wave
from meervoud.parties.models import Person, Programme

BECAUSE: Final = "the made-up pilot"
EXAMPLE: Final = "language_cafe"
PEOPLE: Final = 46
STOPPED: Final = 9
"""How many do not answer again."""
ASKED: Final = 60
MADE_UP: Final = "Verzonnen voor de demo: geen echte prijs"
SCALE: Final = "life_satisfaction"
TITLE: Final = "Wat het proefjaar teweegbracht"


@transaction.atomic
def load_impact(*, programme: Programme, staff: Person, now: datetime) -> ImpactPlan:
    """Fill in an impact plan of the made-up pilot and publish its report; where it stands there already, nothing is done.

    Args:
        programme: the pilot, with its ledger.
        staff: who writes the plan.
        now: this moment.
    """
    there = ImpactPlan.objects.every(because=BECAUSE).filter(programme=programme, title=TITLE).first()
    if there is not None:
        return there
    example = example_content(read_examples()[EXAMPLE])
    plan = begin_plan(title=TITLE, about=About(programme, programme=programme), language="nl", by=staff)
    outcome, group = _outcome(example)
    for step, content in _steps(programme, example, outcome, group).items():
        keep_step(plan=plan, step=step, content=content, edits=0, by=staff)
    for step in (Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY, Step.INDICATORS, Step.MEASUREMENT):
        lock_step(plan=plan, step=step, by=staff, now=now)
    _answer(plan, programme, staff)
    value_plan(plan=plan, by=staff, now=now)
    publish_impact_report(plan=plan, by=staff, now=now)
    return plan


def _outcome(example: Mapping[str, Any]) -> tuple[str, str]:  # Any: see example_content
    """Return the outcome that is valued: one for somebody it is meant for; and for whom."""
    for node in example["theory"]["nodes"]:
        if node["kind"] == "outcome" and node["stakeholders"] and not node["is_negative"]:
            return node["id"], node["stakeholders"][0]
    raise LookupError(EXAMPLE)


def _steps(
    programme: Programme, example: Mapping[str, Any], outcome: str, group: str
) -> dict[Step, dict[str, Any]]:  # Any: JSON
    shown = [
        {**each, "indicator": SCALE, "is_primary": True} if each["outcome"] == outcome else each
        for each in example["outcomes"]
    ]
    return {
        Step.SCOPE: {
            "mission": "Groepen die iets goeds doen, vinden een ruimte, en hun bezoekers gaat het daardoor beter.",
            "audience": "Bezoekers van de groepen, ongeveer duizend.",
            "area": programme.city,
            "first": programme.starts_on.isoformat(),
            "last": (programme.ends_on or programme.starts_on).isoformat(),
            "excluded": "Wat het voor de gastheren zelf betekent.",
        },
        Step.STAKEHOLDERS: {"stakeholders": example["stakeholders"], "wishes": []},
        Step.THEORY: example["theory"],
        Step.INDICATORS: {"outcomes": shown},
        Step.MEASUREMENT: {
            "questions": [SCALE, "belonging"],
            "moments": [Moment.START, Moment.LATER],
            "expected": ASKED,
            "who": "De vrijwilliger bij de deur",
            "dose": 3,
            "consent": "We vragen dit om te leren of onze activiteit helpt. Je hoeft niet te antwoorden.",
        },
        Step.NETTING: {"outcomes": [_netting(outcome)]},
        Step.VALUE: _value(outcome, group),
        Step.REPORT: {
            "decisions": [
                {"what": "Avonden op dinsdag", "choice": "keep", "why": "Mensen komen terug."},
                {"what": "Ochtenden", "choice": "stop", "why": "Er kwam bijna niemand."},
            ],
            "telling": {"summary": "Een verzonnen jaar, om te laten zien hoe een rapport eruitziet.", "lessons": ""},
            "funding": {"amount": 20_000, "purpose": "Een tweede avond in elke buurt.", "limits": "Vrijwilligers."},
        },
    }


def _share(low: int, likely: int, high: int, reason: str) -> dict[str, Any]:  # Any: numbers and words
    return {"low": low, "likely": likely, "high": high, "reason": reason}


def _netting(outcome: str) -> dict[str, Any]:  # Any: JSON
    return {
        "outcome": outcome,
        "years": 1,
        "starts_after": 0,
        "deadweight": _share(10, 25, 40, "Een kwart van de groepen had ook zonder ons een ruimte gevonden."),
        "displacement": _share(5, 10, 20, "Een paar groepen lieten een betaalde zaal staan."),
        "attribution_to_others": _share(30, 45, 60, "De groepen zelf doen het meeste."),
        "drop_off": _share(10, 20, 50, "Wie stopt, merkt er na een tijd minder van."),
    }


def _value(outcome: str, group: str) -> dict[str, Any]:  # Any: JSON
    price = {"id": "p1", "name": "Een punt tevredenheid", "unit": "point*person*year", "kind": "wellbeing"}
    amount = {"low": "2000", "value": "3000", "high": "4500", "currency": "EUR", "price_year": 2024, "source": MADE_UP}
    own = {"low": None, "likely": None, "high": None}
    claim = {"outcome": outcome, "stakeholder": group, "proxy": "p1", "people": 1500, **own, "payer": "person"}
    put_in = {"id": "i1", "name": "Matchmaker en platform", "stakeholder": group, "kind": "other"}
    return {
        "claims": [{**claim, "is_transfer": False, "why_unusual": ""}],
        "prices": [{**price, **amount}],
        "inputs": [{**put_in, "low": "60000", "likely": "80000", "high": "90000", "price_year": 2024}],
        "rates": [],
        "terms": {"base_year": 2024, "horizon": 3, "seed": 1},
    }


def _answer(plan: ImpactPlan, programme: Programme, staff: Person) -> None:
    """Let made-up people answer at the start and some months later, a few of them only once."""
    dice = random.Random(1)  # noqa: S311  # made-up answers
    first = programme.starts_on
    start = begin_wave(
        plan=plan, moment=Moment.START, first=first, last=first + timedelta(days=60), asked=ASKED, by=staff
    )
    again = first + timedelta(days=150)
    later = begin_wave(
        plan=plan, moment=Moment.LATER, first=again, last=again + timedelta(days=30), asked=ASKED, by=staff
    )
    for number in range(PEOPLE):
        before = dice.choice((4, 5, 5, 6, 6, 7, 7, 8))
        _sheet(start, number, before, dice)
        if number >= STOPPED:
            _sheet(later, number, min(10, before + dice.choice((-1, 0, 0, 1, 1, 2))), dice)


def _sheet(wave: Wave, number: int, score: int, dice: random.Random) -> None:
    items = {name: read_scales()[name].items[0].id for name in (SCALE, "belonging")}
    AnswerSheet.objects.create(
        id=UUID(int=dice.getrandbits(128), version=4),
        wave=wave,
        pseudonym=f"{number:024x}",
        answers={SCALE: {items[SCALE]: score}, "belonging": {items["belonging"]: max(1, min(5, score // 2))}},
        language="nl",
        channel="link",
        day=wave.first,
        has_consented=True,
    )
