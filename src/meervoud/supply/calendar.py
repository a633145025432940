"""Taking and freeing time: every occupation of a space is written here, and nowhere else."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.utils import IntegrityError
from django.utils.translation import gettext_noop as mark

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.places.models import Space
from meervoud.supply.change_number import mark_changed
from meervoud.supply.models import Occupation, Offer, Taking

MOST_SPANS = 400
MOST_BUSY = 10_000
TAKEN = "taken time is taken for everybody; by whom is never said"
CLOCK = "the platform's own clock: a hold that has expired holds for nobody"
KEY = "a key is used once in the whole platform; only the same moments of the same space get the answer"


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of time in whole minutes; both ends aware."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Refuse naive times, seconds, and a stretch that ends before it starts."""
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise InputError("Give the moment a time zone.", code="span_naive")
        if any(each.second or each.microsecond for each in (self.starts_at, self.ends_at)):
            raise InputError("Give times in whole minutes.", code="span_seconds")
        if self.ends_at <= self.starts_at:
            raise InputError(
                f"The moment at {self.starts_at:%Y-%m-%d %H:%M} ends before it starts. Check its end.",
                code="span_reversed",
                value=f"{self.starts_at:%Y-%m-%d %H:%M}",
            )

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two have a minute in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class TakenError(ConflictError):
    """Some of the time is taken. `spans` are the asked moments that clash; by whom they are taken stays unsaid."""

    def __init__(self, spans: Sequence[Span]) -> None:
        super().__init__(mark("This time has just been taken. Choose another moment."))
        self.spans = tuple(spans)


@transaction.atomic
def take_time(
    *,
    space: Space,
    spans: Sequence[Span],
    request_key: str,
    by: Person | None,
    now: datetime,
    hold_until: datetime | None = None,
) -> Taking:
    """Take time of a space: all of it or nothing.

    Args:
        space: its atoms are taken, so a hall takes its rooms.
        spans: 1-400 moments that do not overlap each other; the host's buffer is kept free behind each.
        request_key: the same key with the same moments gives the first answer again.
        by: the person who asks, None for the platform.
        now: which holds have expired.
        hold_until: makes it a hold that expires then; None is a use.

    Raises:
        InputError: too many moments, moments that overlap, or a known key with other moments.
        TakenError: some of the time is taken already.
    """
    buffer = timedelta(minutes=buffer_of(space))
    blocked = [Span(span.starts_at, span.ends_at + buffer) for span in _checked(spans)]
    _refuse_overlaps(blocked)
    kind = Taking.Kind.HOLD if hold_until else Taking.Kind.USE
    fingerprint = _fingerprint(space.pk, spans, kind)
    atoms = lock_atoms(space)
    known = Taking.objects.every(because=KEY).filter(request_key=request_key).first()
    if known is not None:
        return _same_answer(known, fingerprint)
    asked = list(zip(spans, blocked, strict=True))
    clashes = _clashes(atoms, asked)
    if clashes and release_expired_holds(atoms=atoms, now=now):
        clashes = _clashes(atoms, asked)
    if clashes:
        raise TakenError(clashes)
    taking = Taking.objects.create(
        space=space, kind=kind, request_key=request_key, fingerprint=fingerprint, by=by, expires_at=hold_until
    )
    _occupy(taking, atoms, asked)
    mark_changed(offers_on(atoms))
    journal(by, f"time.{kind}", taking, space=str(space.pk), moments=len(spans))
    return taking


@transaction.atomic
def release(*, taking: Taking, by: Person | None, now: datetime) -> Taking:
    """Free the time of a taking; releasing twice changes nothing."""
    atoms = lock_atoms(taking.space)
    if taking.space.takings.filter(pk=taking.pk, released_at__isnull=True).update(released_at=now):
        taking.occupations.update(is_active=False)
        mark_changed(offers_on(atoms))
        journal(by, "time.released", taking)
    taking.refresh_from_db()
    return taking


@transaction.atomic
def prolong_hold(*, taking: Taking, until: datetime, by: Person | None, now: datetime) -> Taking:
    """Keep the time of a hold until a later moment; an earlier one changes nothing.

    Raises:
        ConflictError: it is no hold any more, or has expired.
    """
    row = _standing_hold(taking, now)
    if row.expires_at is not None and row.expires_at < until:
        row.expires_at = until
        row.save(update_fields=["expires_at", "changed_at"])
        journal(by, "time.hold_prolonged", row, until=until.isoformat())
    return row


@transaction.atomic
def confirm_hold(*, taking: Taking, by: Person | None, now: datetime) -> Taking:
    """Turn a hold into use: its time is taken for good, and was never free in between.

    Raises:
        ConflictError: it is no hold any more, or has expired.
    """
    row = _standing_hold(taking, now)
    row.kind, row.expires_at = Taking.Kind.USE, None
    row.save(update_fields=["kind", "expires_at", "changed_at"])
    mark_changed(offers_on(lock_atoms(row.space)))
    journal(by, "time.confirmed", row)
    return row


def _standing_hold(taking: Taking, now: datetime) -> Taking:
    lock_atoms(taking.space)
    row = Taking.objects.every(because=CLOCK).select_for_update(of=("self",)).select_related("space").get(pk=taking.pk)
    is_over = row.expires_at is not None and row.expires_at <= now
    if row.kind != Taking.Kind.HOLD or row.released_at is not None or is_over:
        raise ConflictError("This time is not kept any more. Choose a time that is free.")
    return row


def shown_spans(taking: Taking) -> list[tuple[datetime, datetime]]:
    """Return the moments of a taking as people see them, without the host's buffer, in order."""
    rows = taking.occupations.filter(is_active=True).order_by("shown_starts_at")
    return sorted(set(rows.values_list("shown_starts_at", "shown_ends_at")))


@transaction.atomic(savepoint=False)
def release_expired_holds(*, atoms: Sequence[UUID] | None = None, now: datetime) -> int:
    """Free the time of holds that have expired, of some atoms or of all, and return how many holds that were."""
    holds = Taking.objects.every(because=CLOCK).filter(kind=Taking.Kind.HOLD, released_at__isnull=True)
    expired = holds.filter(expires_at__lte=now)
    if atoms is None:
        _lock(set(expired.values_list("occupations__atom", flat=True)) - {None})
    else:
        expired = expired.filter(occupations__atom__in=atoms)
    ids = sorted(set(expired.values_list("pk", flat=True)))
    if ids:
        held = Occupation.objects.every(because=CLOCK).filter(taking__in=ids, is_active=True)
        touched = sorted(set(held.values_list("atom", flat=True)))
        held.update(is_active=False)
        holds.filter(pk__in=ids).update(released_at=now)
        mark_changed(offers_on(touched))
    return len(ids)


@transaction.atomic
def replace_busy(*, offer: Offer, spans: Sequence[Span], by: Person | None, now: datetime) -> int:
    """Put the host's own busy times in the place of those read before, and return how many clash with agreed use.

    Where a busy time overlaps a hold or a use, only the rest of it is taken: what was agreed stays, and is counted.

    Raises:
        InputError: more than 10,000 busy times.
    """
    if len(spans) > MOST_BUSY:
        raise InputError(
            f"The calendar has {len(spans)} events. Give one with at most {MOST_BUSY}.",
            code="calendar_too_many",
            number=len(spans),
            most=MOST_BUSY,
        )
    atoms = lock_atoms(offer.space)
    release_expired_holds(atoms=atoms, now=now)
    offer.space.takings.filter(kind=Taking.Kind.BUSY).delete()
    clashes: set[Span] = set()
    if spans:
        taking = Taking.objects.create(
            space=offer.space, kind=Taking.Kind.BUSY, request_key=f"busy {offer.pk}", fingerprint="", by=by
        )
        merged = merge_spans(spans)
        for atom in atoms:
            taken = _taken_spans([atom], Span(merged[0].starts_at, max(span.ends_at for span in merged)))
            clashes |= {span for span in spans if any(span.overlaps(other) for other in taken)}
            free = [rest for span in merged for rest in subtract_spans(span, taken)]
            _occupy(taking, [atom], [(span, span) for span in free])
    mark_changed(offers_on(atoms))
    return len(clashes)


def lock_atoms(space: Space) -> list[UUID]:
    """Lock the atoms of a space until the end of the transaction, in one order for everybody, and return them.

    On SQLite the writer's lock, held since BEGIN, is the lock.
    """
    return _lock(space.atoms.values_list("pk", flat=True))


def lock_spaces(spaces: Iterable[Space]) -> None:
    """Lock the atoms of several spaces at once, in that same order."""
    links = Space.atoms.through.objects.filter(space__in={each.pk for each in spaces})
    _lock(set(links.values_list("atom_id", flat=True)))


def _lock(atoms: Iterable[UUID]) -> list[UUID]:
    ordered = sorted(atoms)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for atom in ordered:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(atom.bytes[:8], signed=True)])
    return ordered


def active_occupations(now: datetime) -> QuerySet[Occupation]:
    """Return what takes time at this moment; a hold that has expired takes none."""
    expired = Q(taking__kind=Taking.Kind.HOLD, taking__expires_at__lte=now)
    return Occupation.objects.every(because=TAKEN).filter(is_active=True).exclude(expired)


def offers_on(atoms: Sequence[UUID]) -> list[UUID]:
    """Return the ids of the offers whose spaces have one of the atoms."""
    spaces = Space.atoms.through.objects.filter(atom__in=atoms).values("space")
    rows = Offer.objects.every(because="only ids, to mark what changed").filter(space__in=spaces)
    return sorted(set(rows.values_list("pk", flat=True)))


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return the union of stretches as sorted stretches that do not touch."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.starts_at <= merged[-1].ends_at:
            merged[-1] = Span(merged[-1].starts_at, max(merged[-1].ends_at, span.ends_at))
        else:
            merged.append(span)
    return merged


def subtract_spans(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return what is left of a stretch without others."""
    left, start = list[Span](), span.starts_at
    for other in sorted(others):
        if other.ends_at <= start or other.starts_at >= span.ends_at:
            continue
        if other.starts_at > start:
            left.append(Span(start, other.starts_at))
        start = max(start, other.ends_at)
    return [*left, Span(start, span.ends_at)] if start < span.ends_at else left


def buffer_of(space: Space) -> int:
    """Return how many minutes the host keeps free behind each use of a space."""
    offers = Offer.objects.every(because="the buffer of the space itself").filter(space=space)
    return offers.values_list("buffer_minutes", flat=True).first() or 0


def _checked(spans: Sequence[Span]) -> Sequence[Span]:
    if not 1 <= len(spans) <= MOST_SPANS:
        raise InputError(
            f"Ask for 1 to {MOST_SPANS} moments at once, not {len(spans)}.",
            code="span_count",
            number=len(spans),
            most=MOST_SPANS,
        )
    return spans


def _refuse_overlaps(spans: Sequence[Span]) -> None:
    for one, other in pairwise(sorted(spans)):
        if one.overlaps(other):
            raise InputError(
                f"Two of the moments overlap on {other.starts_at:%Y-%m-%d %H:%M}. Leave one out.",
                code="span_overlap",
                value=f"{other.starts_at:%Y-%m-%d %H:%M}",
            )


def _fingerprint(space: UUID, spans: Sequence[Span], kind: str) -> str:
    said = [str(space), kind, *(f"{span.starts_at.timestamp()} {span.ends_at.timestamp()}" for span in sorted(spans))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _same_answer(known: Taking, fingerprint: str) -> Taking:
    if known.fingerprint != fingerprint:
        raise InputError(
            "This request was sent before with other moments. Start a new request.", code="request_key_reused"
        )
    return known


def _clashes(atoms: Sequence[UUID], spans: Sequence[tuple[Span, Span]]) -> list[Span]:
    """Return the moments whose time, with the buffer, is taken: one look at all from the first to the last."""
    within = Span(min(full.starts_at for _, full in spans), max(full.ends_at for _, full in spans))
    taken = merge_spans(_taken_spans(atoms, within))
    begins = [each.starts_at for each in taken]
    before = [(span, full, bisect_left(begins, full.ends_at)) for span, full in spans]
    return [span for span, full, place in before if place and taken[place - 1].overlaps(full)]


def _taken_spans(atoms: Sequence[UUID], within: Span) -> list[Span]:
    return [Span(*row) for row in _occupied(atoms, within).values_list("starts_at", "ends_at")]


def _occupied(atoms: Sequence[UUID], within: Span) -> QuerySet[Occupation]:
    return Occupation.objects.every(because=TAKEN).filter(
        atom__in=atoms, is_active=True, starts_at__lt=within.ends_at, ends_at__gt=within.starts_at
    )


def _occupy(taking: Taking, atoms: Sequence[UUID], spans: Sequence[tuple[Span, Span]]) -> None:
    rows = [
        Occupation(
            taking=taking,
            atom_id=atom,
            starts_at=blocked.starts_at,
            ends_at=blocked.ends_at,
            shown_starts_at=shown.starts_at,
            shown_ends_at=shown.ends_at,
        )
        for atom in atoms
        for shown, blocked in spans
    ]
    try:
        Occupation.objects.bulk_create(rows, batch_size=500)
    except IntegrityError as error:  # the guard itself: somebody wrote past the locks
        raise TakenError([shown for shown, _ in spans]) from error
