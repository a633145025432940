"""The processes of the hammer: each with one connection, all firing at the same moment, or writing until they are killed."""

import json
import os
import random
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

from django.db import Error, IntegrityError, connection, connections

from bench.hammer_city import all_spaces
from bench.hammer_plan import Ask, ask_of, barrier_key, follows
from meervoud.core.errors import MeervoudError
from meervoud.places.models import Space
from meervoud.supply.calendar import Span, TakenError, release, take_time
from meervoud.supply.models import Occupation, Taking

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WAIT = 300
CANCELS = 0.15
FORK = get_context("fork")
Act = Callable[[Ask, dict[str, Space]], Taking]


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended.

    Attributes:
        turn: the round.
        worker: whose.
        deed: "take" or "release".
        key: of the request.
        id: of the taking, "" where there is none.
        result: "ok", "taken", or the fault.
        ms: how long it took.
    """

    turn: int
    worker: int
    deed: str
    key: str
    id: str
    result: str
    ms: float


@dataclass(frozen=True)
class Load:
    """How many clients, how many attempts of each, how they act, and where they write what happened."""

    clients: int
    turns: int
    seed: int
    act: Act
    folder: Path
    is_barrier: bool = True


def by_action(ask: Ask, spaces: dict[str, Space]) -> Taking:
    """Take time as the platform does."""
    spans = [Span(_moment(start), _moment(end)) for start, end in ask.moments]
    return take_time(space=spaces[ask.space], spans=spans, request_key=ask.key, by=None, now=NOW)


def by_looking_first(ask: Ask, spaces: dict[str, Space]) -> Taking:
    """The control: look whether it is free, then write, without a lock and without a transaction."""
    space = spaces[ask.space]
    atoms = sorted(space.atoms.values_list("pk", flat=True))
    rows = Occupation.objects.every(because="a hammer").filter(atom__in=atoms, is_active=True)
    spans = [Span(_moment(start), _moment(end)) for start, end in ask.moments]
    clashes = [each for each in spans if rows.filter(starts_at__lt=each.ends_at, ends_at__gt=each.starts_at).exists()]
    if clashes:
        raise TakenError(clashes)
    taking = Taking.objects.create(space=space, kind="use", request_key=str(uuid.uuid4()), fingerprint="")
    for atom in atoms:
        for each in spans:
            begins, ends = each.starts_at, each.ends_at
            taking.occupations.create(
                atom_id=atom, starts_at=begins, ends_at=ends, shown_starts_at=begins, shown_ends_at=ends
            )
    return taking


def fire(load: Load) -> list[Outcome]:
    """Let all clients work, and return every attempt."""
    connections.close_all()
    barrier = FORK.Barrier(load.clients)
    workers = [FORK.Process(target=_fire, args=(number, load, barrier)) for number in range(load.clients)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    if any(each.exitcode for each in workers):
        raise RuntimeError("a worker of the hammer broke down")
    return [outcome for number in range(load.clients) for outcome in _outcomes(load.folder / f"{number}.jsonl")]


def _outcomes(path: Path) -> Iterator[Outcome]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Outcome(**json.loads(line))
    path.unlink()


def _fire(worker: int, load: Load, barrier: Barrier) -> None:
    spaces, held = all_spaces(), list[Taking]()
    dice = random.Random(f"cancel {load.seed} {worker}")
    with (load.folder / f"{worker}.jsonl").open("w", encoding="utf-8") as out:
        for turn in range(load.turns):
            if load.is_barrier:
                key, cancels = barrier_key(load.seed, turn, worker), follows(turn)
                held = held[-1:] if cancels else []
            else:
                key, cancels = f"mix/{load.seed}/{turn % 20}/{worker}/{turn}", dice.random() < CANCELS
            ask, mine = ask_of(key), held.pop(dice.randrange(len(held))) if held and cancels else None
            if load.is_barrier:
                barrier.wait(WAIT)
            started = time.perf_counter()
            taking, result = _attempt(mine, lambda ask=ask: load.act(ask, spaces))  # type: ignore[misc]  # a default
            ms = round((time.perf_counter() - started) * 1000, 2)
            if taking and not mine:
                held.append(taking)
            done = Outcome(
                turn,
                worker,
                "release" if mine else "take",
                mine.request_key if mine else key,
                taking.pk.hex if taking else "",
                result,
                ms,
            )
            out.write(json.dumps(asdict(done)) + "\n")
            if worker == 0 and turn % 500 == 499:
                print(f"  round {turn + 1} of {load.turns}", flush=True)
    connections.close_all()


def _attempt(mine: Taking | None, take: Callable[[], Taking]) -> tuple[Taking | None, str]:
    try:
        return (release(taking=mine, by=None, now=NOW) if mine else take()), "ok"
    except (MeervoudError, Error) as error:
        return None, named(error)


def named(error: Exception) -> str:
    """Return what a refusal or a fault is called."""
    text = str(error).lower()
    if isinstance(error, TakenError):
        return "guard_refused" if isinstance(error.__cause__, IntegrityError) else "taken"
    for word, name in (("deadlock", "deadlock"), ("is locked", "locked"), ("timeout", "timeout")):
        if word in text:
            return name
    return f"{type(error).__name__}: {text.splitlines()[0][:200] if text else ''}"


def write_until_killed(worker: int, cycle: int, seed: int, path: Path) -> None:
    """Take and release; after each action has returned, write down on disk that it did."""
    spaces, held, number = all_spaces(), list[Taking](), 0
    dice = random.Random(f"cancel {seed} {cycle} {worker}")
    said = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    while True:
        number += 1
        key = f"kill/{seed}/{cycle}/{worker}/{number}"
        mine = held.pop(dice.randrange(len(held))) if held and dice.random() < 2 * CANCELS else None
        taking, result = _attempt(mine, lambda key=key: by_action(ask_of(key), spaces))  # type: ignore[misc]
        if taking and not mine:
            held.append(taking)
        deed = "release" if mine else "take"
        if result != "taken":
            os.write(said, f"{deed}\t{mine.request_key if mine else key}\t{result}\n".encode())
            os.fsync(said)
        if result not in ("ok", "taken") and (connection.connection is None or not connection.is_usable()):
            return  # the server was killed


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
