"""What who writes in a plan sees of its waves: the response, what the answers add up to; and on which days people come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from meervoud.core.impact.effects import FEWEST
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.collecting import measured, waves_of
from meervoud.outcomes.impact.effect_words import say_cares, say_cautious, say_effect
from meervoud.outcomes.impact.report_facts import effect_facts
from meervoud.outcomes.models import ImpactPlan, Wave
from meervoud.parties.models import Person
from meervoud.usage.models import State, UsageMoment

BEFORE, AHEAD = timedelta(days=14), timedelta(days=120)
MOST_USES: Final = 60


@dataclass(frozen=True)
class WaveRow:
    """A wave as its plan's writers see it.

    Attributes:
        wave: which.
        status: before, open or over.
        response: how many answered of who was asked, in words; few stay "fewer than five".
        answered: for the bar; None where few answered.
        share: who answered, of who was asked, in words; "" where few answered.
    """

    wave: Wave
    status: str
    response: str
    answered: int | None
    share: str


@dataclass(frozen=True)
class EffectRow:
    """What the answers to one scale add up to, in sentences."""

    said: str
    cautious: str
    cares: list[str]


def row_of(wave: Wave, answered: int, today: date) -> WaveRow:
    """Return a wave with its response."""
    status = "before" if today < wave.first else "over" if today > wave.last else "open"
    number = spoken().number
    if answered < FEWEST:
        said = _("Fewer than five of %(asked)s people have answered. Nothing more is shown of so few.")
        return WaveRow(wave, status, said % {"asked": number(wave.asked)}, None, "")
    gaps = {"answered": number(answered), "asked": number(wave.asked)}
    share = spoken().percent(min(answered / wave.asked, 1.0))
    return WaveRow(wave, status, _("%(answered)s of %(asked)s people have answered.") % gaps, answered, share)


def rows_of(plan: ImpactPlan, today: date) -> list[WaveRow]:
    """Return the waves of a plan, in order of time."""
    return [row_of(each, each.answered, today) for each in waves_of(plan)]  # type: ignore[attr-defined]  # annotated


def effects_of(book: Book) -> list[EffectRow]:
    """Return what the answers add up to, scale by scale."""
    found = list[EffectRow]()
    for name, each in measured(book).items():
        told = effect_facts(each)
        found.append(EffectRow(say_effect(name, told), say_cautious(told), say_cares(told)))
    return found


def uses_of(plan: ImpactPlan, person: Person, at: datetime) -> dict[str, tuple[date, str]]:
    """Return the moments of use of a plan around now that a person sees, by id: the local day, and its words."""
    rows = UsageMoment.objects.visible_to(person).filter(
        _about(plan), state__in=(State.PLANNED, State.HELD), starts_at__gte=at - BEFORE, starts_at__lt=at + AHEAD
    )
    zone, found = ZoneInfo(plan.time_zone), dict[str, tuple[date, str]]()
    for each in rows.select_related("space").order_by("starts_at", "pk")[:MOST_USES]:
        begin = each.starts_at.astimezone(zone)
        said = f"{spoken().day(begin.date())} {spoken().clock(begin.hour * 60 + begin.minute)} · {each.space.name}"
        found[str(each.pk)] = (begin.date(), said)
    return found


def _about(plan: ImpactPlan) -> Q:
    if plan.programme_id:
        return Q(agreement__programme=plan.programme_id)
    if plan.organisation_id:
        return Q(agreement__request__organisation=plan.organisation_id)
    return Q(agreement__request=plan.request_id)
