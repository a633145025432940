"""Serving hosts who call: their space is entered for them, read back by letter, and claimed with the code."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import InputError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Organisation, Person, Programme, ServedRecord
from meervoud.parties.organisations import found_organisation, put_in_charge
from meervoud.parties.served import Call, add_caller, serve
from meervoud.site.call_forms import HostCallForm
from meervoud.supply.actions import begin_offer, change_offer, change_offered_space, change_place
from meervoud.supply.models import Offer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_offer(request: HttpRequest) -> HttpResponse:
    """Enter a space for a host on the phone; then its pages ask the rest, and the letter is there to print."""
    programme = staff_programme(request)
    form = HostCallForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            offer, record, code = write_down_offer(programme, person_of(request), form, now())
        except InputError as error:
            form.add_error(None, say_error(error))
        else:
            request.session[f"code {record.pk}"] = code  # shown once, on the letter
            messages.success(request, _("Written down. Ask the rest here; the letter is ready whenever you are."))
            return redirect("offer", offer.pk)
    return render(request, "site/enter_offer.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def write_down_offer(
    programme: Programme, by: Person, form: HostCallForm, moment: datetime
) -> tuple[Offer, ServedRecord, str]:
    """Keep the caller, their organisation, their space as a draft, and the record of the call.

    Returns:
        The offer, the record, and the code that the letter shows once.
    """
    said, caller = form.cleaned_data, form.caller()
    person = add_caller(caller)
    host = _host_of(form, person, by)
    offer = begin_offer(programme=programme, host=host, by=by, name=said["space_name"], kind=said["kind"])
    change_offer(offer=offer, by=by, values={"length": said["length"], "price_kind": said["price_kind"]})
    change_place(
        offer=offer,
        by=by,
        values={"street": said["street"], "neighbourhood": form.areas.get(said["neighbourhood"])},
    )
    if said["capacity"]:
        change_offered_space(offer=offer, by=by, values={"capacity": said["capacity"]})
    record, code = serve(person=person, caller=caller, thing=offer, by=by, call=Call(moment, said["note"]))
    return offer, record, code


def _host_of(form: HostCallForm, person: Person, by: Person) -> Organisation:
    name, kind = form.cleaned_data["host_name"], form.cleaned_data["host_kind"]
    known = form.host_called(name)
    if known is None:
        return found_organisation(name=name, kind=kind, by=by, programme=form.programme, manager=person)
    put_in_charge(organisation=known, person=person, by=by)
    return known
