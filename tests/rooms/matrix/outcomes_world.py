"""What the world of the matrix knows of figures and reports."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.rooms.outcomes.makers import make_correction

from meervoud.outcomes.ledger import ledger_of
from meervoud.outcomes.models import PastSheet, PastUse, Released
from meervoud.outcomes.offered import offered_hours
from meervoud.outcomes.reporting import add_story, begin_report, publish_report
from meervoud.outcomes.settling import add_cost, add_portfolio_value, set_target, set_terms
from meervoud.parties.models import Person, Programme

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)


def make_outcomes(programme: Programme, by: Person, now: datetime) -> dict[str, Any]:
    """Settle what figures need, publish a report with a story, begin another, and import what was before."""
    cost = add_cost(programme=programme, what="Desk", first=FIRST, last=LAST, amount=Decimal(500), by=by)
    set_target(programme=programme, figure="hours", first=FIRST, last=LAST, amount=100, by=by)
    add_portfolio_value(
        programme=programme, amount=Decimal(1000), by=by, initiatives=1, year=2025, source="An own account"
    )
    prices = {"tariff_low": Decimal("0.1"), "tariff": Decimal("0.2"), "tariff_high": Decimal("0.3")}
    set_terms(programme=programme, by=by, tariff_year=2025, tariff_source="A price list", **prices)
    period = (FIRST, LAST)
    report = begin_report(programme=programme, title="January", language="en", period=period, by=by, now=now)
    said = {"title": "A choir", "text": "They sing.", "consent_of": "The choir", "consent_on": LAST}
    story = add_story(report=report, by=by, picture=b"RIFF", picture_alt="A choir in a hall", **said)
    published = publish_report(report=report, by=by, now=now)
    make_correction(published, "hours", "0 hours", "2 hours", why="One evening came late")
    draft = begin_report(programme=programme, title="Again", language="en", period=period, by=by, now=now)
    draft_story = add_story(report=draft, by=by, **said)
    ledger_of(programme, FIRST, LAST)
    offered_hours(programme, FIRST, LAST)
    sheet = PastSheet.objects.create(
        programme=programme, file_name="before.csv", source="The old list", by=by, confirmed_at=now
    )
    before = PastUse(programme=programme, sheet=sheet, host="Old host", space="Hall", initiative="Old club")
    before.starts_at, before.ends_at = now - timedelta(hours=2), now - timedelta(hours=1)
    before.is_confirmed = True
    before.save()
    return {
        "cost": cost,
        "own_report": report,
        "story": story,
        "draft_report": draft,
        "draft_story": draft_story,
        "past_sheet": sheet,
        "released": Released.objects.of(report=[report]).first(),
    }
