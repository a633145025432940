"""Calendars: the week as a table and a list, secret addresses to follow, and one moment as a file."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error, spoken
from meervoud.parties.current import person_of
from meervoud.parties.models import Organisation, Person
from meervoud.places.models import Building
from meervoud.usage.calendars import write_calendar
from meervoud.usage.feeds import feed_of, make_feed, moments_of_feed, note_use, take_back_feed, with_words
from meervoud.usage.models import Feed, State, UsageMoment
from meervoud.usage.plan_rows import state_kind

MOST: Final = 500
PARTS: Final = (
    (gettext_lazy("Night"), 0, 6),
    (gettext_lazy("Morning"), 6, 12),
    (gettext_lazy("Afternoon"), 12, 18),
    (gettext_lazy("Evening"), 18, 24),
)
WEEK: Final = timedelta(days=7)
PRIVATE: Final = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
Shown = dict[str, Any]  # Any: what a template shows


class FeedForm(forms.Form):
    """Of what a calendar tells."""

    about = forms.ChoiceField(label=gettext_lazy("Which calendar?"), choices=(), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, person: Person, **rest: Any) -> None:  # Any: Django's own values
        """Offer what the person may see: everything, their organisations, buildings and spaces."""
        super().__init__(data, **rest)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # it is declared so above
        field.choices = list(_choices(person))


def _choices(person: Person) -> Iterator[tuple[str, str]]:
    yield "person:", _("Everything that is mine")
    for each in Organisation.objects.of_member(person).order_by("name")[:50]:
        yield f"organisation:{each.pk}", each.name
    buildings = Building.objects.visible_to(person).filter(host__in=Organisation.objects.of_member(person).values("id"))
    for building in buildings.order_by("street").prefetch_related("spaces")[:30]:
        yield f"building:{building.pk}", _("The building: %(name)s") % {"name": str(building)}
        for space in building.spaces.all():
            yield f"space:{space.pk}", _("The space: %(name)s") % {"name": space.name}


@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show the moments of one week: as a table, and the same as a list."""
    day = _day(request)
    monday = day - timedelta(days=day.weekday())
    rows = [_cell(each) for each in _moments(request, monday)]
    by_day = {day: list(group) for day, group in groupby(rows, key=lambda each: each["day"])}
    days = [monday + timedelta(days=number) for number in range(7)]
    said = spoken()
    context = {
        "monday": monday,
        "number": monday.isocalendar().week,
        "days": [(each, said.weekday(each.weekday()), by_day.get(each, [])) for each in days],
        "parts": [
            (title, [[row for row in by_day.get(each, []) if first <= row["hour"] < last] for each in days])
            for title, first, last in PARTS
            if any(first <= row["hour"] < last for row in rows) or first >= 6
        ],
        "is_empty": not rows,
        "before": monday - WEEK,
        "after": monday + WEEK,
    }
    return render(request, "usage/week.html", context)


def _day(request: HttpRequest) -> date:
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today()
    return found if abs(found - today()) < timedelta(days=3660) else today()


def _moments(request: HttpRequest, monday: date) -> list[UsageMoment]:
    """Return the moments of a week; by a day more on both sides, for places may keep other clocks."""
    begins = datetime.combine(monday, time(), ZoneInfo("UTC"))
    rows = with_words(UsageMoment.objects.visible_to(request.user)).filter(
        starts_at__gte=begins - timedelta(days=1), starts_at__lt=begins + WEEK + timedelta(days=1)
    )
    found = rows.select_related("agreement__request__organisation").order_by("starts_at")[:MOST]
    return [each for each in found if monday <= _local(each).date() < monday + WEEK]


def _local(moment: UsageMoment) -> datetime:
    return moment.starts_at.astimezone(ZoneInfo(moment.agreement.programme.time_zone))


def _cell(moment: UsageMoment) -> Shown:
    local, request = _local(moment), moment.agreement.request
    return {
        "row": moment,
        "day": local.date(),
        "hour": local.hour,
        "state": state_kind(moment.state),
        "is_unsaid": moment.state == State.PLANNED and moment.ends_at <= now(),
        "title": "" if request.is_sheltered else request.title,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """Show a person's calendar addresses, and make one: its secret word is shown this once."""
    person, secret = person_of(request), ""
    form = FeedForm(request.POST if request.method == "POST" else None, person=person, initial={"about": "person:"})
    if request.method == "POST" and form.is_valid():
        about, _colon, thing = form.cleaned_data["about"].partition(":")
        try:
            _feed, secret = make_feed(person=person, about=about, thing=UUID(thing) if thing else None)
        except MeervoudError as error:
            form.add_error(None, say_error(error))
    names = dict(_choices(person))
    context = {
        "form": form,
        "address": request.build_absolute_uri(reverse("feed", args=[secret])) if secret else "",
        "feeds": [
            {"row": each, "name": names.get(f"{each.about}:{each.thing or ''}", each.get_about_display())}
            for each in Feed.objects.visible_to(person)
        ],
    }
    answer = render(request, "usage/calendars.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def take_back(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """Make a calendar address stop working."""
    person = person_of(request)
    found = Feed.objects.visible_to(person).filter(pk=feed_id).first()
    if found is None:
        raise Http404
    take_back_feed(feed=found, by=person)
    messages.success(request, _("This address does not work any more. Whoever follows it sees nothing new."))
    return redirect("calendars")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  # Django hands it over
    """Give the calendar of a secret address; it is read by programs that cannot sign in."""
    found = feed_of(secret)
    if found is None:
        raise Http404
    at = now()
    note_use(found, at)
    name = "Meervoud" if found.about == Feed.About.PERSON else f"Meervoud: {found.get_about_display()}"
    return _calendar(write_calendar(list(moments_of_feed(found, at)[:20_000]), name=name, now=at), "meervoud")


@login_required
@require_safe
def one(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Give one moment as a file for a calendar."""
    found = with_words(UsageMoment.objects.visible_to(request.user)).filter(pk=moment_id).first()
    if found is None:
        raise Http404
    name = "Meervoud" if found.agreement.request.is_sheltered else found.space.name
    found.series = None  # by itself, without the others of its series
    return _calendar(write_calendar([found], name=name, now=now()), f"moment-{found.starts_at:%Y-%m-%d}")


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    for header, value in PRIVATE.items():
        response.headers[header] = value
    return response
