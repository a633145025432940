"""The reads of proposals: each side sees what disclosure.py lets it see, and nothing before its time."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router

from meervoud.demand.models import Request
from meervoud.matching.disclosure import Disclosed, disclosed_to_group, disclosed_to_host
from meervoud.matching.models import KNOWN_TO_BOTH, Proposal, State
from meervoud.matching.snapshot import read_snapshot
from meervoud.parties.models import Organisation, Person, ProgrammeRole
from meervoud.parties.privacy import note_look
from meervoud.site.api.gate import PersonalKey, reader_of
from meervoud.site.api.own_answers import ProposalOut, ProposalsOut
from meervoud.site.api.paging import OneOf, PageAsked, Word, page_of
from meervoud.site.api.public_reads import moment_out

router = Router(tags=["own"])
Said = dict[str, Any]  # Any: what a schema of an answer takes
SAME = ("id", "state", "certainty", "asker_says", "host_says", "asked_at", "expires_at", "created_at")


@dataclass(frozen=True)
class Reader:
    """Who reads: whom they act for and which programmes they work for, asked once for a whole list."""

    person: Person
    organisations: frozenset[UUID]
    programmes: frozenset[UUID]

    def sides_of(self, row: Proposal) -> list[str]:
        """Return for whom they read a proposal."""
        request = row.request
        asks = request.asked_by_id == self.person.pk or request.organisation_id in self.organisations
        lends = row.offer.host_id in self.organisations
        claims = {"asker": asks, "host": lends, "staff": row.programme_id in self.programmes}
        return [name for name, holds in claims.items() if holds]


def reader(person: Person) -> Reader:
    """Return a person as a reader of proposals."""
    own = Organisation.objects.of_member(person).values_list("id", flat=True)
    programmes = ProgrammeRole.objects.of_person(person).values_list("programme", flat=True)
    return Reader(person, frozenset(own), frozenset(programmes))


class ProposalsAsked(PageAsked):
    """Which proposals."""

    state: Annotated[str, OneOf(tuple(State.values))] | None = Field(None, description="Where it stands.")
    offer: UUID | None = Field(None, description="For one offer.")
    request: UUID | None = Field(None, description="For one request that you may see.")
    programme: Word | None = Field(None, description="The slug of a programme.")


@router.get(
    "/proposals",
    response=ProposalsOut,
    url_name="api_proposals",
    operation_id="list_proposals",
    auth=PersonalKey("read:proposals"),
)
def proposals(request: HttpRequest, asked: Query[ProposalsAsked]) -> Said:
    """List the proposals for your requests, those your spaces were asked for, and those of your programmes."""
    person = reader_of(request)
    rows = _with_sides(Proposal.objects.visible_to(person))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.offer is not None:
        rows = rows.filter(offer=asked.offer)
    if asked.request is not None:  # a host does not learn by it which request a proposal is about
        rows = rows.filter(request__in=Request.objects.visible_to(person).filter(pk=asked.request).values("pk"))
    if asked.programme is not None:
        rows = rows.filter(programme__slug=asked.programme)
    found, page = page_of(request, rows, asked)
    reads = reader(person)
    return {**page, "items": [proposal_out(each, reads) for each in found]}


@router.get(
    "/proposals/{uuid:proposal_id}",
    response=ProposalOut,
    url_name="api_proposal",
    operation_id="read_proposal",
    auth=PersonalKey("read:proposals"),
)
def one_proposal(request: HttpRequest, proposal_id: UUID) -> Said:
    """Return one proposal; that staff looked at it is noted for who asks, as on its page."""
    person = reader_of(request)
    row = _with_sides(Proposal.objects.visible_to(person).filter(pk=proposal_id)).first()
    if row is None:
        raise Http404
    reads = reader(person)
    if "staff" in reads.sides_of(row):
        note_look(person=row.request.asked_by, by=person, why="request")
    return proposal_out(row, reads)


def _with_sides(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return rows.select_related(
        "programme", "request__organisation", "request__asked_by", "offer__host", "offer__space__building"
    )


def proposal_out(row: Proposal, reads: Reader) -> Said:
    """Return what a reader may know of a proposal now."""
    sides, request = reads.sides_of(row), row.request
    is_open = set(sides) != {"host"}  # who reads for the host alone waits until both said yes
    to_host, to_group = disclosed_to_host(row), disclosed_to_group(row) if is_open else Disclosed()
    knows_group = is_open or row.state in KNOWN_TO_BOTH
    shows_need = is_open or not request.is_sheltered
    kept = read_snapshot(row.snapshot)
    moments = [moment for pattern in kept.patterns for moment in pattern.moments]
    return {
        **{name: getattr(row, name) for name in SAME},
        "programme": row.programme.slug,
        "sides": sides,
        "score": row.score if "staff" in sides else None,
        "parts": [vars(part) for part in kept.parts] if "staff" in sides else None,
        "offer": row.offer_id,
        "space": row.offer.space.name,
        "request": row.request_id if knows_group else None,
        "group": group_named(request) if is_open else to_host.group,
        "host": row.offer.host.name,
        "street": to_group.street,
        "house_rules": row.offer.house_rules,
        "people": request.group_max,
        "cause": request.cause if shows_need else "",
        "brings_about": request.brings_about if shows_need else "",
        "when": [moment_out(each, row.programme.time_zone) for each in moments],
    }


def group_named(request: Request) -> str:
    """Return who asks, for who may know: the group itself and the desk."""
    name = request.organisation.name if request.organisation else ""
    return f"{request.title} ({name})" if name else request.title
