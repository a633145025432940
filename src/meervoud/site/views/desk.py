"""My desk: what is mine and waits for me; for staff of a programme, what waits for the desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meervoud.agreements.models import LIVE, Agreement
from meervoud.demand.actions import expires_soon
from meervoud.demand.models import Request
from meervoud.lib.clock import today
from meervoud.lib.scope import ScopedQuerySet
from meervoud.matching.models import Proposal
from meervoud.outcomes.esg import hosts_with_use
from meervoud.parties.current import desk_programme_of, person_of
from meervoud.parties.models import Conversation, Organisation, Person, Programme, ProgrammeRole, ServedRecord
from meervoud.parties.organisations import verify_organisation
from meervoud.parties.roles import works_for
from meervoud.site.own_data import everything_about
from meervoud.site.views.moderation import waits_for_moderation
from meervoud.supply.models import Offer
from meervoud.usage.models import UsageMoment

SHOWN = 50
TO_CHECK = 5
LETTERS = 8


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what a person has to do: their spaces, requests, conversations, and the desk of their programme."""
    person, programme = person_of(request), desk_programme_of(request)
    own = Organisation.objects.of_member(person)
    offers = Offer.objects.visible_to(person).filter(host__in=own.values("id")).select_related("space", "host")
    mine = Request.objects.visible_to(person).filter(asked_by=person)
    talks = Conversation.objects.visible_to(person).select_related("with_organisation").order_by("-changed_at")
    context: dict[str, Any] = {  # Any: what a template shows
        "offers": offers.order_by("space__name")[:SHOWN],
        "requests": [(each, expires_soon(each, today())) for each in mine.order_by("-created_at")[:SHOWN]],
        "conversations": talks[:SHOWN],
        "organisations": own.order_by("name")[:SHOWN],
        "asked_of_me": Proposal.objects.for_host(person).filter(state="asked", host_says="").count(),
        "is_staff": works_for(person, programme),
        "agreements": agreements_of(person, own),
        "lenders": hosts_with_use(own).order_by("name")[:SHOWN],
        "has_moments": UsageMoment.objects.visible_to(person).exists(),
    }
    if context["is_staff"]:
        has_others = ProgrammeRole.objects.of_person(person).exclude(programme=programme).exists()
        context |= {"programme": programme, "has_others": has_others, **for_staff(programme)}
    return render(request, "site/desk.html", context)


def agreements_of(person: Person, own: ScopedQuerySet[Organisation]) -> ScopedQuerySet[Agreement]:
    """Return the agreements that a person is a side of, the newest first; staff find the others by their requests."""
    sides = Q(request__asked_by=person) | Q(request__organisation__in=own) | Q(offer__host__in=own)
    rows = Agreement.objects.visible_to(person).filter(sides, state__in=LIVE).distinct()
    return rows.select_related("offer__space", "request").order_by("-created_at")[:SHOWN]


def for_staff(programme: Programme) -> dict[str, Any]:  # Any: what a template shows
    """Return what waits for the desk of a programme."""
    why = "the desk of the programme; the caller has checked that the person works for it"
    unchecked = Organisation.objects.every(because=why).filter(
        partnerships__programme=programme, verification="unverified"
    )
    offers = Offer.objects.every(because=why).filter(programme=programme)
    requests = Request.objects.every(because=why).filter(programme=programme)
    return {
        "unchecked": unchecked.annotate(number=Count("offers")).order_by("-number", "created_at")[:TO_CHECK],
        "unchecked_count": unchecked.count(),
        "counts": {
            "offers": offers.filter(state="published").count(),
            "drafts": offers.filter(state="draft").count(),
            "open": requests.filter(state="open").count(),
        },
        "letters": letters_of(requests, offers),
        "to_moderate": waits_for_moderation(programme),
        "mail_faults": mail_faults(programme),
        "open_requests": requests.filter(state="open").select_related("organisation").order_by("expires_on")[:SHOWN],
    }


def mail_faults(programme: Programme) -> list[Person]:
    """Return who takes part in a programme and gets no mail, the latest first: the desk calls them."""
    lost = Person.objects.filter(is_active=True, mail_fault__gt="", mail_fault_address=F("email"))
    here = Q(memberships__organisation__programmes=programme) | Q(requests__programme=programme)
    return list(lost.filter(here).distinct().order_by("-mail_fault_since")[:SHOWN])


def letters_of(*things: ScopedQuerySet[Any]) -> list[ServedRecord]:  # Any: requests and offers
    """Return the latest records of calls that nobody claimed yet, with who called."""
    found = [
        record
        for each in things
        for record in ServedRecord.objects.of_things(each)
        .filter(claimed_at__isnull=True, person__is_active=True)
        .select_related("person")
        .order_by("-call_at")[:LETTERS]
    ]
    return sorted(found, key=lambda record: record.call_at, reverse=True)[:LETTERS]


@login_required
@require_POST
def check_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Say, as staff, that an organisation is what it says, or that it is not."""
    person, programme = person_of(request), desk_programme_of(request)
    found = Organisation.objects.visible_to(person).filter(pk=organisation_id, programmes=programme).first()
    if found is None or not works_for(person, programme):
        raise Http404
    verified = request.POST.get("answer") == "yes"
    verify_organisation(organisation=found, programme=programme, by=person, verified=verified)
    said = _("%(name)s is checked. Its spaces can be found now.") if verified else _("%(name)s is refused.")
    messages.success(request, said % {"name": found.name})
    return redirect("desk")


@login_required
@require_safe
def export_me(request: HttpRequest) -> HttpResponse:
    """Hand out everything that is known about the person who asks, as one file."""
    person = person_of(request)
    answer = JsonResponse(everything_about(person), json_dumps_params={"indent": 1})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
