"""The request that an address names."""

from uuid import UUID

from django.http import Http404, HttpRequest

from meervoud.demand.models import Request


def request_of(request: HttpRequest, request_id: UUID) -> Request:
    """Return a request for space that the viewer may change; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    rows = Request.objects.visible_to(request.user).filter(pk=request_id)
    found = rows.select_related("organisation", "programme", "asked_by").first()
    if found is None:
        raise Http404
    return found
