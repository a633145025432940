"""Collecting answers, for who writes in a plan: waves, what they add up to, one wave, its paper, what came in on paper."""

from collections import Counter
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.agreements.views.papers import handed
from meervoud.core.errors import ConflictError, MeervoudError
from meervoud.core.impact.effects import FEWEST
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.outcomes.impact.asking import language_for, languages_of, seconds_for
from meervoud.outcomes.impact.book import Book, book_of
from meervoud.outcomes.impact.extract import extract_of
from meervoud.outcomes.impact.forgetting import kept_until
from meervoud.outcomes.impact.pulse import pulse_facts, pulse_of, say_pulse
from meervoud.outcomes.impact.report_facts import use_of
from meervoud.outcomes.impact.report_words import said_use
from meervoud.outcomes.impact.rules import what_lacks
from meervoud.outcomes.impact.survey_forms import SheetForm, TermsForm, WaveForm
from meervoud.outcomes.impact.survey_links import back_word, new_sheet, sheet_id_of, sheet_to_take_back
from meervoud.outcomes.impact.survey_paper import survey_pdf
from meervoud.outcomes.impact.surveying import (
    AlreadySentError,
    begin_of,
    begin_wave,
    change_wave,
    clear_words,
    close_pairing,
    day_of,
    drop_words,
    enter_sheet,
)
from meervoud.outcomes.impact.wave_words import effects_of, row_of, rows_of, uses_of
from meervoud.outcomes.models import Channel, ImpactPlan, Moment, Step, Wave
from meervoud.outcomes.models.surveys import name_of_round
from meervoud.outcomes.views.impact.plans import around, plan_of
from meervoud.parties.current import person_of
from meervoud.parties.models.people import LANGUAGES
from meervoud.usage.doors import draw_code

Shown = dict[str, Any]  # Any: what a template shows
MOST_WORDS: Final = 50
"""Open answers on one page."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show the waves of a plan and what the answers add up to, and begin a wave."""
    plan, person = plan_of(request, plan_id), person_of(request)
    book, today = book_of(plan), day_of(plan, now())
    rows = rows_of(plan, today)
    form = _wave_form(request, book, today, [each.wave for each in rows])
    if request.method == "POST" and form.is_valid():
        try:
            wave = begin_wave(plan=plan, by=person, **form.values())
        except MeervoudError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, _("The wave is begun. Give out the link, the code to scan, or paper."))
            return redirect("impact_wave", plan.pk, wave.pk)
    context = {
        **around(book, Step.COLLECTION),
        "lacks": what_lacks(book, Step.COLLECTION),
        "waves": [{"row": each, "link": _link(request, each.wave)} for each in rows],
        "effects": effects_of(book),
        "kept_until": kept_until(max(each.wave.last for each in rows)) if rows else None,
        "pulse": say_pulse(pulse_facts(pulse_of(plan))),
        "used": said_use(use_of(extract)) if (extract := extract_of(book)) else [],
        "form": form,
        "wrong": [form] if form.errors else [],
        "may_begin": book.is_locked(Step.MEASUREMENT),
    }
    return render(request, "outcomes/impact/collect.html", context, status=422 if form.errors else 200)


def _wave_form(request: HttpRequest, book: Book, today: date, waves: list[Wave]) -> WaveForm:
    """Return the form of a new wave: the planned points of the activity first, what has no wave yet before the next round."""
    planned = book.content(Step.MEASUREMENT)
    wanted = [each for each in planned.get("moments", []) if each in Moment.values]
    rounds = Counter(each.moment for each in waves)
    points = sorted(dict.fromkeys([*wanted, *Moment.values]), key=lambda each: rounds[each] > 0)
    moments = [(each, name_of_round(each, rounds[each] + 1)) for each in points]
    initial = {"moment": points[0], "first": today, "asked": planned.get("expected")}
    uses = uses_of(book.plan, person_of(request), now())
    return WaveForm(request.POST if request.method == "POST" else None, moments=moments, uses=uses, initial=initial)


def _link(request: HttpRequest, wave: Wave) -> str:
    return request.build_absolute_uri(reverse("survey", args=[wave.token]))


def wave_of(request: HttpRequest, plan_id: UUID, wave_id: UUID) -> Wave:
    """Return a wave of a plan that the viewer writes in.

    Raises:
        Http404: it is not theirs, or not there.
    """
    plan = plan_of(request, plan_id)
    found = plan.waves.select_related("version").filter(pk=wave_id).first()
    if found is None:
        raise Http404
    found.plan = plan
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wave(request: HttpRequest, plan_id: UUID, wave_id: UUID) -> HttpResponse:
    """Show a wave: its link, its days to change, and what people wrote, to be read by a person."""
    found = wave_of(request, plan_id, wave_id)
    initial = {"first": found.first, "last": found.last, "asked": found.asked}
    form = TermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_wave(wave=found, by=person_of(request), **form.cleaned_data)
        except MeervoudError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, _("Kept."))
            return redirect("impact_wave", plan_id, found.pk)
    link, answered = _link(request, found), found.sheets.count()
    written = found.sheets.exclude(words="").order_by("words_cleared", "pk")
    # while people still answer, words that are new would tell who just wrote them
    may_read = day_of(found.plan, now()) > found.last and written.count() >= FEWEST
    written = written if may_read else found.sheets.none()
    context = {
        "plan": found.plan,
        "wave": found,
        "row": row_of(found, answered, day_of(found.plan, now())),
        "form": form,
        "link": link,
        "drawing": draw_code(link, _("Code to scan")),
        "papers": [each for each in LANGUAGES if each[0] in languages_of(found)],
        "seconds": seconds_for(found),
        "words": written.only("pk", "words", "words_cleared", "language", "wave_id")[:MOST_WORDS],
        "may_read": may_read,
    }
    return render(request, "outcomes/impact/wave.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def words(request: HttpRequest, plan_id: UUID, wave_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Clear an open answer that was read, or erase it."""
    found = wave_of(request, plan_id, wave_id)
    rows = found.sheets.filter(pk=sheet_id)
    sheet = rows.first() if found.sheets.count() >= FEWEST else None
    if sheet is None:
        raise Http404
    try:
        if request.POST.get("drop"):
            drop_words(sheet=sheet, by=person_of(request))
            messages.success(request, _("These words are erased."))
        else:
            clear_words(sheet=sheet, by=person_of(request))
            messages.success(request, _("Cleared. These words may stand in a report."))
    except ConflictError as error:
        messages.error(request, say_error(error))
    return redirect("impact_wave", plan_id, wave_id)


@login_required
@require_safe
def paper(request: HttpRequest, plan_id: UUID, wave_id: UUID) -> HttpResponse:
    """Give the sheet of a wave as a PDF to print, in a language that all its questions have."""
    found = wave_of(request, plan_id, wave_id)
    code = language_for(found, request.GET.get("language", "") or get_language() or "")
    with translation.override(code):
        again = f"-{found.round}" if found.round > 1 else ""
        name = f"survey-{found.moment.replace('_', '-')}{again}-{code}.pdf"
        return handed(survey_pdf(found, now()), PDF_TYPE, name)


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, plan_id: UUID, wave_id: UUID) -> HttpResponse:
    """Type in what came in on paper, sheet after sheet."""
    found, person = wave_of(request, plan_id, wave_id), person_of(request)
    today = day_of(found.plan, now())
    form = _sheet_form(request, found, today)
    sheet_id = sheet_id_of(form.data.get("sheet", ""), found) if form.is_bound else None
    if form.is_bound and form.is_valid() and sheet_id:
        said, day = form.said(form.cleaned_data["language"]), form.cleaned_data["day"]
        try:
            kept = enter_sheet(wave=found, sheet_id=sheet_id, said=said, day=day, by=person, now=now())
        except AlreadySentError:
            form.add_error(None, _("Another sheet came from this page before. Keep this one once more."))
            form.renew(new_sheet(found))
        except MeervoudError as error:
            form.add_error(None, say_error(error))
        else:
            carried = {"day": day.isoformat(), "language": said.language, "last": back_word(kept, now().date())}
            address = reverse("impact_sheet", args=[plan_id, found.pk])
            return redirect(f"{address}?{urlencode(carried)}")
    elif form.is_bound and form.is_valid():
        raise Http404
    return render(
        request,
        "outcomes/impact/sheet.html",
        _around_sheet(request, found, form, today),
        status=422 if form.errors else 200,
    )


def _sheet_form(request: HttpRequest, wave: Wave, today: date) -> SheetForm:
    """Return the form of a sheet; the next one starts with the day and the language of the one before."""
    if request.method == "POST":
        return SheetForm(request.POST, wave=wave)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = min(today, wave.last)
    language = language_for(wave, request.GET.get("language", "") or wave.plan.language)
    return SheetForm(wave=wave, initial={"sheet": new_sheet(wave), "day": day, "language": language})


def _around_sheet(request: HttpRequest, wave: Wave, form: SheetForm, today: date) -> Shown:
    typed = wave.sheets.filter(channel=Channel.PAPER, created_at__gte=begin_of(wave.plan, today)).count()
    last, _is_ours = sheet_to_take_back(request.GET.get("last", ""), now().date())
    is_kept = last is not None and last.wave_id == wave.pk
    return {
        "plan": wave.plan,
        "wave": wave,
        "form": form,
        "has_begun": today >= wave.first,
        "last": request.GET["last"] if is_kept else "",
        "typed": ngettext("%(number)s sheet typed in today.", "%(number)s sheets typed in today.", typed)
        % {"number": typed},
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Destroy the key that joins the sheets of one person, after asking whether that is meant."""
    plan: ImpactPlan = plan_of(request, plan_id)
    is_unsure = request.method == "POST" and not request.POST.get("sure")
    if request.method == "POST" and not is_unsure:
        try:
            close_pairing(plan=plan, by=person_of(request))
        except ConflictError as error:
            messages.error(request, say_error(error))
        else:
            messages.success(request, _("The key is destroyed. No later sheet can be joined to one that is here."))
        return redirect("impact_collect", plan.pk)
    context = {"plan": plan, "is_unsure": is_unsure, "is_closed": plan.pairing_key is None}
    return render(request, "outcomes/impact/close_pairing.html", context, status=422 if is_unsure else 200)
