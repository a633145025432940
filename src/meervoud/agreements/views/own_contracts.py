"""The programme's own contracts in Word: which there are, bring one, take one along, take one away."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.agreements.forms import ContractForm
from meervoud.agreements.models import ContractTemplate
from meervoud.agreements.own_contracts import put_contract, remove_contract
from meervoud.agreements.papers.docx_files import MEDIA_TYPE
from meervoud.agreements.papers.gaps import LISTS, WORDS
from meervoud.agreements.papers.word import own_template
from meervoud.agreements.views.papers import handed
from meervoud.core.errors import InputError
from meervoud.files.wording.language import LANGUAGES
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Programme
from meervoud.parties.models.people import LANGUAGES as NAMES


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the contracts of the programme by language and the gaps there are, and take one."""
    programme = staff_programme(request)
    is_post = request.method == "POST"
    form = ContractForm(request.POST if is_post else None, request.FILES if is_post else None)
    if is_post and form.is_valid() and _is_taken(request, programme, form):
        return redirect("contracts")
    rows = ContractTemplate.objects.visible_to(request.user).filter(programme=programme).defer("data")
    own = {each.language: each for each in rows.select_related("by")}
    context = {
        "form": form,
        "contracts": [(key, name, own.get(key)) for key, name in NAMES],
        "words": [(_gap(name), says) for name, says in WORDS.items()],
        "lists": [_example(name, fields) for name, fields in LISTS.items()],
    }
    return render(request, "agreements/contracts.html", context, status=422 if form.errors else 200)


def _gap(name: str) -> str:
    return "{{ " + name + " }}"


def _example(name: str, fields: tuple[str, ...]) -> str:
    gaps = " ".join(_gap(f"each.{each}") for each in fields)
    return "{%p for each in " + name + " %} " + gaps + " {%p endfor %}"


def _is_taken(request: HttpRequest, programme: Programme, form: ContractForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        put_contract(
            programme=programme,
            by=person_of(request),
            code=form.cleaned_data["language"],
            name=file.name or "",
            data=file.read(),
        )
    except InputError as error:
        form.add_error("file", say_error(error))
        return False
    messages.success(request, _("The contract can be used: it was filled once to try."))
    return True


@login_required
@require_safe
def sample(request: HttpRequest, language: str) -> HttpResponse:
    """Give our own template in a language, to begin from."""
    staff_programme(request)
    if language not in LANGUAGES:
        raise Http404
    return handed(own_template(language), MEDIA_TYPE, f"contract-{language}.docx")


@login_required
@require_safe
def download(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Give a contract of the programme as it was brought."""
    kept = _template_of(request, template_id)
    return handed(bytes(kept.data), MEDIA_TYPE, f"contract-{kept.language}.docx")


@login_required
@require_POST
def remove(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Take a contract of the programme away."""
    remove_contract(template=_template_of(request, template_id), by=person_of(request))
    messages.success(request, _("It is gone. Agreements have our own contract again."))
    return redirect("contracts")


def _template_of(request: HttpRequest, template_id: UUID) -> ContractTemplate:
    rows = ContractTemplate.objects.visible_to(request.user).filter(pk=template_id)
    found = rows.select_related("programme").first()
    if found is None:
        raise Http404
    return found
