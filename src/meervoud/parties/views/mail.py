"""How often somebody gets mail: by the signed link at the foot of each mail, and the notice that mail comes back."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.parties.current import person_of
from meervoud.parties.mail_links import person_of_token
from meervoud.parties.models.people import Rhythm
from meervoud.parties.rhythm import choose_rhythm, confirm_address

CHANGES_A_DAY = 50


class RhythmForm(forms.Form):
    """How often."""

    mail_rhythm = forms.ChoiceField(
        label=gettext_lazy("When would you like the mails that may wait?"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mail_rhythm(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person of a link choose without signing in; looking changes nothing."""
    person = person_of_token(token)
    if person is None:
        raise Http404
    form = RhythmForm(request.POST or None, initial={"mail_rhythm": person.mail_rhythm})
    is_done = request.method == "POST" and form.is_valid()
    if is_done:
        take_token(f"mail rhythm {person.pk}", most=CHANGES_A_DAY, per_seconds=86_400, now=now())
        choose_rhythm(person=person, rhythm=form.cleaned_data["mail_rhythm"], now=now(), way="link")
    context = {"form": form, "is_done": is_done}
    response = render(request, "parties/mail_rhythm.html", context, status=422 if form.errors else 200)
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@csrf_exempt  # a mail program posts it (RFC 8058): without cookies, by the secret of the link alone
@require_POST
def mail_weekly(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  # the link says it all
    """Take the button "unsubscribe" of a mail program as: one mail a week. What waits must still be answered."""
    person = person_of_token(token)
    if person is None:
        raise Http404
    if person.mail_rhythm != Rhythm.WEEKLY:
        take_token(f"mail rhythm {person.pk}", most=CHANGES_A_DAY, per_seconds=86_400, now=now())
        choose_rhythm(person=person, rhythm=Rhythm.WEEKLY, now=now(), way="mail program")
    return HttpResponse(status=204)


@login_required
@require_POST
def address_is_right(request: HttpRequest) -> HttpResponse:
    """Write to an address again that mail came back from."""
    confirm_address(person=person_of(request))
    messages.success(request, _("Thank you. We write to this address again."))
    return redirect("me")
