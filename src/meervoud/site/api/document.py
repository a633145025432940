"""The API as a whole, and what its OpenAPI document says besides what django-ninja knows."""

from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from meervoud.site.api import own_reads, proposal_reads, public_reads
from meervoud.site.api.problems import MEDIA, answer_problems

PREFIX: Final = "/api/v1/"
Document = dict[str, Any]  # Any: values of JSON
PROBLEM: Final[Document] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "code", "detail"],
                "properties": {each: {"type": "string"} for each in ("name", "code", "detail")},
            },
        },
    },
}
MEANINGS: Final = {
    400: "What was asked cannot be understood",
    401: "The key is missing or opens nothing any more",
    403: "The key lacks the scope",
    404: "It is not there, or not yours to see",
    405: "This can only be read",
    422: "A value does not fit",
    429: "Too often; see Retry-After",
    500: "A fault of ours; the log knows it by its instance",
}


MEDIA_OF: Final = {"map_offers": public_reads.GEOJSON, "read_free_calendar": public_reads.CALENDAR}
LINK: Final[Document] = {
    "description": "The next page, with rel=next; not on the last one",
    "schema": {"type": "string"},
}


class ReadingAPI(NinjaAPI):
    """An API that is only read."""

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:  # Any: ninja's signature
        """Return the document, with the problems and the media types that are really sent."""
        document = super().get_openapi_schema(path_prefix=PREFIX)
        document["components"]["schemas"]["Problem"] = PROBLEM
        for path in document["paths"].values():
            for operation in path.values():
                _describe(operation)
        return document


def _describe(operation: Document) -> None:
    """Add to an operation what it may refuse."""
    answers = operation["responses"]
    if media := MEDIA_OF.get(operation["operationId"]):
        answers[200]["content"] = {media: answers[200]["content"].pop("application/json")}
    if any(each["name"] == "cursor" for each in operation.get("parameters", [])):
        answers[200]["headers"] = {"Link": LINK}
    said = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, meaning in MEANINGS.items():
        answers[status] = {"description": meaning, "content": said}
    operation.setdefault("security", [{}, {"PersonalKey": []}])  # a key may be sent, and is counted by itself


def parameters_of(api: NinjaAPI) -> dict[str, frozenset[str]]:
    """Return the names that a question may have, by path."""
    said = {path: each["get"].get("parameters", []) for path, each in api.get_openapi_schema()["paths"].items()}
    return {path: frozenset(each["name"] for each in named if each["in"] == "query") for path, named in said.items()}


def document(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # Django's
    """Show the OpenAPI document."""
    return JsonResponse(api.get_openapi_schema())


def _made() -> ReadingAPI:
    made = ReadingAPI(title="Meervoud", version="1", docs_url=None, openapi_url=None, urls_namespace="api")
    for each in (public_reads.router, own_reads.router, proposal_reads.router):
        made.add_router("", each)
    answer_problems(made)
    return made


api = _made()
