"""Time is never taken twice: the actions, the guard of the database, and what happens without it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, IntegrityError
from tests.rooms.makers import make_building, make_offer, make_organisation, make_programme, make_space

from meervoud.core.errors import InputError
from meervoud.places.models import Space
from meervoud.supply.calendar import (
    Span,
    TakenError,
    active_occupations,
    merge_spans,
    release,
    release_expired_holds,
    replace_busy,
    subtract_spans,
    take_time,
)
from meervoud.supply.change_number import current_number
from meervoud.supply.guard import NAME, TABLE, check_guard, missing_guards, put_triggers
from meervoud.supply.models import Occupation, Taking

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORKERS = 8


def at(hour: float, hours: float = 1, day: int = 24) -> Span:
    start = datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour)
    return Span(start, start + timedelta(hours=hours))


def take(space: Space, *spans: Span, key: str = "", hold_until: datetime | None = None) -> Taking:
    key = key or str(uuid.uuid4())
    return take_time(space=space, spans=spans, request_key=key, by=None, now=NOW, hold_until=hold_until)


def make_hall() -> tuple[Space, Space, Space]:
    """Two rooms, and the hall that is both."""
    programme = make_programme()
    building = make_building(programme, make_organisation(programme))
    one, other = make_space(building), make_space(building)
    return one, other, make_space(building, parts=(one, other))


@pytest.mark.django_db
def test_a_moment_that_touches_is_free_and_one_that_overlaps_is_taken() -> None:
    room, _, _ = make_hall()
    take(room, at(19))
    take(room, at(20))
    with pytest.raises(TakenError) as error:
        take(room, at(17), at(19.5))
    assert error.value.spans == (at(19.5),)
    assert Occupation.objects.every(because="a test").filter(is_active=True).count() == 2


@pytest.mark.django_db
def test_a_hall_takes_its_rooms_and_each_room_takes_the_hall() -> None:
    one, other, hall = make_hall()
    take(hall, at(19))
    with pytest.raises(TakenError):
        take(one, at(19))
    take(other, at(21))
    with pytest.raises(TakenError):
        take(hall, at(21))
    take(one, at(21))


@pytest.mark.django_db
def test_the_buffer_of_the_host_is_kept_free_behind_each_use() -> None:
    offer = make_offer(buffer_minutes=30)
    take(offer.space, at(19))
    with pytest.raises(TakenError):
        take(offer.space, at(20))
    with pytest.raises(TakenError):
        take(offer.space, at(18))
    take(offer.space, at(20.5))
    take(offer.space, at(17.5))


@pytest.mark.django_db
def test_the_same_request_twice_gets_the_first_answer_and_another_one_with_its_key_is_refused() -> None:
    room, _, _ = make_hall()
    first = take(room, at(19), key="once")
    assert take(room, at(19), key="once") == first
    with pytest.raises(InputError):
        take(room, at(20), key="once")
    assert Occupation.objects.every(because="a test").count() == 1


@pytest.mark.django_db
def test_a_hold_takes_time_until_it_expires() -> None:
    room, _, _ = make_hall()
    hold = take(room, at(19), hold_until=NOW + timedelta(hours=1))
    with pytest.raises(TakenError):
        take(room, at(19))
    assert active_occupations(NOW).count() == 1
    assert active_occupations(NOW + timedelta(hours=1)).count() == 0
    assert release_expired_holds(now=NOW + timedelta(hours=1)) == 1
    hold.refresh_from_db()
    assert hold.released_at
    take(room, at(19))


@pytest.mark.django_db
def test_an_expired_hold_gives_way_to_whoever_asks_next_without_waiting_for_a_task() -> None:
    room, _, _ = make_hall()
    take(room, at(19), hold_until=NOW)
    take(room, at(19))


@pytest.mark.django_db
def test_what_is_released_is_free_again_and_every_change_has_a_number() -> None:
    offer = make_offer()
    before = current_number()
    taking = take(offer.space, at(19))
    release(taking=taking, by=None, now=NOW)
    release(taking=taking, by=None, now=NOW)
    assert current_number() == before + 2
    offer.refresh_from_db()
    assert offer.change_number == before + 2
    take(offer.space, at(19))


@pytest.mark.django_db
def test_busy_times_of_the_host_go_around_what_was_agreed_and_the_clash_is_counted() -> None:
    offer = make_offer()
    take(offer.space, at(19))
    clashes = replace_busy(offer=offer, spans=[at(18, 4), at(9), at(9.5)], by=None, now=NOW)
    assert clashes == 1
    busy = Occupation.objects.every(because="a test").filter(taking__kind="busy").order_by("starts_at")
    assert [Span(each.starts_at, each.ends_at) for each in busy] == [at(9, 1.5), at(18), at(20, 2)]
    assert replace_busy(offer=offer, spans=[], by=None, now=NOW) == 0
    assert not Occupation.objects.every(because="a test").filter(taking__kind="busy").exists()


@pytest.mark.parametrize(
    "spans", [[], [at(19), at(19.5)], [at(2 * hour, day=1) for hour in range(500)]], ids=["none", "overlap", "many"]
)
@pytest.mark.django_db
def test_moments_that_make_no_sense_are_refused(spans: list[Span]) -> None:
    room, _, _ = make_hall()
    with pytest.raises(InputError):
        take(room, *spans)


def test_a_span_is_aware_in_whole_minutes_and_ends_after_it_starts() -> None:
    start = at(19).starts_at
    for bad in (
        (start, start),
        (start.replace(tzinfo=None), start.replace(tzinfo=None) + timedelta(hours=1)),
        (start, start + timedelta(seconds=90)),
    ):
        with pytest.raises(InputError):
            Span(*bad)


def test_stretches_are_merged_and_subtracted() -> None:
    assert merge_spans([at(20), at(19), at(22)]) == [at(19, 2), at(22)]
    assert subtract_spans(at(18, 6), [at(19), at(21, 9)]) == [at(18), at(20)]
    assert subtract_spans(at(19), [at(18, 3)]) == []


def write_past_the_action(room: Space, span: Span) -> None:
    taking = Taking.objects.create(space=room, kind="use", request_key=str(uuid.uuid4()), fingerprint="")
    Occupation.objects.create(
        taking=taking,
        atom=room.atoms.get(),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        shown_starts_at=span.starts_at,
        shown_ends_at=span.ends_at,
    )


@pytest.mark.django_db
def test_the_database_itself_refuses_an_overlap_written_past_the_action() -> None:
    room, _, _ = make_hall()
    write_past_the_action(room, at(19))
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        write_past_the_action(room, at(19.5))
    write_past_the_action(room, at(20))
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Occupation.objects.every(because="a test").filter(starts_at=at(20).starts_at).update(
            starts_at=at(19.5).starts_at, shown_starts_at=at(20).starts_at
        )


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_of_the_table_drops_the_triggers_and_the_check_says_so() -> None:
    if connection.vendor != "sqlite":
        assert missing_guards(connection) == []
        return
    field = Occupation._meta.get_field("is_active")
    altered = field.clone()
    altered.db_default = True  # type: ignore[assignment]  # any change that rebuilds the table
    altered.set_attributes_from_name("is_active")
    altered.model = Occupation
    with connection.schema_editor() as editor:
        editor.alter_field(Occupation, field, altered)
    try:
        assert len(missing_guards(connection)) == 2
        assert [error.id for error in check_guard(None, databases=["default"])] == ["supply.E001"] * 2
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Occupation, altered, field)
        put_triggers(connection)
    assert missing_guards(connection) == []


def attempt_together(attempts: list[Callable[[], object]]) -> list[BaseException | None]:
    """Let every attempt start at the same moment on a connection of its own."""
    barrier, outcomes = Barrier(len(attempts)), list[BaseException | None]([None] * len(attempts))

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            attempts[number]()
        except (TakenError, DatabaseError) as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def overlapping_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {TABLE} a JOIN {TABLE} b ON a.atom_id = b.atom_id AND a.id < b.id"  # noqa: S608
            " AND a.is_active AND b.is_active AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_exactly_the_possible_ones_win() -> None:
    one, other, hall = make_hall()
    rounds = 25
    for number in range(rounds):
        base = at(0, day=1).starts_at + timedelta(days=number)
        series = [Span(base + timedelta(hours=hour), base + timedelta(hours=hour + 2)) for hour in (8, 12, 16)]

        def attempt(worker: int, series: list[Span] = series) -> Callable[[], object]:
            space = (one, other, hall)[worker % 3]
            spans = series if worker % 2 else series[::-1]
            return lambda: take(space, *spans[: 1 + worker % 3])

        outcomes = attempt_together([attempt(worker) for worker in range(WORKERS)])
        faults = [error for error in outcomes if error is not None and not isinstance(error, TakenError)]
        assert faults == []
        assert None in outcomes, "a round without a winner"
    assert overlapping_rows() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_guard_and_locks_the_same_attempts_take_time_twice() -> None:
    """The control: looking first and writing then is not enough, and the barrier shows it."""
    room, _, _ = make_hall()
    drop_the_guard()
    try:
        for number in range(10):
            span = at(19, day=1 + number)
            look = Barrier(WORKERS)

            def check_then_write(span: Span = span, look: Barrier = look) -> None:
                is_taken = (
                    Occupation.objects.every(because="a test")
                    .filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)
                    .exists()
                )
                look.wait(30)
                if not is_taken:
                    write_past_the_action(room, span)

            assert attempt_together([check_then_write] * WORKERS) == [None] * WORKERS
        assert overlapping_rows() > 0
    finally:
        Occupation.objects.every(because="a test").delete()
        put_back_the_guard()
    assert missing_guards(connection) == []


def drop_the_guard() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for kind in ("insert", "update"):
                cursor.execute(f"DROP TRIGGER {TABLE}_{kind}")
        else:
            cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}")


def put_back_the_guard() -> None:
    if connection.vendor == "sqlite":
        put_triggers(connection)
    else:
        with connection.schema_editor() as editor:
            from meervoud.supply.guard import POSTGRES

            editor.execute(POSTGRES)
