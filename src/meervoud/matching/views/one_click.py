"""The page behind a link in a mail: what is asked, and one button; looking at it changes nothing."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import ConflictError, InputError
from meervoud.files.wording.sentences import say_pattern
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.disclosure import disclosed_to_group
from meervoud.matching.models import Side, State
from meervoud.matching.one_click import OpenLink, answer_by_link, open_link
from meervoud.matching.snapshot import read_snapshot
from meervoud.matching.views.offers import need_for_host
from meervoud.matching.views.proposals import NoForm

PRIVATE: Final = {
    "Referrer-Policy": "strict-origin",  # under "no-referrer" a browser posts `Origin: null`, which no form survives
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: HttpRequest, token: str, answer: str) -> HttpResponse:
    """Show what is asked and a button, or note the answer; mail scanners that open links change nothing."""
    if answer not in ("yes", "no"):
        raise Http404
    found = open_link(token, now=now())
    if found is None:
        return _private(request, {"is_dead": True}, 410)
    form = NoForm(request.POST or None, side=found.side) if answer == "no" else None
    if request.method != "POST" or (form is not None and not form.is_valid()):
        context = {**_page(found), "answer": answer, "token": token, "form": form}
        return _private(request, context, 422 if form is not None and form.errors else 200)
    reason = form.cleaned_data["reason"] if form is not None else ""
    return _answered(request, token, answer, reason)


def _answered(request: HttpRequest, token: str, answer: str, reason: str) -> HttpResponse:
    try:
        row = answer_by_link(token, answer=answer, reason=reason, now=now())
    except (ConflictError, InputError) as error:
        return _private(request, {"is_dead": True, "said": say_error(error)}, 409)
    stands = "yes" in (row.host_says, row.asker_says)
    return _private(
        request,
        {
            "is_done": True,
            "answer": answer,
            "is_agreed": row.state == State.AGREED,
            "time_changed": answer == "yes" and not stands,
            "space": row.offer.space.name,
        },
        200,
    )


def _page(found: OpenLink) -> dict[str, Any]:  # Any: what a template shows
    row, said = found.proposal, spoken()
    kept = read_snapshot(row.snapshot)
    is_host = found.side == Side.HOST
    return {
        "space": row.offer.space.name,
        "until": row.expires_at,
        "is_host": is_host,
        "when": [say_pattern(said, each) for each in kept.patterns],
        "need": need_for_host(said, row, kept) if is_host else {"people": row.request.group_max},
        "to_group": None if is_host else disclosed_to_group(row),
    }


def _private(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:  # Any: what a template shows
    response = render(request, "matching/one_click.html", context, status=status)
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response
