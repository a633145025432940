"""Keys for programs: see them, make one, revoke one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of
from meervoud.parties.models import Person
from meervoud.site.keys import make_key, revoke_key
from meervoud.site.models import SCOPES, ApiKey

DAYS = {
    "365": gettext_lazy("one year"),
    "90": gettext_lazy("three months"),
    "30": gettext_lazy("thirty days"),
}


class KeyForm(forms.Form):
    """What a key is for, how far it goes and how long."""

    name = forms.CharField(
        label=gettext_lazy("What is the key for?"),
        help_text=gettext_lazy("So that you know it again, for example: our website."),
        max_length=80,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may a program do with it?"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.ChoiceField(
        label=gettext_lazy("How long does it work?"),
        choices=list(DAYS.items()),
        widget=forms.RadioSelect,
        initial="365",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys of who looks; a POST makes one and shows its secret, this once."""
    person, form = person_of(request), KeyForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            _key, secret = make_key(
                person=person, name=told["name"], scopes=told["scopes"], days=int(told["days"]), now=now()
            )
        except MeervoudError as error:
            form.add_error(None, say_error(error))
        else:
            form = KeyForm()
    context = {"form": form, "secret": secret, "keys": shown(person)}
    status = 422 if request.method == "POST" and not secret else 200
    answer = render(request, "site/keys.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def shown(person: Person) -> list[dict[str, Any]]:  # Any: what a template shows
    """Return the keys of a person with what they may read, in words."""
    moment = now()
    return [
        {"key": each, "scopes": [SCOPES[scope] for scope in each.scopes], "is_over": each.expires_at <= moment}
        for each in ApiKey.objects.visible_to(person)
    ]


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Revoke a key of who asks."""
    person = person_of(request)
    key = ApiKey.objects.visible_to(person).filter(pk=key_id).first()
    if key is None:
        raise Http404
    revoke_key(key=key, by=person)
    messages.success(request, _("Revoked. A program that uses this key is refused from now on."))
    return redirect("keys")
