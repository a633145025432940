"""Heads that a host has read on its ESG page: they cannot be taken back, so no later report may make a small number of them."""

from datetime import date
from typing import Final

from django.db import transaction

from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.outcomes.esg_warning import exposed_by
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.models import ProgrammeReport
from meervoud.parties.models import Organisation, Person

VERB: Final = "esg.told"


def note_told(host: Organisation, year: int, facts: Facts, by: Person) -> None:
    """Keep that the heads of a year were told to a host; once is enough.

    Args:
        host: whose page it is.
        year: of the page.
        facts: what it shows; nothing is kept where it shows no heads.
        by: who reads it.
    """
    if not facts["use"]["visits"] or _was_told(host, year):
        return
    with transaction.atomic():
        journal(by, VERB, host, year=year)


def refuse_what_was_told(report: ProgrammeReport, today: date) -> None:
    """Refuse a report that would have to hide heads which a host has read on its page already.

    Raises:
        ConflictError: somebody with such a page could work out a small number beside the report.
    """
    for each in exposed_by(report, today):
        if _was_told(each.host, each.year):
            raise ConflictError(
                "A host has read visits on its ESG page that this report would have to hide. They cannot be taken back. "
                "Choose another period."
            )


def _was_told(host: Organisation, year: int) -> bool:
    rows = JournalEntry.objects.filter(verb=VERB, thing=host.pk).values_list("details", flat=True)
    return any(each.get("year") == year for each in rows)
