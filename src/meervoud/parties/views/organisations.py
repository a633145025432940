"""An organisation: who acts for it, inviting people, joining by invitation."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of
from meervoud.parties.models import Organisation
from meervoud.parties.models.organisations import Role
from meervoud.parties.organisations import accept_invitation, invite
from meervoud.parties.roles import manages

INVITATIONS_A_DAY = 20


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=Role.choices, initial=Role.MEMBER)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show an organisation to those who belong to it, or invite somebody."""
    person = person_of(request)
    found = Organisation.objects.visible_to(person).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_token(f"invite {person.pk}", most=INVITATIONS_A_DAY, per_seconds=86_400, now=now())
        try:
            invite(organisation=found, by=person, now=now(), **form.cleaned_data)
        except MeervoudError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, _("The invitation is on its way. It can be used once, for seven days."))
            return redirect("organisation", found.pk)
    context = {
        "organisation": found,
        "members": found.memberships.select_related("person").order_by("created_at"),
        "departments": found.departments.all(),
        "form": form if manages(person, found) else None,
    }
    return render(request, "parties/organisation.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether somebody wants to join; a POST joins."""
    if request.method != "POST":
        return render(request, "parties/join.html")
    try:
        found = accept_invitation(token=token, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("desk")
    messages.success(request, _("You now act for %(organisation)s.") % {"organisation": found.name})
    return redirect("organisation", found.pk)
