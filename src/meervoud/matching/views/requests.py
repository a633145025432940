"""Asking for space: three questions and the rooms at once; then the tasks of the request, and what fits it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import InputError, MeervoudError
from meervoud.demand.actions import (
    begin_request,
    expires_soon,
    missing_for_opening,
    open_request,
    renew_request,
    withdraw_request,
)
from meervoud.demand.as_request import needs_of
from meervoud.demand.models import Request
from meervoud.demand.question_forms import QuestionsForm
from meervoud.demand.steps import STEPS, values_of
from meervoud.demand.views.found import request_of
from meervoud.demand.views.rules import can_put_back
from meervoud.files.wording.need_sentences import say_refinements, say_rule
from meervoud.files.wording.sentences import say_counts, say_near_miss, say_relaxation
from meervoud.lib.clock import today
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.cards import card_of
from meervoud.matching.desk_merging import goes_on_as
from meervoud.matching.forms import FindForm
from meervoud.matching.queries import find_spaces, what_fits
from meervoud.matching.views.wishes import proposals_shown
from meervoud.parties.current import person_of, programme_of
from meervoud.parties.models import Person
from meervoud.parties.privacy import note_look
from meervoud.parties.roles import acts_for
from meervoud.supply.public import public_offers

SHOWN = 6


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask when, how many and where, and show at once what fits; a POST keeps it as a request."""
    programme = programme_of(request)
    values = request.POST if request.method == "POST" else request.GET
    form = QuestionsForm(values or None, programme=programme, today=today())
    if request.method == "POST" and form.is_valid():
        if not request.user.is_authenticated:
            kept = request.POST.copy()
            kept.pop("csrfmiddlewaretoken", None)
            return redirect_to_login(f"{reverse('ask_start')}?{kept.urlencode()}")
        person = person_of(request)
        row = begin_request(programme=programme, asked_by=person, by=person, values=values_of(form), needs=form.needs())
        messages.success(request, _("Kept as a draft. Tell a little more, and post it."))
        return redirect("request", row.pk)
    context: dict[str, Any] = {"form": form}  # Any: what a template shows
    if values and form.is_valid():
        find = FindForm(values, programme=programme, today=today())
        if find.is_valid():
            found = find_spaces(programme, find.asked())
            offers, said = public_offers(programme, found.ids[:SHOWN]), spoken()
            pairs = zip(found.ids[:SHOWN], found.proposals, strict=False)
            cards = [card_of(offers[each], proposal, said) for each, proposal in pairs if each in offers]
            context |= {"found": found, "cards": cards, "find_url": f"{reverse('find')}?{values.urlencode()}"}
    return render(request, "demand/ask.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a request: its tasks, what it asks, and what fits."""
    row, person = request_of(request, request_id), person_of(request)
    if not acts_for(person, row.organisation):
        note_look(person=row.asked_by, by=person, why="request")
    tasks = [
        {
            "title": step.title,
            "hint": step.hint,
            "url": reverse("request_step", args=[row.pk, name]),
            "status": "done" if step.is_done(row) else "todo",
        }
        for name, step in STEPS.items()
    ]
    context = {
        "row": row,
        "state_name": row.get_state_display(),
        "tasks": tasks,
        "completed": sum(task["status"] == "done" for task in tasks),
        "missing": missing_for_opening(row),
        "expires_soon": expires_soon(row, today()),
        "rules": rules_shown(row),
        "can_put_back": can_put_back(request, row),
        "proposals": proposals_shown(row),
        **merged(row, person),
        **fitting(row),
    }
    return render(request, "demand/request.html", context)


def merged(row: Request, person: Person) -> dict[str, Any]:  # Any: what a template shows
    """Return what a request goes on as that the desk merged into another one; its link only for who may see that."""
    kept = goes_on_as(row) if row.state == "withdrawn" else None
    may_see = kept is not None and Request.objects.visible_to(person).filter(pk=kept.pk).exists()
    return {"is_merged": kept is not None, "goes_on_as": kept if may_see else None}


def rules_shown(row: Request) -> list[dict[str, Any]]:  # Any: what a template shows
    """Return the rules of a request in words, each with its pages."""
    said = spoken()
    return [
        {
            "text": say_rule(said, need),
            "details": say_refinements(said, need),
            "change_url": reverse("rule", args=[row.pk, rule.pk]),
            "remove_url": reverse("rule_remove", args=[row.pk, rule.pk]),
        }
        for rule, need in zip(row.rules.all(), needs_of(row), strict=True)
    ]


def fitting(row: Request) -> dict[str, Any]:  # Any: what a template shows
    """Return what fits a request, in words: cards with reasons, near misses, what it could change."""
    if not needs_of(row):
        return {"is_asked": False}
    try:
        found = what_fits(row)
    except InputError as error:
        return {"is_asked": True, "problem": say_error(error)}
    said = spoken()
    offers = public_offers(row.programme, found.spaces)
    proposals = [each for each in found.answer.proposals if each.space_id in offers]
    misses = [
        {
            "name": offers[miss.space_id].name,
            "url": reverse("request_why", args=[row.pk, miss.space_id]),
            "why": say_near_miss(said, found.asked, miss, found.spaces[miss.space_id]),
        }
        for miss in found.answer.near_misses
        if miss.space_id in offers
    ]
    return {
        "is_asked": True,
        "counts": say_counts(said, found.answer),
        "cards": [card_of(offers[each.space_id], each, said) for each in proposals],
        "near_misses": misses[:8],
        "relaxations": [say_relaxation(said, found.asked, each) for each in found.answer.relaxations[:5]],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, request_id: UUID, name: str) -> HttpResponse:
    """Show one step of a request, or save it."""
    row = request_of(request, request_id)
    if name not in STEPS:
        raise Http404
    this = STEPS[name]
    form = this.make_form(row, request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(row, form, request, name):
        messages.success(request, _("Saved."))
        return redirect("request", row.pk)
    context = {"row": row, "form": form, "title": this.title, "hint": this.hint}
    return render(request, "demand/step.html", context, status=422 if form.errors else 200)


def _saved(row: Request, form: forms.Form, request: HttpRequest, name: str) -> bool:
    try:
        STEPS[name].save(row, form, person_of(request))
    except InputError as error:
        form.add_error(None, say_error(error))
        return False
    return True


def _open(row: Request, request: HttpRequest, day: date) -> str:
    open_request(request=row, by=person_of(request), today=day)
    return _("Your request is posted. You hear from us when a host answers.")


def _renew(row: Request, request: HttpRequest, day: date) -> str:
    renew_request(request=row, by=person_of(request), today=day)
    return _("Renewed. Your request stays open.")


def _withdraw(row: Request, request: HttpRequest, day: date) -> str:  # noqa: ARG001  # one shape for all moves
    withdraw_request(request=row, by=person_of(request))
    return _("Withdrawn. You can post it again at any time.")


MOVES: dict[str, Callable[[Request, HttpRequest, date], str]] = {
    "open": _open,
    "renew": _renew,
    "withdraw": _withdraw,
}


@login_required
@require_POST
def move(request: HttpRequest, request_id: UUID, name: str) -> HttpResponse:
    """Post a request, renew it or take it back."""
    row = request_of(request, request_id)
    if name not in MOVES:
        raise Http404
    try:
        messages.success(request, MOVES[name](row, request, today()))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    return redirect("request", row.pk)
