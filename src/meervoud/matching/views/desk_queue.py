"""The queue of the desk: the same rows as a list, a board or a map, filtered; filters kept under a name."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.core.errors import MeervoudError
from meervoud.demand.models import Request
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error
from meervoud.matching.desk_filters import (
    OUTCOMES,
    VIEWS,
    Chosen,
    QueueFilters,
    chosen_in,
    delete_filter,
    last_outcomes,
    lists_of,
    matching_rows,
    save_filter,
    staff_of,
)
from meervoud.matching.desk_forms import BulkForm, SaveFilterForm
from meervoud.matching.models import MatchRun, SavedFilter
from meervoud.matching.queue import FILTERS, RANKS, STATUSES, WHY, Moment, columns_of, counts_of, queue_of
from meervoud.matching.views.desk_bulk import do_for_many
from meervoud.matching.views.desk_map import map_of
from meervoud.matching.views.desk_rows import row_of
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Person, Programme

A_PAGE: Final = 25
A_COLUMN: Final = 50
TEMPLATES: Final = {"list": "matching/queue.html", "board": "matching/board.html", "map": "matching/queue_map.html"}
Shown = dict[str, Any]  # Any: what a template shows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue of the desk in one of three views; a POST does one thing with what is ticked."""
    programme, person = staff_programme(request), person_of(request)
    lists = lists_of(programme)
    chosen = chosen_in(request.GET, lists)
    if request.method == "POST":
        do_for_many(request, programme)
        return redirect(address_of(chosen))
    moment = Moment(now(), today())
    run, outcomes = last_outcomes(programme)
    rows = matching_rows(programme, chosen, person, moment, outcomes).select_related("desk_case__assigned_to")
    counts = counts_of(queue_of(programme), now=moment.now, today=moment.today)
    context = {
        "form": QueueFilters(dict(chosen.values), lists=lists),
        "bulk": BulkForm(staff=staff_of(programme)),
        "save_form": SaveFilterForm(auto_id="save_%s"),
        "saved": saved_filters(person, programme, chosen),
        "query": chosen.query(),
        "is_filtered": bool(set(chosen.values) - {"view", "order"}),
        "total": sum(counts[name] for name in STATUSES),
        **_links(chosen, counts),
        "last_found": last_found(programme, run, outcomes, chosen),
        "runs": MatchRun.objects.visible_to(person).filter(programme=programme).defer("found", "waiting")[:3],
        **_view(request, rows, chosen, moment, programme),
    }
    return render(request, TEMPLATES[chosen.view], context)


def _links(chosen: Chosen, counts: dict[str, int]) -> Shown:
    views = [
        {"title": title, "url": address_of(chosen, view=name), "is_current": name == chosen.view}
        for name, title in VIEWS.items()
    ]
    parts = [
        {"name": name, "title": title, "count": counts[name], "url": address_of(chosen, show=name)}
        for name, title in FILTERS.items()
    ]
    return {"views": views, "filters": parts, "chosen": chosen.show, "all_url": address_of(chosen, show="")}


def address_of(chosen: Chosen, **other: str) -> str:
    """Return the address of the queue with the filters that are on, some of them otherwise."""
    query = chosen.query(**other)
    return reverse("queue") + (f"?{query}" if query else "")


def _view(request: HttpRequest, rows: QuerySet[Request], chosen: Chosen, moment: Moment, programme: Programme) -> Shown:
    if chosen.view == "board":
        return board_of(rows, chosen, moment)
    listed = Paginator(rows, A_PAGE)
    page = listed.get_page(request.GET.get("page"))

    def url(number: int) -> str:
        return address_of(chosen, page=str(number)) if 1 <= number <= listed.num_pages else ""

    shown = {
        "rows": [row_of(each, chosen, moment) for each in page],
        "found": listed.count,
        "page": {
            "number": page.number,
            "pages": listed.num_pages,
            "previous_url": url(page.number - 1),
            "next_url": url(page.number + 1),
        },
    }
    return {**shown, **map_of(rows, chosen, programme)} if chosen.view == "map" else shown


def board_of(rows: QuerySet[Request], chosen: Chosen, moment: Moment) -> Shown:
    """Return the columns of the board, each with its first cards and how many more there are."""
    counts = counts_of(rows, now=moment.now, today=moment.today)
    columns = [
        {
            "name": name,
            "title": STATUSES[name],
            "count": counts[name],
            "cards": [row_of(each, chosen, moment) for each in cards],
            "more": counts[name] - len(cards),
            "url": address_of(chosen, view="list", show=name),
        }
        for name, cards in columns_of(rows, chosen.order, A_COLUMN).items()
    ]
    return {"columns": columns, "found": sum(counts[name] for name in RANKS)}


def last_found(
    programme: Programme, run: MatchRun | None, outcomes: dict[str, list[str]], chosen: Chosen
) -> Shown | None:
    """Return how many open requests the last match run could place or saw fail on one thing, each with its link."""
    if run is None:
        return None
    open_ones = Request.objects.open_in(programme, because=WHY)
    counted = open_ones.aggregate(**{name: Count("pk", filter=Q(pk__in=found)) for name, found in outcomes.items()})
    view = {key: value for key, value in chosen.values.items() if key == "view"}
    parts = [
        {
            "number": counted[name],
            "title": title,
            "url": Chosen({**view, "outcome": name}).query(),
            "is_current": chosen.values.get("outcome") == name,
        }
        for name, title in OUTCOMES.items()
    ]
    return {"run": run.pk, "at": run.created_at, "parts": parts}


def saved_filters(person: Person, programme: Programme, chosen: Chosen) -> list[Shown]:
    """Return the filters that a person sees at this desk, their own first."""
    rows = SavedFilter.objects.visible_to(person).filter(programme=programme).select_related("person")
    return [
        {
            "id": each.pk,
            "name": each.name,
            "url": address_of(Chosen(each.filters)),
            "is_own": each.person_id == person.pk,
            "is_shared": each.is_shared,
            "by": each.person,
            "is_current": each.filters == dict(chosen.values),
        }
        for each in sorted(rows, key=lambda each: each.person_id != person.pk)
    ]


@login_required
@require_POST
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters that are on under a name."""
    programme = staff_programme(request)
    chosen = chosen_in(request.GET, lists_of(programme))
    form = SaveFilterForm(request.POST)
    form.is_valid()
    name, is_shared = form.cleaned_data.get("name", ""), form.cleaned_data.get("is_shared", False)
    try:
        save_filter(by=person_of(request), programme=programme, name=name, chosen=chosen, is_shared=is_shared)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("The filter “%(name)s” is saved.") % {"name": name})
    return redirect(address_of(chosen))


@login_required
@require_POST
def filter_delete(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    """Delete a filter of one's own; a colleague's is not there."""
    programme, person = staff_programme(request), person_of(request)
    saved = SavedFilter.objects.visible_to(person).filter(pk=filter_id, person=person).first()
    if saved is None:
        raise Http404
    name = saved.name
    delete_filter(saved=saved, by=person)
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": name})
    return redirect(address_of(chosen_in(request.GET, lists_of(programme))))
