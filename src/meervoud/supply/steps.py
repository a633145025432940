"""The steps of listing a space: what each form shows of an offer, and what it changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import EDGE_KINDS
from meervoud.parties.models import Person
from meervoud.places.models import Space
from meervoud.supply.actions import (
    change_offer,
    change_offered_space,
    change_place,
    missing_for_publishing,
    parts_of,
    set_closures,
    set_parts,
)
from meervoud.supply.closed_days import holidays_of, read_periods, write_periods
from meervoud.supply.forms import PlaceForm, RulesForm, SpaceForm, WholeForm, choose
from meervoud.supply.models import Offer
from meervoud.supply.term_forms import CostForm, UseForm
from meervoud.supply.time_forms import EdgesForm, LimitsForm

Data = Any  # Django's own values
Values = Mapping[str, Any]  # cleaned values of a form


@dataclass(frozen=True)
class Step:
    """One task of the list: its words, its form, and what it saves."""

    title: str | Promise
    hint: str | Promise
    make_form: Callable[[Offer, Data], forms.Form]
    save: Callable[[Offer, Any, Person], None]  # Any: the form that make_form made
    is_done: Callable[[Offer], bool]
    length: str = ""


def _place_form(offer: Offer, data: Data) -> PlaceForm:
    building = offer.space.building
    initial = {
        "building_name": building.name,
        "neighbourhood": str(building.neighbourhood_id or ""),
        **{name: getattr(building, name) for name in ("street", "postcode", "town", "latitude", "longitude")},
    }
    return PlaceForm(data, programme=offer.programme, initial=initial)


def _save_place(offer: Offer, form: PlaceForm, by: Person) -> None:
    said = dict(form.cleaned_data)
    said["name"] = said.pop("building_name")
    said["neighbourhood"] = form.areas.get(said["neighbourhood"])
    change_place(offer=offer, by=by, values=said)


SPACE_FIELDS: Final = (
    "capacity",
    "capacity_min",
    "area_m2",
    "storey",
    "step_free",
    "toilet_place",
    "facilities",
    "no_facilities",
    "description",
)


def _space_form(offer: Offer, data: Data) -> SpaceForm:
    initial = {name: getattr(offer.space, name) for name in SPACE_FIELDS}
    initial["is_warm"] = {True: "yes", False: "no", None: ""}[offer.space.is_warm]
    initial["parts"] = [str(each.pk) for each in parts_of(offer.space)]
    rooms = Space.objects.every(because="the rooms of the host's own building").filter(building=offer.space.building)
    return SpaceForm(data, others=list(rooms.exclude(pk=offer.space_id).order_by("name")), initial=initial)


def _save_space(offer: Offer, form: SpaceForm, by: Person) -> None:
    said = dict(form.cleaned_data)
    parts = [form.others[key] for key in said.pop("parts", ())]
    said["capacity_min"] = said["capacity_min"] or 0
    said["is_warm"] = {"yes": True, "no": False}.get(said["is_warm"])
    change_offered_space(offer=offer, by=by, values=said)
    if form.others:
        set_parts(offer=offer, by=by, parts=parts)


def _edges_form(offer: Offer, data: Data) -> EdgesForm:
    return EdgesForm(data, initial=EdgesForm.times_in(offer.space.building))


def _save_edges(offer: Offer, form: EdgesForm, by: Person) -> None:
    building, hours = offer.space.building, form.hours()
    if not EdgesForm.is_shown_whole(
        building
    ):  # hours from a sheet that the fields cannot show stay where none is given
        hours = {kind: hours[kind] or getattr(building, kind) for kind in EDGE_KINDS}
    minutes = form.cleaned_data["lock_up_minutes"]
    change_place(offer=offer, by=by, values={**hours, "lock_up_minutes": 15 if minutes is None else minutes})


def _use_form(offer: Offer, data: Data) -> UseForm:
    any_activity = "listed" if offer.activities is not None else "except" if offer.no_activities else ""
    names = ("no_activities", "loudness", "causes", "no_sectors")
    initial = {name: getattr(offer, name) for name in names}
    return UseForm(data, initial={**initial, "any_activity": any_activity, "activities": offer.activities or []})


def _save_use(offer: Offer, form: UseForm, by: Person) -> None:
    said = dict(form.cleaned_data)
    listed = said.pop("any_activity") == "listed"
    said["activities"] = said["activities"] if listed else None
    change_offer(offer=offer, by=by, values=said)


def _cost_form(offer: Offer, data: Data) -> CostForm:
    initial = {
        "price_kind": offer.price_kind,
        "price": _amount(offer.price_cents),
        "price_per": offer.price_per,
        "evening_costs": _amount(offer.evening_costs_cents),
        "cost_bearer": offer.cost_bearer,
    }
    return CostForm(data, initial=initial)


def _save_cost(offer: Offer, form: CostForm, by: Person) -> None:
    said = form.cleaned_data
    values = {
        "price_kind": said["price_kind"],
        "price_cents": _cents(said["price"]) if said["price_kind"] == "price" else None,
        "price_per": said["price_per"] or "hour",
        "evening_costs_cents": _cents(said["evening_costs"]),
        "cost_bearer": said["cost_bearer"],
    }
    change_offer(offer=offer, by=by, values=values)


def _limits_form(offer: Offer, data: Data) -> LimitsForm:
    closures = list(offer.closures.all())
    initial = {
        **{name: getattr(offer, name) for name in ("from_day", "until_day", "notice_days", "buffer_minutes")},
        "most_evenings_a_month": offer.most_evenings_a_month,
        "holidays": [str(each.first) for each in closures if each.reason == "holiday"],
        "closed": write_periods((each.first, each.last) for each in closures if each.reason == "closed"),
    }
    form = LimitsForm(data, initial=initial)
    choose(form.fields["holidays"], holidays_of(offer.programme.country, initial["holidays"]))
    return form


def _save_limits(offer: Offer, form: LimitsForm, by: Person) -> None:
    said = dict(form.cleaned_data)
    holidays = [(date.fromisoformat(day), date.fromisoformat(day), "holiday") for day in said.pop("holidays")]
    closed = [(first, last, "closed") for first, last in read_periods(said.pop("closed"))]
    set_closures(offer=offer, by=by, closures=[*holidays, *closed])
    said["notice_days"], said["buffer_minutes"] = said["notice_days"] or 0, said["buffer_minutes"] or 0
    change_offer(offer=offer, by=by, values=said)


def _rules_form(offer: Offer, data: Data) -> RulesForm:
    initial = {"house_rules": offer.house_rules, "access_notes": offer.space.building.access_notes}
    return RulesForm(data, initial=initial)


def _save_rules(offer: Offer, form: RulesForm, by: Person) -> None:
    change_offer(offer=offer, by=by, values={"house_rules": form.cleaned_data["house_rules"]})
    change_place(offer=offer, by=by, values={"access_notes": form.cleaned_data["access_notes"]})


WHOLE_FIELDS: Final = ("condition", "works_needed", "permitted_use", "rent_basis", "approvals")


def _whole_form(offer: Offer, data: Data) -> WholeForm:
    return WholeForm(data, initial={name: getattr(offer, name) for name in WHOLE_FIELDS})


def _save_whole(offer: Offer, form: WholeForm, by: Person) -> None:
    change_offer(offer=offer, by=by, values=form.cleaned_data)


STEPS: Final[Mapping[str, Step]] = {
    "place": Step(
        _("Where it is"),
        _("The address stays private."),
        _place_form,
        _save_place,
        lambda offer: "place" not in missing_for_publishing(offer),
    ),
    "space": Step(
        _("What the space is like"),
        _("How many people, step-free, kitchen, toilet."),
        _space_form,
        _save_space,
        lambda offer: "people" not in missing_for_publishing(offer),
    ),
    "edges": Step(
        _("Doors, alarm and cleaning"),
        _("Nobody is ever sent to a locked door."),
        _edges_form,
        _save_edges,
        lambda offer: any(getattr(offer.space.building, kind) for kind in EDGE_KINDS),
        length="hours",
    ),
    "use": Step(
        _("What may be done"),
        _("Activities and noise."),
        _use_form,
        _save_use,
        lambda offer: offer.activities is not None or bool(offer.no_activities),
    ),
    "rules": Step(
        _("House rules and access"),
        _("What everybody should know, and how a group gets in."),
        _rules_form,
        _save_rules,
        lambda offer: bool(offer.house_rules or offer.space.building.access_notes),
    ),
    "cost": Step(
        _("What it costs"),
        _("Free, a share of the costs, or a price."),
        _cost_form,
        _save_cost,
        lambda offer: bool(offer.price_kind),
    ),
    "limits": Step(
        _("How often, and closed days"),
        _("Holidays, notice, time between groups."),
        _limits_form,
        _save_limits,
        lambda offer: offer.closures.exists() or bool(offer.notice_days or offer.most_evenings_a_month),
    ),
    "whole": Step(
        _("Condition, use and approvals"),
        _("For a space that is lent for months or years."),
        _whole_form,
        _save_whole,
        lambda offer: bool(offer.condition or offer.permitted_use),
        length="whole",
    ),
}


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def _amount(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100
