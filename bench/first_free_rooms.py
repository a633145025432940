"""200 rooms that are well used, and how long the first free moment of each takes: called by bench_booking.py."""

import random
import statistics
from datetime import date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.first_free_sweep import Found, sweep
from meervoud.core.engine.types.requests import Window
from meervoud.lib.clock import today
from meervoud.matching.first_free import MOST_DAYS, first_free_moments
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.places.actions import add_building, add_space
from meervoud.places.models import Atom
from meervoud.supply.actions import change_offer, publish_offer, save_changed, set_hours
from meervoud.supply.models import Occupation, Offer, OpeningPeriod, Taking

ROOMS, DAYS, EVENING, MINUTES = 200, 180, Window(18 * 60, 22 * 60), 180
DAYTIME, EVENING_USE, LATE = ((9, 11), (12, 14), (15, 17)), (18, 21), (21, 22)
ZONE = "Europe/Amsterdam"


def measure_first_free(repeats: int) -> dict[str, object]:
    """Fill a database with rooms, ask for the first free evening, and compare with a plain look."""
    programme = Programme.objects.create(slug="free", name="Free", city="Zilverhaven", starts_on="2026-01-01")
    offers = _make_rooms(programme)
    number = _fill(offers)
    started = perf_counter()
    found = _ask(programme)
    first = perf_counter() - started
    warm = [_seconds(programme) for _ in range(repeats * 4)]
    changed = []
    for each in range(repeats):
        change_offer(offer=offers[each], by=Person.objects.all()[0], values={"notice_days": 0})
        changed.append(_seconds(programme))
    started = perf_counter()
    plain = _sweep(offers)
    return {
        "rooms": ROOMS,
        "occupations": number,
        "days_ahead": MOST_DAYS,
        "identical_answers": found == plain,
        "different_moments": len({each for each in found.values() if each}),
        "first_question_of_a_process_s": round(first, 3),
        "warm_s": {"p50": round(statistics.median(warm), 4), "worst": round(max(warm), 4)},
        "after_one_change_s": round(statistics.median(changed), 4),
        "plain_look_s": round(perf_counter() - started, 3),
    }


def _ask(programme: Programme) -> dict[str, Found]:
    found = first_free_moments(programme, window=EVENING, minutes=MINUTES)
    return {each.space_id: (each.moment.day, each.moment.start) if each.moment else None for each in found}


def _seconds(programme: Programme) -> float:
    started = perf_counter()
    _ask(programme)
    return perf_counter() - started


def _sweep(offers: list[Offer]) -> dict[str, Found]:
    """Read the rows and look at each evening: the whole of what the platform did, without its index."""
    taken: dict[str, list[tuple[datetime, datetime]]] = {str(offer.pk): [] for offer in offers}
    name = {offer.space.atoms.get().pk: str(offer.pk) for offer in offers}
    rows = Occupation.objects.every(because="a benchmark").filter(is_active=True, atom__in=list(name))
    for atom, begins, ends in rows.values_list("atom_id", "starts_at", "ends_at"):
        taken[name[atom]].append((begins, ends))
    tomorrow = today() + timedelta(days=1)
    return sweep(taken, (EVENING.start, EVENING.end), MINUTES, (tomorrow, MOST_DAYS), ZONE)


def _make_rooms(programme: Programme) -> list[Offer]:
    by = Person.objects.create_user("free@example.org", name="Free")
    host = Organisation.objects.create(name="Free", kind="company", verification="verified")
    offers = []
    for number in range(ROOMS):
        building = add_building(
            programme=programme, host=host, by=by, street="Zilverkade", latitude=52.3, longitude=4.9
        )
        space = add_space(building=building, by=by, name=f"Room {number}", kind="meeting_room", capacity=20)
        offer = Offer(programme=programme, host=host, space=space, price_kind="free")
        offer.save(force_insert=True)
        set_hours(offer=offer, by=by, periods=[OpeningPeriod(hours="Mo-Su 08:00-23:00")])
        save_changed(offer)
        offers.append(publish_offer(offer=offer, by=by))
    return offers


def _fill(offers: list[Offer]) -> int:
    """Take four times a day for 180 days; in a tenth of the rooms some evenings are short enough to leave three hours."""
    dice, first = random.Random(3), today() + timedelta(days=1)
    for place, offer in enumerate(offers):
        taking = Taking.objects.create(space=offer.space, kind="use", request_key=f"free {offer.pk}", fingerprint="")
        atom, rows = offer.space.atoms.get(), list[Occupation]()
        for day in (first + timedelta(days=number) for number in range(DAYS)):
            is_short = place % 10 == 0 and dice.random() < 0.02
            rows += [_row(taking, atom, day, hours) for hours in (*DAYTIME, LATE if is_short else EVENING_USE)]
        Occupation.objects.bulk_create(rows, batch_size=500)
    return ROOMS * DAYS * (len(DAYTIME) + 1)


def _row(taking: Taking, atom: Atom, day: date, hours: tuple[int, int]) -> Occupation:
    begins, ends = (datetime.combine(day, time(hour), ZoneInfo(ZONE)) for hour in hours)
    return Occupation(
        taking=taking, atom=atom, starts_at=begins, ends_at=ends, shown_starts_at=begins, shown_ends_at=ends
    )
