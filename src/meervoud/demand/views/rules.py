"""The rules of a request that say when: add one of four kinds, change it, remove it, and put it back."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.engine.types.requests import Need
from meervoud.core.errors import InputError, MeervoudError
from meervoud.demand.actions import add_rule, change_rule, remove_rule
from meervoud.demand.as_request import need_of
from meervoud.demand.models import Request, RequestRule
from meervoud.demand.rule_forms import FORMS, RuleForm
from meervoud.demand.views.found import request_of
from meervoud.lib.clock import today
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of

Kind = RequestRule.Kind
KINDS: Final = {
    Kind.WEEKLY: (gettext_lazy("Every week"), gettext_lazy("For example each Tuesday evening, for twelve weeks.")),
    Kind.DATES: (gettext_lazy("On dates"), gettext_lazy("Once, some dates, or each first Tuesday of the month.")),
    Kind.HOURS: (
        gettext_lazy("Some hours a week"),
        gettext_lazy("For example eight hours a week, on whatever day a room is free."),
    ),
    Kind.CONTINUOUS: (
        gettext_lazy("Day and night, for a time"),
        gettext_lazy("The space is yours alone, for days, months or years."),
    ),
}
KEPT = [
    field.name for field in RequestRule._meta.fields if field.name not in ("id", "request", "order")
]  # Django's own way to ask


@login_required
@require_safe
def kinds(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show the kinds of rules to choose from."""
    row = request_of(request, request_id)
    choices = [{"name": kind.value, "title": title, "hint": hint} for kind, (title, hint) in KINDS.items()]
    return render(request, "demand/rule_kinds.html", {"row": row, "choices": choices})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, request_id: UUID, kind: str) -> HttpResponse:
    """Show the questions of a new rule, or add it."""
    row = request_of(request, request_id)
    if kind not in FORMS:
        raise Http404
    return _answered(request, row, FORMS[kind](request.POST or None, need=None, today=today()), kind, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, request_id: UUID, rule_id: UUID) -> HttpResponse:
    """Show the questions of a rule that is there, or change it."""
    row = request_of(request, request_id)
    rule = _rule_of(row, rule_id)
    form = FORMS[rule.kind](request.POST or None, need=need_of(rule), today=today())
    return _answered(request, row, form, rule.kind, rule)


@login_required
@require_POST
def remove(request: HttpRequest, request_id: UUID, rule_id: UUID) -> HttpResponse:
    """Remove a rule; the page that follows offers to put it back."""
    row = request_of(request, request_id)
    rule = _rule_of(row, rule_id)
    try:
        remove_rule(rule=rule, by=person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("request", row.pk)
    request.session[_key(row)] = _plain(rule)
    messages.success(request, _("Removed."))
    return redirect("request", row.pk)


@login_required
@require_POST
def put_back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Put back the rule that was removed last."""
    row = request_of(request, request_id)
    kept = request.session.pop(_key(row), None)
    if kept is None:
        messages.info(request, _("There is nothing to put back."))
        return redirect("request", row.pk)
    try:
        add_rule(request=row, by=person_of(request), need=_need_of(kept))
    except InputError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("It is back."))
    return redirect("request", row.pk)


def can_put_back(request: HttpRequest, row: Request) -> bool:
    """Say whether a rule of the request was removed in this session and can come back."""
    return _key(row) in request.session


def _answered(request: HttpRequest, row: Request, form: RuleForm, kind: str, rule: RequestRule | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and _saved(row, form, rule, request):
        messages.success(request, _("Saved."))
        return redirect("request", row.pk)
    title, hint = KINDS[Kind(kind)]
    context = {"row": row, "form": form, "title": title, "hint": hint}
    return render(request, "demand/step.html", context, status=422 if form.errors else 200)


def _saved(row: Request, form: RuleForm, rule: RequestRule | None, request: HttpRequest) -> bool:
    try:
        if rule is None:
            add_rule(request=row, by=person_of(request), need=form.need())
        else:
            change_rule(rule=rule, by=person_of(request), need=form.need())
    except InputError as error:
        form.add_error(None, say_error(error))
        return False
    return True


def _rule_of(row: Request, rule_id: UUID) -> RequestRule:
    rule = row.rules.filter(pk=rule_id).select_related("request").first()
    if rule is None:
        raise Http404
    return rule


def _key(row: Request) -> str:
    return f"removed rule {row.pk}"


def _plain(rule: RequestRule) -> dict[str, Any]:  # Any: what a session keeps
    kept = model_to_dict(rule, fields=KEPT)
    kept["first"] = rule.first.isoformat() if rule.first else None
    return kept


def _need_of(kept: dict[str, Any]) -> Need:  # Any: what a session keeps
    rule = RequestRule(**kept)
    rule.clean_fields(exclude=["request", "id"])
    return need_of(rule)
