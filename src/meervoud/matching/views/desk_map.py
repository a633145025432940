"""The queue on the map: where the requests are that name a place; sheltered ones are only counted."""

from collections import defaultdict
from typing import Any, Final

import numpy as np
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meervoud.demand.models import Request
from meervoud.lib.clock import now, today
from meervoud.matching.desk_filters import Chosen, chosen_in, last_outcomes, lists_of, matching_rows
from meervoud.matching.queue import Moment
from meervoud.matching.views.desk_rows import case_url
from meervoud.matching.views.find import areas_answer, box_of, zoom_of
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Programme
from meervoud.places.city_map import city_map, marks_of

NAMED: Final = 20
CELL_PIXELS: Final = 40
HAS_PLACE: Final = Q(latitude__isnull=False, longitude__isnull=False)
ON_MAP: Final = HAS_PLACE & Q(is_sheltered=False)


def map_of(rows: QuerySet[Request], chosen: Chosen, programme: Programme) -> dict[str, Any]:  # Any: for a template
    """Return the drawing with its marks, and how many requests are not on it."""
    places = np.array(list(rows.filter(ON_MAP).order_by().values_list("latitude", "longitude")), dtype=np.float64)
    places = places.reshape(-1, 2)
    drawing, query = city_map(programme), chosen.query()
    counted = rows.order_by().aggregate(
        nowhere=Count("pk", filter=Q(is_sheltered=False) & ~HAS_PLACE),
        sheltered=Count("pk", filter=Q(is_sheltered=True)),
    )
    return {
        "drawing": drawing,
        "marks": marks_of(drawing, places[:, 0], places[:, 1]) if drawing else (),
        "on_map": len(places),
        **counted,
        "points_url": f"{reverse('queue_points')}?{query}",
        "areas_url": reverse("queue_areas"),
    }


@login_required
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Return the requests of the filters in a rectangle, near ones together, as GeoJSON; never a sheltered one."""
    programme = staff_programme(request)
    zoom, (south, west, north, east) = zoom_of(request.GET), box_of(request.GET)
    chosen = chosen_in(request.GET, lists_of(programme))
    outcomes = last_outcomes(programme)[1] if "outcome" in chosen.values else {}
    rows = matching_rows(programme, chosen, person_of(request), Moment(now(), today()), outcomes)
    within = rows.filter(ON_MAP, latitude__range=(south, north), longitude__range=(west, east))
    features = [
        _feature(found, chosen)
        for found in _together(list(within.values_list("pk", "title", "latitude", "longitude")), zoom)
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _together(found: list[tuple[Any, ...]], zoom: int) -> list[list[tuple[Any, ...]]]:  # Any: the columns asked for
    cell = 360 / 2**zoom / 256 * CELL_PIXELS
    boxes = defaultdict[tuple[int, int], list[tuple[Any, ...]]](list)
    for row in found:
        boxes[int(row[2] // cell), int(row[3] // cell)].append(row)
    return list(boxes.values())


def _feature(found: list[tuple[Any, ...]], chosen: Chosen) -> dict[str, Any]:  # Any: GeoJSON
    latitude, longitude = (sum(row[place] for row in found) / len(found) for place in (2, 3))
    named = [{"name": row[1] or _("Without a name"), "url": case_url(row[0], chosen)} for row in found[:NAMED]]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]},
        "properties": {"number": len(found), "spaces": named},
    }


@login_required
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Return the neighbourhoods of the desk's programme as GeoJSON."""
    return areas_answer(staff_programme(request))
