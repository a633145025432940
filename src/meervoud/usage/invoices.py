"""Lines for an invoice: one for each moment that took place in a month, with what was agreed for it; nothing is sent."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from meervoud.agreements.drafting import name_of_group
from meervoud.agreements.models import Agreement, Document
from meervoud.agreements.terms import Money, read_terms
from meervoud.files.output.rows_out import safe_cell
from meervoud.usage.models import State, UsageMoment

CENT: Final = Decimal("0.01")
HOUR: Final = Decimal(3600)
WIDE: Final = timedelta(days=2)
FOUND: Final = "of agreements that were found in the scope of who asks"
Signed = dict[UUID, list[tuple[datetime, Money]]]


def invoice_csv(agreements: Iterable[Agreement], month: date) -> str:
    """Return the lines of a month as CSV, with no cell that could run as a formula; the same queries, however many there are.

    Args:
        agreements: with programme, offer and host, request and its organisation and person, and proposal.
        month: its first day; a moment counts in the month in which it begins, on the clock of its place.
    """
    rows = {each.pk: each for each in agreements}
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_heads())
    signed, paid = _signed(list(rows)), set[UUID]()
    for moment in _held(list(rows), month):
        agreement = rows[moment.agreement_id]
        if _local(moment.starts_at, agreement).date().replace(day=1) != month:
            continue
        money = _money_at(signed[agreement.pk], moment.starts_at)
        if money.per == "month" and agreement.pk in paid:
            money = replace(money, cents=0)  # the month is on its first line
        if money.per == "month":
            paid.add(agreement.pk)
        writer.writerow([safe_cell(each) for each in _line(moment, agreement, money)])
    return written.getvalue()


def _heads() -> list[str]:
    return [
        *(_("Day"), _("From"), _("To"), _("Hours"), _("Space"), _("Host"), _("Group")),
        *(_("Price"), _("Per"), _("Amount"), _("Currency"), _("How we know"), _("Agreement")),
    ]


def _held(agreements: Sequence[UUID], month: date) -> list[UsageMoment]:
    begins = datetime.combine(month, time(), UTC) - WIDE  # the clock of the place decides, and lies within this
    ends = begins + timedelta(days=31) + 2 * WIDE
    rows = UsageMoment.objects.every(because=FOUND).filter(
        agreement__in=agreements, state=State.HELD, starts_at__gte=begins, starts_at__lt=ends
    )
    return list(rows.select_related("space").order_by("starts_at", "pk"))


def _signed(agreements: Sequence[UUID]) -> Signed:
    """Return what was agreed to be paid, by agreement: from when on, in order."""
    rows = Document.objects.every(because=FOUND).filter(agreement__in=agreements, form=Document.Form.JSON)
    found: Signed = {}
    for each in rows.select_related("version").defer("data").order_by("version__number"):
        found.setdefault(each.agreement_id, []).append((each.created_at, read_terms(each.version.terms).money))
    return found


def _money_at(signed: Sequence[tuple[datetime, Money]], at: datetime) -> Money:
    """Return what held at a moment: a later version does not change what is past."""
    return next((money for since, money in reversed(signed) if since <= at), signed[0][1])


def _line(moment: UsageMoment, agreement: Agreement, money: Money) -> list[str]:
    start, end = _local(moment.starts_at, agreement), _local(moment.ends_at, agreement)
    hours = Decimal((moment.ends_at - moment.starts_at).total_seconds()) / HOUR
    price = Decimal(money.cents) / 100
    amount = price * hours if money.per == "hour" else price
    proposal = agreement.proposal
    proposal.request, proposal.programme = agreement.request, agreement.programme
    return [
        *(start.date().isoformat(), f"{start:%H:%M}", f"{end:%H:%M}", str(hours.quantize(CENT, ROUND_HALF_UP))),
        *(moment.space.name, agreement.offer.host.name, name_of_group(proposal)),
        *(str(price.quantize(CENT)), "" if money.kind == "free" else money.per),
        *(str(amount.quantize(CENT, ROUND_HALF_UP)), money.currency, str(moment.get_evidence_display())),
        str(agreement.pk),
    ]


def _local(at: datetime, agreement: Agreement) -> datetime:
    return at.astimezone(ZoneInfo(agreement.programme.time_zone))
