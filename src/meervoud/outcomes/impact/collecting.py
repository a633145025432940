"""What the waves of a plan tell: pairs by pseudonym, what changed, how many answered; never one person's answer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step, Wave

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
        sheets: ids of the sheets by pseudonym, in order of time; not of codes that two sheets of a wave have.
        days: on which each sheet was filled in, by its id. A day stays, while those of a wave may be changed by who writes
            in the plan: figures must not move with them, or their differences would tell of one person.
    """

    scores: Mapping[str, float]
    sheets: Mapping[str, list[str]]
    days: Mapping[str, date]


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
    both, sheets = _shown(plan, questions.id, (_answers(pair[0], questions), _answers(pair[1], questions)))
    group = _waves(questions, pair, both)
    against = None
    if others:
        without = _answers(others[0], questions), _answers(others[1], questions)
        theirs, _sheets = _shown(plan, f"{questions.id}/without", without)
        against = _waves(questions, others, theirs)
    difference = compared(group, against) if against else None
    effect = paired(group, has_comparison=difference is not None)
    changes = changes_with_drop_outs(group) if effect.gate != Gate.NOTHING else ()
    fewest = min(_pairs(group), _pairs(against)) if against and difference else 0
    return Measured(questions, *pair, effect, changes, difference, fewest, sheets)


def _shown(plan: ImpactPlan, key: str, both: tuple[Answers, Answers]) -> tuple[list[dict[str, float]], tuple[str, ...]]:
    """Return the scores that figures are made of now, see shown.py: of both points by person, and whose they are."""
    before, after = both
    chosen = shown_of(plan, key, _people(before, after), before.scores.keys() | after.scores.keys())
    split = [each.partition(JOINED) for each in sorted(chosen)]
    first = {one: before.scores[one] for one, _between, _other in split}
    again = {one: after.scores[other] for one, _between, other in split if other}
    return [first, again], tuple(sorted(chosen))


def _people(before: Answers, after: Answers) -> Iterator[str]:
    """Yield of each person the first sheet at the start and the last one later, joined; the second is empty without one.

    Who began after the last answer that came later was not asked again yet, and did not drop out.
    """
    last = max(after.days.values(), default=None)
    for code, sheets in before.sheets.items():
        begun = before.days[sheets[0]]
        again = [each for each in after.sheets.get(code, []) if after.days[each] >= begun]
        if again or (last is not None and begun <= last):
            yield f"{sheets[0]}{JOINED}{again[-1] if again else ''}"


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


def _answers(waves: Sequence[Wave], questions: Questions) -> Answers:
    """Return the scores of waves. A code that two sheets of a wave have is nobody's: two people may have made the same one."""
    rows = AnswerSheet.objects.of(wave=waves).exclude(pseudonym="").order_by("day", "pk")
    found = list(rows.values_list("pk", "pseudonym", "answers", "day", "wave_id"))
    times = Counter((wave, pseudonym) for _pk, pseudonym, _said, _day, wave in found)
    shared = {pseudonym for (_wave, pseudonym), number in times.items() if number > 1}
    scale = scale_of(questions)
    scores, sheets, days = dict[str, float](), dict[str, list[str]](), dict[str, date]()
    for pk, pseudonym, said, day, _wave in found:
        points = score(scale, said.get(scale.id, {}))
        if points is not None:
            scores[str(pk)], days[str(pk)] = points, day
            if pseudonym not in shared:
                sheets.setdefault(pseudonym, []).append(str(pk))
    return Answers(scores, sheets, days)


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
