"""Removing what an import made: only what nothing else points to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import models

from meervoud.demand.models import Request, RequestRule
from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Conversation, Organisation, ProgrammePartner
from meervoud.places.models import Atom, Building, Indicator, Neighbourhood, Space
from meervoud.site.imports.sheets import Kind
from meervoud.site.imports.space_changes import batches
from meervoud.supply.models import Closure, Offer, OpeningPeriod

BECAUSE: Final = "an import is taken back"
FLOOR: Final = Space.atoms.through
OWN: Final[Mapping[type[models.Model], frozenset[type[models.Model]]]] = {
    Space: frozenset({Offer, FLOOR}),
    Offer: frozenset({OpeningPeriod, Closure}),
    Atom: frozenset({FLOOR}),
    Building: frozenset(),
    Request: frozenset({RequestRule}),
    Organisation: frozenset({ProgrammePartner}),
    Neighbourhood: frozenset({Building}),
    Indicator: frozenset(),
}
"""Rows that belong to a thing and go with it. Any other row that points to it means that it is in use."""


def used_things(kind: Kind, things: Sequence[UUID]) -> set[UUID]:
    """Return which spaces, requests, neighbourhoods or figures something else has come to depend on."""
    if kind == "requests":
        return pointed_at(Request, things) | _talked_about(things)
    if kind == "areas":
        return pointed_at(Neighbourhood, things)
    if kind == "indicators":
        return pointed_at(Indicator, things)
    space_of: dict[UUID, UUID] = {}
    space_of_atom: list[tuple[UUID, UUID]] = []
    offers = Offer.objects.every(because=BECAUSE)
    for ids in batches(things):
        space_of |= dict(offers.filter(space__in=ids).values_list("pk", "space"))
        space_of_atom += FLOOR.objects.filter(space__in=ids).values_list("atom", "space")
    used = pointed_at(Space, things)
    used |= {space_of[each] for each in pointed_at(Offer, list(space_of)) | _talked_about(list(space_of))}
    busy = pointed_at(Atom, [atom for atom, _ in space_of_atom]) | _shared_floor(things)
    return used | {space for atom, space in space_of_atom if atom in busy}


def pointed_at(model: type[models.Model], ids: Sequence[UUID]) -> set[UUID]:
    """Return which rows another row points to that does not belong to them, whatever room it is of."""
    found: set[UUID] = set()
    for relation in model._meta.related_objects:
        source = relation.related_model
        if relation.many_to_many or source in OWN[model]:
            continue  # what is many to many has a table between, which is a relation of its own
        name = relation.field.attname
        rows: models.QuerySet[models.Model] = source._base_manager.all()  # noqa: SLF001  # whatever its room shows to whom
        for portion in batches(ids):
            found |= set(rows.filter(**{f"{name}__in": portion}).values_list(name, flat=True))
    return found


def _shared_floor(things: Sequence[UUID]) -> set[UUID]:
    """Return the pieces of floor that other spaces have too, such as a hall made of rooms."""
    shared: set[UUID] = set()
    own = set(things)
    for ids in batches(things):
        atoms = FLOOR.objects.filter(space__in=ids).values("atom")
        shared |= {
            atom
            for atom, space in FLOOR.objects.filter(atom__in=atoms).values_list("atom", "space")
            if space not in own
        }
    return shared


def _talked_about(ids: Sequence[UUID]) -> set[UUID]:
    talks = Conversation.objects.every(because=BECAUSE)
    return {
        thing for portion in batches(ids) for thing in talks.filter(thing__in=portion).values_list("thing", flat=True)
    }


def remove_spaces(spaces: Sequence[UUID], since: datetime) -> None:
    """Remove spaces with their offers, and the buildings and hosts that an import made and that nothing needs now."""
    offers = Offer.objects.every(because=BECAUSE)
    buildings, hosts, atoms = set[UUID](), set[UUID](), set[UUID]()
    for ids in batches(spaces):
        rows = offers.filter(space__in=ids)
        hosts |= set(rows.values_list("host", flat=True))
        buildings |= set(rows.values_list("space__building", flat=True))
        atoms |= set(FLOOR.objects.filter(space__in=ids).values_list("atom", flat=True))
        Closure.objects.of(offer=rows).delete()
        OpeningPeriod.objects.of(offer=rows).delete()
        FLOOR.objects.filter(space__in=ids).delete()
        rows.delete()
        Space.objects.every(because=BECAUSE).filter(pk__in=ids).delete()
    for ids in batches(sorted(atoms)):
        Atom.objects.every(because=BECAUSE).filter(pk__in=ids).delete()
    for ids in batches(_forgotten(Building, buildings, since)):
        Building.objects.every(because=BECAUSE).filter(pk__in=ids).delete()
    remove_organisations(hosts, since)


def remove_requests(requests: Sequence[UUID], since: datetime) -> None:
    """Remove requests, and the groups that an import made and that nothing needs now."""
    everybody = Request.objects.every(because=BECAUSE)
    groups: set[UUID] = set()
    for ids in batches(requests):
        groups |= set(everybody.filter(pk__in=ids, organisation__isnull=False).values_list("organisation", flat=True))
        everybody.filter(pk__in=ids).delete()
    remove_organisations(groups, since)


def remove_areas(areas: Sequence[UUID], since: datetime) -> None:
    """Remove neighbourhoods; the buildings in them lie in none then."""
    del since
    for ids in batches(areas):
        Neighbourhood.objects.filter(pk__in=ids).delete()


def remove_indicators(figures: Sequence[UUID], since: datetime) -> None:
    """Remove figures."""
    del since
    for ids in batches(figures):
        Indicator.objects.filter(pk__in=ids).delete()


def remove_organisations(organisations: Iterable[UUID], since: datetime) -> None:
    """Remove the organisations that an import made and that nothing needs now."""
    for ids in batches(_forgotten(Organisation, organisations, since)):
        ProgrammePartner.objects.every(because=BECAUSE).filter(organisation__in=ids).delete()
        Organisation.objects.every(because=BECAUSE).filter(pk__in=ids).delete()


def _forgotten(model: type[models.Model], ids: Iterable[UUID], since: datetime) -> list[UUID]:
    """Return which rows are no older than the import, nothing points to, and nobody ever did anything with."""
    known = [
        row
        for portion in batches(sorted(ids))
        for row in model._base_manager.filter(pk__in=portion, created_at__gte=since).values_list("pk", flat=True)  # noqa: SLF001  # whatever its room shows to whom
    ]
    handled = {
        thing
        for portion in batches(known)
        for thing in JournalEntry.objects.filter(thing__in=portion).values_list("thing", flat=True)
    }
    return sorted(set(known) - handled - pointed_at(model, known))
