"""What the addresses of impact plans and their reports answer to each role; see table.py for how a line is read."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.rooms.matrix.world import NOW, World

from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.survey_links import new_sheet
from meervoud.outcomes.impact.theory_edits import edits_of

TABLE: Final = """
# name and things             |ano nob mem man dep oho ask oas mat oma adm|ano nob mem man dep oho ask oas mat oma adm
impact_plans                  |302 200 200 200 200 200 200 200 200 200 200|302 422 422 422 422 422 302 422 422 422 422
impact_plan own_plan          |302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_step own_plan 9        |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_step_lock own_plan 4   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_version own_plan 1 1   |302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_version own_plan 4 1   |302 404 404 404 404 404 404 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_value own_plan         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_run own_plan valued    |302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_claim own_plan valued 1|302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_preview own_plan       |302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_publish own_plan       |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_report_withdraw own_plan impact_out|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_story own_plan         |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_story_back own_plan told|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_reports                |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_report impact_out      |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_report_value impact_out|200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_report_claim impact_out 1|200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_pdf impact_out         |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_data impact_out        |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_cids impact_out        |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_report impact_gone     |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_data impact_gone       |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_report_value impact_gone|404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_report_claim impact_gone 1|404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_pdf impact_gone|404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_cids impact_gone|404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_story_picture wave|404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
impact_story_picture told     |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
impact_theory own_plan        |302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_node_add own_plan      |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_node own_plan n1       |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_node own_plan nothing  |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
impact_link_add own_plan      |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_link own_plan n1 n2    |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_looked own_plan        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_undo own_plan          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_example own_plan       |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
impact_fit own_plan           |302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_collect own_plan       |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_close_pairing own_plan |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_wave own_plan wave     |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_wave_paper own_plan wave|302 404 404 404 404 404 200 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
impact_sheet own_plan wave    |302 404 404 404 404 404 200 404 404 404 404|302 404 404 404 404 404 302 404 404 404 404
impact_words own_plan wave answer_sheet|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 404 404 404
survey wave_token             |200 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
survey_done answer_back       |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
survey_take_back answer_back  |200 200 200 200 200 200 200 200 200 200 200|200 200 200 200 200 200 200 200 200 200 200
"""
BOX: Final = {"kind": "activity", "label": "Evenings"}
ARROW: Final = {
    "kind": "enables",
    "evidence": "1",
    **{f"assumption{number}-{name}": said for number in range(3) for name, said in (("risk", "3"), ("status", "open"))},
}
WAVE: Final = {"first": NOW.date().isoformat(), "last": NOW.date().isoformat(), "asked": "30"}
SURVEYED: Final = {"consent": "on", "q_life_satisfaction_satisfied": "7"}
SENT: Final[Mapping[str, Callable[[World], Mapping[str, Any]]]] = {  # Any: the values of a form
    "impact_plans": lambda world: {
        "about": f"request-{world.open.pk}",
        "title": "Again",
        "example": "language_cafe",
        "language": "en",
    },
    "impact_node_add": lambda world: {**BOX, "edits": edits_of(book_of(world.own_plan))},
    "impact_node": lambda world: {**BOX, "edits": edits_of(book_of(world.own_plan))},
    "impact_link_add": lambda world: {**ARROW, "start": "n1", "end": "n3", "edits": edits_of(book_of(world.own_plan))},
    "impact_link": lambda world: {**ARROW, "start": "n1", "end": "n2", "edits": edits_of(book_of(world.own_plan))},
    "impact_looked": lambda world: {"looked": "1", "edits": edits_of(book_of(world.own_plan))},
    "impact_undo": lambda world: {"edits": edits_of(book_of(world.own_plan))},
    "impact_example": lambda world: {"example": "buddies", "edits": edits_of(book_of(world.own_plan))},
    "impact_collect": lambda _: {"moment": "later", **WAVE},
    "impact_close_pairing": lambda _: {"sure": "1"},
    "impact_wave": lambda _: WAVE,
    "impact_sheet": lambda world: {
        **SURVEYED,
        "sheet": new_sheet(world.wave),
        "day": NOW.date().isoformat(),
        "language": "en",
    },
    "survey": lambda world: {**SURVEYED, "sheet": new_sheet(world.wave)},
    "impact_step": lambda _: {"decisions-TOTAL_FORMS": "0", "decisions-INITIAL_FORMS": "0", "edits": "0"},
    "impact_story": lambda _: {
        "title": "A repair",
        "text": "It works again.",
        "consent_of": "The owner",
        "consent_on": "2026-01-20",
    },
}
"""What a POST sends, so that it does its deed where it may."""
