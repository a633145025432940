"""Is the house in order? For the machine that watches it."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meervoud.lib.clock import now
from meervoud.site.tasks import are_tasks_late
from meervoud.supply.guard import missing_guards


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # a view
    """Answer 200 where the database answers and its guard stands, else 503."""
    try:
        is_guarded, is_reachable, is_late = not missing_guards(connection), True, are_tasks_late(now())
    except DatabaseError:
        is_guarded, is_reachable, is_late = False, False, False
    is_well = is_guarded and is_reachable
    # late tasks are no reason to take the web away: people can still look and write
    body = {
        "status": "ok" if is_well else "fault",
        "database": is_reachable,
        "guard": is_guarded,
        "tasks_late": is_late,
    }
    return JsonResponse(body, status=200 if is_well else 503)
