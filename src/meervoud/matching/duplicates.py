"""Requests that may be one: found in blocks that share something, never by comparing each with each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final
from uuid import UUID

from meervoud.demand.models import Request, RequestRule
from meervoud.lib.search import fold, trigrams
from meervoud.matching.models import NotTheSame
from meervoud.parties.models import Programme

WHY: Final = "duplicates at the desk; the view has checked who works for the programme"
LIKE: Final = 0.75
"""How much of their letters two names share that are very similar, 0-1 (Dice's coefficient of trigrams)."""
SMALL_BLOCK: Final = 16
"""In a block of at most so many each is compared with each."""
REACH: Final = 8
"""In a larger one each with so many that stand behind it by name."""
RULE_FIELDS: Final = (
    "kind", "weekdays", "window_start", "window_end", "minutes", "weeks", "days", "per_week", "per_week_minutes", "dates",
)  # fmt: skip
Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Candidate:
    """Two requests that may be one.

    Attributes:
        first: the one that was made first.
        second: the other one.
        likeness: how alike their names are, 0-1.
        same_asker: whether the same person or organisation asks.
        same_needs: whether they ask for the same days and hours.
    """

    first: UUID
    second: UUID
    likeness: float
    same_asker: bool
    same_needs: bool


@dataclass(frozen=True)
class _Row:
    pk: UUID
    asker: UUID
    organisation: UUID | None
    neighbourhood: str
    name: str
    letters: frozenset[str]
    needs: tuple[str, ...]


def candidates(programme: Programme) -> list[Candidate]:
    """Return the pairs of open requests that may be one, the most alike first.

    The same asker or organisation and the same needs or a very similar name; or the same neighbourhood, the same needs
    and a very similar name. Pairs that somebody told apart are left out.
    """
    apart = set(NotTheSame.objects.every(because=WHY).filter(programme=programme).values_list("first", "second"))
    found = dict[Pair, Candidate]()
    for one, other in _pairs(_rows(programme)):
        key = pair_of(one.pk, other.pk)
        if key not in found and key not in apart and (candidate := _compare(one, other)):
            found[key] = candidate
    return sorted(found.values(), key=lambda each: (-each.likeness, -each.same_needs, each.first, each.second))


def pair_of(one: UUID, other: UUID) -> Pair:
    """Return two ids, the smaller one first."""
    return (one, other) if one.hex < other.hex else (other, one)


def _rows(programme: Programme) -> list[_Row]:
    """Return what is compared of the open requests, the oldest first; two questions to the database."""
    open_ones = Request.objects.open_in(programme, because=WHY)
    needs = defaultdict[UUID, list[str]](list)
    rules = RequestRule.objects.of(request=open_ones).order_by("request", "order")
    for pk, *said in rules.values_list("request", *RULE_FIELDS):
        needs[pk].append(repr(said))
    fields = ("pk", "asked_by", "organisation", "neighbourhood", "title")
    rows = list[_Row]()
    for pk, asker, organisation, neighbourhood, title in open_ones.order_by("created_at", "pk").values_list(*fields):
        words = sorted(fold(title).split())
        letters = reduce(frozenset[str].union, map(trigrams, words), frozenset[str]())
        rows.append(
            _Row(pk, asker, organisation, neighbourhood, " ".join(words), letters, tuple(sorted(needs.get(pk, ()))))
        )
    return rows


def _pairs(rows: Sequence[_Row]) -> Iterator[tuple[_Row, _Row]]:
    blocks = defaultdict[tuple[object, ...], list[int]](list)
    for number, row in enumerate(rows):
        for key in _keys(row):
            blocks[key].append(number)
    for block in blocks.values():
        for one, other in _within(block, rows):
            yield rows[min(one, other)], rows[max(one, other)]


def _keys(row: _Row) -> Iterator[tuple[object, ...]]:
    for kind, who in (("asker", row.asker), ("organisation", row.organisation)):
        if who is not None:
            yield kind, who
            yield kind, who, row.needs
    if row.neighbourhood and row.needs:
        yield "place", row.neighbourhood, row.needs


def _within(block: Sequence[int], rows: Sequence[_Row]) -> Iterable[tuple[int, int]]:
    reach = len(block) if len(block) <= SMALL_BLOCK else REACH
    by_name = sorted(block, key=lambda number: rows[number].name)
    for place, one in enumerate(by_name):
        for other in by_name[place + 1 : place + 1 + reach]:
            yield one, other


def _compare(one: _Row, other: _Row) -> Candidate | None:
    likeness, same_needs = likeness_of(one.letters, other.letters), bool(one.needs) and one.needs == other.needs
    same_asker = one.asker == other.asker or (one.organisation is not None and one.organisation == other.organisation)
    is_like = likeness >= LIKE
    if (same_asker and (same_needs or is_like)) or (same_needs and is_like):
        return Candidate(one.pk, other.pk, round(likeness, 2), same_asker, same_needs)
    return None


def likeness_of(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two sets of letters share, 0-1; two names without letters share nothing."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
