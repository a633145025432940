"""Mail about an agreement that runs: to both sides, and where somebody must be looked after, to the desk."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils import translation
from django.utils.formats import date_format

from meervoud.agreements.models import Agreement
from meervoud.matching.asking import people_of
from meervoud.matching.models import Side
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Person, ProgrammeRole

DESK: Final = "desk"


def tell(
    agreement: Agreement, what: str, *, to: Iterable[str] = Side.values, day: date | None = None, page: str = ""
) -> None:
    """Write to sides, or the desk, of what an agreement needs of them.

    Args:
        agreement: with its programme, space, host and who asks.
        what: which of the texts of mail/agreement.txt.
        to: sides, and DESK.
        day: a day that the text names.
        page: the part of the agreement's pages that the link opens.
    """
    for side in to:
        for person in _people(agreement, side):
            gaps = {
                "what": what,
                "space": agreement.offer.space.name,
                "day": _say(day, person.language) if day else "",
                "path": f"/agreements/{agreement.pk}/{page}",
            }
            write_to(person, Letter("agreement", gaps, link=gaps["path"]))


def _say(day: date, code: str) -> str:
    with translation.override(code):
        return date_format(day, "j F Y")


def _people(agreement: Agreement, side: str) -> list[Person]:
    if side != DESK:
        return people_of(agreement.proposal, side)
    roles = ProgrammeRole.objects.every(because="the desk of the programme is written to")
    return [each.person for each in roles.filter(programme=agreement.programme_id).select_related("person")]
