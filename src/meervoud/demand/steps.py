"""The steps of a request: what each form shows of it, and what it changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.requests import Weekly
from meervoud.demand.actions import change_request, set_needs
from meervoud.demand.as_request import needs_of
from meervoud.demand.forms import ActivityForm, BudgetForm, CompaniesForm, MustsForm, NowForm
from meervoud.demand.models import Request
from meervoud.demand.question_forms import HALF_HOURS, LENGTHS, WEEKS, PlaceForm, QuestionsForm, clock_of
from meervoud.lib.clock import today
from meervoud.parties.models import Organisation, Person

Data = Any  # Django's own values


@dataclass(frozen=True)
class Step:
    """One task of the list: its words, its form, and what it saves."""

    title: str | Promise
    hint: str | Promise
    make_form: Callable[[Request, Data], forms.Form]
    save: Callable[[Request, Any, Person], None]  # Any: the form that make_form made
    is_done: Callable[[Request], bool]


def _activity_form(request: Request, data: Data) -> ActivityForm:
    names = ("title", "cause", "for_whom", "brings_about", "kind_of_activity", "is_sheltered")
    initial = {name: getattr(request, name) for name in names}
    initial["organisation"] = str(request.organisation_id or "")
    own = list(Organisation.objects.of_member(request.asked_by).order_by("name"))
    if request.organisation and request.organisation not in own:
        own.append(request.organisation)
    return ActivityForm(data, organisations=own, initial=initial)


def _questions_form(request: Request, data: Data) -> QuestionsForm:
    make = QuestionsForm if has_simple_rule(request) else PlaceForm
    form = make(data, programme=request.programme, today=today(), initial=answers_of(request))
    near = [code for code, area in form.areas.items() if area.name == request.neighbourhood]
    form.initial["near"] = near[0] if near else ""
    return form


def has_simple_rule(request: Request) -> bool:
    """Say whether the three questions can show and change when: no rule yet, or one that they could have made."""
    needs = needs_of(request)
    if len(needs) != 1:
        return not needs
    need = needs[0]
    return (
        isinstance(need, Weekly)
        and need.minutes in LENGTHS
        and need.weeks in WEEKS
        and {clock_of(need.window.start), clock_of(need.window.end)} <= set(HALF_HOURS)
    )


def answers_of(request: Request) -> dict[str, Any]:  # Any: values of a form
    """Return the answers to the three questions that a request holds."""
    answers: dict[str, Any] = {"people": request.group_max or None, "metres": request.max_metres or 2000}
    need = next(iter(needs_of(request)), None)
    if isinstance(need, Weekly) and has_simple_rule(request):
        window = need.window
        answers |= {
            "days": [str(day) for day in sorted(need.weekdays)],
            "start": clock_of(window.start),
            "end": clock_of(window.end),
            "minutes": need.minutes,
            "first": need.first,
            "weeks": need.weeks,
        }
    return answers


def _save_questions(request: Request, form: QuestionsForm, by: Person) -> None:
    change_request(request=request, by=by, values=values_of(form))
    asked, old = form.needs(), next(iter(needs_of(request)), None)
    if not asked or not has_simple_rule(request):
        return  # no day was ticked, or the rules stand on pages of their own
    need = asked[0]
    if isinstance(need, Weekly) and isinstance(old, Weekly):
        need = keep_refinements(need, old)
    set_needs(request=request, by=by, needs=[need])


def keep_refinements(need: Weekly, old: Weekly) -> Weekly:
    """Return a rule of the three questions with what they do not ask, as the rule before it had it."""
    return replace(
        need,
        coverage_share=old.coverage_share,
        per_week=min(old.per_week, len(need.weekdays)),
        same_start=old.same_start,
        closed=old.closed,
        extra=old.extra,
    )


def values_of(form: QuestionsForm) -> dict[str, Any]:  # Any: values of fields
    """Return what the answers to the three questions say of a request; its rules are the form's own `needs`."""
    position, metres = form.position()
    people = form.cleaned_data.get("people") or 0
    values: dict[str, Any] = {"group_min": people, "group_max": people}
    if position is not None:
        area = form.areas[form.cleaned_data["near"]]
        values |= {
            "latitude": position.latitude,
            "longitude": position.longitude,
            "max_metres": metres,
            "neighbourhood": area.name,
        }
    elif form.initial.get("near"):  # it was near somewhere, and now it may be anywhere
        values |= {"latitude": None, "longitude": None, "max_metres": None, "neighbourhood": ""}
    return values


def _save_activity(request: Request, form: ActivityForm, by: Person) -> None:
    organisation = form.organisations.get(form.cleaned_data["organisation"])
    change_request(request=request, by=by, values={**form.cleaned_data, "organisation": organisation})


MUSTS: Final = ("step_free", "facilities", "wishes", "activities", "loudness", "area_m2")


def _musts_form(request: Request, data: Data) -> MustsForm:
    return MustsForm(data, initial={name: getattr(request, name) or None for name in MUSTS})


def _save_musts(request: Request, form: MustsForm, by: Person) -> None:
    said = dict(form.cleaned_data)
    said["area_m2"] = said["area_m2"] or 0
    change_request(request=request, by=by, values=said)


def _budget_form(request: Request, data: Data) -> BudgetForm:
    cents = request.budget_cents
    can_pay = "" if cents is None else "some" if cents else "nothing"
    budget = Decimal(cents) / 100 if cents else None
    return BudgetForm(data, initial={"can_pay": can_pay, "budget": budget, "budget_per": request.budget_per})


def _save_budget(request: Request, form: BudgetForm, by: Person) -> None:
    said = form.cleaned_data
    cents = {"nothing": 0, "some": int((said["budget"] or 0) * 100)}.get(said["can_pay"])
    change_request(request=request, by=by, values={"budget_cents": cents, "budget_per": said["budget_per"] or "hour"})


def _companies_form(request: Request, data: Data) -> CompaniesForm:
    return CompaniesForm(data, initial={"no_sectors": request.no_sectors})


def _save_companies(request: Request, form: CompaniesForm, by: Person) -> None:
    change_request(request=request, by=by, values=form.cleaned_data)


def _now_form(request: Request, data: Data) -> NowForm:
    return NowForm(data, initial={"meets_now": request.meets_now, "meets_until": request.meets_until})


def _save_now(request: Request, form: NowForm, by: Person) -> None:
    change_request(request=request, by=by, values=form.cleaned_data)


STEPS: Final[Mapping[str, Step]] = {
    "questions": Step(
        _("When, how many, where"),
        _("Your three answers. Change them and see at once what fits."),
        _questions_form,
        _save_questions,
        lambda request: request.rules.exists() and request.group_max > 0,
    ),
    "activity": Step(
        _("What you do, and for whom"),
        _("A name, and what it will bring about in a sentence."),
        _activity_form,
        _save_activity,
        lambda request: bool(request.title),
    ),
    "musts": Step(
        _("What must be there"),
        _("Step-free access, a kitchen, tables."),
        _musts_form,
        _save_musts,
        lambda request: bool(request.facilities or request.wishes or request.step_free or request.activities),
    ),
    "budget": Step(
        _("What you can pay"),
        _("Nothing is an answer too."),
        _budget_form,
        _save_budget,
        lambda request: request.budget_cents is not None,
    ),
    "companies": Step(
        _("Companies you want no room of"),
        _("Only companies, never people. You may skip it."),
        _companies_form,
        _save_companies,
        lambda request: bool(request.no_sectors),
    ),
    "now": Step(
        _("Where you meet now"),
        _("One question. You may skip it."),
        _now_form,
        _save_now,
        lambda request: bool(request.meets_now),
    ),
}
