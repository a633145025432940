"""The moments in the rooms of a host as CSV: its rows add up to the host's ESG page."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from meervoud.files.output.rows_out import safe_cell
from meervoud.outcomes.esg import Lent, host_ledger
from meervoud.outcomes.ledger import parts_of
from meervoud.outcomes.moment_rows import MomentRow, cells, csv_lines, heads, open_moments, rows_of
from meervoud.parties.models import Organisation, Programme


def esg_csv(host: Organisation, year: int, programmes: Iterable[Programme], today: date) -> Iterator[bytes]:
    """Return the moments of a year piece by piece; all groups that need shelter are together in one row without a name."""
    lent = host_ledger(host, year, programmes, today)
    yield b"\xef\xbb\xbf" + csv_lines([[*heads(), _("Programme")]])
    for part in lent:
        name = _name_of(part)
        for begin, end in parts_of(part.first, part.last):
            yield csv_lines([*cells(each), name] for each in _rows(host, part, begin, end))


def _name_of(part: Lent) -> str:
    name = part.programme.name
    return str(safe_cell(f"{name} ({_('made up')})" if part.programme.is_made_up else name))


def _rows(host: Organisation, part: Lent, begin: date, end: date) -> Iterator[MomentRow]:
    moments = open_moments(part.programme, begin, end).filter(space__building__host=host)
    found = list(moments.select_related("agreement__offer"))
    for moment, row in zip(found, rows_of(part.programme, found), strict=True):
        # a room lent in place of another one: its host did not sign with this group
        is_known = moment.agreement.offer.host_id == host.pk
        yield row if is_known else replace(row, group="")
