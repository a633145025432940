"""Lines for an invoice as CSV: of one agreement, and of all that a host lends or a desk looks after."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meervoud.agreements.models import Agreement
from meervoud.agreements.models.agreements import of_desk, of_host
from meervoud.agreements.views.agreements import agreement_of
from meervoud.agreements.views.papers import handed
from meervoud.lib.clock import today
from meervoud.parties.current import person_of
from meervoud.usage.invoices import invoice_csv

MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)


@login_required
@require_safe
def one(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Give the lines of one agreement, to both sides and the desk."""
    found = agreement_of(request, agreement_id)
    return _file([found], _month(request))


@login_required
@require_safe
def all_of_them(request: HttpRequest) -> HttpResponse:
    """Give the lines of every agreement that a person lends by, or looks after for a programme."""
    person = person_of(request)
    rows = Agreement.objects.visible_to(person).filter(of_host(person) | of_desk(person), signed_at__isnull=False)
    agreements = rows.select_related(
        "programme", "offer__host", "request__organisation", "request__asked_by", "proposal"
    )
    return _file(agreements, _month(request))


def _file(agreements: Iterable[Agreement], month: date) -> HttpResponse:
    data = invoice_csv(agreements, month).encode("utf-8-sig")
    return handed(data, "text/csv; charset=utf-8", f"invoice-{month:%Y-%m}.csv")


def _month(request: HttpRequest) -> date:
    """Return the first day of the month that is asked for, or of the last one.

    Raises:
        Http404: it is no month.
    """
    said = request.GET.get("month")
    if said is None:
        return (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    if not MONTH.fullmatch(said):
        raise Http404
    return date.fromisoformat(f"{said}-01")
