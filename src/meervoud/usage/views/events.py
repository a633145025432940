"""Moments to which everybody may come: the list, one of them, and the switch of the group."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from meervoud.agreements.models import Agreement
from meervoud.agreements.views.agreements import agreement_of
from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of, programme_of
from meervoud.usage.events import public_event, public_events, set_public
from meervoud.usage.views.moments import moment_of


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List what everybody may come to in the next sixty days."""
    return render(request, "usage/events.html", {"events": public_events(programme_of(request), now())})


@require_safe
def event(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Show one of them to everybody, and to search engines."""
    found = public_event(programme_of(request), moment_id, now())
    if found is None:
        raise Http404
    return render(request, "usage/event.html", {"event": found})


@login_required
@require_POST
def plan_public(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Say whether everybody may come to all moments that are to come."""
    return _switch(request, agreement_of(request, agreement_id), None)


@login_required
@require_POST
def moment_public(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Say whether everybody may come to one moment."""
    found = moment_of(request, moment_id)
    return _switch(request, found.agreement, found.pk)


def _switch(request: HttpRequest, agreement: Agreement, moment: UUID | None) -> HttpResponse:
    is_public = request.POST.get("public") == "yes"
    try:
        number = set_public(agreement=agreement, is_public=is_public, by=person_of(request), now=now(), moment=moment)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        shown = ngettext("%(number)s moment is public now.", "%(number)s moments are public now.", number)
        hidden = ngettext("%(number)s moment is private again.", "%(number)s moments are private again.", number)
        messages.success(request, (shown if is_public else hidden) % {"number": number})
    return redirect("plan", agreement.pk)
