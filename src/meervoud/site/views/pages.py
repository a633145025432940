"""The front page of the city, and the pages about the house."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from meervoud.demand.models import Request
from meervoud.parties.current import programme_of, programmes_for
from meervoud.parties.models import Organisation, Programme
from meervoud.parties.models.organisations import Kind, Verification
from meervoud.places.models import Neighbourhood
from meervoud.supply.models import Offer

FEWEST_SHOWN = 5  # a smaller number of requests could point at one group
BEHIND = (Kind.MUNICIPALITY, Kind.HOUSING_ORGANISATION, Kind.FUNDER)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the two doors, what is there now, and who takes part."""
    try:
        programme = programme_of(request)
    except Http404:  # an empty house still has a front page
        return render(request, "pages/home.html", {"numbers": [], "partners": []})
    context = {
        "numbers": count(programme),
        "partners": partners_of(programme),
        "has_others": programmes_for(request).exclude(pk=programme.pk).exists(),
    }
    return render(request, "pages/home.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show how everybody can use the site."""
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is kept about people."""
    return render(request, "pages/privacy.html")


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Show the rules."""
    return render(request, "pages/terms.html")


def count(programme: Programme) -> list[dict[str, str]]:
    """Return the numbers of the front page, each with what it counts."""
    offers = Offer.objects.online(programme).count()
    asked = Request.objects.every(because="a public count").filter(state="open", programme=programme).count()
    areas = Neighbourhood.objects.filter(programme=programme).exclude(kind="water").count()
    return [
        {
            "value": str(offers),
            "what": ngettext("space to borrow", "spaces to borrow", offers),
            "meaning": _("Online now, from hosts that we checked.")
            if offers
            else _("No host has put a space online yet. You can be the first."),
        },
        {
            "value": str(asked) if asked >= FEWEST_SHOWN or not asked else _("a few"),
            # a small number is hidden in the grammar too: "a few" is said in the plural, also of one
            "what": ngettext("group looks for space", "groups look for space", max(asked, FEWEST_SHOWN)),
            "meaning": _("Open requests. We show numbers from five, so that nobody can tell who it is.")
            if asked
            else _("Nobody waits for a space at this moment."),
        },
        {
            "value": str(areas),
            "what": ngettext("neighbourhood", "neighbourhoods", areas),
            "meaning": _("The area of this programme.")
            if areas
            else _("The map of this programme is not filled in yet."),
        },
    ]


def partners_of(programme: Programme) -> QuerySet[Organisation]:
    """Return who stands behind a programme, as far as we checked who they are; hosts and groups are not named here."""
    everybody = Organisation.objects.every(because="who stands behind a programme is public")
    return everybody.filter(
        partnerships__programme=programme, verification=Verification.VERIFIED, kind__in=BEHIND
    ).order_by("name")
