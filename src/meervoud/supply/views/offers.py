"""Listing a space: begin, the task list, its steps, and putting it online."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of, programme_of
from meervoud.parties.models import Organisation, ServedRecord
from meervoud.parties.organisations import found_organisation
from meervoud.parties.roles import works_for
from meervoud.supply.actions import (
    begin_offer,
    copy_to_next_room,
    end_offer,
    missing_for_publishing,
    pause_offer,
    publish_offer,
)
from meervoud.supply.forms import NameForm, StartForm
from meervoud.supply.models import Offer
from meervoud.supply.steps import STEPS

MOVES = {"publish": publish_offer, "pause": pause_offer, "end": end_offer}


def offer_of(request: HttpRequest, offer_id: UUID) -> Offer:
    """Return an offer that the viewer may change; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    rows = Offer.objects.visible_to(request.user).filter(pk=offer_id)
    found = rows.select_related("space__building__neighbourhood", "host", "programme").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin to list a space."""
    programme, person = programme_of(request), person_of(request)
    organisations = list(Organisation.objects.of_member(person).order_by("name"))
    form = StartForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        host = next((each for each in organisations if str(each.pk) == said["host"]), None)
        if host is None:
            kind = said["host_kind"] or "other"
            host = found_organisation(name=said["host_name"], kind=kind, by=person, programme=programme)
        offer = begin_offer(programme=programme, host=host, by=person, name=said["name"], kind=said["kind"])
        offer.length = said["length"]
        offer.save(update_fields=["length"])
        return redirect("offer", offer.pk)
    return render(request, "supply/start.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show the task list of an offer, and what it needs before it can go online."""
    row = offer_of(request, offer_id)
    tasks = tasks_of(row)
    context = {
        "offer": row,
        "tasks": tasks,
        "completed": sum(task["status"] == "done" for task in tasks),
        "missing": missing_for_publishing(row),
        "copy_form": NameForm(),
        "state_name": row.get_state_display(),
        "is_checked": row.host.verification == "verified",
        "letter": letter_about(request, row),
    }
    return render(request, "supply/offer.html", context)


def letter_about(request: HttpRequest, row: Offer) -> ServedRecord | None:
    """Return, for staff of the programme, the record of the call after which an offer was entered."""
    if not works_for(request.user, row.programme):
        return None
    return ServedRecord.objects.visible_to(request.user).filter(thing=row.pk, claimed_at__isnull=True).first()


def tasks_of(row: Offer) -> list[dict[str, Any]]:  # Any: texts and addresses
    """Return the tasks of an offer for components/task_list.html."""
    tasks = []
    for name, step in STEPS.items():
        if step.length in ("", row.length):
            address = reverse("offer_step", args=[row.pk, name])
            tasks.append(_task(step.title, step.hint, address, is_done=step.is_done(row)))
    if row.length == Offer.Length.HOURS:
        hours = _task(
            _("When you lend it"),
            _("A week to tick, or the hours you use it yourself."),
            reverse("offer_hours", args=[row.pk]),
            is_done=row.periods.exists(),
        )
        tasks.insert(2, hours)
        calendar = _task(
            _("Your own calendar"),
            _("So that what is taken stays taken."),
            reverse("offer_calendar", args=[row.pk]),
            is_done=hasattr(row, "calendar"),
        )
        tasks.append(calendar)
    photos = reverse("offer_photos", args=[row.pk])
    tasks.append(
        _task(
            _("Photos"),
            _("People come more easily where they know what to expect."),
            photos,
            is_done=row.space.photos.exists(),
        )
    )
    return tasks


def _task(
    title: str | Promise, hint: str | Promise, url: str, *, is_done: bool
) -> dict[str, Any]:  # Any: texts and addresses
    return {"title": title, "hint": hint, "url": url, "status": "done" if is_done else "todo"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, offer_id: UUID, name: str) -> HttpResponse:
    """Show one step of an offer, or save it."""
    row = offer_of(request, offer_id)
    if name not in STEPS:
        raise Http404
    this = STEPS[name]
    form = this.make_form(row, request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(row, form, request, name):
        messages.success(request, _("Saved."))
        return redirect("offer", row.pk)
    context = {"offer": row, "form": form, "title": this.title, "hint": this.hint, "step": name}
    template = "supply/edges.html" if name == "edges" else "supply/step.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _saved(row: Offer, form: forms.Form, request: HttpRequest, name: str) -> bool:
    try:
        STEPS[name].save(row, form, person_of(request))
    except MeervoudError as error:
        form.add_error(None, say_error(error))
        return False
    return True


@login_required
@require_POST
def move(request: HttpRequest, offer_id: UUID, name: str) -> HttpResponse:
    """Put an offer online, pause it or end it."""
    row = offer_of(request, offer_id)
    if name not in MOVES:
        raise Http404
    try:
        MOVES[name](offer=row, by=person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _said_after(row, name))
    return redirect("offer", row.pk)


def _said_after(row: Offer, name: str) -> str:
    if name == "pause":
        return _("This space is offline now. What was agreed stays agreed.")
    if name == "end":
        return _("This offer has ended. You can put it online again.")
    if row.host.verification != "verified":
        return _("Ready. As soon as the desk has checked your organisation, everybody sees this space.")
    return _("This space is online. Everybody can find it.")


@login_required
@require_POST
def copy(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Copy an offer to the next room of the building."""
    row = offer_of(request, offer_id)
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the next room a name."))
        return redirect("offer", row.pk)
    made = copy_to_next_room(offer=row, by=person_of(request), name=form.cleaned_data["name"])
    messages.success(request, _("Copied. Check what differs, and put it online."))
    return redirect("offer", made.pk)
