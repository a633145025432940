"""Fields and values of an import in words, for the pages and the command."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.engine.types.requests import Request
from meervoud.core.errors import InputError
from meervoud.demand.as_request import need_of
from meervoud.demand.models import RequestRule
from meervoud.demand.models import State as RequestState
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of, names_of
from meervoud.files.wording.need_sentences import say_need
from meervoud.parties.models.organisations import Verification
from meervoud.places.models.spaces import StepFree
from meervoud.supply.models import Offer
from meervoud.supply.models.offers import Lend
from meervoud.supply.models.offers import State as OfferState

KINDS: Final = {
    "spaces": gettext_lazy("Spaces"),
    "requests": gettext_lazy("Requests"),
    "areas": gettext_lazy("Neighbourhoods"),
    "indicators": gettext_lazy("Figures about neighbourhoods"),
}
FIELDS: Final = {
    "name": gettext_lazy("name"),
    "kind": gettext_lazy("kind"),
    "host": gettext_lazy("host"),
    "checked": gettext_lazy("check of the host"),
    "state": gettext_lazy("state"),
    "organisation": gettext_lazy("organisation"),
    "neighbourhood": gettext_lazy("neighbourhood"),
    "latitude": gettext_lazy("latitude"),
    "longitude": gettext_lazy("longitude"),
    "capacity": gettext_lazy("most people"),
    "capacity_min": gettext_lazy("smallest group"),
    "area_m2": gettext_lazy("floor area in m2"),
    "facilities": gettext_lazy("what is there"),
    "no_facilities": gettext_lazy("what is not there"),
    "step_free": gettext_lazy("step-free access"),
    "activities": gettext_lazy("activities"),
    "no_activities": gettext_lazy("what may not be done"),
    "loudness": gettext_lazy("how loud"),
    "price": gettext_lazy("price"),
    "causes": gettext_lazy("causes"),
    "hours": gettext_lazy("opening hours"),
    "doors": gettext_lazy("doors are open"),
    "alarm": gettext_lazy("alarm is off"),
    "cleaning": gettext_lazy("cleaners are at work"),
    "concierge": gettext_lazy("concierge is there"),
    "heating": gettext_lazy("heating is on"),
    "closed": gettext_lazy("closed days"),
    "holidays": gettext_lazy("public holidays"),
    "buffer_minutes": gettext_lazy("minutes kept free"),
    "most_evenings_a_month": gettext_lazy("most evenings a month"),
    "assumed": gettext_lazy("what is assumed"),
    "max_metres": gettext_lazy("how far at most"),
    "group_min": gettext_lazy("people at least"),
    "group_max": gettext_lazy("people at most"),
    "wishes": gettext_lazy("what would be nice"),
    "cause": gettext_lazy("cause"),
    "budget": gettext_lazy("budget"),
    "kind_of_activity": gettext_lazy("kind of activity"),
    "meets_at": gettext_lazy("meets now at"),
    "needs": gettext_lazy("needs"),
    "outline": gettext_lazy("outline"),
    "code": gettext_lazy("code"),
    "indicator": gettext_lazy("figure"),
    "year": gettext_lazy("year"),
    "value": gettext_lazy("value"),
    "unit": gettext_lazy("unit"),
    "source": gettext_lazy("source"),
}
TABLES: Final = {
    "facilities": "facilities",
    "no_facilities": "facilities",
    "wishes": "facilities",
    "activities": "activities",
    "no_activities": "activities",
    "causes": "causes",
    "assumed": "conditions",
    "loudness": "loudness",
    "cause": "causes",
    "kind": "kinds",
}
CHOICES: Final[Mapping[str, Mapping[str, Any]]] = {  # Any: lazy texts
    "state": {**dict(RequestState.choices), **dict(OfferState.choices)},
    "checked": dict(Verification.choices),
    "step_free": dict(StepFree.choices),
}
MOST_DAYS: Final = 12


def say_field(name: str) -> str:
    """Return what a field is called."""
    return str(FIELDS.get(name, name))


def say_value(said: Language, name: str, value: Any, currency: str) -> str:  # Any: see differences.Values
    """Return a value in words; what is empty is not known."""
    if value in (None, "") or value in ([], {}):
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in SAYERS:
        return SAYERS[name](said, value, currency)
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name in TABLES:
        return names_of(said, TABLES[name], ",".join(value) if isinstance(value, list) else value)
    return str(value)


def _price(said: Language, price: list[Any], currency: str) -> str:  # Any: [kind, cents, per] or [cents, per]
    cents, per = price[-2:]
    if len(price) == 3 and price[0] != Offer.PriceKind.PRICE:
        return str(dict(Offer.PriceKind.choices)[price[0]])
    gaps = {"amount": said.money(cents, currency)}
    return said.say("%(amount)s a month", **gaps) if per == "month" else said.say("%(amount)s an hour", **gaps)


def _hours(said: Language, hours: list[list[str | None]], currency: str) -> str:
    del currency
    return "; ".join(_season(said, *each) for each in hours)


def _season(said: Language, text: str | None, lend: str | None, first: str | None, last: str | None) -> str:
    words = str(Lend(lend or Lend.INSIDE).label)
    told = f"{text} ({words})" if text else words
    return f"{told}, {_span(said, first, last)}" if first and last else told


def _span(said: Language, first: str, last: str) -> str:
    days = [said.day(date.fromisoformat(each)) for each in dict.fromkeys([first, last])]
    return " – ".join(days)


def _closed(said: Language, closed: list[list[str]], currency: str) -> str:
    del currency
    return _shortened([_span(said, *each) for each in closed])


def _holidays(said: Language, holidays: list[str], currency: str) -> str:
    del currency
    return _shortened([_span(said, each, each) for each in holidays])


def _shortened(texts: list[str]) -> str:
    rest = len(texts) - MOST_DAYS
    shown = "; ".join(texts[:MOST_DAYS])
    return _("%(shown)s and %(number)s more") % {"shown": shown, "number": rest} if rest > 0 else shown


def _needs(said: Language, needs: Any, currency: str) -> str:  # Any: rules of a request, or shares of a neighbourhood
    del currency
    if isinstance(needs, dict):
        return "; ".join(
            f"{name_of(said, 'causes', cause)} {said.percent(points / 10_000)}" for cause, points in needs.items()
        )
    told: list[str] = []
    for each in needs:
        try:
            need = need_of(RequestRule(**{**each, "first": each["first"] and date.fromisoformat(each["first"])}))
            told += say_need(said, Request("", needs=(need,)))
        except InputError as error:
            told.append(said.error(error))
    return "; ".join(told)


def _outline(said: Language, outline: Mapping[str, Any], currency: str) -> str:  # Any: GeoJSON
    del said, currency
    coordinates = str(outline.get("coordinates", "")).count("[")
    return _("an outline of about %(number)s points") % {"number": coordinates}


Sayer = Callable[[Language, Any, str], str]  # Any: what a field holds
SAYERS: Final[Mapping[str, Sayer]] = {
    "price": _price,
    "budget": _price,
    "hours": _hours,
    "closed": _closed,
    "holidays": _holidays,
    "needs": _needs,
    "outline": _outline,
}
