"""The reads that need a key: own offers and requests, and those of the programmes that a person works for."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router

from meervoud.demand.as_request import needs_of, with_rules
from meervoud.demand.models import Request
from meervoud.demand.models import State as RequestState
from meervoud.files.wording.need_sentences import say_rule
from meervoud.lib.saying import spoken
from meervoud.parties.privacy import note_look
from meervoud.parties.roles import acts_for
from meervoud.places.models import Photo
from meervoud.site.api.gate import PersonalKey, reader_of
from meervoud.site.api.own_answers import RequestOut, RequestsOut
from meervoud.site.api.paging import OneOf, PageAsked, Word, page_of
from meervoud.site.api.public_answers import OwnOffersOut
from meervoud.site.api.public_reads import SpaceKind
from meervoud.supply.as_space import with_space
from meervoud.supply.models import Offer
from meervoud.supply.public import PublicPhoto, as_public

router = Router(tags=["own"])
Said = dict[str, Any]  # Any: what a schema of an answer takes
SAME = tuple(set(RequestOut.model_fields) - {"programme", "organisation", "when"})


class OwnOffersAsked(PageAsked):
    """Which of your own offers."""

    state: Annotated[str, OneOf(tuple(Offer.State.values))] | None = Field(None, description="Where it stands.")
    kind: SpaceKind | None = Field(None, description="The kind of space.")
    neighbourhood: Word | None = Field(None, description="The code of a neighbourhood, see /places.")


class RequestsAsked(PageAsked):
    """Which requests."""

    state: Annotated[str, OneOf(tuple(RequestState.values))] | None = Field(None, description="Where it stands.")
    neighbourhood: Word | None = Field(None, description="The name of a neighbourhood, as the request says it.")
    programme: Word | None = Field(None, description="The slug of a programme.")


@router.get(
    "/my/offers",
    response=OwnOffersOut,
    url_name="api_own_offers",
    operation_id="list_own_offers",
    auth=PersonalKey("read:offers"),
)
def own_offers(request: HttpRequest, asked: Query[OwnOffersAsked]) -> Said:
    """List the offers of your organisations and of the programmes you work for, as everybody will see them."""
    rows: QuerySet[Offer] = with_space(Offer.objects.visible_to(reader_of(request)))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.kind is not None:
        rows = rows.filter(space__kind=asked.kind)
    if asked.neighbourhood is not None:
        rows = rows.filter(space__building__neighbourhood__code=asked.neighbourhood)
    found, page = page_of(request, rows, asked)
    photos: dict[UUID, list[PublicPhoto]] = {}
    for each in Photo.objects.of(space=[row.space for row in found]).only(
        "id", "space_id", "description", "width", "height"
    ):
        shown = PublicPhoto(each.pk, each.description, each.width, each.height)
        photos.setdefault(each.space_id, []).append(shown)
    seen = [(as_public(row, tuple(photos.get(row.space_id, ()))), row.state) for row in found]
    return {**page, "items": [{**vars(offer), "state": state} for offer, state in seen]}


@router.get(
    "/requests",
    response=RequestsOut,
    url_name="api_requests",
    operation_id="list_requests",
    auth=PersonalKey("read:requests"),
)
def requests(request: HttpRequest, asked: Query[RequestsAsked]) -> Said:
    """List your own requests, those of your organisations, and those of the programmes you work for."""
    rows = with_rules(Request.objects.visible_to(reader_of(request)))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.neighbourhood is not None:
        rows = rows.filter(neighbourhood=asked.neighbourhood)
    if asked.programme is not None:
        rows = rows.filter(programme__slug=asked.programme)
    found, page = page_of(request, rows, asked)
    return {**page, "items": [request_out(each) for each in found]}


@router.get(
    "/requests/{uuid:request_id}",
    response=RequestOut,
    url_name="api_request",
    operation_id="read_request",
    auth=PersonalKey("read:requests"),
)
def one_request(request: HttpRequest, request_id: UUID) -> Said:
    """Return one request; that staff looked at it is noted for who asks, as on its page."""
    person = reader_of(request)
    rows = with_rules(Request.objects.visible_to(person).filter(pk=request_id))
    row = rows.select_related("asked_by", "organisation", "programme").first()
    if row is None:
        raise Http404
    if not acts_for(person, row.organisation):
        note_look(person=row.asked_by, by=person, why="request")
    return request_out(row)


def request_out(row: Request) -> Said:
    """Return what the API says of a request from `with_rules`."""
    said = spoken()
    return {
        **{name: getattr(row, name) for name in SAME},
        "programme": row.programme.slug,
        "organisation": row.organisation.name if row.organisation else "",
        "when": [say_rule(said, need) for need in needs_of(row)],
    }
