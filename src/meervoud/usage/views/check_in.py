"""Saying what became of a moment: by a link that is handed on, a code at the door, signed in, or typed in from paper."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.agreements.drafts import sides_of
from meervoud.agreements.views.agreements import agreement_of
from meervoud.core.errors import ConflictError, InputError, MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.rates import TooOftenError, take_token
from meervoud.lib.saying import say_error
from meervoud.matching.models import Side
from meervoud.parties.current import person_of
from meervoud.usage.check_in_forms import CheckInForm, tally_rows
from meervoud.usage.checking_in import check_in, leave_early
from meervoud.usage.links import EARLY, moment_of_token, running_in, space_of_token
from meervoud.usage.models import CheckIn, State, UsageMoment
from meervoud.usage.views.moments import moment_of

PRIVATE: Final = {
    "Referrer-Policy": "strict-origin",  # under "no-referrer" a browser posts `Origin: null`, which no form survives
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
MOST_A_DAY: Final = 60
DAY: Final = 86_400.0
TALLY: Final = 60
Shown = dict[str, Any]  # Any: what a template shows


@require_http_methods(["GET", "HEAD", "POST"])
def handed_on(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever runs today say how it went; the link needs no account."""
    moment = moment_of_token(token, now())
    return _three_taps(request, moment, CheckIn.Way.LINK, is_known=moment is not None)


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Open the moment that runs behind a door now, and no other; who it is stays unsaid."""
    space = space_of_token(token)
    if space is None:
        return _three_taps(request, None, CheckIn.Way.DOOR, is_known=False)
    return _three_taps(request, running_in(space, now()), CheckIn.Way.DOOR, is_known=True)


def _three_taps(request: HttpRequest, moment: UsageMoment | None, way: str, *, is_known: bool) -> HttpResponse:
    if moment is None:
        return _private(request, {"is_known": is_known, "is_door": way == CheckIn.Way.DOOR}, 200 if is_known else 410)
    at = now()
    form = CheckInForm(request.POST if "key" in request.POST else None)
    context: Shown = {
        "moment": moment,
        "form": form,
        "is_known": True,
        "is_door": way == CheckIn.Way.DOOR,
        "has_begun": at >= moment.starts_at - EARLY,
        "runs": moment.starts_at < at < moment.ends_at and moment.released_at is None and way == CheckIn.Way.LINK,
    }
    if request.method != "POST":
        return _private(request, context, 200)
    try:
        take_token(f"check-in {moment.pk}", most=MOST_A_DAY, per_seconds=DAY, now=at)
        if "leave" in request.POST and way == CheckIn.Way.LINK:  # who reads a code at a door frees no time
            leave_early(moment=moment, ends_at=_whole_minute(at), by=None, now=at)
            return _private(request, {**context, "has_left": True}, 200)
        if not form.is_valid():
            return _private(request, context, 422)
        check_in(moment=moment, report=form.report(way), now=at)
    except TooOftenError:
        raise
    except MeervoudError as error:
        return _private(request, {**context, "said": say_error(error)}, 409)
    return _private(request, {**context, "is_done": True}, 200)


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _private(request: HttpRequest, context: Shown, status: int) -> HttpResponse:
    response = render(request, "usage/three_taps.html", context, status=status)
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


@login_required
@require_POST
def report(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Take what a side or the desk says of a moment."""
    found, person = moment_of(request, moment_id), person_of(request)
    sides = sides_of(person, found.agreement)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        for fault in (each for errors in form.errors.values() for each in errors):
            messages.error(request, str(fault))
        return redirect("moment", found.pk)
    try:
        check_in(moment=found, report=form.report(_way(sides, request.POST.get("side", "")), person), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Noted. Thank you."))
    return redirect("moment", found.pk)


def _way(sides: tuple[str, ...], side: str) -> str:
    if not sides:
        raise Http404
    if side == Side.HOST and Side.HOST in sides:
        return CheckIn.Way.HOST
    return CheckIn.Way.STAFF if len(sides) > 1 else CheckIn.Way.ACCOUNT if Side.ASKER in sides else CheckIn.Way.HOST


@login_required
@require_POST
def leave(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Give the rest of a moment back."""
    found = moment_of(request, moment_id)
    try:
        leave_early(moment=found, ends_at=_whole_minute(now()), by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("The rest of the time is free again."))
    return redirect("moment", found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tally(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Type in what stands on a paper list: every moment that has begun and of which the group said nothing yet."""
    found, person = agreement_of(request, agreement_id), person_of(request)
    if Side.ASKER not in sides_of(person, found):
        raise Http404
    rows = found.moments.filter(starts_at__lte=now(), state__in=(State.PLANNED, State.HELD, State.NOT_HELD)).exclude(
        evidence__in=("checked_in", "paper", "host")
    )
    moments = list(rows.order_by("starts_at")[:TALLY])
    lines = tally_rows(moments, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all(line.is_valid() for _moment, line in lines):
        number = _type_in(lines, person)
        text = ngettext("%(number)s moment is noted.", "%(number)s moments are noted.", number)
        messages.success(request, text % {"number": number})
        return redirect("plan", found.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "usage/tally.html", {"agreement": found, "lines": lines}, status=status)


def _type_in(lines: list[tuple[UsageMoment, Any]], person: Any) -> int:  # Any: a TallyRow, a Person
    number = 0
    for moment, line in lines:
        said = line.report(person)
        if said is not None:
            try:
                check_in(moment=moment, report=said, now=now())
                number += 1
            except (InputError, ConflictError):
                continue  # the page was sent twice: the first time counted; or it was called off meanwhile
    return number
