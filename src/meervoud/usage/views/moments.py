"""The page of one moment: call it off, move it, find it another room; and the page for the host of that other room."""

from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.agreements.drafting import name_of_group
from meervoud.agreements.drafts import sides_of, version_that_counts
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.matching.models import Side
from meervoud.parties.current import person_of
from meervoud.parties.roles import acts_for, works_for
from meervoud.supply.models import Offer
from meervoud.usage.changing import Said, call_off, is_with_host
from meervoud.usage.check_in_forms import CheckInForm
from meervoud.usage.checking_in import is_disputed
from meervoud.usage.lifecycle import SAYS
from meervoud.usage.links import EARLY, LINK_LIVES, handed_on_token
from meervoud.usage.models import PlanChange, StandIn, State, UsageMoment
from meervoud.usage.moving import Move, move_moments, preview_move, span_of
from meervoud.usage.plan_changes import Asking, known_change
from meervoud.usage.plan_forms import WORDS, CallOffForm, MoveForm
from meervoud.usage.plan_rows import alternatives_in_words, offers_of, reason_in_words, state_kind, why_in_words
from meervoud.usage.planning import LEAVE_OUT, Preview
from meervoud.usage.restoring import restore_moment, who_may_restore
from meervoud.usage.rooms_instead import rooms_instead
from meervoud.usage.standing_in import answer_stand_in, ask_stand_in, take_back_stand_in
from meervoud.usage.wishes import day_of, hours_of

Shown = dict[str, Any]  # Any: what a template shows
QUICK: Final = tuple((each, WORDS[each]) for each in ("own_use", "works", "no_staff", "safety"))


def moment_of(request: HttpRequest, moment_id: UUID) -> UsageMoment:
    """Return a moment that the viewer may see; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    rows = UsageMoment.objects.visible_to(request.user).filter(pk=moment_id)
    found = rows.select_related(
        "agreement__programme",
        "agreement__offer__space__building",
        "agreement__offer__host",
        "agreement__request__organisation",
        "agreement__request__programme",
        "agreement__request__asked_by",
        "space__building",
        "series",
        "taking__space",
    ).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def show(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Show a moment, and what the viewer can do about it now."""
    return moment_page(request, moment_of(request, moment_id))


def moment_page(
    request: HttpRequest, found: UsageMoment, wrong: CallOffForm | None = None, side: str = ""
) -> HttpResponse:
    """Return the page of a moment; a form that was filled in wrongly stands in the place of an empty one."""
    sides, moment = sides_of(person_of(request), found.agreement), now()
    is_coming = found.starts_at > moment
    seeks = is_coming and Side.ASKER in sides and found.state in (State.SEEKING, State.WITHDRAWN)
    asked = found.stand_ins.filter(state=StandIn.State.ASKED).select_related("offer__space").first()
    context = {
        "moment": found,
        "agreement": found.agreement,
        "state_kind": state_kind(found.state),
        "why": reason_in_words(found.reason),
        "is_two": len(sides) > 1,
        "forms": [
            (each, Side(each).label, wrong if wrong and each == side else CallOffForm(side=each, auto_id=f"{each}_%s"))
            for each in sides
            if is_coming and _may_call_off(found, each, is_two=len(sides) > 1)
        ],
        "quick_reasons": QUICK if is_coming and is_with_host(found, found.agreement) and Side.HOST in sides else (),
        "fixed": _why_fixed(found, is_coming=is_coming) if sides else "",
        "may_move": bool(sides)
        and is_coming
        and found.state == State.PLANNED
        and found.space_id == found.agreement.offer.space_id,
        "may_restore": who_may_restore(found, moment) in sides,
        "asked": asked if seeks else None,
        "seeks": seeks,
        "rooms": rooms_instead(found, found.agreement, moment) if seeks and asked is None else [],
        **_how_it_went(request, found, sides),
    }
    return render(request, "usage/moment.html", context, status=422 if wrong else 200)


def _may_call_off(found: UsageMoment, side: str, *, is_two: bool) -> bool:
    if side == Side.ASKER:
        return found.state in (State.PLANNED, State.SEEKING)
    return is_with_host(found, found.agreement) or (found.state == State.PLANNED and is_two)


def _why_fixed(found: UsageMoment, *, is_coming: bool) -> str:
    """Return why nothing of the plan of a moment can be changed; "" where something can."""
    if found.state in (State.PLANNED, State.SEEKING):
        return (
            "" if is_coming or found.ends_at <= now() else _("This moment has begun. It cannot be called off any more.")
        )
    return _(SAYS[found.state])


def _how_it_went(request: HttpRequest, found: UsageMoment, sides: tuple[str, ...]) -> Shown:
    """Return what was said of a moment that has begun, and how the viewer says it; the link is for the group alone."""
    moment = now()
    may_be = found.state in (State.PLANNED, State.HELD, State.NOT_HELD)
    has_begun = may_be and moment >= found.starts_at - EARLY
    token = handed_on_token(found) if may_be and Side.ASKER in sides and moment < found.ends_at + LINK_LIVES else ""
    reports = list(found.check_ins.all()) if has_begun else []
    return {
        "has_begun": has_begun,
        "reports": reports,
        "is_disputed": is_disputed(reports),
        "say_forms": [(each, Side(each).label, CheckInForm(auto_id=f"said_{each}_%s")) for each in sides]
        if has_begun
        else [],
        "handed_on": request.build_absolute_uri(reverse("handed_on", args=[token])) if token else "",
        "may_leave": bool(sides) and found.starts_at < moment < found.ends_at and may_be and found.released_at is None,
    }


@login_required
@require_POST
def call_it_off(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Cancel or withdraw a moment, it and the following, or all."""
    found = moment_of(request, moment_id)
    side = Side.HOST if request.POST.get("side") == Side.HOST else Side.ASKER
    form = CallOffForm(request.POST, side=side, auto_id=f"{side}_%s")
    if not form.is_valid():
        return moment_page(request, found, form, side)
    values = form.cleaned_data
    said = Said(person_of(request), side, values["reason"], now(), values["text"])
    try:
        rows = call_off(moment=found, scope=values["scope"], said=said)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        text = ngettext("%(number)s moment is called off.", "%(number)s moments are called off.", len(rows))
        messages.success(request, text % {"number": len(rows)} + " " + _("The other side has been told."))
    return redirect("moment", found.pk)


@login_required
@require_POST
def restore(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Let a moment that was called off take place after all."""
    found = moment_of(request, moment_id)
    try:
        restore_moment(moment=found, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("It takes place after all. The other side has been told."))
    return redirect("moment", found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_it(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Ask where moments go, show what each day would be, and ask the other side."""
    found = moment_of(request, moment_id)
    sides = sides_of(person_of(request), found.agreement)
    if not sides:
        raise Http404
    zone = found.agreement.programme.time_zone
    span = span_of(found)
    hours = hours_of(span, zone)
    data = request.POST if request.method == "POST" else request.GET
    initial = {"day": day_of(span, zone), "starts": hours.starts, "ends": hours.ends}
    form = MoveForm(data if "scope" in data else None, initial=initial)
    preview: Preview | None = None
    if form.is_bound and form.is_valid():
        move = Move(found, form.cleaned_data["scope"], form.cleaned_data["day"], form.hours())
        people = read_terms(version_that_counts(found.agreement).terms).people
        try:
            if request.method == "POST" and "token" in request.POST:
                return _move(request, move, people, sides[0])
            preview = preview_move(move, found.agreement, people, now())
        except MeervoudError as error:
            messages.error(request, say_error(error))
            preview = _preview_again(move, people)
    is_wrong = form.is_bound and not form.is_valid()
    context = {"moment": found, "agreement": found.agreement, "form": form, **_shown(request, found, preview)}
    return render(request, "usage/move.html", context, status=422 if is_wrong else 200)


def _preview_again(move: Move, people: int) -> Preview | None:
    """Return what each day is now, after something could not be done; None where the moment itself cannot move."""
    try:
        return preview_move(move, move.moment.agreement, people, now())
    except MeervoudError:
        return None


def _shown(request: HttpRequest, found: UsageMoment, preview: Preview | None) -> Shown:
    if preview is None:
        return {"preview": None}
    offers = offers_of(preview)
    conflicts = []
    for row in preview.conflicts:
        others = alternatives_in_words(row, offers, found.agreement)
        shifts = [other for other, each in zip(others, row.alternatives, strict=True) if each.kind == "shift"]
        name = f"day-{row.day.isoformat()}"
        conflicts.append(
            {
                "row": row,
                "name": name,
                "chosen": request.POST.get(name, ""),
                "why": why_in_words(row),
                "alternatives": shifts,
            }
        )
    key = request.POST.get("request_key") or uuid4().hex
    return {"preview": preview, "conflicts": conflicts, "leave_out": LEAVE_OUT, "request_key": key}


def _move(request: HttpRequest, move: Move, people: int, side: str) -> HttpResponse:
    choices = {name[4:]: str(value) for name, value in request.POST.items() if name.startswith("day-")}
    key = request.POST.get("request_key", "")[:36] or uuid4().hex
    asking = Asking(person_of(request), side, f"move {key}", now())
    change = known_change(move.moment.agreement, asking.request_key) or move_moments(
        move=move, token=request.POST["token"], choices=choices, people=people, asking=asking
    )
    if change.state == PlanChange.State.DONE:
        messages.success(request, _("Moved."))
    else:
        messages.success(request, _("The other side is asked. Until they say yes, everything stays as it is."))
    return redirect("plan", change.agreement_id)


@login_required
@require_POST
def ask_room(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Ask the host of another room for one date, or take the question back."""
    found, person = moment_of(request, moment_id), person_of(request)
    try:
        if "take_back" in request.POST:
            for asked in found.stand_ins.filter(state=StandIn.State.ASKED).select_related(
                "offer__space", "moment__agreement__offer__space"
            ):
                take_back_stand_in(stand_in=asked, by=person, now=now())
            messages.success(request, _("They are asked no longer."))
        else:
            ask_stand_in(moment=found, offer=_offer(request, found), by=person, now=now())
            messages.success(request, _("The host is asked. The room is kept for you for two days."))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    return redirect("moment", found.pk)


def _offer(request: HttpRequest, moment: UsageMoment) -> Offer:
    try:
        offer = UUID(request.POST.get("offer", ""))
    except ValueError as error:
        raise Http404 from error
    rows = Offer.objects.every(because="what is online may be asked for").filter(
        pk=offer,
        state="published",
        host__verification="verified",
        programme=moment.agreement.programme_id,
        programme__is_public=True,
    )
    found = rows.select_related("space__building", "host", "programme").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stand_in(request: HttpRequest, stand_in_id: UUID) -> HttpResponse:
    """Show the host of another room who looks for one, and take its answer."""
    rows = StandIn.objects.visible_to(request.user).filter(pk=stand_in_id)
    found = rows.select_related(
        "offer__host",
        "offer__programme",
        "offer__space",
        "moment__agreement__offer__space",
        "moment__agreement__programme",
    ).first()
    person = person_of(request)
    if found is None or not (acts_for(person, found.offer.host) or works_for(person, found.offer.programme)):
        raise Http404
    if request.method == "POST":
        try:
            answer_stand_in(stand_in=found, by=person, says_yes=request.POST.get("answer") == "yes", now=now())
            messages.success(request, _("Your answer is noted. The group has been told."))
        except MeervoudError as error:
            messages.error(request, say_error(error))
        return redirect("stand_in", found.pk)
    proposal = found.moment.agreement.proposal
    is_open = found.state == StandIn.State.ASKED and found.expires_at > now()
    comes = found.state == StandIn.State.YES and found.moment.space_id == found.offer.space_id
    context = {
        "asked": found,
        "is_theirs": is_open or comes,
        "moment": found.moment,
        "group": name_of_group(proposal) if comes else "",  # needs come before names, as with every question to a host
        "activity": proposal.request.title if comes and not proposal.request.is_sheltered else "",
        "people": read_terms(version_that_counts(found.moment.agreement).terms).people,
        "is_open": is_open,
    }
    return render(request, "usage/stand_in.html", context)
