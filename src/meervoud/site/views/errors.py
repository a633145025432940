"""Pages for when something is wrong: they wear the house, say what happened and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "errors/page.html", {"status": status, "title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 400."""
    return _page(
        request,
        400,
        _("We do not understand this request"),
        _("Something in the address or the form was not right. Go back and try again."),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 403."""
    return _page(
        request,
        403,
        _("You cannot see this page"),
        _("This page is for other people, or you must sign in first."),
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 403 to a form whose safety token is missing or old; for CSRF_FAILURE_VIEW."""
    return _page(
        request,
        403,
        _("This form is too old"),
        _("For your safety we did not send it. Go back, load the page again and send the form once more."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 404."""
    return _page(
        request,
        404,
        _("This page is not here"),
        _("Perhaps the address has a mistake, or the page has moved. You can start again at the front page."),
    )


def closed(request: HttpRequest) -> HttpResponse:
    """Answer 503: the house is closed for a moment."""
    answer = _page(
        request,
        503,
        _("We are closed for a moment"),
        _("We are working on this site. Try again in a few minutes. Nothing you sent before is lost."),
    )
    answer.headers["Retry-After"] = "300"
    return answer


def fault(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 500 without the database and without the context of the page: both may be what is broken."""
    return HttpResponse(loader.render_to_string("errors/fault.html"), status=500)
