"""The page to change the words of one clause, with those of the library beside."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meervoud.agreements.drafts import OWN_WORDS, change_clause, conditions_of, last_version, library_texts
from meervoud.agreements.forms import ClauseForm
from meervoud.agreements.models import LIVE, Agreement
from meervoud.agreements.views.agreements import agreement_of
from meervoud.core.errors import MeervoudError
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: HttpRequest, agreement_id: UUID, key: str) -> HttpResponse:
    """Change the words of a clause, or take those of the library back: a new version either way."""
    found = agreement_of(request, agreement_id)
    version = last_version(found)
    written = next((each for each in version.clauses if each["key"] == key), None)
    if written is None or found.state not in LIVE:
        raise Http404
    library = library_texts(found, version, conditions_of(found)).get(key, "")
    sent = {"text": library} if "library" in request.POST else request.POST
    form = ClauseForm(sent if request.method == "POST" else None, initial={"text": written["text"]})
    if request.method == "POST" and form.is_valid():
        _change(request, found, key, form)
        return redirect("agreement", found.pk)
    is_own = written["version"] == OWN_WORDS
    context = {"agreement": found, "clause": written, "library": library, "form": form, "is_own": is_own}
    return render(request, "agreements/clause.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, found: Agreement, key: str, form: ClauseForm) -> None:
    said, before = form.cleaned_data, last_version(found).number
    try:
        made = change_clause(agreement=found, by=person_of(request), key=key, text=said["text"], note=said["note"])
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return
    if made.number == before:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("There is a new version. Both sides say again what they think of it."))
