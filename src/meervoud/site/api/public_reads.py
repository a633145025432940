"""The reads that need no key: programmes, places, offers, the map, free time."""

# ruff: noqa: ARG001  # each read is handed the request, by this name

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from meervoud.core.engine.types.results import Moment
from meervoud.core.engine.types.vocabulary import SPACE_KINDS
from meervoud.lib.clock import now
from meervoud.matching.free_spans import free_spans
from meervoud.matching.free_time import free_time
from meervoud.parties.models import Programme
from meervoud.places.models import Neighbourhood
from meervoud.site.api.free_calendar import write_calendar
from meervoud.site.api.paging import OneOf, PageAsked, Word, page_of, public_programme
from meervoud.site.api.public_answers import FreeOut, MapOut, OfferOut, OffersOut, PlacesOut, ProgrammesOut
from meervoud.supply.models import Offer
from meervoud.supply.public import PublicOffer, public_offer, public_offers

router = Router(tags=["public"])
GEOJSON: Final = "application/geo+json"
CALENDAR: Final = "text/calendar"
SpaceKind = Annotated[str, OneOf(SPACE_KINDS)]
Said = dict[str, Any]  # Any: what a schema of an answer takes


class PlacesAsked(PageAsked):
    """Which neighbourhoods."""

    programme: Word | None = Field(None, description="Its slug; the first public programme without.")


class OffersAsked(PlacesAsked):
    """Which offers."""

    neighbourhood: Word | None = Field(None, description="The code of a neighbourhood, see /places.")
    kind: SpaceKind | None = Field(None, description="The kind of space.")


class FreeAsked(Schema):
    """Which free moments."""

    limit: int = Field(4, ge=1, le=20, description="How many moments at most.")
    minutes: int = Field(120, ge=30, le=900, description="How long a moment is at least.")


class FreeDays(Schema):
    """For how long."""

    days: int = Field(60, ge=1, le=180, description="How many days from tomorrow on.")


@router.get("/programmes", response=ProgrammesOut, url_name="api_programmes", operation_id="list_programmes")
def programmes(request: HttpRequest, asked: Query[PageAsked]) -> Said:
    """List the public programmes."""
    found, page = page_of(request, Programme.objects.filter(is_public=True), asked)
    return {**page, "items": found}


@router.get("/places", response=PlacesOut, url_name="api_places", operation_id="list_places")
def places(request: HttpRequest, asked: Query[PlacesAsked]) -> Said:
    """List the neighbourhoods of a programme."""
    rows = Neighbourhood.objects.filter(programme=public_programme(asked.programme)).defer("outline", "needs")
    found, page = page_of(request, rows, asked)
    return {**page, "items": found}


@router.get("/offers", response=OffersOut, url_name="api_offers", operation_id="list_offers")
def offers(request: HttpRequest, asked: Query[OffersAsked]) -> Said:
    """List the offers that are online."""
    found, page = _online(request, asked)
    return {**page, "items": found}


@router.get("/offers.geojson", response=MapOut, url_name="api_map", operation_id="map_offers")
def offers_on_map(request: HttpRequest, asked: Query[OffersAsked]) -> JsonResponse:
    """Show the offers that are online as points of GeoJSON; the points are blurred."""
    found, page = _online(request, asked)
    body = {"type": "FeatureCollection", **page, "features": [_feature(each) for each in found]}
    return JsonResponse(body, content_type=GEOJSON)


@router.get("/offers/{uuid:offer_id}", response=OfferOut, url_name="api_offer", operation_id="read_offer")
def offer(request: HttpRequest, offer_id: UUID) -> PublicOffer:
    """Return one offer that is online."""
    found = public_offer(_programme_of(offer_id), offer_id)
    if found is None:
        raise Http404
    return found


@router.get("/offers/{uuid:offer_id}/free", response=FreeOut, url_name="api_free", operation_id="read_free")
def free(request: HttpRequest, offer_id: UUID, asked: Query[FreeAsked]) -> Said:
    """Return when a space is free next, between 8 and 23 o'clock, in the coming ninety days."""
    programme = _programme_of(offer_id)
    found = free_time(programme, str(offer_id), minutes=asked.minutes, most=asked.limit)
    if found is None:
        raise Http404
    moments = [moment_out(each, programme.time_zone) for each in found.moments]
    return {"is_known": found.is_known, "time_zone": programme.time_zone, "moments": moments}


@router.get(
    "/offers/{uuid:offer_id}/free.ics", response=str, url_name="api_free_calendar", operation_id="read_free_calendar"
)
def free_calendar(request: HttpRequest, offer_id: UUID, asked: Query[FreeDays]) -> HttpResponse:
    """Return when a space is free as a calendar (RFC 5545), from tomorrow on; of what is taken it says nothing."""
    programme = _programme_of(offer_id)
    found = free_spans(programme, str(offer_id), days=asked.days)
    seen = public_offer(programme, offer_id)
    if found is None or seen is None:
        raise Http404
    answer = HttpResponse(write_calendar(seen, found, now=now()), content_type=f"{CALENDAR}; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="free.ics"'
    return answer


def moment_out(moment: Moment, time_zone: str) -> dict[str, datetime]:
    """Return a moment on the wall clock as two moments with their zone."""
    return {
        "starts_at": _at(moment.day, moment.start, time_zone),
        "ends_at": _at(moment.day, moment.end, time_zone),
    }


def _at(day: date, minutes: int, time_zone: str) -> datetime:
    return (datetime.combine(day, time()) + timedelta(minutes=minutes)).replace(tzinfo=ZoneInfo(time_zone))


def _online(request: HttpRequest, asked: OffersAsked) -> tuple[list[PublicOffer], Said]:
    """Return a page of the offers that everybody may find, exactly as everybody may see them."""
    programme = public_programme(asked.programme)
    rows: QuerySet[Offer] = Offer.objects.online(programme).only("id", "created_at")
    if asked.neighbourhood is not None:
        rows = rows.filter(space__building__neighbourhood__code=asked.neighbourhood)
    if asked.kind is not None:
        rows = rows.filter(space__kind=asked.kind)
    found, page = page_of(request, rows, asked)
    seen = public_offers(programme, [each.pk for each in found])
    return [seen[str(each.pk)] for each in found if str(each.pk) in seen], page


def _programme_of(offer_id: UUID) -> Programme:
    """Return the public programme of an offer; whether the offer is online is asked after that.

    Raises:
        Http404: there is none.
    """
    found = Programme.objects.filter(is_public=True, offers=offer_id).first()
    if found is None:
        raise Http404
    return found


def _feature(each: PublicOffer) -> Said:
    point = None
    if each.latitude is not None and each.longitude is not None:
        point = {"type": "Point", "coordinates": [each.longitude, each.latitude]}
    said = asdict(each)
    names = ("name", "kind", "neighbourhood", "capacity", "is_whole")
    url = settings.BASE_URL + reverse("space", args=[each.id])
    about = {**{name: said[name] for name in names}, "url": url}
    return {"type": "Feature", "id": str(each.id), "geometry": point, "properties": about}
