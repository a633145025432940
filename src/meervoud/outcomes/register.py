"""The register of the numbers of people that a programme published: no new one may give a small group away beside them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from meervoud.core.errors import ConflictError
from meervoud.core.impact.releases import Released as Number
from meervoud.outcomes.models import ProgrammeReport, Released
from meervoud.outcomes.publishable import filters_of, gives_away, scope_of

WHY: Final = "the register of what was published; its numbers are public"
ONE_DAY: Final = timedelta(days=1)


class GivesAwayError(ConflictError):
    """A number of this report beside one that was published would give a small number of people away.

    Attributes:
        title: of the report that stands in the way.
        first, last: its period.
    """

    def __init__(self, title: str, first: date, last: date) -> None:
        super().__init__(
            "Beside an earlier report this one would give a small group away: by subtracting one from the other. "
            "Choose the period of that report, or one that differs from it by more."
        )
        self.title, self.first, self.last = title, first, last


def refuse_what_gives_away(report: ProgrammeReport, numbers: Sequence[Number]) -> None:
    """Refuse numbers of a report that, beside what its programme published before, would give a small group away.

    Raises:
        GivesAwayError: they would.
    """
    rows = Released.objects.every(because=WHY).filter(report__programme=report.programme_id)
    earlier = {_number(each): each for each in rows.select_related("report").order_by("created_at")}
    found = gives_away(list(earlier), numbers)
    if found is not None:
        other = earlier[found[0]].report
        raise GivesAwayError(other.title, other.first, other.last)


def _number(row: Released) -> Number:
    return Number(row.statistic, filters_of(row.scope), row.first, row.last + ONE_DAY, row.number)


def row_of(report: ProgrammeReport, number: Number) -> Released:
    """Return a number of a report as a row of the register, not yet written."""
    scope = scope_of(number.filter)
    return Released(
        report=report, statistic=number.statistic, scope=scope, first=report.first, last=report.last, number=number.n
    )
