"""Corrections of a published report: where the ledger says something else now, listed with old, new and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.core.impact.releases import Released as Number
from meervoud.lib.journal import journal, stand_in_line
from meervoud.outcomes.facts import Facts, facts_of, in_kind, tariff_in
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.headlines import NEEDS, value_of
from meervoud.outcomes.models import Correction, Figure, ProgrammeReport
from meervoud.outcomes.publishable import publishable
from meervoud.outcomes.register import ONE_DAY, GivesAwayError, refuse_what_gives_away, row_of
from meervoud.parties.models import Person


@dataclass(frozen=True)
class Difference:
    """A figure that the ledger gives otherwise than the report does, its latest correction included.

    Attributes:
        figure: which.
        old: what the report says, as part of its facts.
        new: what the ledger says now, small numbers hidden.
    """

    figure: Figure
    old: Facts
    new: Facts

    @property
    def said(self) -> tuple[str, str]:
        """The old and the new figure with their unit, in the language of the page."""
        return say_part(self.figure, self.old), say_part(self.figure, self.new)


@dataclass(frozen=True)
class Listed:
    """A correction as people read it: which figure, by its code and name, both figures with their unit, why, and when."""

    figure: str
    name: str
    old: str
    new: str
    why: str
    at: datetime


def differences(report: ProgrammeReport) -> list[Difference]:
    """Return the figures of a published report of which the ledger says something else now, as people read them."""
    known = read_frozen(report.published)["facts"]
    now = publishable(facts_of(report.programme, report.first, report.last))
    now["contribution"] = in_kind(
        now["use"], tariff_in(known["contribution"])
    )  # a price of another year corrects nothing
    latest = {each.figure: each.new for each in report.corrections.all()}
    both = [
        Difference(Figure(code), latest.get(code) or part_of(Figure(code), known), part_of(Figure(code), now))
        for code in Figure.values
    ]
    return [each for each in both if each.said[0] != each.said[1]]


def part_of(figure: Figure, facts: Facts) -> Facts:
    """Return of facts what one figure is told by."""
    if figure == Figure.CONTRIBUTION:
        return {"use": {}, "contribution": facts["contribution"]}
    return {"use": {NEEDS[figure]: facts["use"][NEEDS[figure]]}}


def say_part(figure: str, part: Facts) -> str:
    """Return a figure from its part of facts, in the language of the page; one that was typed once as it was typed."""
    typed: str = part.get("typed", "")
    return typed or value_of(figure, part["use"], part)


def as_read(corrections: Iterable[Correction]) -> list[Listed]:
    """Return corrections as people read them, in the language of the page."""
    return [
        Listed(
            figure=each.figure,
            name=str(Figure(each.figure).label),
            old=say_part(each.figure, each.old),
            new=say_part(each.figure, each.new),
            why=each.why,
            at=each.created_at,
        )
        for each in corrections
    ]


@transaction.atomic
def correct_report(*, report: ProgrammeReport, figure: str, seen: str, why: str, by: Person) -> Correction:
    """List a correction beside a published report: the old figure, that of the ledger now, and why. The bytes stay as they are.

    Args:
        report: that is published.
        figure: which one.
        seen: the new figure that the person saw and means, in the language of the page.
        why: the reason, for everybody to read.
        by: who lists it.

    Raises:
        ConflictError: the ledger says what the report says, or something else than what was seen; or beside what was
            published before, the new number would give a small group away.
        InputError: no reason is given.
    """
    if not why.strip():
        raise InputError("Write why the figure was wrong.", code="correction_empty")
    stand_in_line()
    found = next((each for each in differences(report) if each.figure == figure and each.said[1] == seen), None)
    if found is None:
        raise ConflictError("The ledger says something else by now. Look at the figures again.")
    row = Correction.objects.create(
        report=report, figure=figure, old=found.old, new=found.new, why=why.strip(), by=by.pk
    )
    numbers = _heads(found, report)
    _refuse(report, numbers)
    for each in numbers:
        released = row_of(report, each)
        released.correction = row
        released.save(force_insert=True)
    journal(by, "report.corrected", row, figure=figure)
    return row


def _refuse(report: ProgrammeReport, numbers: Sequence[Number]) -> None:
    try:
        refuse_what_gives_away(report, numbers)
    except GivesAwayError as error:
        raise ConflictError(
            "Beside what was published, this figure would give a small group away. It cannot be listed."
        ) from error


def _heads(found: Difference, report: ProgrammeReport) -> list[Number]:
    """Return the numbers of people that a correction publishes, as the register holds them.

    The upper end of a range of people is the number of visits, where nobody counted who came for the first time.
    """
    told = found.new["use"].get(NEEDS[found.figure])
    if found.figure == Figure.VISITS:
        heads = [("visits", told)]
    elif found.figure == Figure.PEOPLE:
        most = [] if told["most"] in (None, told["least"]) else [("visits", told["most"])]
        heads = [("people", told["least"]), *most]
    else:
        return []
    return [Number(name, frozenset(), report.first, report.last + ONE_DAY, number) for name, number in heads]
