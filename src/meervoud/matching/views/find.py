"""The page where everybody finds space: filters, list, drawing, and the points for the moving map."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meervoud.core.errors import InputError
from meervoud.files.wording.sentences import say_relaxation
from meervoud.lib.clock import today
from meervoud.lib.saying import spoken
from meervoud.matching.cards import card_of
from meervoud.matching.forms import FindForm
from meervoud.matching.queries import FINEST, PAGE, Asked, Found, Spot, find_spaces, find_spots
from meervoud.parties.current import programme_of
from meervoud.parties.models import Programme
from meervoud.places.city_map import city_map, marks_of
from meervoud.places.queries import clusters_between
from meervoud.supply.public import public_offers

MOST_PAGE = 500
NEAR, NEAREST = 14, 16  # zoom levels: single spaces from, no clusters from


@dataclass(frozen=True)
class Page:
    """Where a list stands; see components/pagination.html."""

    number: int
    pages: int
    previous_url: str
    next_url: str


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what fits the filters; to htmx only the part that changes."""
    programme = programme_of(request)
    form = FindForm(request.GET, programme=programme, today=today())
    found = search(programme, form, page_number(request.GET))
    said = spoken()
    offers = public_offers(programme, found.ids)
    together = zip(found.ids, found.proposals, strict=True)
    drawing = city_map(programme)
    context = {
        "form": form,
        "found": found,
        "cards": [card_of(offers[each], proposal, said) for each, proposal in together if each in offers],
        "page": page_of(request.GET, found.total),
        "tags": tags_of(form, request.GET),
        "drawing": drawing,
        "marks": marks_of(drawing, found.points[:, 0], found.points[:, 1]) if drawing else (),
        "relaxations": relaxations(form, found),
        "points_url": f"{reverse('points')}?{request.GET.urlencode()}",
        "areas_url": reverse("areas"),
        "ask_url": f"{reverse('ask_start')}?{request.GET.urlencode()}",
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "matching/find.html#results" if is_part else "matching/find.html", context)


def search(programme: Programme, form: FindForm, page: int) -> Found:
    """Return what fits; wrong filters are left out and said beside the field, the others count."""
    return find_spaces(programme, asked_of(form), page=page)


def asked_of(form: FindForm) -> Asked:
    """Return what a form asks; where it is wrong, as much of it as can be asked."""
    if form.is_valid():
        return form.asked()
    form.cleaned_data.pop("days", None)  # without days there is no rule that could fail
    try:
        return form.asked()
    except (InputError, KeyError):
        return Asked(request=form.empty_request())


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Return what the moving map shows in a rectangle: clusters far away, single spaces near by; as GeoJSON."""
    programme = programme_of(request)
    zoom, box = zoom_of(request.GET), box_of(request.GET)
    filters = [key for key in request.GET if key not in ("zoom", "box", "page") and request.GET.get(key)]
    if filters or zoom >= NEAR:
        asked = asked_of(FindForm(request.GET, programme=programme, today=today()))
        spots = find_spots(programme, asked, box, zoom + 1 if zoom < NEAREST else FINEST)
    else:
        clusters = clusters_between(programme, (box[0], box[1]), (box[2], box[3]), zoom + 1)
        spots = tuple(Spot(latitude, longitude, number) for latitude, longitude, number, _ in clusters)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [spot.longitude, spot.latitude]},
            "properties": {
                "number": spot.number,
                "spaces": [{"name": each.name, "url": reverse("space", args=[each.id])} for each in spot.spaces],
            },
        }
        for spot in spots
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer.headers["Cache-Control"] = "private, max-age=30"
    return answer


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Return the neighbourhoods as GeoJSON, for the moving map."""
    return areas_answer(programme_of(request))


def areas_answer(programme: Programme) -> JsonResponse:
    """Return the neighbourhoods of a programme as GeoJSON."""
    rows = programme.neighbourhoods.values("name", "kind", "outline")
    features = [
        {"type": "Feature", "geometry": row["outline"], "properties": {"name": row["name"], "kind": row["kind"]}}
        for row in rows
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def page_number(values: QueryDict) -> int:
    """Return the page that is asked for; the first where that is no number."""
    text = values.get("page", "1")
    return min(int(text[:6]), MOST_PAGE) if text.isascii() and text.isdigit() else 1


def page_of(values: QueryDict, total: int) -> Page:
    """Return where the list stands, with the addresses of the pages beside it."""
    pages = max(1, -(-total // PAGE))
    number = min(max(page_number(values), 1), pages)

    def address(page: int) -> str:
        other = values.copy()
        other["page"] = str(page)
        return f"?{other.urlencode()}" if 1 <= page <= pages else ""

    return Page(number, pages, address(number - 1), address(number + 1))


def tags_of(form: FindForm, values: QueryDict) -> list[dict[str, str]]:
    """Return the filters that are on as tags, each with the address without it."""
    tags = []
    for name in ("words", "people", "near", "step_free", "free", "whole", "kinds", "facilities", "days"):
        for value in filter(None, values.getlist(name)):
            pairs = [(key, each) for key, list_ in values.lists() for each in list_ if (key, each) != (name, value)]
            rest = urlencode([pair for pair in pairs if pair[0] != "page"])
            tags.append({"text": tag_text(form, name, value), "url": f"?{rest}"})
    return tags


def tag_text(form: FindForm, name: str, value: str) -> str:
    """Return what a filter says."""
    if name == "people":
        return _("%(number)s people") % {"number": value}
    choices = dict(getattr(form.fields[name], "choices", ()))
    if choices:
        return str(choices.get(value, value))
    return value if name == "words" else str(form.fields[name].label)


def relaxations(form: FindForm, found: Found) -> list[str]:
    """Return what could be asked less strictly where nothing fits, best first."""
    if found.near is None or not form.is_valid():
        return []
    said, request = spoken(), form.asked().request
    best = sorted(found.near.relaxations, key=lambda each: -each.opens)
    return [say_relaxation(said, request, each) for each in best[:5]]


def zoom_of(values: QueryDict) -> int:
    """Return the zoom level of a map, 6-18; 12 where that is no number."""
    text = values.get("zoom", "")
    return min(max(int(text), 6), 18) if text.isascii() and text.isdigit() and len(text) < 4 else 12


def box_of(values: QueryDict) -> tuple[float, float, float, float]:
    """Return south, west, north and east of a map.

    Raises:
        InputError: no four numbers.
    """
    try:
        south, west, north, east = (float(each) for each in values.get("box", "").split(","))
    except ValueError as error:
        raise InputError("The map asked for no rectangle. Load the page again.", code="map_box") from error
    if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):
        raise InputError("The map asked for no rectangle. Load the page again.", code="map_box")
    return south, west, north, east
