"""Step 3 on the screen: the theory of change drawn and listed; its boxes and arrows changed by plain forms."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.files.impact.examples import read_examples
from meervoud.lib.saying import say_error, spoken
from meervoud.outcomes.impact.book import Book, Content, book_of
from meervoud.outcomes.impact.screens.theory import ArrowScreen, BoxScreen, undrawn_wishes
from meervoud.outcomes.impact.theory_edits import (
    arrow_key,
    edits_of,
    keep_theory,
    remove_arrow,
    remove_box,
    say_looked,
    undo,
)
from meervoud.outcomes.impact.theory_examples import take_example
from meervoud.outcomes.impact.theory_picture import picture_of
from meervoud.outcomes.impact.theory_words import ABOUT_INDICATORS, Told, problems_told
from meervoud.outcomes.impact.writing import UNDO
from meervoud.outcomes.models import Step
from meervoud.outcomes.views.impact.plans import around, plan_of
from meervoud.parties.current import person_of

MOST_DIGITS: Final = 9


@login_required
@require_safe
def show(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show the theory of change of a plan as a drawing and as a list."""
    book = book_of(plan_of(request, plan_id))
    return render(request, "outcomes/impact/theory.html", {**around(book, Step.THEORY), **drawn(book)})


def drawn(book: Book) -> dict[str, Any]:  # Any: what a template shows
    """Return what the page of a theory of change shows besides what every step has."""
    picture, told = picture_of(book), problems_told(book)
    context: dict[str, Any] = {  # Any: what a template shows
        "picture": picture,
        "warnings": [_with_places(each) for each in told if not _stops(each)],
        "edits": edits_of(book),
        "looked": book.content(Step.THEORY).get("looked_for_harm", False),
        "may_undo": bool(book.content(Step.THEORY).get(UNDO)),
        "wishes": [(name, book.text(words)) for name, words in undrawn_wishes(book).items()],
        "examples": [] if picture.number else _examples(),
    }
    if picture.number:
        context["lacks"] = [_with_places(each) for each in told if _stops(each)]
    return context


def _stops(told: Told) -> bool:
    """Say whether the step cannot be locked because of this: what measures an outcome is chosen in step 4."""
    return told.is_error and told.code not in ABOUT_INDICATORS


def _with_places(told: Told) -> SafeString:
    links = format_html_join(" · ", '<a href="{}">{}</a>', ((url, name) for name, url in told.places))
    return format_html("{} {}", told.sentence, links) if links else format_html("{}", told.sentence)


def _examples() -> list[tuple[str, str, str]]:
    code = spoken().code
    return [
        (name, each.names.get(code, each.names["en"]), each.about.get(code, each.about["en"]))
        for name, each in read_examples().items()
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_box(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draw a new box; `kind` or `wish` say which one is meant."""
    return _box(request, book_of(plan_of(request, plan_id)), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HttpRequest, plan_id: UUID, node: str) -> HttpResponse:
    """Change a box, or remove it with its arrows."""
    book = book_of(plan_of(request, plan_id))
    row = next((each for each in book.rows(Step.THEORY, "nodes") if each["id"] == node), None)
    if row is None and not _is_late(request, book):
        raise Http404
    if request.method == "POST" and "remove" in request.POST:
        return _do(request, book, remove_box(book.content(Step.THEORY), node), _("The box and its arrows are removed."))
    return _box(request, book, row)


def _box(request: HttpRequest, book: Book, row: Content | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    screen = BoxScreen(book, data, row=row, asked=request.GET)
    own = (
        reverse("impact_node", args=[book.plan.pk, row["id"]])
        if row
        else reverse("impact_node_add", args=[book.plan.pk])
    )
    return _form_page(request, screen, {"form": screen.form, "row": row, "action": own})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_arrow(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draw a new arrow; `from` and `to` say between which boxes."""
    return _arrow(request, book_of(plan_of(request, plan_id)), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrow(request: HttpRequest, plan_id: UUID, start: str, end: str) -> HttpResponse:
    """Change an arrow, or remove it."""
    book = book_of(plan_of(request, plan_id))
    row = next((each for each in book.rows(Step.THEORY, "links") if arrow_key(each) == (start, end)), None)
    if row is None and not _is_late(request, book):
        raise Http404
    if request.method == "POST" and "remove" in request.POST:
        return _do(request, book, remove_arrow(book.content(Step.THEORY), (start, end)), _("The arrow is removed."))
    return _arrow(request, book, row)


def _arrow(request: HttpRequest, book: Book, row: Content | None) -> HttpResponse:
    data, plan = request.POST if request.method == "POST" else None, book.plan.pk
    screen = ArrowScreen(book, data, row=row, asked=request.GET)
    own = reverse("impact_link", args=[plan, *arrow_key(row)]) if row else reverse("impact_link_add", args=[plan])
    return _form_page(
        request, screen, {"form": screen.form, "assumptions": screen.assumptions, "row": row, "action": own}
    )


def _form_page(request: HttpRequest, screen: BoxScreen | ArrowScreen, shown: dict[str, Any]) -> HttpResponse:
    """Show a form, or keep what was sent; what somebody typed stays in the form, also where others were first."""
    book, others = screen.book, list[str]()
    edits = edits_of(book)
    if request.method != "POST" and book.is_locked(Step.THEORY):
        messages.error(request, _("This step is locked. Write a new version first; the locked one stays as it is."))
        return redirect("impact_theory", book.plan.pk)
    if request.method == "POST" and screen.is_valid():
        try:
            keep_theory(book=book, content=screen.content(), edits=_edits(request), by=person_of(request))
        except MeervoudError as error:
            others = [say_error(error)]
        else:
            messages.success(request, _("Kept."))
            return redirect(_next(request, screen))
    elif request.method == "POST":
        edits = _edits(request)
    wrong = [each for each in screen.forms() if each.is_bound and each.errors]
    context = {"plan": book.plan, "edits": edits, "wrong": wrong, "others": others, **shown}
    return render(request, screen.template, context, status=422 if request.method == "POST" else 200)


def _next(request: HttpRequest, screen: BoxScreen | ArrowScreen) -> str:
    """Return where to go: to the box in the list, or on to an arrow from it."""
    plan = screen.book.plan.pk
    name = screen.box()["id"] if isinstance(screen, BoxScreen) else screen.form.cleaned_data["start"]
    if "arrow" in request.POST:
        return f"{reverse('impact_link_add', args=[plan])}?from={name}"
    return f"{reverse('impact_theory', args=[plan])}#box-{name}"


@login_required
@require_POST
def looked(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Say that somebody looked for harm and found none, or take that back."""
    book, found_none = book_of(plan_of(request, plan_id)), request.POST.get("looked") == "1"
    return _do(request, book, say_looked(book.content(Step.THEORY), found_none=found_none), _("Kept."))


@login_required
@require_POST
def take_back(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take the last change back."""
    book = book_of(plan_of(request, plan_id))
    return _do(request, book, undo(book.content(Step.THEORY)), _("The last change is taken back."))


@login_required
@require_POST
def example(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Begin an empty theory from an example."""
    book = book_of(plan_of(request, plan_id))
    found = read_examples().get(request.POST.get("example", ""))
    if found is None:
        messages.error(request, _("Choose one of the examples."))
        return redirect("impact_theory", book.plan.pk)
    try:
        take_example(book=book, example=found, edits=_edits(request), by=person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("This is the example. Change everything that is different with you."))
    return redirect("impact_theory", book.plan.pk)


def _do(request: HttpRequest, book: Book, content: Content, said: str) -> HttpResponse:
    """Keep a change that has no form, and go back to the drawing; where nothing changes, nothing is written."""
    before = book.content(Step.THEORY)
    try:
        if content != before or _edits(request) != edits_of(book):
            keep_theory(book=book, content=content, edits=_edits(request), by=person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        if content != before:
            messages.success(request, said)
    return redirect("impact_theory", book.plan.pk)


def _edits(request: HttpRequest) -> int:
    """Return how often the theory was kept as the writer saw it; -1 is never right."""
    said = request.POST.get("edits", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else -1


def _is_late(request: HttpRequest, book: Book) -> bool:
    """Say whether somebody writes about what another person has removed meanwhile: then what they typed is not lost."""
    return request.method == "POST" and -1 < _edits(request) < edits_of(book)
