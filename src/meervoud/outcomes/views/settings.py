"""What a programme settles about its figures: targets, costs, values of others, what a square metre is worth."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.core.errors import MeervoudError
from meervoud.lib.saying import say_error
from meervoud.outcomes.forms import CostForm, PortfolioForm, TargetForm, TermsForm
from meervoud.outcomes.models import Cost, FigureTerms, PortfolioValue, Target
from meervoud.outcomes.settling import add_cost, add_portfolio_value, set_target, set_terms, take_away
from meervoud.outcomes.terms import tariff_of
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Person, Programme

FORMS: Final[dict[str, type[ModelForm[Any]]]] = {  # Any: each of its own table
    "target": TargetForm,
    "cost": CostForm,
    "portfolio": PortfolioForm,
    "terms": TermsForm,
}
DEEDS: Final = {"target": set_target, "cost": add_cost, "portfolio": add_portfolio_value, "terms": set_terms}
TABLES: Final = {"target": Target, "cost": Cost, "portfolio": PortfolioValue}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show what is settled, and settle more."""
    programme, person = staff_programme(request), person_of(request)
    forms = {kind: _form(kind, programme) for kind in FORMS}
    kind = request.POST.get("kind", "")
    if request.method == "POST":
        if kind not in FORMS:
            raise Http404
        forms[kind] = _form(kind, programme, request.POST)
        if forms[kind].is_valid() and _settled(kind, forms[kind], programme, person):
            messages.success(request, _("It is kept."))
            return redirect("figure_settings")
    context = {
        "forms": forms,
        "programme": programme,
        "targets": Target.objects.visible_to(person).filter(programme=programme),
        "costs": Cost.objects.visible_to(person).filter(programme=programme),
        "portfolio": PortfolioValue.objects.visible_to(person).filter(programme=programme),
        "wrong": forms.get(kind),
    }
    status = 422 if kind and forms[kind].errors else 200
    return render(request, "outcomes/settings.html", context, status=status)


def _form(kind: str, programme: Programme, data: Any = None) -> Form | ModelForm[Any]:  # Any: what was sent
    options: dict[str, Any] = {"auto_id": f"{kind}_%s"}  # Any: Django's own options
    if kind == "terms":
        row = FigureTerms.objects.every(because="of the programme that the person works for").filter(
            programme=programme
        )
        tariff = tariff_of(programme)
        options["instance"] = row.first()
        options["initial"] = {
            "tariff_low": tariff.low,
            "tariff": tariff.value,
            "tariff_high": tariff.high,
            "tariff_year": tariff.price_year,
            "tariff_source": tariff.source,
        }
    return FORMS[kind](data, **options)


def _settled(kind: str, form: Form | ModelForm[Any], programme: Programme, person: Person) -> bool:
    try:
        DEEDS[kind](programme=programme, by=person, **form.cleaned_data)  # type: ignore[operator]  # one of four
    except MeervoudError as error:
        form.add_error(None, say_error(error))
        return False
    return True


@login_required
@require_POST
def remove(request: HttpRequest, kind: str, row_id: UUID) -> HttpResponse:
    """Take a target, a cost or a value away."""
    programme = staff_programme(request)
    if kind not in TABLES:
        raise Http404
    row = TABLES[kind].objects.visible_to(request.user).filter(pk=row_id, programme=programme).first()  # type: ignore[attr-defined]  # one of three
    if row is None:
        raise Http404
    take_away(row=row, by=person_of(request))
    messages.success(request, _("It is removed. Reports that were published keep what they said."))
    return redirect("figure_settings")
