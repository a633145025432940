"""How many different people can have come often enough, by the head counts of the ledger; what of a claim that leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from meervoud.core.errors import InputError

Reason = Literal["within", "above_ledger", "not_counted"]


@dataclass(frozen=True, slots=True)
class Capped:
    """What is left of a claim.

    Attributes:
        claimed: people, as claimed.
        known: the most that the ledger allows; None is not known.
        counts: people that count: never more than either; None where the claim is refused.
        reason: within what the ledger allows, above_ledger, or not_counted: moments without a head count.
    """

    claimed: int
    known: int | None
    counts: int | None
    reason: Reason

    @property
    def is_refused(self) -> bool:
        """Nothing of the claim counts: first the moments need head counts."""
        return self.counts is None


def most_with_dose(head_counts: Iterable[int | None], *, dose: int) -> int | None:
    """Return the most different people of whom each can have been at `dose` moments or more.

    P people fit if and only if the head counts, each taken up to P since nobody is at a moment twice, add up to P times
    the dose. Then filling the moments from the fullest down, each with those who still need most, serves all. Those
    capped counts divided by P never grow with P, so every smaller number fits too. The bound is tight: who else was
    there may each have come too seldom.

    Args:
        head_counts: people at each moment of one initiative, >= 0; None is not counted.
        dose: moments, >= 1.

    Returns:
        People, >= 0; with a dose of 1 all visits. None where a moment was not counted: more may have come.

    Raises:
        InputError: the dose is below 1.

    References:
        Gale (1957), A theorem on flows in networks; Ryser (1957).
    """
    _check_dose(dose)
    counts = list[int]()
    for each in head_counts:
        if each is None:
            return None
        counts.append(each)
    fits, too_many = 0, sum(counts) // dose + 1
    while too_many - fits > 1:
        people = (fits + too_many) // 2
        if sum(min(each, people) for each in counts) >= dose * people:
            fits = people
        else:
            too_many = people
    return fits


def most_by_sums(*, visits: int, uses: int, counted: int, dose: int) -> int | None:
    """Return a bound where only sums are kept: never below that of `most_with_dose`, so it refuses nothing that fits.

    How many first-timers there were is left aside: what groups tell of those proves nothing.

    Args:
        visits: people over all counted moments, >= 0.
        uses: moments.
        counted: moments of which the people were counted, <= `uses`.
        dose: moments, >= 1.

    Returns:
        People, >= 0; None where a moment was not counted.

    Raises:
        InputError: the dose is below 1.
    """
    _check_dose(dose)
    if counted < uses:
        return None
    return visits // dose if dose <= uses else 0


def capped(claimed: int, known: int | None) -> Capped:
    """Return what of a claimed number of people counts.

    Args:
        claimed: people, >= 0.
        known: the most that the ledger allows; None is not known.

    Raises:
        InputError: the claim is below 0.
    """
    if claimed < 0:
        raise InputError(
            f"{claimed} is no number of people. Give 0 or more.", code="people_unusable", value=str(claimed)
        )
    if known is None:
        return Capped(claimed, None, None, "not_counted")
    return Capped(claimed, known, min(claimed, known), "within" if claimed <= known else "above_ledger")


def _check_dose(dose: int) -> None:
    if dose < 1:
        raise InputError(
            f"Somebody who came {dose} times did not come. Ask for at least 1 moment.",
            code="dose_unusable",
            value=str(dose),
        )
