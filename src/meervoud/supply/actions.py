"""Actions on offers: begin, change, publish, pause, end, copy to the next room."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal, stand_in_line
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.places.actions import Value, add_building, add_space, change_building, change_space, count_on_map
from meervoud.places.models import Building, Space
from meervoud.supply.calendar import lock_atoms, offers_on
from meervoud.supply.change_number import mark_changed
from meervoud.supply.lifecycle import move
from meervoud.supply.models import Closure, Occupation, Offer, OpeningPeriod

COPIED: Final = (
    "programme",
    "host",
    "length",
    "from_day",
    "until_day",
    "activities",
    "no_activities",
    "no_sectors",
    "loudness",
    "causes",
    "house_rules",
    "price_kind",
    "price_cents",
    "price_per",
    "evening_costs_cents",
    "cost_bearer",
    "buffer_minutes",
    "notice_days",
    "most_evenings_a_month",
    "condition",
    "works_needed",
    "permitted_use",
    "rent_basis",
    "approvals",
)
COPIED_OF_SPACE: Final = (
    "kind",
    "storey",
    "description",
    "capacity",
    "capacity_min",
    "area_m2",
    "facilities",
    "no_facilities",
    "step_free",
    "is_warm",
    "toilet_place",
)


@transaction.atomic
def begin_offer(
    *, programme: Programme, host: Organisation, by: Person, name: str, kind: str, building: Building | None = None
) -> Offer:
    """Begin an offer of a space of some kind of SPACE_KINDS as a draft; everything else can be told later.

    Without a building it is in a new one of the host.
    """
    building = building or add_building(programme=programme, host=host, by=by)
    space = add_space(building=building, by=by, name=name.strip(), kind=kind)
    offer = Offer.objects.create(programme=programme, host=host, space=space, is_made_up=host.is_made_up)
    journal(by, "offer.begun", offer)
    return offer


@transaction.atomic
def change_offer(*, offer: Offer, by: Person, values: Mapping[str, Value]) -> Offer:
    """Change the terms of an offer."""
    for name, value in values.items():
        setattr(offer, name, value)
    save_changed(offer)
    journal(by, "offer.changed", offer, fields=",".join(sorted(values)))
    return offer


@transaction.atomic
def set_hours(*, offer: Offer, by: Person, periods: Sequence[OpeningPeriod]) -> Offer:
    """Put opening hours in the place of those there were.

    Raises:
        InputError: hours that cannot be read; nothing has changed then.
    """
    for period in periods:
        if period.hours:
            parse_opening_hours(period.hours)
    offer.periods.all().delete()
    for period in periods:
        period.offer = offer
        period.save(force_insert=True)
    save_changed(offer)
    journal(by, "offer.hours", offer, periods=len(periods))
    return offer


@transaction.atomic
def set_closures(*, offer: Offer, by: Person, closures: Iterable[tuple[date, date, str]]) -> Offer:
    """Put closed days, (first, last, "closed" or "holiday"), in the place of those there were."""
    offer.closures.all().delete()
    Closure.objects.bulk_create(
        [Closure(offer=offer, first=first, last=last, reason=reason) for first, last, reason in sorted(set(closures))]
    )
    save_changed(offer)
    journal(by, "offer.closures", offer)
    return offer


@transaction.atomic
def publish_offer(*, offer: Offer, by: Person) -> Offer:
    """Put an offer online; everybody sees it as soon as its host was checked.

    Raises:
        InputError: something is missing that no group can do without.
        ConflictError: it is online already.
    """
    missing = missing_for_publishing(offer)
    if missing:
        raise InputError(
            f"This offer cannot go online yet: {', '.join(missing)} is missing. Fill it in first.",
            code=f"offer_lacks_{missing[0]}",
        )
    return _move(offer, "publish", by)


def pause_offer(*, offer: Offer, by: Person) -> Offer:
    """Take an offer offline for a while; what was agreed stays agreed.

    Raises:
        ConflictError: it is not online.
    """
    return _move(offer, "pause", by)


def end_offer(*, offer: Offer, by: Person | None) -> Offer:
    """End an offer; it can be put online again. By nobody where its host is forgotten.

    Raises:
        ConflictError: it has ended already.
    """
    return _move(offer, "end", by)


@transaction.atomic
def copy_to_next_room(*, offer: Offer, by: Person, name: str) -> Offer:
    """Make a draft for another room of the same building: all but its name, photos and calendar is the same."""
    space = add_space(
        building=offer.space.building,
        by=by,
        name=name.strip(),
        **{field: getattr(offer.space, field) for field in COPIED_OF_SPACE},
    )
    copy = Offer(space=space, is_made_up=offer.is_made_up)
    for field in COPIED:
        setattr(copy, field, getattr(offer, field))
    copy.save(force_insert=True)
    for period in offer.periods.all():
        OpeningPeriod.objects.create(
            offer=copy, hours=period.hours, lend=period.lend, first=period.first, last=period.last
        )
    for closure in offer.closures.all():
        Closure.objects.create(offer=copy, first=closure.first, last=closure.last, reason=closure.reason)
    journal(by, "offer.copied", copy, source=str(offer.pk))
    return copy


def missing_for_publishing(offer: Offer) -> list[str]:
    """Return what an offer still lacks, of "place", "people", "hours"; [] where it can go online."""
    space, lacks = offer.space, list[str]()
    if space.building.public_latitude is None:
        lacks.append("place")
    if space.capacity is None and space.area_m2 is None:
        lacks.append("people")
    if offer.length == Offer.Length.HOURS and not offer.periods.exists():
        lacks.append("hours")
    return lacks


@transaction.atomic
def change_offered_space(*, offer: Offer, by: Person, values: Mapping[str, Value]) -> Offer:
    """Change what the space of an offer is."""
    change_space(space=offer.space, by=by, values=values)
    save_changed(offer)
    return offer


@transaction.atomic
def set_parts(*, offer: Offer, by: Person, parts: Sequence[Space]) -> Offer:
    """Say of which other spaces of its building a space is made, as a hall is of its rooms; none is floor of its own.

    Raises:
        InputError: a part in another building, or the space itself.
        ConflictError: time on its floor is taken already.
    """
    space = offer.space
    if any(part.building_id != space.building_id or part == space for part in parts):
        raise InputError("A space can only be made of other spaces in its own building.", code="part_elsewhere")
    before = lock_atoms(space)
    wanted = {atom.pk for part in parts for atom in part.atoms.all()}
    if wanted == set(before) or (not wanted and is_floor_of_its_own(space)):
        return offer
    own = Occupation.objects.of(taking=space.takings.all())
    if own.filter(atom__in=before, is_active=True).exists():
        raise ConflictError(
            "Time of this space is taken already. Free it first, then change of which rooms it is made."
        )
    floor = space.building.atoms
    space.atoms.set(floor.filter(pk__in=wanted) if wanted else [floor.create()])
    mark_changed([*offers_on([*before, *wanted]), offer.pk])
    journal(by, "space.parts", space, parts=len(parts))
    return offer


def is_floor_of_its_own(space: Space) -> bool:
    """Say whether no other space is made of the floor of this one, or the other way round."""
    return (
        not Space.objects.every(because="the floor of one building")
        .filter(atoms__in=space.atoms.all(), building=space.building)
        .exclude(pk=space.pk)
        .exists()
    )


def parts_of(space: Space) -> list[Space]:
    """Return the smaller spaces that a space is made of, [] where it is floor of its own."""
    atoms = set(space.atoms.values_list("pk", flat=True))
    others = (
        Space.objects.every(because="the rooms of one building").filter(building=space.building).exclude(pk=space.pk)
    )
    return [each for each in others.prefetch_related("atoms") if {atom.pk for atom in each.atoms.all()} < atoms]


@transaction.atomic
def change_place(*, offer: Offer, by: Person, values: Mapping[str, Value]) -> Offer:
    """Change where the building of an offer stands or what bounds its use; every offer in it follows."""
    building = offer.space.building
    offers = list(Offer.objects.every(because="a change of their own building").filter(space__building=building))
    shown = sum(is_on_map(each) for each in offers)
    count_on_map(building, -shown)
    change_building(building=building, by=by, values=values)
    count_on_map(building, shown)
    mark_changed([each.pk for each in offers])
    return offer


@transaction.atomic
def host_was_checked(*, host: Organisation, was_shown: bool) -> None:
    """Bring the map and the index up to date after a host was checked or refused."""
    offers = list(
        Offer.objects.every(because="a change of their own host").filter(host=host).select_related("space__building")
    )
    for offer in offers:
        is_shown = offer.state == Offer.State.PUBLISHED and host.verification == "verified"
        if offer.state == Offer.State.PUBLISHED and is_shown != was_shown:
            count_on_map(offer.space.building, 1 if is_shown else -1)
    mark_changed([offer.pk for offer in offers])


@transaction.atomic
def host_is_of_other_sector(*, host: Organisation) -> None:
    """Let the offers of a host count as changed, so that suggestions follow."""
    own = Offer.objects.every(because="a change of their own host").filter(host=host)
    mark_changed(own.values_list("pk", flat=True))


def save_changed(offer: Offer) -> None:
    """Save an offer and give it the next change number."""
    stand_in_line()
    offer.save()
    mark_changed([offer.pk])


@transaction.atomic
def _move(offer: Offer, name: str, by: Person | None) -> Offer:
    was_shown = is_on_map(offer)
    move(offer, name)
    save_changed(offer)
    if was_shown != is_on_map(offer):
        count_on_map(offer.space.building, 1 if is_on_map(offer) else -1)
    journal(by, f"offer.{name}", offer)
    return offer


def is_on_map(offer: Offer) -> bool:
    """Say whether the public map counts an offer: online, of a host that was checked."""
    return offer.state == Offer.State.PUBLISHED and offer.host.verification == "verified"
