"""The survey itself: for whoever has the link, without an account; and taking answers back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error
from meervoud.lib.shelves import shelf_of
from meervoud.outcomes.impact.asking import consent_of, language_for, seconds_for
from meervoud.outcomes.impact.survey_forms import SurveyForm
from meervoud.outcomes.impact.survey_links import BACK_FOR, back_word, new_sheet, sheet_id_of, sheet_to_take_back
from meervoud.outcomes.impact.surveying import AlreadySentError, answer_wave, day_of, take_back
from meervoud.outcomes.models import AnswerSheet, Wave

PRIVATE: Final = {
    "Referrer-Policy": "strict-origin",  # under "no-referrer" a browser posts `Origin: null`, which no form survives
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store, private",
}
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
MOST_AN_HOUR: Final = 120
"""A whole group may answer through one network."""
HOUR: Final = 3_600.0
Shown = dict[str, Any]  # Any: what a template shows


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask what a wave asks, and keep what somebody answers."""
    rows = Wave.objects.of_token(token if TOKEN.fullmatch(token) else "")
    wave = rows.select_related("plan__request", "plan__organisation", "plan__programme", "version").first()
    if wave is None:
        raise Http404
    with _in_a_language_of(request, wave):
        today = day_of(wave.plan, now())
        if today < wave.first:
            return _private(
                request, "outcomes/survey/closed.html", {"wave": wave, "is_before": True}, _refused(request, 200)
            )
        if today > wave.last:
            return _private(request, "outcomes/survey/closed.html", {"wave": wave}, _refused(request, 410))
        return _asked(request, wave)


def _refused(request: HttpRequest, status: int) -> int:
    return 409 if request.method == "POST" else status


def _asked(request: HttpRequest, wave: Wave) -> HttpResponse:
    if request.method != "POST":
        return _page(request, wave, SurveyForm(wave=wave, initial={"sheet": new_sheet(wave)}))
    take_token(f"survey {shelf_of(request)}", most=MOST_AN_HOUR, per_seconds=HOUR, now=now())
    form = SurveyForm(request.POST, wave=wave)
    if not form.is_valid():
        return _page(request, wave, form, 422)
    sheet_id = sheet_id_of(request.POST.get("sheet", ""), wave)
    if sheet_id is None:
        return _again(request, wave, form, _("This page is too old. Look at your answers and send them once more."))
    return _answered(request, wave, form, sheet_id)


def _answered(request: HttpRequest, wave: Wave, form: SurveyForm, sheet_id: UUID) -> HttpResponse:
    said = form.said(get_language() or wave.plan.language)
    try:
        sheet = answer_wave(token=wave.token, sheet_id=sheet_id, said=said, now=now())
    except AlreadySentError:
        told = _(
            "From this page other answers were sent before. Are you another person? Then send yours once more. "
            "Did you want to change yours? Then take the first ones back, with the link on the page of thanks."
        )
        return _again(request, wave, form, told)
    except (ConflictError, InputError) as error:
        form.add_error(None, say_error(error))
        return _page(request, wave, form, 409 if isinstance(error, ConflictError) else 422)
    return redirect("survey_done", back_word(sheet, now().date()))


def _again(request: HttpRequest, wave: Wave, form: SurveyForm, told: str) -> HttpResponse:
    """Show the answers with a new id for their sheet, and why they were not kept."""
    form.add_error(None, told)
    form.renew(new_sheet(wave))
    return _page(request, wave, form, 409)


def _page(request: HttpRequest, wave: Wave, form: SurveyForm, status: int = 200) -> HttpResponse:
    consent, spoken_in = consent_of(wave)
    context = {
        "wave": wave,
        "form": form,
        "about": wave.plan.title,
        "consent": consent,
        "consent_language": spoken_in,
        "seconds": seconds_for(wave),
        "days_back": BACK_FOR.days,
    }
    return _private(request, "outcomes/survey/survey.html", context, status)


@require_safe
def done(request: HttpRequest, word: str) -> HttpResponse:
    """Thank who answered, and give the link to take it back."""
    sheet, is_ours = _sheet_of(word)
    if not is_ours:
        return _gone(request)
    with _in_a_language_of(request, sheet.wave if sheet else None):
        link = request.build_absolute_uri(reverse("survey_take_back", args=[word]))
        context = {"sheet": sheet, "link": link, "word": word, "days_back": BACK_FOR.days}
        return _private(request, "outcomes/survey/done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, word: str) -> HttpResponse:
    """Erase what somebody answered, after asking whether that is meant."""
    sheet, is_ours = _sheet_of(word)
    if not is_ours:
        return _gone(request)
    with _in_a_language_of(request, sheet.wave if sheet else None):
        is_erased = sheet is None
        if request.method == "POST" and sheet is not None:
            with suppress(ConflictError):  # somebody pressed twice: it is erased, which is what they want
                take_back(sheet=sheet)
            is_erased = True
        return _private(request, "outcomes/survey/back.html", {"is_erased": is_erased, "word": word})


def _sheet_of(word: str) -> tuple[AnswerSheet | None, bool]:
    return sheet_to_take_back(word, now().date())


def _gone(request: HttpRequest) -> HttpResponse:
    return _private(request, "outcomes/survey/gone.html", {}, 410)


@contextmanager
def _in_a_language_of(request: HttpRequest, wave: Wave | None) -> Iterator[None]:
    """Speak the language of the page where every question has it, else one that they have."""
    code = language_for(wave, get_language() or "") if wave else get_language() or ""
    with translation.override(code):
        request.LANGUAGE_CODE = code
        yield


def _private(request: HttpRequest, template: str, context: Shown, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    for name, value in PRIVATE.items():
        response.headers[name] = value
    response.headers["Content-Language"] = get_language() or ""
    return response
