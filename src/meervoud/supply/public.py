"""What everybody may know of an offer: values without the exact address, contacts or access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from meervoud.parties.models import Organisation, Programme
from meervoud.places.models import Photo
from meervoud.supply.as_space import with_space
from meervoud.supply.models import Offer


@dataclass(frozen=True)
class PublicPhoto:
    """A photo and what is to be seen on it."""

    id: UUID
    description: str
    width: int
    height: int


@dataclass(frozen=True)
class PublicOffer:
    """An offer as everybody may see it; the point is blurred."""

    id: UUID
    name: str
    kind: str
    host: str
    host_about: str
    neighbourhood: str
    description: str
    storey: str
    capacity: int | None
    capacity_min: int
    area_m2: float | None
    facilities: tuple[str, ...]
    no_facilities: tuple[str, ...]
    step_free: str
    is_warm: bool | None
    toilet_place: str
    activities: tuple[str, ...] | None
    no_activities: tuple[str, ...]
    loudness: str
    causes: tuple[str, ...]
    house_rules: str
    price_kind: str
    price_cents: int | None
    price_per: str
    currency: str
    is_whole: bool
    from_day: date | None
    until_day: date | None
    condition: str
    works_needed: str
    permitted_use: str
    rent_basis: str
    approvals: str
    notice_days: int
    most_evenings_a_month: int | None
    latitude: float | None
    longitude: float | None
    photos: tuple[PublicPhoto, ...]
    is_made_up: bool


def public_offer(programme: Programme, offer_id: UUID) -> PublicOffer | None:
    """Return an offer that is online, None where none with this id is."""
    return next(iter(public_offers(programme, [offer_id]).values()), None)


def public_offers(programme: Programme, ids: Iterable[UUID | str]) -> dict[str, PublicOffer]:
    """Return offers that are online by id, in a fixed number of queries."""
    rows = list(with_space(Offer.objects.online(programme).filter(pk__in=list(ids))))
    photos: dict[UUID, list[PublicPhoto]] = {}
    found = Photo.objects.of(space=[row.space for row in rows])
    for photo in found.only("id", "space_id", "description", "width", "height"):
        said = PublicPhoto(photo.pk, photo.description, photo.width, photo.height)
        photos.setdefault(photo.space_id, []).append(said)
    return {str(row.pk): as_public(row, tuple(photos.get(row.space_id, ()))) for row in rows}


def as_public(offer: Offer, photos: tuple[PublicPhoto, ...] = ()) -> PublicOffer:
    """Return what everybody may know of an offer; also the preview that its host sees."""
    space, building, host = offer.space, offer.space.building, offer.host
    return PublicOffer(
        id=offer.pk,
        name=space.name,
        kind=space.kind,
        host=host.name,
        host_about=host.about,
        neighbourhood=building.neighbourhood.name if building.neighbourhood else "",
        description=space.description,
        storey=space.storey,
        capacity=space.capacity,
        capacity_min=space.capacity_min,
        area_m2=space.area_m2,
        facilities=tuple(space.facilities),
        no_facilities=tuple(space.no_facilities),
        step_free=space.step_free,
        is_warm=space.is_warm,
        toilet_place=space.toilet_place,
        activities=None if offer.activities is None else tuple(offer.activities),
        no_activities=tuple(offer.no_activities),
        loudness=offer.loudness,
        causes=tuple(offer.causes),
        house_rules=offer.house_rules,
        price_kind=offer.price_kind,
        price_cents=offer.price_cents,
        price_per=offer.price_per,
        currency=offer.programme.currency,
        is_whole=offer.length == Offer.Length.WHOLE,
        from_day=offer.from_day,
        until_day=offer.until_day,
        condition=offer.condition,
        works_needed=offer.works_needed,
        permitted_use=offer.permitted_use,
        rent_basis=offer.rent_basis,
        approvals=offer.approvals,
        notice_days=offer.notice_days,
        most_evenings_a_month=offer.most_evenings_a_month,
        latitude=building.public_latitude,
        longitude=building.public_longitude,
        photos=photos,
        is_made_up=offer.is_made_up,
    )


def host_of(programme: Programme, offer_id: UUID) -> Organisation | None:
    """Return the host of an offer that is online, to receive a message; its contacts are never shown."""
    row = Offer.objects.online(programme).filter(pk=offer_id).select_related("host").first()
    return row.host if row else None
