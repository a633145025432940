"""The language of each answer, and errors of ours as pages."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation

from meervoud.core.errors import ConflictError, InputError, MeervoudError, NotAllowedError
from meervoud.lib.rates import TooOftenError
from meervoud.lib.saying import say_error
from meervoud.parties.models import Person
from meervoud.site.second_factor import lacks_second_step

Answer = Callable[[HttpRequest], HttpResponse]
STATUS: dict[type[MeervoudError], int] = {TooOftenError: 429, InputError: 400, NotAllowedError: 403, ConflictError: 409}
KNOWN = {code for code, _ in settings.LANGUAGES}


class LanguageMiddleware:
    """Speaks the language a person chose, else the one their browser asks for, else the city's."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the language for this answer only."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in KNOWN else translation.get_language_from_request(request)
        with translation.override(code if code in KNOWN else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.answer(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        response.headers["Vary"] = ", ".join(
            sorted({*filter(None, response.headers.get("Vary", "").split(", ")), "Accept-Language", "Cookie"})
        )
        return response


class SecondFactorMiddleware:
    """Lets matchmakers, programme managers and administrators in only with a second step when they sign in.

    Whoever has set up the second step is asked for it by allauth at every sign-in; whoever has not is sent to do so.
    The made-up people of the demo are let through: their one-click sign-in is there only in the demo.
    """

    open_paths = ("/account/", "/language/", "/static/", "/healthz", "/api/")  # the API knows no session

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send staff without a second step to set it up."""
        if not request.path.startswith(self.open_paths) and self._lacks_second_step(request):
            messages.warning(request, translation.gettext("Your role needs a second step when you sign in. Set it up."))
            return redirect("mfa_index")
        return self.answer(request)

    def _lacks_second_step(self, request: HttpRequest) -> bool:
        person = request.user
        return isinstance(person, Person) and lacks_second_step(person)


class ErrorMiddleware:
    """Turns errors a person can mend into a page, or into JSON for a program."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; see `process_exception`."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a MeervoudError; leave every other to Django."""
        if not isinstance(error, MeervoudError):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        said = say_error(error)
        if "application/json" in request.headers.get("Accept", ""):
            body: dict[str, object] = {
                "error": {"code": getattr(error, "code", "refused"), "message": said, "fields": {}}
            }
            return JsonResponse(body, status=status)
        return render(request, "errors/refused.html", {"said": said, "status": status}, status=status)
