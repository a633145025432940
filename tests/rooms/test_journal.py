"""The journal is a chain: what was changed, taken out, cut off or written anew is found; the head tells the last two."""

import io
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.rooms.makers import make_person
from tests.rooms.matrix.world import NOW

from meervoud.lib import chain
from meervoud.lib.chain import check_chain, log_head
from meervoud.lib.journal import hash_of, journal
from meervoud.lib.models import JournalEntry
from meervoud.site.logs import without_personal_data

pytestmark = pytest.mark.django_db
CHANGES: dict[str, dict[str, Any]] = {  # Any: values of fields
    "who": {"actor": None},
    "what": {"verb": "offer.published"},
    "when": {"at": datetime(2026, 1, 1, tzinfo=UTC)},
    "about whom": {"about": None},
    "how": {"details": {"a": 2}},
    "hash": {"hash": "0" * 64},
}


@pytest.fixture
def numbers() -> list[int]:
    """The numbers of five entries."""
    person = make_person()
    return [journal(person, "person.tried", person, about=person.pk, a=1).number for _ in range(5)]


def asked(*kept: str) -> tuple[int, list[str]]:
    """Run the command, and return how it ended and what it said."""
    out = io.StringIO()
    try:
        call_command("check_journal", *(f"--kept={head}" for head in kept), stdout=out)
    except CommandError as error:
        return error.returncode, [*out.getvalue().splitlines(), *str(error).splitlines()]
    return 0, out.getvalue().splitlines()


def head_of(number: int) -> str:
    return f"{number}:{JournalEntry.objects.get(pk=number).hash}"


def cut_end(numbers: Sequence[int]) -> None:
    JournalEntry.objects.filter(number__gte=numbers[3]).delete()


def cut_everything(numbers: Sequence[int]) -> None:
    del numbers
    JournalEntry.objects.all().delete()


def write_anew(numbers: Sequence[int]) -> None:
    """Tell another story from the second entry on, with hashes that follow from each other."""
    before = JournalEntry.objects.get(pk=numbers[0]).hash
    for entry in JournalEntry.objects.filter(number__gt=numbers[0]).order_by("number"):
        entry.verb = "person.slept"
        before = entry.hash = hash_of(before, entry)
        entry.save()


UNSEEN: dict[str, Callable[[Sequence[int]], None]] = {
    "end cut": cut_end,
    "everything cut": cut_everything,
    "written anew": write_anew,
}
unseen = pytest.mark.parametrize("spoil", UNSEEN.values(), ids=list(UNSEEN))


@pytest.mark.parametrize("batch", [1, 2, 5, 1000])
def test_a_chain_that_nobody_touched_holds(numbers: list[int], monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(chain, "BATCH", batch)
    head = head_of(numbers[-1])
    assert asked() == (0, ["entries: 5", f"head: {head}", "The chain holds."])
    assert asked(head_of(numbers[1]), head)[0] == 0


def test_a_journal_without_entries_holds() -> None:
    assert asked() == (0, ["entries: 0", "head: none", "The chain holds."])


def test_the_walk_holds_only_a_batch_in_memory(numbers: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        assert check_chain().entries == len(numbers)
    assert ["LIMIT 2" in each["sql"] for each in asked_for] == [True] * 4


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_found(numbers: list[int], change: str) -> None:
    JournalEntry.objects.filter(number=numbers[1]).update(**CHANGES[change])
    code, said = asked()
    assert (code, said[0]) == (1, "entries: 5")
    assert said[-1] == f"Entry {numbers[1]} does not follow from the one before it. Somebody changed the journal."


@pytest.mark.parametrize("place", [0, 2])
def test_a_row_that_was_taken_out_is_found(numbers: list[int], place: int) -> None:
    JournalEntry.objects.filter(number=numbers[place]).delete()
    assert check_chain().broken == numbers[place + 1]
    assert asked()[0] == 1


@unseen
def test_what_the_chain_alone_cannot_tell_is_told_by_a_head_that_was_kept(
    numbers: list[int], spoil: Callable[[Sequence[int]], None]
) -> None:
    first, last = head_of(numbers[0]), head_of(numbers[-1])
    spoil(numbers)
    code, said = asked(last)
    assert (code, said[-1]) == (1, f"Not in the journal: {last}. Its end was cut, or it was written anew.")
    assert asked(first, last)[0] == 1


@unseen
def test_the_chain_alone_cannot_tell_that_its_end_was_cut_or_that_it_was_written_anew(
    numbers: list[int], spoil: Callable[[Sequence[int]], None]
) -> None:
    spoil(numbers)
    assert asked()[0] == 0  # therefore the head is written to the log: who keeps the log can tell


def test_a_head_that_still_stands_there_does_not_hide_a_change_before_it(numbers: list[int]) -> None:
    JournalEntry.objects.filter(number=numbers[1]).update(verb="person.slept")
    assert asked(head_of(numbers[-1]))[0] == 1


@pytest.mark.parametrize("text", ["", "12", "12:abc", "0:" + "a" * 64, "x:" + "a" * 64, "1:" + "A" * 64])
def test_what_is_no_head_is_refused(text: str) -> None:
    code, said = asked(text)
    assert code == 1
    assert said[-1].endswith("is no head of the journal. Copy it whole from the log: a number, a colon, a hash.")


def test_the_head_is_logged_once_a_day_as_the_command_takes_it(
    numbers: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, chain.__name__)
    moments = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(hours=23), NOW + timedelta(days=1)]
    assert [log_head(now=each) for each in moments] == [1, 0, 0, 1]
    line = without_personal_data(caplog.messages[0])
    assert line == f"head of the journal: {head_of(numbers[-1])}"
    assert asked(line.removeprefix("head of the journal: "))[0] == 0


def test_an_empty_journal_has_no_head_to_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, chain.__name__)
    assert log_head(now=NOW) == 0
    assert caplog.messages == []


def test_the_journal_goes_back_with_the_deed() -> None:
    person = make_person()
    journal(person, "person.tried", person)
    with transaction.atomic():
        journal(person, "person.failed", person)
        transaction.set_rollback(True)
    journal(person, "person.tried", person)
    assert JournalEntry.objects.filter(verb="person.failed").count() == 0
    assert check_chain().holds
