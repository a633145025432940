"""Signing in with one click, in the demo only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from meervoud.parties.models import Person

ROLES = {
    "host": "host@zilverhaven.invalid",
    "initiative": "initiative@zilverhaven.invalid",
    "matchmaker": "matchmaker@zilverhaven.invalid",
}


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a made-up person of the demo; outside the demo this address is not there."""
    person = Person.objects.filter(email=ROLES.get(request.POST.get("role", ""), ""), is_made_up=True).first()
    if not settings.IS_DEMO or person is None:
        raise Http404
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("desk")
