"""Is the house in order? For the machine that watches it."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meervoud.supply.guard import missing_guards


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # a view
    """Answer 200 where the database answers and its guard stands, else 503."""
    try:
        is_guarded, is_reachable = not missing_guards(connection), True
    except DatabaseError:
        is_guarded, is_reachable = False, False
    is_well = is_guarded and is_reachable
    body = {"status": "ok" if is_well else "fault", "database": is_reachable, "guard": is_guarded}
    return JsonResponse(body, status=200 if is_well else 503)
