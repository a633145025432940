"""The sheet of a wave on paper: consent first, boxes to tick, the code; in the language of the page."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meervoud.lib.typeset import Data, typeset
from meervoud.outcomes.impact.asking import Asked, Group, consent_of, groups_of, seconds_for
from meervoud.outcomes.impact.survey_forms import CODE, AnswersForm
from meervoud.outcomes.models import Wave

PAGES: Final = Path(str(files("meervoud.outcomes").joinpath("papers")))


def survey_pdf(wave: Wave, at: datetime) -> bytes:
    """Return the sheet of a wave as a PDF.

    Args:
        wave: with its plan and the version of the measurement plan.
        at: the moment the file says it was made at.
    """
    return typeset((PAGES / "survey.typ").read_bytes(), survey_paper(wave), at, root=PAGES)


def survey_paper(wave: Wave) -> Data:
    """Return all that stands on the sheet; see papers/survey.typ."""
    consent, spoken_in = consent_of(wave)
    about = wave.plan.title
    return {
        "lang": (get_language() or "en")[:2],
        "title": _("A few questions about %(about)s") % {"about": about},
        "author": about,
        "notice": _("This is made up: an example, no real survey.") if wave.plan.is_made_up else "",
        "lead": _("It takes about %(seconds)s seconds. You can skip every question.") % {"seconds": seconds_for(wave)},
        "consent": consent,
        "consent_lang": spoken_in,
        "agree": str(AnswersForm.base_fields["consent"].label),
        "groups": [_group(each) for each in groups_of(wave)],
        "day": _("Today is:"),
        "code_title": _("A code that only you can make"),
        "code_text": _(
            "With it we see what changed, without knowing who you are. Leave it open if you do not want it."
        ),
        "codes": [_part(name) for name in CODE] if wave.is_joined else [],
        "foot": _(
            "Please write no name on this sheet. It is destroyed once it is typed in. Two years after we asked for the last time the answers are erased."
        ),
        "unprinted": _("These letters could not be printed, and stand here by their number: %(letters)s."),
    }


def _part(name: str) -> Data:
    field = AnswersForm.base_fields[name]
    return {"label": str(field.label), "help": str(field.help_text)}


def _group(group: Group) -> Data:
    """Several statements with the same named answers stand in one table; other questions stand alone."""
    kinds = {(each.kind, each.names) for each in group.asked}
    is_table = len(group.asked) > 1 and len(kinds) == 1 and group.asked[0].kind == "names"
    heads = [f"{number} {name}" for number, name in group.asked[0].names] if is_table else []
    return {"intro": group.intro, "heads": heads, "asked": [_asked(each) for each in group.asked]}


def _asked(asked: Asked) -> Data:
    if asked.kind == "names":
        boxes = [f"{number} {name}" for number, name in asked.names]
    else:
        boxes = [str(each) for each in range(asked.low, asked.high + 1)] if asked.kind == "row" else []
    ends = [f"{number}: {name}" for number, name in zip((asked.low, asked.high), asked.ends, strict=True) if name]
    hint = f"{asked.low}-{asked.high}" if asked.kind == "number" else ""
    return {
        "text": asked.text,
        "kind": asked.kind,
        "boxes": boxes,
        "ends": ends if asked.kind == "row" else [],
        "hint": hint,
    }
