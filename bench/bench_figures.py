"""How long the figures of a programme take with 100,000 usage moments, and the report as PDF. Prints JSON.

`python bench/bench_figures.py [--moments N] [--looks N] [--only sqlite|postgresql]`. Each look is the whole page, asked through Django's own
client, with a year as its period; before every third one a moment somewhere in the year gets another number of people and is settled anew,
so that its dekad must be read again. Beside it, in the same run, the plain way: read every moment of the year and add up.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.databases import measure_both
from bench.hammer_places import Place

AIMS = {"figures_p95_ms": 300, "pdf_s": 5}
ROOMS, GROUPS, DAYS = 200, 400, 365
FIRST = datetime(2025, 1, 1, 8, tzinfo=UTC)
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
YEAR = "?first=2025-01-01&last=2025-12-31"


def make_ledger(moments: int) -> Any:  # Any: a programme
    """Fill the database with a year of moments, and return the programme."""
    from django.db import connection

    from meervoud.agreements.models import Agreement
    from meervoud.demand.models import Request
    from meervoud.matching.models import Proposal
    from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole
    from meervoud.places.actions import add_building, add_space
    from meervoud.places.models import Neighbourhood
    from meervoud.supply.models import Offer, OpeningPeriod
    from meervoud.usage.models import UsageMoment

    dice = random.Random(1)
    by = Person.objects.create_user("desk@example.org", name="Desk", is_made_up=True)
    programme = Programme.objects.create(slug="year", name="A year", city="Zilverhaven", starts_on="2025-01-01")
    ProgrammeRole.objects.create(programme=programme, person=by)
    areas = [
        Neighbourhood.objects.create(
            programme=programme, code=str(each), name=f"Area {each}", outline=SQUARE, west=0, south=0, east=1, north=1
        )
        for each in range(20)
    ]
    offers = []
    for number in range(ROOMS):
        host = Organisation.objects.create(name=f"Host {number}", kind="company", verification="verified")
        building = add_building(
            programme=programme, host=host, by=by, street=f"Kade {number}", neighbourhood=areas[number % 20]
        )
        space = add_space(building=building, by=by, name="Room", area_m2=40.0 + number)
        offer = Offer(programme=programme, host=host, space=space, state="published", price_kind="free")
        offer.save(force_insert=True)
        OpeningPeriod(offer=offer, hours="Mo-Su 08:00-23:00", lend="inside").save(force_insert=True)
        offers.append(offer)
    agreements = []
    for number in range(GROUPS):
        group = Organisation.objects.create(name=f"Group {number}", kind="foundation")
        request = Request.objects.create(
            programme=programme, asked_by=by, organisation=group, title="Club", state="placed", meets_now="nowhere"
        )
        offer = offers[number % ROOMS]
        proposal = Proposal.objects.create(
            programme=programme, request=request, offer=offer, state="concluded", certainty="sure", score=0
        )
        agreements.append(
            Agreement.objects.create(
                programme=programme,
                proposal=proposal,
                request=request,
                offer=offer,
                state="active",
                language="en",
                signed_at=FIRST,
            )
        )
    rows = []
    for number in range(moments):
        agreement = agreements[number % GROUPS]
        start = FIRST + timedelta(days=dice.randrange(DAYS), hours=dice.randrange(14))
        people = dice.randrange(5, 40)
        rows.append(
            UsageMoment(
                agreement=agreement,
                space=agreement.offer.space,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                state="held",
                evidence=dice.choice(("checked_in", "host", "silent")),
                people=people,
                first_timers=2,
            )
        )
    UsageMoment.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database does by itself some minutes later
    return programme


def percentile(times: list[float], share: float) -> float:
    """Return the time that a share of all stays within, by nearest rank."""
    return sorted(times)[max(0, -(-len(times) * round(share * 100) // 100) - 1)]


def timed(deed: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many ms a deed takes, and what it gives."""
    begun = time.perf_counter()
    found = deed()
    return (time.perf_counter() - begun) * 1000, found


def measure(place: Place, options: argparse.Namespace) -> dict[str, Any]:  # Any: JSON
    """Look again and again, with changes in between; then publish, and ask for the PDF."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from bench.hammer_city import use
    from meervoud.core.impact.use_figures import figures, tally
    from meervoud.outcomes.ledger import held_moments, ledger_of, rooms_of, uses_of
    from meervoud.outcomes.reporting import begin_report, publish_report
    from meervoud.parties.models import Person

    use(place.copy("figures"))
    settings.ALLOWED_HOSTS, settings.IS_DEMO = ["testserver"], True  # a made-up person needs no second step
    programme = make_ledger(options.moments)
    by, client = Person.objects.get(email="desk@example.org"), Client(headers={"accept-language": "en"})
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    moments = held_moments(programme, *_year()).select_related("agreement__programme")
    dice = random.Random(2)
    chosen = [moments[dice.randrange(options.moments)] for _ in range(options.looks // 3 + 1)]
    first_ms, page = timed(lambda: client.get(f"/desk/figures/{YEAR}", secure=True))
    unchanged: list[float] = []
    after: list[float] = []
    for number in range(options.looks):
        if number % 3 == 0:
            settle_anew(chosen.pop(), dice)
        ms, page = timed(lambda: client.get(f"/desk/figures/{YEAR}", secure=True))
        (unchanged if number % 3 else after).append(ms)
    looks = unchanged + after
    plain_ms, plain = timed(lambda: _plain(programme, uses_of, tally, held_moments))
    ledger = ledger_of(programme, *_year())
    found = figures(ledger.tallies, ledger.rooms)
    is_same = found == figures(plain, rooms_of({each.room for each in plain}))
    is_same = is_same and {sum(map(sum, ledger.hours.values())), sum(ledger.months.values())} == {found.room_minutes}
    report = begin_report(programme=programme, title="A year", language="en", period=_year(), by=by, now=timezone.now())
    publish_ms, _ = timed(lambda: publish_report(report=report, by=by, now=timezone.now()))
    pdf_ms, pdf = timed(lambda: client.get(f"/reports/{report.pk}/report.pdf", secure=True))
    return {
        "moments": options.moments,
        "status": [page.status_code, pdf.status_code],
        "equal_to_plain": is_same,
        "first_look_ms": round(first_ms),
        "looks_ms": {
            "p50": round(percentile(looks, 0.5)),
            "p95": round(percentile(looks, 0.95)),
            "worst": round(max(looks)),
            "p50_unchanged": round(percentile(unchanged, 0.5)),
            "p50_after_a_change": round(percentile(after, 0.5)),
        },
        "plain_ms": round(plain_ms),
        "p95_ratio_to_plain": round(percentile(looks, 0.95) / plain_ms, 3),
        "publish_ms": round(publish_ms),
        "pdf_ms": round(pdf_ms),
    }


def settle_anew(moment: Any, dice: random.Random) -> None:  # Any: a usage moment
    """Let another number of people count, as somebody who checks in would."""
    from django.db import transaction

    from meervoud.lib.events import happened
    from meervoud.usage.settled import MomentSettled

    with transaction.atomic():
        moment.people = dice.randrange(40, 400)
        moment.save(update_fields=["people"])
        happened(MomentSettled(moment))


def _year() -> tuple[Any, Any]:
    return FIRST.date(), FIRST.date().replace(month=12, day=31)


def _plain(programme: Any, uses_of: Any, tally: Any, held_moments: Any) -> Any:
    return tally(uses_of(held_moments(programme, *_year())))


def main() -> int:
    """Measure both databases, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=100_000)
    parser.add_argument("--looks", type=int, default=30)
    return measure_both(
        parser, AIMS, measure, lambda each: bool(each["equal_to_plain"] and each["status"] == [200, 200])
    )


if __name__ == "__main__":
    raise SystemExit(main())
