"""Mail about moments: to the people of one side of an agreement, never with an address or a name that is not theirs."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format

from meervoud.agreements.models import Agreement
from meervoud.matching.models import Side
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span
from meervoud.usage.models import StandIn, UsageMoment


def people_of_side(agreement: Agreement, side: str) -> list[Person]:
    """Return who is written to for a side."""
    if side == Side.ASKER:
        return [agreement.request.asked_by]
    return list(Person.objects.filter(memberships__organisation=agreement.offer.host_id).distinct())


def tell_side(
    agreement: Agreement, side: str, what: str, *, span: Span | None = None, gaps: Mapping[str, str] | None = None
) -> None:
    """Write to the people of a side of what happened to the plan, or to one moment of it."""
    for person in people_of_side(agreement, side):
        said = {
            "what": what,
            "space": agreement.offer.space.name,
            "agreement": str(agreement.pk),
            "to": "host" if side == Side.HOST else "group",
            "moment": say_span(span, agreement.programme.time_zone, person.language) if span else "",
            "number_of": "1",
            **(gaps or {}),
        }
        write_to(person, Letter("plan", said, link=f"/agreements/{agreement.pk}/plan/"))


def say_span(span: Span, zone: str, language: str) -> str:
    """Return a moment in the words of a language, on the wall clock of the place."""
    start, end = (each.astimezone(ZoneInfo(zone)) for each in (span.starts_at, span.ends_at))
    with translation.override(language):
        return f"{date_format(start, 'l j F')} {start:%H:%M}-{end:%H:%M}"


def tell_other_hosts(moments: Iterable[UsageMoment]) -> None:
    """Write to whoever lent a room for one date that the group does not come."""
    for moment in moments:
        asked = moment.stand_ins.filter(state=StandIn.State.YES, offer__space=moment.space_id).select_related(
            "offer__space", "offer__programme"
        )
        for each in asked:
            for person in Person.objects.filter(memberships__organisation=each.offer.host_id).distinct():
                when = say_span(Span(moment.starts_at, moment.ends_at), each.offer.programme.time_zone, person.language)
                gaps = {"what": "off", "space": each.offer.space.name, "moment": when, "stand_in": str(each.pk)}
                write_to(person, Letter("stand_in", gaps, link=f"/other-rooms/{each.pk}/"))
