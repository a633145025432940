"""What the waves of a plan tell: pairs by pseudonym, what changed, how many answered; never one person's answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from django.utils.translation import gettext as _

from meervoud.core.impact.effects import (
    FEWEST,
    Difference,
    Effect,
    Gate,
    Waves,
    changes_with_drop_outs,
    compared,
    paired,
)
from meervoud.core.impact.scales import Scale, score
from meervoud.files.impact.scales import Questions, read_scales
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.shown import JOINED, shown_of
from meervoud.outcomes.models import ImpactPlan, Moment, Step, Wave

PAIRS: Final = ((Moment.START, Moment.YEAR), (Moment.START, Moment.LATER))
"""The longest time between two waves counts; who has no wave after a year looks at the one before."""
COMPARISON: Final = (Moment.COMPARISON_START, Moment.COMPARISON_LATER)


@dataclass(frozen=True)
class Measured:
    """What changed on one scale between two waves.

    Attributes:
        questions: the scale with its words.
        before, after: the waves.
        effect: as far as it may be said.
        changes: of every pair and drop-out, for the valuation; empty under five pairs.
        difference: against people without the activity; None without enough of them.
        compared_pairs: pairs of the smaller of the two groups, where people without the activity answered too; else 0.
        sheets: of each person the ids of both sheets, joined; the second one is empty where they did not answer again.
    """

    questions: Questions
    before: Wave
    after: Wave
    effect: Effect
    changes: tuple[float, ...]
    difference: Difference | None
    compared_pairs: int
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """The scores of one wave on one scale.

    Attributes:
        scores: by id of the sheet.
        sheets: id of the sheet by pseudonym, of codes that only one sheet has.
    """

    scores: Mapping[str, float]
    sheets: Mapping[str, str]


def waves_of(plan: ImpactPlan) -> dict[str, Wave]:
    """Return the waves of a plan by their moment, in order of time, each with `answered`, how many sheets came in."""
    rows = plan.waves.annotate(answered=Count("sheets"))
    # counted together, rows lose the order of their table
    return {each.moment: each for each in rows.order_by("first", "created_at")}


def measured(book: Book) -> dict[str, Measured]:
    """Return what changed, by scale; a scale is there once two waves have asked it."""
    waves, scales, found = waves_of(book.plan), read_scales(), dict[str, Measured]()
    pair = _pair(waves)
    if pair is None:
        return found
    others = (waves[COMPARISON[0]], waves[COMPARISON[1]]) if set(COMPARISON) <= waves.keys() else None
    for name in pair[0].questions:
        if name in pair[1].questions and name in scales and scales[name].scale is not None:
            found[name] = _measured(book.plan, scales[name], pair, others)
    return found


def _pair(waves: Mapping[str, Wave]) -> tuple[Wave, Wave] | None:
    """Return the two waves that lie furthest apart, once the later one has answers enough; else the two before that."""
    there = [(waves[one], waves[two]) for one, two in PAIRS if one in waves and two in waves]
    answered = [each for each in there if each[1].answered >= FEWEST]  # type: ignore[attr-defined]  # annotated
    return next(iter(answered or there[-1:]), None)


def _measured(
    plan: ImpactPlan, questions: Questions, pair: tuple[Wave, Wave], others: tuple[Wave, Wave] | None
) -> Measured:
    both, sheets = _shown(plan, questions.id, [_answers(each, questions) for each in pair])
    group = _waves(questions, pair, both)
    against = None
    if others:
        theirs, _sheets = _shown(plan, f"{questions.id}/without", [_answers(each, questions) for each in others])
        against = _waves(questions, others, theirs)
    difference = compared(group, against) if against else None
    effect = paired(group, has_comparison=difference is not None)
    changes = changes_with_drop_outs(group) if effect.gate != Gate.NOTHING else ()
    fewest = min(_pairs(group), _pairs(against)) if against and difference else 0
    return Measured(questions, *pair, effect, changes, difference, fewest, sheets)


def _shown(plan: ImpactPlan, key: str, both: list[Answers]) -> tuple[list[dict[str, float]], tuple[str, ...]]:
    """Return the scores that figures are made of now, see shown.py: of both waves by person, and whose they are."""
    before, after = both
    there = [f"{each}{JOINED}{after.sheets.get(code, '')}" for code, each in before.sheets.items()]
    chosen = shown_of(plan, key, there, before.scores.keys() | after.scores.keys())
    split = [each.partition(JOINED) for each in sorted(chosen)]
    first = {one: before.scores[one] for one, _between, _other in split}
    again = {one: after.scores[other] for one, _between, other in split if other}
    return [first, again], tuple(sorted(chosen))


def _pairs(waves: Waves) -> int:
    return len(waves.before.keys() & waves.after.keys())


def _waves(questions: Questions, pair: tuple[Wave, Wave], both: list[dict[str, float]]) -> Waves:
    before, after = (max(wave.asked, wave.answered) for wave in pair)  # type: ignore[attr-defined]  # annotated
    scale = scale_of(questions)
    return Waves(both[0], both[1], before, after, scale.reach, scale.is_lower_better)


def scale_of(questions: Questions) -> Scale:
    """Return how questions are scored; what is answered in words never comes here."""
    assert questions.scale is not None  # noqa: S101  # see measured
    return questions.scale


def _answers(wave: Wave, questions: Questions) -> Answers:
    """Return the scores of a wave. A code that two sheets have is nobody's: two people may have made the same one."""
    rows = list(wave.sheets.exclude(pseudonym="").values_list("pk", "pseudonym", "answers"))
    scale = scale_of(questions)
    times = Counter(pseudonym for _pk, pseudonym, _said in rows)
    scores, sheets = dict[str, float](), dict[str, str]()
    for pk, pseudonym, said in rows:
        found = score(scale, said.get(scale.id, {}))
        if found is not None:
            scores[str(pk)] = found
            if times[pseudonym] == 1:
                sheets[pseudonym] = str(pk)
    return Answers(scores, sheets)


def what_collection_needs(book: Book) -> list[str]:
    """Return what the collection still needs before it counts as done."""
    waves = waves_of(book.plan)
    if not waves:
        return [_("Begin a wave, or choose in step 5 what you ask.")]
    if not book.is_locked(Step.MEASUREMENT):
        return [_("Lock the measurement plan: who answers later must be asked the same.")]
    answered = {moment: each.answered for moment, each in waves.items()}  # type: ignore[attr-defined]  # annotated
    if not any(each >= FEWEST for each in answered.values()):  # small_cells
        return [_("Fewer than five people have answered. Nothing can be shown yet.")]
    if not any(one in waves and two in waves for one, two in PAIRS):
        return [_("Ask a second time, so that you see a change.")]
    return []
