"""What people said about single times: one short question, asked on the spot, joined to nothing.

An evening counts once five people have answered, and its answers change by five or more at once (see shown.py): each evening
by itself, or one person who comes every time could be read out of the sum of five evenings.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.core.impact.effects import FEWEST
from meervoud.core.impact.grades import Grade
from meervoud.core.impact.scales import score
from meervoud.files.impact.scales import read_scales
from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact.measures import PULSE
from meervoud.outcomes.impact.shown import JOINED, shown_of
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment

GRADE: Final = Grade.D
"""Asked once, of who happened to be there: little is known by it."""


@dataclass(frozen=True)
class Pulse:
    """The answers about single times.

    Attributes:
        times: how many times had answers enough.
        answers: how many there are together.
        mean: of all of them, 1-5.
        sheets: whose answers these are, by the key of each time.
    """

    times: int
    answers: int
    mean: float
    sheets: Mapping[str, list[str]]


def pulse_of(plan: ImpactPlan) -> Pulse | None:
    """Return what people said about single times; None where at no time five people answered."""
    scores = _scores(plan)
    shown = dict[str, list[str]]()
    for wave, given in scores.items():
        key = f"{PULSE}/{wave}"
        # nobody is asked twice, so each sheet stands for a person who has given both answers
        found = shown_of(plan, key, [f"{each}{JOINED}{each}" for each in given], given.keys())
        if found:
            shown[key] = sorted(found)
    values = [scores[key.partition("/")[2]][each.partition(JOINED)[0]] for key, rows in shown.items() for each in rows]
    return Pulse(len(shown), len(values), mean(values), shown) if len(values) >= FEWEST else None


def _scores(plan: ImpactPlan) -> dict[str, dict[str, float]]:
    """Return the scores of each time, by wave and sheet."""
    questions, found = read_scales().get(PULSE), defaultdict[str, dict[str, float]](dict)
    if questions is None or questions.scale is None:
        return found
    rows = AnswerSheet.objects.of(wave=plan.waves.filter(moment=Moment.PULSE))
    for pk, wave, said in rows.order_by("wave__first", "pk").values_list("pk", "wave_id", "answers"):
        points = score(questions.scale, said.get(PULSE, {}))
        if points is not None:
            found[str(wave)][str(pk)] = points
    return found


def pulse_facts(found: Pulse | None) -> Facts | None:
    """Return the answers about single times as everybody may read them."""
    if found is None:
        return None
    return {"times": found.times, "answers": found.answers, "mean": round(found.mean, 1), "grade": str(GRADE)}


def say_pulse(told: Facts | None) -> list[str]:
    """Return the answers about single times in sentences; none where too few answered."""
    if not told:
        return []
    number = spoken().number
    gaps = {name: number(told[name]) for name in ("times", "answers", "mean")}
    said = ngettext(
        "Asked what %(times)s time brought them, people gave %(answers)s answers: %(mean)s on average, from 1 (nothing) to 5 (very much).",
        "Asked what each of %(times)s times brought them, people gave %(answers)s answers: %(mean)s on average, from 1 (nothing) to 5 (very much).",
        told["times"],
    )
    care = _("Evidence %(grade)s: asked once, on the spot, so it shows no change.") % {"grade": told["grade"]}
    return [f"{said % gaps} {care}"]
