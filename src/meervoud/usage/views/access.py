"""The page of whom to call about an agreement and what opens the door, each for who needs it and when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meervoud.agreements.contacts import Opens, Reach, add_contact, add_secret, remove_contact, remove_secret
from meervoud.agreements.drafts import sides_of
from meervoud.agreements.models import LIVE, AccessSecret, Agreement, AgreementContact
from meervoud.agreements.views.agreements import agreement_of
from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.matching.models import Side
from meervoud.parties.current import person_of
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for, works_for
from meervoud.usage.access_forms import ContactForm, LookForm, SecretForm
from meervoud.usage.door_times import moment_near, note_look, secrets_for


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show whom to call, and what opens the door where the viewer may see it now."""
    return access_page(request, agreement_of(request, agreement_id))


def access_page(
    request: HttpRequest, found: Agreement, *, desk_looks: bool = False, **bound: Any
) -> HttpResponse:  # Any: bound forms
    """Return the page; a form that was filled in wrongly stands in the place of an empty one."""
    person, moment = person_of(request), now()
    sides, is_desk = sides_of(person, found), works_for(person, found.programme)
    contacts = list(AgreementContact.objects.visible_to(person).filter(agreement=found))
    secrets = _secrets(found, person, desk_looks=desk_looks)
    is_host_of_sheltered = found.request.is_sheltered and Side.ASKER not in sides
    context = {
        "agreement": found,
        "may_edit": bool(sides) and found.state in LIVE,
        "sides": [
            {
                "title": Side(side).label,
                "rows": [each for each in contacts if each.side == side],
                "is_own": side in sides,
                "call_desk": side == Side.ASKER and is_host_of_sheltered,
            }
            for side in Side.values
        ],
        "secrets": [(each, each.by_id == person.pk or Side.HOST in sides) for each in secrets],
        "is_desk": is_desk,
        "waits_for_moment": Side.ASKER in sides and not is_desk and moment_near(found, moment) is None,
        "contact_form": bound.get("contact_form") or ContactForm(sides=sides, auto_id="contact_%s"),
        "secret_form": bound.get("secret_form") or SecretForm(auto_id="secret_%s"),
        "look_form": bound.get("look_form") or LookForm(auto_id="look_%s"),
    }
    return render(request, "usage/access.html", context, status=422 if bound else 200)


def _secrets(found: Agreement, person: Person, *, desk_looks: bool) -> list[AccessSecret]:
    """Return what opens the door, for the host, who wrote it, a group near its moment, and the desk with a reason."""
    rows = AccessSecret.objects.visible_to(person).filter(agreement=found)
    if desk_looks or acts_for(person, found.offer.host):
        return list(rows)
    shown = list(rows.filter(by=person))
    if works_for(person, found.programme) or Side.ASKER not in sides_of(person, found):
        return shown
    needed = [each for each in secrets_for(found, Side.ASKER, now()) if each not in shown]
    if needed:
        note_look(agreement=found, by=person, side=Side.ASKER, why="moment", now=now())
    return [*shown, *needed]


@login_required
@never_cache
@require_POST
def look(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show the desk what opens the door, with the reason, which is written down."""
    found, form = agreement_of(request, agreement_id), LookForm(request.POST, auto_id="look_%s")
    if not works_for(person_of(request), found.programme):
        raise Http404
    if not form.is_valid():
        return access_page(request, found, look_form=form)
    note_look(agreement=found, by=person_of(request), side="desk", why=form.cleaned_data["why"], now=now())
    return access_page(request, found, desk_looks=True)


@login_required
@require_POST
def contact(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Write down whom to call for one's own side."""
    found = agreement_of(request, agreement_id)
    form = ContactForm(request.POST, sides=sides_of(person_of(request), found), auto_id="contact_%s")
    if not form.is_valid():
        return access_page(request, found, contact_form=form)
    try:
        add_contact(agreement=found, by=person_of(request), reach=Reach(**form.cleaned_data))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Noted."))
    return redirect("agreement_access", found.pk)


@login_required
@require_POST
def secret(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Write down what opens the door."""
    found, form = agreement_of(request, agreement_id), SecretForm(request.POST, auto_id="secret_%s")
    if not form.is_valid():
        return access_page(request, found, secret_form=form)
    try:
        add_secret(agreement=found, by=person_of(request), opens=Opens(**form.cleaned_data))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Noted. The group sees it from a day before each moment until its end."))
    return redirect("agreement_access", found.pk)


@login_required
@require_POST
def contact_remove(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Take somebody off the list of one's own side."""
    rows = AgreementContact.objects.visible_to(request.user).filter(pk=contact_id)
    found = rows.select_related("agreement__offer__space").first()
    if found is None:
        raise Http404
    return _removed(request, found)


@login_required
@require_POST
def secret_remove(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Take away what opened the door."""
    rows = AccessSecret.objects.visible_to(request.user).filter(pk=secret_id)
    found = rows.select_related("agreement__offer__space").first()
    if found is None:
        raise Http404
    return _removed(request, found)


def _removed(request: HttpRequest, found: AgreementContact | AccessSecret) -> HttpResponse:
    by, agreement = person_of(request), found.agreement_id
    try:
        if isinstance(found, AgreementContact):
            remove_contact(contact=found, by=by)
        else:
            remove_secret(secret=found, by=by)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Removed."))
    return redirect("agreement_access", agreement)
