"""What the world of the matrix knows of surveys: a wave that is open, what five people answered, and their links."""

from datetime import date
from typing import Any

from tests.rooms.outcomes.survey_makers import begin, said, sends

from meervoud.outcomes.impact.survey_links import back_word
from meervoud.outcomes.models import ImpactPlan


def make_surveys(plan: ImpactPlan, day: date) -> dict[str, Any]:
    """Begin a wave of a plan whose measurement plan is locked and asks for satisfaction; let five people answer on a day."""
    wave = begin(plan, first=day)
    words = "It does me good." if "open_question" in wave.questions else ""
    sheets = [sends(wave, said(7, words=words), day=day) for _ in range(5)]
    return {
        "wave": wave,
        "wave_token": wave.token,
        "answer_sheet": sheets[0],
        "answer_back": back_word(sheets[1], day),
    }
