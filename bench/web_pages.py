"""The pages that bench_web.py measures, in a process whose settings name the database."""

import os
import random
import statistics
import sys
from datetime import timedelta
from time import perf_counter

import django

from bench.timing import timed
from bench.web_desk import add_occupations, measure_desk


def measure(spaces: int, requests: int, occupations: int, repeats: int, *, analyze: bool = True) -> dict[str, object]:
    """Fill the database of the settings, and measure every page `repeats` times 20 answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meervoud.site.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    sys.stdout, kept = sys.stderr, sys.stdout
    call_command("migrate", verbosity=0)
    started = perf_counter()
    call_command("load_demo", spaces=spaces, seed=1)
    loading = perf_counter() - started
    add_requests(requests)
    add_occupations(occupations)
    if analyze and connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")  # what autovacuum does within minutes of a large import
    sys.stdout = kept
    client = Client(headers={"accept-language": "nl", "accept-encoding": "gzip"})
    building = index_seconds()
    started = perf_counter()
    client.get("/find/")
    first = perf_counter() - started
    south, west, north, east = corners()
    middle = f"{(south + north) / 2 - 0.01},{(west + east) / 2 - 0.01},{(south + north) / 2 + 0.01},{(west + east) / 2 + 0.01}"
    pages = {
        "find": "/find/",
        "find_people_kitchen": "/find/?people=30&facilities=kitchen",
        "find_evening": "/find/?days=1&start=19:00&end=22:00&people=12",
        "find_words": "/find/?words=zaal",
        "map_city": f"/find/points/?zoom=12&box={south},{west},{north},{east}",
        "map_street": f"/find/points/?zoom=15&box={middle}",
        "map_nearest": f"/find/points/?zoom=17&box={middle}",
        "map_filtered": f"/find/points/?zoom=12&people=20&box={south},{west},{north},{east}",
        "what_fits": "/ask/?days=1&start=18:00&end=22:00&people=12",
    }
    return {
        "spaces": spaces,
        "requests": requests,
        "occupations": occupations,
        "load_seconds": round(loading, 1),
        "index_of_a_process_seconds": round(building, 1),
        "first_page_with_the_index_seconds": round(first, 1),
        "one_offer_changed_ms": round(statistics.median(changed_ms(gone=False) for _ in range(repeats)), 1),
        "one_offer_gone_ms": round(statistics.median(changed_ms(gone=True) for _ in range(repeats)), 1),
        "pages": {name: timed(lambda path=path: client.get(path), repeats) for name, path in pages.items()},
        "desk": measure_desk(repeats),
    }


def index_seconds() -> float:
    """Return how long a process takes to build its index."""
    from meervoud.matching.city_index import city_index
    from meervoud.parties.models import Programme

    programme = Programme.objects.get()
    started = perf_counter()
    with city_index(programme):
        return perf_counter() - started


def changed_ms(*, gone: bool) -> float:
    """Return how long the index takes to follow one offer that was changed, or that went offline."""
    from meervoud.parties.models import Person, Programme
    from meervoud.supply.actions import change_offer, pause_offer
    from meervoud.supply.models import Offer

    offer, person = Offer.objects.online(Programme.objects.get()).order_by("pk")[0], Person.objects.all()[0]
    if gone:
        pause_offer(offer=offer, by=person)
    else:
        change_offer(offer=offer, by=person, values={"notice_days": offer.notice_days + 1})
    return index_seconds() * 1000


def corners() -> tuple[float, float, float, float]:
    """Return south, west, north and east of what is online."""
    from django.db.models import Max, Min

    from meervoud.places.models import Neighbourhood

    found = Neighbourhood.objects.aggregate(s=Min("south"), w=Min("west"), n=Max("north"), e=Max("east"))
    return found["s"], found["w"], found["n"], found["e"]


def add_requests(number: int) -> None:
    """Open made-up requests until there are so many."""
    from meervoud.core.engine.types.requests import Weekly, Window
    from meervoud.demand.as_request import rule_of
    from meervoud.demand.models import Request, RequestRule
    from meervoud.lib.clock import today
    from meervoud.parties.models import Person, Programme

    dice, programme, person = random.Random(7), Programme.objects.get(), Person.objects.first()
    south, west, north, east = corners()
    rows = [
        Request(
            programme=programme,
            asked_by=person,
            title=f"made up {each}",
            state="open",
            group_max=dice.randint(5, 40),
            latitude=dice.uniform(south, north),
            longitude=dice.uniform(west, east),
            max_metres=2000,
            expires_on=today() + timedelta(days=90),
            is_made_up=True,
        )
        for each in range(number)
    ]
    Request.objects.bulk_create(rows, batch_size=500)
    rules = []
    for row in rows:
        start = dice.choice((9, 13, 18, 19)) * 60
        rule = rule_of(Weekly(frozenset({dice.randrange(7)}), Window(start, start + 180), 120, today(), 12))
        rule.request = row
        rules.append(rule)
    RequestRule.objects.bulk_create(rules, batch_size=500)
