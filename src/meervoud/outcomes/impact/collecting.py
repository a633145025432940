"""What the waves of a plan tell: pairs by pseudonym, what changed, how many answered; never one person's answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
Pair = tuple[list[Wave], list[Wave]]
"""The waves of two points of the activity, each in order of time."""


@dataclass(frozen=True)
class Measured:
    """What changed on one scale between two waves.

    Attributes:
        questions: the scale with its words.
        before, after: the waves of both points of the activity, each in order of time.
        effect: as far as it may be said.
        changes: of every pair and drop-out, for the valuation; empty under five pairs.
        difference: against people without the activity; None without enough of them.
        compared_pairs: pairs of the smaller of the two groups, where people without the activity answered too; else 0.
        sheets: of each person the ids of both sheets, joined; the second one is empty where they did not answer again.
    """

    questions: Questions
    before: Sequence[Wave]
    after: Sequence[Wave]
    effect: Effect
    changes: tuple[float, ...]
    difference: Difference | None
    compared_pairs: int
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """The scores of the waves at one point of the activity on one scale.

    Attributes:
        scores: by id of the sheet.
        sheets: id of the sheet by pseudonym, of codes that only one sheet of a wave has.
        begun: the first day of the wave of each sheet, by its id.
    """

    scores: dict[str, float]
    sheets: dict[str, str]
    begun: dict[str, date]


def waves_of(plan: ImpactPlan) -> list[Wave]:
    """Return the waves of a plan in order of time, each with `answered`, how many sheets came in."""
    # counted together, rows lose the order of their table
    return list(plan.waves.annotate(answered=Count("sheets")).order_by("first", "created_at", "pk"))


def _by_moment(waves: Iterable[Wave]) -> dict[str, list[Wave]]:
    found = dict[str, list[Wave]]()
    for each in waves:
        found.setdefault(each.moment, []).append(each)
    return found


def measured(book: Book) -> dict[str, Measured]:
    """Return what changed, by scale; a scale is there once two waves have asked it."""
    waves, scales, found = _by_moment(waves_of(book.plan)), read_scales(), dict[str, Measured]()
    pair = _pair(waves)
    if pair is None:
        return found
    others = (waves[COMPARISON[0]], waves[COMPARISON[1]]) if set(COMPARISON) <= waves.keys() else None
    asked = [_asked_in(each) for each in pair]
    for name in asked[0]:
        if name in asked[1] and name in scales and scales[name].scale is not None:
            found[name] = _measured(book.plan, scales[name], pair, others)
    return found


def _asked_in(waves: Iterable[Wave]) -> list[str]:
    return list(dict.fromkeys(name for each in waves for name in each.questions))


def _pair(waves: Mapping[str, list[Wave]]) -> Pair | None:
    """Return the two points that lie furthest apart, once the later one has answers enough; else the two before that."""
    there = [(waves[one], waves[two]) for one, two in PAIRS if one in waves and two in waves]
    answered = [each for each in there if _answered(each[1]) >= FEWEST]
    return next(iter(answered or there[-1:]), None)


def _answered(waves: Iterable[Wave]) -> int:
    return sum(each.answered for each in waves)  # type: ignore[attr-defined]  # annotated


def _measured(plan: ImpactPlan, questions: Questions, pair: Pair, others: Pair | None) -> Measured:
    both, sheets = _shown(plan, questions.id, _both(pair, questions))
    group = _waves(questions, pair, both)
    against = None
    if others:
        theirs, _sheets = _shown(plan, f"{questions.id}/without", _both(others, questions))
        against = _waves(questions, others, theirs)
    difference = compared(group, against) if against else None
    effect = paired(group, has_comparison=difference is not None)
    changes = changes_with_drop_outs(group) if effect.gate != Gate.NOTHING else ()
    fewest = min(_pairs(group), _pairs(against)) if against and difference else 0
    return Measured(questions, *pair, effect, changes, difference, fewest, sheets)


def _both(pair: Pair, questions: Questions) -> tuple[Answers, Answers]:
    """Return the answers at both points: of who answered in several rounds, the first at the start and the last one later."""
    return _answers(pair[0], questions), _answers(reversed(pair[1]), questions)


def _shown(plan: ImpactPlan, key: str, both: tuple[Answers, Answers]) -> tuple[list[dict[str, float]], tuple[str, ...]]:
    """Return the scores that figures are made of now, see shown.py: of both waves by person, and whose they are."""
    before, after = both
    there = [f"{each}{JOINED}{_again(each, after, code, before)}" for code, each in before.sheets.items()]
    chosen = shown_of(plan, key, there, before.scores.keys() | after.scores.keys())
    split = [each.partition(JOINED) for each in sorted(chosen)]
    first = {one: before.scores[one] for one, _between, _other in split}
    again = {one: after.scores[other] for one, _between, other in split if other}
    return [first, again], tuple(sorted(chosen))


def _again(sheet: str, after: Answers, code: str, before: Answers) -> str:
    """Return the later sheet of a person; "" without one. What they answered before they began shows no change."""
    found = after.sheets.get(code, "")
    return found if found and after.begun[found] >= before.begun[sheet] else ""


def _pairs(waves: Waves) -> int:
    return len(waves.before.keys() & waves.after.keys())


def _waves(questions: Questions, pair: Pair, both: list[dict[str, float]]) -> Waves:
    """Lay two points side by side. Who is asked each quarter is not asked anew: later no more people are asked than before."""
    before, after = (sum(max(each.asked, each.answered) for each in waves) for waves in pair)  # type: ignore[attr-defined]  # annotated
    scale = scale_of(questions)
    later = min(after, max(before, len(both[1])))
    return Waves(both[0], both[1], before, later, scale.reach, scale.is_lower_better)


def scale_of(questions: Questions) -> Scale:
    """Return how questions are scored; what is answered in words never comes here."""
    assert questions.scale is not None  # noqa: S101  # see measured
    return questions.scale


def _answers(waves: Iterable[Wave], questions: Questions) -> Answers:
    """Return the scores of waves; of who answered in several of them the first one counts.

    A code that two sheets of a wave have is nobody's: two people may have made the same one.
    """
    scale, found = scale_of(questions), Answers({}, {}, {})
    for wave in waves:
        rows = list(wave.sheets.exclude(pseudonym="").values_list("pk", "pseudonym", "answers"))
        times = Counter(pseudonym for _pk, pseudonym, _said in rows)
        for pk, pseudonym, said in rows:
            points = score(scale, said.get(scale.id, {}))
            if points is not None:
                found.scores[str(pk)] = points
                if times[pseudonym] == 1:
                    found.sheets.setdefault(pseudonym, str(pk))
                    found.begun[str(pk)] = wave.first
    return found


def what_collection_needs(book: Book) -> list[str]:
    """Return what the collection still needs before it counts as done."""
    waves = _by_moment(waves_of(book.plan))
    if not waves:
        return [_("Begin a wave, or choose in step 5 what you ask.")]
    if not book.is_locked(Step.MEASUREMENT):
        return [_("Lock the measurement plan: who answers later must be asked the same.")]
    if not any(_answered([each]) >= FEWEST for rows in waves.values() for each in rows):  # small_cells
        return [_("Fewer than five people have answered. Nothing can be shown yet.")]
    if not any(one in waves and two in waves for one, two in PAIRS):
        return [_("Ask a second time, so that you see a change.")]
    return []
