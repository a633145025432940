"""What the API refuses, as application/problem+json (RFC 9457), in the language of the reader."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from meervoud.core.errors import ConflictError, InputError, MeervoudError, NotAllowedError
from meervoud.lib.rates import TooOftenError
from meervoud.lib.saying import say_error

logger = logging.getLogger(__name__)
MEDIA: Final = "application/problem+json"
SAYS: Final[Mapping[int, tuple[Promise, Promise]]] = {
    400: (gettext_lazy("We do not understand this request"), gettext_lazy("Check what was asked.")),
    401: (
        gettext_lazy("This needs a key"),
        gettext_lazy("Send a key that is valid: Authorization: Bearer mv_... You make one on the page “Keys”."),
    ),
    403: (gettext_lazy("This key does not go that far"), gettext_lazy("Make a key with the scope that this needs.")),
    404: (gettext_lazy("There is no such thing here"), gettext_lazy("It is not there, or it is not yours to see.")),
    405: (gettext_lazy("This can only be read"), gettext_lazy("Use GET.")),
    409: (gettext_lazy("This is not possible now"), gettext_lazy("Something else changed in the meantime.")),
    422: (gettext_lazy("Some values do not fit"), gettext_lazy("Mend what stands under “errors”.")),
    429: (gettext_lazy("That was too often"), gettext_lazy("Wait as long as Retry-After says, then go on.")),
    500: (
        gettext_lazy("Something went wrong on our side"),
        gettext_lazy("Try again later. If it stays so, tell us what stands under “instance”."),
    ),
}
STATUS: Final[Mapping[type[MeervoudError], int]] = {InputError: 400, NotAllowedError: 403, ConflictError: 409}
VALUES: Final[Mapping[str, Promise]] = {
    "int_parsing": gettext_lazy("Give a whole number."),
    "greater_than_equal": gettext_lazy("Give at least %(ge)s."),
    "less_than_equal": gettext_lazy("Give at most %(le)s."),
    "string_too_long": gettext_lazy("Give at most %(max_length)s letters."),
    "unknown_word": gettext_lazy("Give one of: %(words)s."),
    "unknown_name": gettext_lazy("There is no parameter of this name."),
    "strange_cursor": gettext_lazy("Give a cursor as a page of this list gave it, or none."),
    "uuid_parsing": gettext_lazy("Give an id as this API shows it."),
}
"""What a value that does not fit is told, by the code of pydantic or our own."""


class ScopeError(NotAllowedError):
    """A key lacks the scope that is needed."""


def problem(
    status: int,
    detail: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    instance: str = "",
) -> HttpResponse:
    """Return a refusal with what to do about it; `instance` names this one occurrence."""
    title, usual = SAYS[status]
    body: dict[str, object] = {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "detail": detail or str(usual),
    }
    if instance:
        body["instance"] = instance
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=MEDIA, headers=headers)


def no_key() -> HttpResponse:
    """Return 401 with the scheme that is asked for."""
    return problem(401, headers={"WWW-Authenticate": 'Bearer realm="meervoud"'})


def fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return 500 for an error that nobody foresaw: the answer has only its id, the log has the rest."""
    instance = uuid4().urn
    logger.error("API fault %s: %s %s", instance, request.method, request.path, exc_info=error)
    return problem(500, instance=instance)


def too_often(error: TooOftenError) -> HttpResponse:
    """Return 429 with the seconds to wait."""
    return problem(429, headers={"Retry-After": str(error.wait_seconds)})


def values_wrong(error: ValidationError) -> HttpResponse:
    """Return 422 with what is wrong with each value."""
    return problem(422, errors=[wrong_value(str(each["loc"][-1]), each) for each in error.errors])


def wrong_value(name: str, about: Mapping[str, object]) -> dict[str, str]:
    """Return one value that does not fit: its name, a code for programs and a sentence for people."""
    code, gaps = str(about["type"]), about.get("ctx", {})
    template = VALUES.get(code)
    said = str(template) % gaps if template and isinstance(gaps, dict) else _("This value does not fit.")
    return {"name": name, "code": code, "detail": said}


def refused(error: MeervoudError) -> HttpResponse:
    """Return what one of our own errors says."""
    if isinstance(error, TooOftenError):
        return too_often(error)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return problem(status, "" if isinstance(error, ScopeError) else say_error(error))


def on_error(request: HttpRequest, error: object) -> HttpResponse:  # noqa: ARG001  # ninja's signature
    """Return the problem that an error of a read is."""
    if isinstance(error, MeervoudError):
        return refused(error)
    if isinstance(error, ValidationError):
        return values_wrong(error)
    return no_key() if isinstance(error, AuthenticationError) else problem(404)


def answer_problems(api: NinjaAPI) -> None:
    """Make an API answer each of its errors as a problem; a fault of ours is answered by the gate."""
    for kind in (MeervoudError, ValidationError, AuthenticationError, Http404):
        api.add_exception_handler(kind, on_error)
