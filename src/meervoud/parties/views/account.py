"""My data: see it, take it along, correct it, have it erased; and who looked at it."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of
from meervoud.parties.models.people import LANGUAGES, Rhythm
from meervoud.parties.privacy import blocks_forgetting, change_person, forget, looks_at, my_data
from meervoud.parties.rhythm import choose_rhythm


class MeForm(forms.Form):
    """What a person may change about themselves; the e-mail address has a page of its own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of our mails"), choices=LANGUAGES)
    mail_rhythm = forms.ChoiceField(
        label=gettext_lazy("When you get mails that may wait"),
        help_text=gettext_lazy(
            "What cannot wait comes at once: codes to sign in, a time that ends soon, two times yes."
        ),
        choices=Rhythm.choices,
        required=False,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show and change what is known about the person who looks."""
    person = person_of(request)
    initial = {name: getattr(person, name) for name in MeForm.base_fields}
    form = MeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        rhythm = said.pop("mail_rhythm") or person.mail_rhythm
        change_person(person=person, by=person, **said)
        if rhythm != person.mail_rhythm:
            choose_rhythm(person=person, rhythm=rhythm, now=now(), way="page")
        messages.success(request, _("Saved."))
        return redirect("me")
    context = {
        "form": form,
        "data": my_data(person),
        "looks": looks_at(person),
        "alone": blocks_forgetting(person),
    }
    return render(request, "parties/me.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the person who asks, after they typed the word that says they mean it."""
    person = person_of(request)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box to say that you are sure."))
        return redirect("me")
    try:
        forget(person=person, by=person)
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("me")
    logout(request)
    messages.success(request, _("Your data is erased. Thank you for having been here."))
    return redirect("home")
