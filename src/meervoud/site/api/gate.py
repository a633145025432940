"""The gate before every address of the API: only reading, with a key that is valid or none, and not too often."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from meervoud.lib.clock import now
from meervoud.lib.rates import TooOftenError, take_token
from meervoud.lib.shelves import shelf_of
from meervoud.parties.models import Person
from meervoud.site.api.problems import ScopeError, fault, no_key, problem, too_often, wrong_value
from meervoud.site.keys import key_of_secret
from meervoud.site.models import ApiKey

READS_A_MINUTE: Final = 300
View = Callable[..., HttpResponse]


class PersonalKey(HttpBearer):
    """Lets in who sends a key with a scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:  # noqa: ARG002  # ninja's signature
        """Return the key that the gate found.

        Raises:
            ScopeError: the key lacks the scope.
        """
        key = key_sent(request)
        if key and self.scope not in key.scopes:
            raise ScopeError(self.scope)
        return key


def key_sent(request: HttpRequest) -> ApiKey | None:
    """Return the key that was sent along, once the gate has looked at it."""
    key = getattr(request, "api_key", None)
    return key if isinstance(key, ApiKey) else None


def reader_of(request: HttpRequest) -> Person:
    """Return whose key was sent; only for reads that ask for a key."""
    key = key_sent(request)
    if key is None:
        raise ScopeError("no key")  # nobody comes this far without one
    return key.person


def gated(view: View, takes: frozenset[str] | None = None) -> View:
    """Return a view that only reads, for who may, within the limit; HEAD is answered as GET, a fault as a problem.

    Args:
        view: what is read.
        takes: names of its parameters; another one is refused, for a typing error would find everything. None: any.
    """

    @csrf_exempt  # a cookie opens nothing here
    @wraps(view)
    def answer(request: HttpRequest, **arguments: object) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return problem(405, headers={"Allow": "GET, HEAD"})
        try:
            refusal = _refusal(request) or _strange_names(request, takes)
            response = refusal or _read(view, request, arguments)
        except Exception as error:  # noqa: BLE001  # whatever it is: a program reads problems, not pages
            response = fault(request, error)
        if next_page := getattr(request, "next_page", ""):
            response.headers["Link"] = f'<{next_page}>; rel="next"'
        if key_sent(request):
            response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def _read(view: View, request: HttpRequest, arguments: Mapping[str, object]) -> HttpResponse:
    """Read as for a GET; the server leaves the body of a HEAD away."""
    method, request.method = request.method, "GET"
    try:
        return view(request, **arguments)
    finally:
        request.method = method


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Look at the key that was sent and count the read; return why it is refused, None where it may go on."""
    header = request.headers.get("Authorization", "")
    key = _key_in(header)
    try:
        counter = f"api key {key.pk}" if key else f"api address {shelf_of(request)}"
        take_token(counter, most=READS_A_MINUTE, per_seconds=60, now=now())
    except TooOftenError as error:
        return too_often(error)
    request.api_key = key  # type: ignore[attr-defined]  # read by key_sent
    return no_key() if header and key is None else None


def _strange_names(request: HttpRequest, takes: frozenset[str] | None) -> HttpResponse | None:
    unknown = [] if takes is None else [name for name in request.GET if name not in takes]
    if not unknown:
        return None
    return problem(422, errors=[wrong_value(name[:80], {"type": "unknown_name"}) for name in unknown])


def _key_in(header: str) -> ApiKey | None:
    scheme, _, secret = header.partition(" ")
    return key_of_secret(secret.strip(), now()) if scheme.lower() == "bearer" and secret.strip() else None
