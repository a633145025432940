"""The addresses of the API; each stands behind the gate, also what is not there."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from meervoud.site.api.document import PREFIX, api, document, parameters_of
from meervoud.site.api.gate import gated
from meervoud.site.api.problems import problem


class AnythingConverter(StringConverter):
    """Whatever stands in an address, a line break too: `path` would leave that to the pages."""

    regex = r"[\s\S]+"


register_converter(AnythingConverter, "anything")


def nothing(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 404 as the rest of the API does, not with a page."""
    return problem(404)


def _reads() -> list[URLPattern]:
    """Return the reads that django-ninja knows, by their own names; its own pages are left out."""
    found = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    takes = parameters_of(api)
    return [
        path(str(each.pattern), gated(each.callback, takes[PREFIX + plain(each)]), name=each.name) for each in found
    ]


def plain(pattern: URLPattern) -> str:
    """Return a pattern as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))


urlpatterns = [
    path("", gated(document), name="api_root"),
    path("openapi.json", gated(document), name="api_document"),
    *_reads(),
    path("<anything:rest>", gated(nothing), name="api_nothing"),
]
