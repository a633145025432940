"""Photos of a space, and the host's own calendar."""

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.core.errors import InputError
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of
from meervoud.parties.models import Person
from meervoud.places.actions import add_photo, remove_photo
from meervoud.supply.forms import CalendarForm, PhotoForm
from meervoud.supply.host_calendars import calendar_of, put_calendar_address, put_calendar_file, remove_calendar
from meervoud.supply.models import Offer
from meervoud.supply.views.offers import offer_of

MOST_PHOTOS = 8
READS_AN_HOUR = 12


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show the photos of a space, or add one."""
    offer = offer_of(request, offer_id)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if offer.space.photos.count() >= MOST_PHOTOS:
            form.add_error("photo", _("There are eight photos. Remove one first."))
        else:
            try:
                data, says = form.cleaned_data["photo"].read(), form.cleaned_data["description"]
                add_photo(space=offer.space, by=person_of(request), data=data, description=says)
            except InputError as error:
                form.add_error("photo", say_error(error))
            else:
                messages.success(request, _("The photo is there."))
                return redirect("offer_photos", offer.pk)
    rows = offer.space.photos.only("id", "description", "width", "height")
    context = {"offer": offer, "form": form, "photos": rows}
    return render(request, "supply/photos.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def drop_photo(request: HttpRequest, offer_id: UUID, photo_id: UUID) -> HttpResponse:
    """Remove a photo for good."""
    offer = offer_of(request, offer_id)
    photo = offer.space.photos.filter(pk=photo_id).first()
    if photo is None:
        raise Http404
    remove_photo(photo=photo, by=person_of(request))
    messages.success(request, _("The photo is gone."))
    return redirect("offer_photos", offer.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show the host's calendar of a space, or read one."""
    offer = offer_of(request, offer_id)
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            read_asked(offer, form, person_of(request))
        except InputError as error:
            form.add_error("file" if form.cleaned_data.get("file") else "url", say_error(error))
        else:
            messages.success(request, _("The calendar was read. What is taken there is taken here."))
            return redirect("offer_calendar", offer.pk)
    known = calendar_of(offer)
    fault = ""
    if known and known.fault_code:
        fault = say_error(InputError(known.fault_code, code=known.fault_code, **known.fault_values))
    # whoever has the whole address reads the titles too, so only its site is shown
    source = known and (known.file_name or urlsplit(known.url).hostname)
    context = {"offer": offer, "form": form, "calendar": known, "source": source, "fault": fault}
    return render(request, "supply/calendar.html", context, status=422 if form.errors else 200)


def read_asked(offer: Offer, form: CalendarForm, by: Person) -> None:
    """Read the file or the address of a form.

    Raises:
        InputError: it is no calendar, or the address is refused.
        TooOftenError: too many addresses in an hour.
    """
    file = form.cleaned_data.get("file")
    if file:
        put_calendar_file(offer=offer, by=by, name=file.name, data=file.read(), now=now())
        return
    take_token(f"calendar {by.pk}", most=READS_AN_HOUR, per_seconds=3600, now=now())
    put_calendar_address(offer=offer, by=by, url=form.cleaned_data["url"], now=now())


@login_required
@require_POST
def drop_calendar(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Forget the host's calendar and free the time it took."""
    known = calendar_of(offer_of(request, offer_id))
    if known is None:
        raise Http404
    remove_calendar(calendar=known, by=person_of(request), now=now())
    messages.success(request, _("The calendar is forgotten, and its times are free again."))
    return redirect("offer_calendar", offer_id)
