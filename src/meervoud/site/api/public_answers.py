"""What the API says to everybody: programmes, places, offers, free time."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from meervoud.site.api.paging import PageOut


class ProgrammeOut(Schema):
    """A programme: what its front page says of it."""

    slug: str
    name: str
    city: str
    time_zone: str
    country: str
    currency: str
    starts_on: date
    ends_on: date | None
    is_made_up: bool


class ProgrammesOut(PageOut):
    """A page of programmes."""

    items: list[ProgrammeOut]


class PlaceOut(Schema):
    """A neighbourhood, and the rectangle around it in WGS84."""

    code: str
    name: str
    kind: str
    west: float
    south: float
    east: float
    north: float


class PlacesOut(PageOut):
    """A page of neighbourhoods."""

    items: list[PlaceOut]


class PhotoOut(Schema):
    """A photo of a space; its picture stands at /photos/<id>/medium/."""

    id: UUID
    description: str
    width: int
    height: int


class OfferOut(Schema):
    """An offer as everybody may see it. The point is blurred; null and "" are not known, never no."""

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
    facilities: list[str]
    no_facilities: list[str]
    step_free: str
    is_warm: bool | None
    toilet_place: str
    activities: list[str] | None
    no_activities: list[str]
    loudness: str
    causes: list[str]
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
    photos: list[PhotoOut]
    is_made_up: bool


class OffersOut(PageOut):
    """A page of offers."""

    items: list[OfferOut]


class OwnOfferOut(OfferOut):
    """An offer of your own, or of a programme you work for, in whatever state."""

    state: str


class OwnOffersOut(PageOut):
    """A page of your own offers."""

    items: list[OwnOfferOut]


class PointOut(Schema):
    """A point of GeoJSON: longitude, latitude."""

    type: Literal["Point"]
    coordinates: tuple[float, float]


class AboutPointOut(Schema):
    """What the map says of an offer."""

    name: str
    kind: str
    neighbourhood: str
    capacity: int | None
    is_whole: bool
    url: str


class FeatureOut(Schema):
    """An offer on the map."""

    type: Literal["Feature"]
    id: UUID
    geometry: PointOut | None
    properties: AboutPointOut


class MapOut(PageOut):
    """A FeatureCollection of GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[FeatureOut]


class FreeMomentOut(Schema):
    """A moment that is free, in the time of the city."""

    starts_at: datetime
    ends_at: datetime


class FreeOut(Schema):
    """When a space is free next, once a day at most; by whom it is taken is never said."""

    is_known: bool = Field(description="Whether the host has said when it lends at all.")
    time_zone: str
    moments: list[FreeMomentOut]
