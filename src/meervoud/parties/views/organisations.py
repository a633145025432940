"""An organisation: who acts for it, inviting people, joining by invitation."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.core.errors import MeervoudError, NotAllowedError
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of, programme_of
from meervoud.parties.models import Organisation
from meervoud.parties.models.organisations import Kind, Role, Sector, sector_of_company
from meervoud.parties.organisations import (
    accept_invitation,
    change_organisation,
    found_department,
    found_organisation,
    invite,
)
from meervoud.parties.roles import manages

INVITATIONS_A_DAY = 20
WITH_DEPARTMENTS = (Kind.HOUSING_ORGANISATION, Kind.MUNICIPALITY)


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=Role.choices, initial=Role.MEMBER)


class ProfileForm(forms.Form):
    """What an organisation says of itself; everything but its name can wait."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("What kind of organisation is it?"), choices=Kind.choices)
    about = forms.CharField(
        label=gettext_lazy("What does it do?"),
        help_text=gettext_lazy("A few sentences. Hosts and groups read them."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")
    register_number = forms.CharField(
        label=gettext_lazy("Number in the business register"),
        help_text=gettext_lazy("It helps the desk to check your organisation."),
        max_length=40,
        required=False,
    )
    line_of_work = forms.CharField(
        label=gettext_lazy("In which field do you work?"),
        help_text=gettext_lazy("For example care, sport or ICT."),
        max_length=80,
        required=False,
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Is your company in one of these sectors?"),
        help_text=gettext_lazy(
            "Only for companies. A group or a host may say that it wants no company of a sector. "
            "People are never excluded."
        ),
        choices=[("", gettext_lazy("no, or not said")), *Sector.choices],
        required=False,
    )
    questions_a_week = forms.IntegerField(
        label=gettext_lazy("How many questions of groups a week can you answer?"),
        help_text=gettext_lazy("For who lends a space. You are never asked more often. Empty is no limit."),
        initial=5,
        min_value=0,
        max_value=500,
        required=False,
    )

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Keep a sector for companies only."""
        said = super().clean() or {}
        said["sector"] = sector_of_company(said.get("kind", ""), said.get("sector", ""))
        return said


class DepartmentForm(forms.Form):
    """The name of a department."""

    name = forms.CharField(label=gettext_lazy("Name of the department"), max_length=160)


def tasks_of(found: Organisation) -> list[dict[str, str]]:
    """Return the tasks of a profile for components/task_list.html."""
    address = reverse("organisation_profile", args=[found.pk])
    colleagues = f"{reverse('organisation', args=[found.pk])}#members"
    parts = (
        (_("Say what kind of organisation you are"), "", address, found.kind != Kind.OTHER),
        (_("Say what you do"), _("Hosts and groups read it."), address, found.about),
        (_("Say in which field you work"), _("For example care, sport or ICT."), address, found.line_of_work),
        (_("Give your website"), _("If you have one."), address, found.website),
        (_("Give the number in the register"), _("It helps the desk to check you."), address, found.register_number),
        (
            _("Invite somebody who stands in for you"),
            _("Then nothing waits while you are away."),
            colleagues,
            found.memberships.count() > 1,
        ),
    )
    return [
        {"title": title, "hint": hint, "url": url, "status": "done" if is_done else "todo"}
        for title, hint, url, is_done in parts
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an organisation: an initiative, a host or a partner."""
    form = ProfileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, said = person_of(request), dict(form.cleaned_data)
        made = found_organisation(
            name=said.pop("name"), kind=said.pop("kind"), by=person, programme=programme_of(request)
        )
        change_organisation(organisation=made, by=person, values=said)
        messages.success(request, _("Your organisation is there. The desk checks it soon."))
        return redirect("organisation", made.pk)
    return render(request, "parties/profile.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show and change what an organisation says of itself."""
    person = person_of(request)
    found = Organisation.objects.of_member(person).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    if not manages(person, found):
        raise NotAllowedError("Only a manager of the organisation can change this.")
    initial = {name: getattr(found, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_organisation(organisation=found, by=person, values=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("organisation", found.pk)
    context = {"form": form, "organisation": found}
    return render(request, "parties/profile.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def department(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Make a department under an organisation."""
    person = person_of(request)
    found = Organisation.objects.of_member(person).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    form = DepartmentForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        made = found_department(parent=found, name=name, by=person, programme=programme_of(request))
        messages.success(request, _("%(name)s is there. Who acts for you acts for it too.") % {"name": made.name})
    else:
        messages.error(request, _("Give the department a name."))
    return redirect("organisation", found.pk)


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
        "tasks": tasks_of(found) if manages(person, found) else [],
        "completed": sum(task["status"] == "done" for task in tasks_of(found)),
        "department_form": DepartmentForm() if found.kind in WITH_DEPARTMENTS and manages(person, found) else None,
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
