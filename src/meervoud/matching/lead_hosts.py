"""A lead becomes a host: an organisation that is new or here already, and a draft with what is known; and the way back."""

from typing import Any
from uuid import UUID

from django.db import models, transaction

from meervoud.core.engine.types.spaces import Position, Space
from meervoud.core.errors import ConflictError, InputError
from meervoud.files.sources.scout import assume_space
from meervoud.files.wording.language import language
from meervoud.files.wording.names import name_of
from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.matching.lead_lifecycle import move, put_back_move
from meervoud.matching.leads import OWN, lock_lead
from meervoud.matching.models import Lead, LeadState
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.parties.models.organisations import Kind, OrganisationQuerySet, Verification
from meervoud.parties.organisations import note_organisation
from meervoud.places.actions import add_building
from meervoud.places.models import Neighbourhood, Photo
from meervoud.supply.actions import begin_offer, change_offered_space, set_hours
from meervoud.supply.models import HostCalendar, Offer, OpeningPeriod

KINDS = {"school": Kind.SCHOOL, "place_of_worship": Kind.PLACE_OF_WORSHIP, "community_centre": Kind.COMMUNITY_CENTRE}
MOST_PEOPLE = 100_000
MOST_HOSTS = 10
MOST_WORDS = 8
HERE = "organisations of the programme of a lead; only its staff make hosts of leads"


def assumed_space(lead: Lead) -> Space:
    """Return a lead as a space of the engine: what the map and people tell, and for the rest what is assumed.

    Raises:
        InputError: the room would be too small to offer.
    """
    known = lead.latitude is not None and lead.longitude is not None
    position = Position(lead.latitude or 0.0, lead.longitude or 0.0) if known else None
    tags = {**lead.tags, "name": lead.name, "opening_hours": lead.opening_hours}
    return assume_space(str(lead.pk), tags, kind=lead.kind, position=position)


def hosts_named(programme: Programme, words: str, *, most: int = MOST_HOSTS) -> list[Organisation]:
    """Return organisations of a programme that have all the words in their name, by name; none without a word."""
    rows, asked = _may_lend(programme), words.replace("\0", " ").split()[:MOST_WORDS]
    for word in asked:
        spellings = {word, word.lower(), word.upper(), word.capitalize()}  # SQLite knows capitals of a-z only
        found = models.Q()
        for each in sorted(spellings):
            found |= models.Q(name__icontains=each)
        rows = rows.filter(found)
    return list(rows.order_by("name", "pk")[:most]) if asked else []


def _may_lend(programme: Programme) -> OrganisationQuerySet:
    rows = Organisation.objects.every(because=HERE).filter(programmes=programme)
    return rows.exclude(verification=Verification.REFUSED).distinct()


@transaction.atomic
def become_host(*, lead: Lead, by: Person, host_name: str = "", host_id: UUID | None = None) -> Lead:
    """Make a draft of a space, of an organisation that is here or of a new one that nobody acts for yet.

    What is only assumed is marked so.

    Args:
        lead: a place that said yes.
        by: staff of the programme.
        host_name: of a new organisation; empty takes the operator on the map, else the name of the place.
        host_id: of an organisation of the programme that lends it; None makes a new one.

    Raises:
        InputError: the programme has no such organisation, or it was refused.
        ConflictError: the place said no, or is a host already.
    """
    found = lock_lead(lead)
    move(found, "become_host")
    host = _new_host(found, by, host_name) if host_id is None else _host_here(found.programme, host_id)
    found.offer = _draft_of(found, host, by)
    found.save()
    journal(by, "lead.become_host", found, offer=str(found.offer.pk), is_new_host=host_id is None)
    return found


def _new_host(lead: Lead, by: Person, host_name: str) -> Organisation:
    name = host_name.replace("\0", "").strip() or lead.tags.get("operator", "") or str(lead)
    kind = KINDS.get(lead.kind, Kind.OTHER)
    return note_organisation(name=name[:120], kind=kind, by=by, programme=lead.programme)


def _host_here(programme: Programme, host_id: UUID) -> Organisation:
    host = _may_lend(programme).filter(pk=host_id).first()
    if host is None:
        raise InputError("Choose an organisation of this programme.", code="lead_host")
    return host


def _draft_of(lead: Lead, host: Organisation, by: Person) -> Offer:
    space = _space_or_nothing(lead)
    building = add_building(
        programme=lead.programme,
        host=host,
        by=by,
        **{name: getattr(lead, name) for name in ("street", "postcode", "town", "latitude", "longitude")},
        neighbourhood=Neighbourhood.objects.filter(programme=lead.programme, name=lead.neighbourhood).first(),
        **{edge.kind: edge.hours.text for edge in space.edges},
    )
    name = lead.name or name_of(language("en"), "kinds", lead.kind).capitalize()
    offer = begin_offer(programme=lead.programme, host=host, by=by, name=name, kind=lead.kind, building=building)
    known = {
        "capacity": min(space.capacity, MOST_PEOPLE) if space.capacity else None,
        "area_m2": space.area_m2,
        "facilities": sorted(space.facilities),
        "no_facilities": sorted(space.no_facilities),
        "step_free": space.step_free or "",
        "source_key": lead.source_id,
    }
    change_offered_space(offer=offer, by=by, values=known)
    change_offered_space(offer=offer, by=by, values={"assumed": sorted(space.assumed)})
    periods = [OpeningPeriod(hours=each.hours.text if each.hours else "", lend=each.lend) for each in space.periods]
    return set_hours(offer=offer, by=by, periods=periods)


def _space_or_nothing(lead: Lead) -> Space:
    try:
        return assumed_space(lead)
    except InputError:  # too small by the map: whoever said yes knows better
        return Space(id=str(lead.pk), kind=lead.kind)


@transaction.atomic
def put_back(*, lead: Lead, by: Person) -> Lead:
    """Undo the last step of a lead; a host's draft that nobody touched is removed, with an organisation made for it.

    Raises:
        ConflictError: there is no step to undo, or somebody went on with the draft.
    """
    found = lock_lead(lead)
    before, offer = found.state, found.offer
    put_back_move(found)
    found.offer = None
    found.save()
    if before == LeadState.HOST and offer is not None:
        _remove_draft(found, offer)
    journal(by, "lead.put_back", found, before=before)
    return found


def _remove_draft(lead: Lead, offer: Offer) -> None:
    space = offer.space
    building, host, made = space.building, offer.host, _made(lead)
    is_new_host = made is None or made.details.get("is_new_host") is not False
    if _was_touched(offer, made, is_new_host=is_new_host):
        raise ConflictError("Somebody went on with the draft of this place. End the draft on its own page.")
    try:
        with transaction.atomic():
            for thing in (offer, space, building, *([host] if is_new_host else [])):
                thing.delete()
    except models.ProtectedError as error:
        raise ConflictError("Somebody went on with the draft of this place. End the draft on its own page.") from error


def _made(lead: Lead) -> JournalEntry | None:
    """Return the entry of when a lead became a host the last time."""
    return JournalEntry.objects.filter(thing=lead.pk, verb="lead.become_host").order_by("-number").first()


def _was_touched(offer: Offer, made: JournalEntry | None, *, is_new_host: bool) -> bool:
    """Say whether anything was done with the draft after it was made: the journal knows."""
    things: list[Any] = [offer.pk, offer.space_id, offer.space.building_id]  # Any: ids
    host = offer.host
    things += [host.pk] if is_new_host else []  # an organisation that was here has a life of its own
    later = JournalEntry.objects.filter(thing__in=things, number__gt=made.number if made else 0)
    return (
        offer.state != Offer.State.DRAFT
        or later.exists()
        or (is_new_host and (host.memberships.exists() or host.offers.exclude(pk=offer.pk).exists()))
        or Photo.objects.every(because=OWN).filter(space=offer.space_id).exists()
        or HostCalendar.objects.every(because=OWN).filter(offer=offer).exists()
    )
