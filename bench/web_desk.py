"""What the desk and the platform's own matching take, at the numbers of bench_web.py: called by web_pages.py."""

import random
import resource
import statistics
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from time import perf_counter
from typing import Any

from bench.timing import timed

DAYS = 90


def measure_desk(repeats: int) -> dict[str, object]:
    """Return how long a match run, a look after one change, and the pages of the desk take."""
    from meervoud.matching.models import Proposal, State
    from meervoud.parties.models import Programme

    programme = Programme.objects.get()
    first = run_seconds(programme)
    again = run_seconds(programme)
    looks = [look_after_one_change(programme, each) for each in range(repeats * 5)]
    times = sorted(each["ms"] for each in looks)
    suggested = Proposal.objects.every(because="a benchmark").filter(state=State.SUGGESTED).count()
    return {
        "match_run_seconds": first,
        "match_run_again_seconds": again,
        "suggestions": suggested,
        "after_one_change_ms": {
            "p50": round(statistics.median(times), 1),
            "p95": round(times[-1 - len(times) // 20], 1),
            "requests_looked_at": round(statistics.mean(each["requests"] for each in looks), 1),
        },
        "pages": desk_pages(programme, repeats),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def run_seconds(programme: Any) -> float:
    """Return how long a whole match run takes, on an index that is there."""
    from meervoud.lib.clock import now
    from meervoud.matching.running import start_run, work_on_run
    from meervoud.parties.models import Person

    run = start_run(programme=programme, by=Person.objects.all()[0])
    started = perf_counter()
    work_on_run(run.pk, now=now())
    return round(perf_counter() - started, 1)


def look_after_one_change(programme: Any, number: int) -> dict[str, float]:
    """Change one space that is online, by turns its hours, its seats and its time taken, and look at what that touches."""
    from meervoud.lib.clock import now
    from meervoud.matching.keeping import keep_right
    from meervoud.parties.models import Person
    from meervoud.supply.actions import change_offer
    from meervoud.supply.models import Offer

    keep_right(programme=programme, now=now())
    offers = Offer.objects.online(programme).order_by("pk")
    offer = offers[number * 37 % 5_000]
    change_offer(offer=offer, by=Person.objects.all()[0], values={"notice_days": offer.notice_days + 1})
    started = perf_counter()
    looked_at = keep_right(programme=programme, now=now())
    return {"ms": (perf_counter() - started) * 1000, "requests": looked_at}


def desk_pages(programme: Any, repeats: int) -> dict[str, object]:
    """Return how long the pages of somebody who works for the programme take."""
    from django.test import Client

    from meervoud.parties.models import ProgrammeRole

    role = ProgrammeRole.objects.every(because="a benchmark").filter(programme=programme)[0]
    client = Client(headers={"accept-language": "nl", "accept-encoding": "gzip"})
    client.force_login(role.person, backend="django.contrib.auth.backends.ModelBackend")
    pages = {
        "desk": "/desk/",
        "queue": "/queue/",
        "queue_stuck": "/queue/?show=stuck",
        "queue_suggested": "/queue/?show=suggested",
        "queue_last_page": "/queue/?page=9999",
    }
    return {name: timed(_asking(client.get, path), repeats) for name, path in pages.items()}


def _asking(get: Callable[[str], object], path: str) -> Callable[[], object]:
    return lambda: get(path)


def add_occupations(number: int) -> None:
    """Take time of the spaces that are online until so many occurrences are taken, none over another."""
    from meervoud.lib.clock import today
    from meervoud.places.models import Space
    from meervoud.supply.models import Occupation, Offer, Taking

    dice, first = random.Random(11), today()
    atoms = list(Space.atoms.through.objects.values_list("space_id", "atom_id"))
    busy = set(Occupation.objects.every(because="a benchmark").values_list("atom_id", flat=True))
    number -= Occupation.objects.every(because="a benchmark").count()
    online = set(Offer.objects.every(because="a benchmark").values_list("space_id", flat=True))
    mine: dict[Any, list[Any]] = {}
    for space, atom in atoms:
        if space in online and atom not in busy:
            mine.setdefault(space, []).append(atom)
    alone = [(space, each[0]) for space, each in mine.items() if len(each) == 1]
    each_takes = -(-number // max(len(alone), 1))
    takings, rows = [], []
    for space, atom in alone:
        taking = Taking(space_id=space, kind="use", request_key=f"bench {space}", fingerprint="bench")
        takings.append(taking)
        for day in dice.sample(range(DAYS), min(each_takes, DAYS)):
            begins = datetime.combine(first + timedelta(days=day), time(dice.choice((9, 13, 18))), UTC)
            ends = begins + timedelta(hours=2)
            rows.append(
                Occupation(
                    taking=taking,
                    atom_id=atom,
                    starts_at=begins,
                    ends_at=ends,
                    shown_starts_at=begins,
                    shown_ends_at=ends,
                )
            )
    Taking.objects.bulk_create(takings, batch_size=500)
    Occupation.objects.bulk_create(rows[:number], batch_size=500)
