"""Locked versions of a step, as they were: the page of the step with nothing to change."""

from dataclasses import replace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact import report_words as words
from meervoud.outcomes.impact.book import Book, book_of
from meervoud.outcomes.impact.report_facts import facts_of_plan
from meervoud.outcomes.models import Step
from meervoud.outcomes.views.impact.plans import SCREENS, around, plan_of, shown, step_of
from meervoud.outcomes.views.impact.theory import drawn


@login_required
@require_safe
def version(request: HttpRequest, plan_id: UUID, number: int, version: int) -> HttpResponse:
    """Show a locked version of a step, as it was."""
    plan, which = plan_of(request, plan_id), step_of(number)
    row = plan.versions.filter(step=which, number=version, locked_at__isnull=False).first()
    if row is None:
        raise Http404
    newest = book_of(plan)
    book = replace(newest, versions={**newest.versions, which: row})
    context = {**around(book, which), "is_old": True, "may_lock": False, "lacks": []}
    if which == Step.THEORY:
        return render(request, "outcomes/impact/theory.html", {**context, **drawn(book), "is_old": True, "lacks": []})
    if which == Step.COLLECTION:
        return render(request, "outcomes/impact/collected.html", {**context, **_collected(book)})
    screen = SCREENS[which](book)
    screen.only_read()
    return render(request, screen.template, {**context, **shown(screen, [])})


def _collected(book: Book) -> Facts:
    """Return what was written down of a collection, in words."""
    facts, _sheets = facts_of_plan(book)
    said = {**facts, **book.content(Step.COLLECTION)}
    return {"use": words.said_use(said["use"]), "outcomes": words.outcomes_of(said)}
