"""Changing what is taken: a part of it set free, or other time in its place, so that nobody gets in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.places.models import Space
from meervoud.supply.calendar import (
    Span,
    TakenError,
    buffer_of,
    lock_atoms,
    lock_spaces,
    merge_spans,
    offers_on,
    release_expired_holds,
    subtract_spans,
    take_time,
)
from meervoud.supply.change_number import mark_changed
from meervoud.supply.models import Occupation, Taking

CHANGE = "a change of what a person may change already"


@dataclass(frozen=True)
class Piece:
    """One moment of a taking, as people see it."""

    taking: Taking
    span: Span


@transaction.atomic
def release_pieces(*, pieces: Sequence[Piece], by: Person | None, now: datetime) -> int:
    """Set some moments free and keep the rest; return how many were taken until now. Doing it twice changes nothing."""
    lock_spaces([each.taking.space for each in pieces])
    freed = 0
    for taking in {each.taking.pk: each.taking for each in pieces}.values():
        spans = [each.span for each in pieces if each.taking.pk == taking.pk]
        rows = taking.occupations.filter(_shown(spans), is_active=True)
        atoms = sorted(set(rows.values_list("atom", flat=True)))
        freed += len(set(rows.values_list("shown_starts_at", flat=True)))
        rows.update(is_active=False)
        if not taking.occupations.filter(is_active=True).exists():
            Taking.objects.every(because=CHANGE).filter(pk=taking.pk, released_at__isnull=True).update(released_at=now)
        mark_changed(offers_on(atoms))
        journal(by, "time.partly_released", taking, moments=len(spans))
    return freed


@transaction.atomic
def retake(
    *,
    space: Space,
    instead_of: Sequence[Piece],
    spans: Sequence[Span],
    request_key: str,
    by: Person | None,
    now: datetime,
) -> Taking:
    """Take time in the place of other time: all of it or nothing, and what was taken stays taken where it fails.

    Raises:
        InputError, TakenError: as `take_time`.
    """
    lock_spaces([space, *(each.taking.space for each in instead_of)])
    with transaction.atomic():
        release_pieces(pieces=instead_of, by=by, now=now)
        return take_time(space=space, spans=spans, request_key=request_key, by=by, now=now)


@transaction.atomic
def hold_beside(
    *,
    space: Space,
    own: Sequence[Piece],
    spans: Sequence[Span],
    hold: tuple[str, datetime],
    by: Person | None,
    now: datetime,
) -> Taking | None:
    """Hold time that may overlap what the same group has: only the rest of it is written, for the overlap is theirs.

    Args:
        space: whose time.
        own: what the group has, and would give up for this.
        spans: what it wants instead.
        hold: the key of the request, and until when.
        by: who asks.
        now: which holds have expired.

    Returns:
        The hold; None where the group has all of it already.

    Raises:
        TakenError: somebody else has some of it.
    """
    key, until = hold
    lock_spaces([space, *(each.taking.space for each in own)])
    atoms = lock_atoms(space)
    release_expired_holds(atoms=atoms, now=now)
    buffer = timedelta(minutes=buffer_of(space))
    theirs = _blocked(own, atoms)
    pieces = [
        (span, piece) for span in spans for piece in subtract_spans(Span(span.starts_at, span.ends_at + buffer), theirs)
    ]
    taken = taken_among(space, [piece for _, piece in pieces], now=now)
    if any(taken):
        raise TakenError(sorted({span for (span, _), each in zip(pieces, taken, strict=True) if each}))
    if not pieces:
        return None
    taking = Taking.objects.create(
        space=space, kind=Taking.Kind.HOLD, request_key=key, fingerprint="", by=by, expires_at=until
    )
    occupied = [_occupation(taking, atom, piece, piece) for atom in atoms for _, piece in pieces]
    Occupation.objects.bulk_create(occupied)
    mark_changed(offers_on(atoms))
    journal(by, "time.hold", taking, space=str(space.pk), moments=len(pieces))
    return taking


@transaction.atomic
def end_sooner(*, piece: Piece, ends_at: datetime, by: Person | None, now: datetime) -> bool:
    """Let a moment end sooner, and say whether it did: the rest, behind the host's buffer, is free again."""
    atoms = lock_atoms(piece.taking.space)
    rows = piece.taking.occupations.filter(_shown([piece.span]), is_active=True)
    free_from = ends_at + timedelta(minutes=buffer_of(piece.taking.space))
    rows = rows.filter(shown_starts_at__lt=ends_at, shown_ends_at__gt=ends_at, ends_at__gt=free_from)
    changed = rows.update(ends_at=free_from, shown_ends_at=ends_at)
    if changed:
        mark_changed(offers_on(atoms))
        journal(by, "time.ended_sooner", piece.taking, until=ends_at.isoformat(), at=now.isoformat())
    return bool(changed)


@transaction.atomic
def split(*, piece: Piece, spans: Sequence[Span]) -> None:
    """Write one long moment of a taking as several that follow each other, so that each can be set free by itself."""
    lock_atoms(piece.taking.space)
    rows = list(piece.taking.occupations.filter(_shown([piece.span]), is_active=True))
    for row in rows:
        Occupation.objects.every(because=CHANGE).filter(pk=row.pk).update(is_active=False)
        ends = [*(span.ends_at for span in spans[:-1]), row.ends_at]
        blocked = [Span(span.starts_at, end) for span, end in zip(spans, ends, strict=True)]
        Occupation.objects.bulk_create(
            [_occupation(piece.taking, row.atom_id, full, span) for full, span in zip(blocked, spans, strict=True)]
        )


def _occupation(taking: Taking, atom: UUID, blocked: Span, shown: Span) -> Occupation:
    return Occupation(
        taking=taking,
        atom_id=atom,
        starts_at=blocked.starts_at,
        ends_at=blocked.ends_at,
        shown_starts_at=shown.starts_at,
        shown_ends_at=shown.ends_at,
    )


def taken_among(space: Space, spans: Sequence[Span], *, now: datetime, own: Sequence[Piece] = ()) -> list[bool]:
    """Say for each stretch of time whether somebody has taken some of it; one's own does not count, nor expired holds."""
    if not spans:
        return []
    expired = Q(taking__kind=Taking.Kind.HOLD, taking__expires_at__lte=now)
    rows = Occupation.objects.every(because="taken time is taken for everybody; by whom is never said").filter(
        atom__in=space.atoms.all(),
        is_active=True,
        starts_at__lt=max(each.ends_at for each in spans),
        ends_at__gt=min(each.starts_at for each in spans),
    )
    mine = {(each.taking.pk, each.span.starts_at, each.span.ends_at) for each in own}
    found = rows.exclude(expired).values_list("taking", "shown_starts_at", "shown_ends_at", "starts_at", "ends_at")
    taken = merge_spans([Span(*row[3:]) for row in found if row[:3] not in mine])
    return [any(span.overlaps(each) for each in taken) for span in spans]


def _shown(spans: Sequence[Span]) -> Q:
    found = Q(pk__in=[])
    for span in spans:
        found |= Q(shown_starts_at=span.starts_at, shown_ends_at=span.ends_at)
    return found


def _blocked(own: Sequence[Piece], atoms: Sequence[UUID]) -> list[Span]:
    rows = {
        (start, end)
        for each in own
        for start, end in each.taking.occupations.filter(
            _shown([each.span]), is_active=True, atom__in=atoms
        ).values_list("starts_at", "ends_at")
    }
    return [Span(*row) for row in sorted(rows)]
