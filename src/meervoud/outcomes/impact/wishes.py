"""What follows from the scores and points of the stakeholders: who comes first, what weighs most, and how far they agree."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from meervoud.core.impact.priorities import agreement, needs_dialogue, priority, weights
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.models import Step
from meervoud.outcomes.pictures import Bar


@dataclass(frozen=True)
class Told:
    """How far the groups agree, in a sentence, and whether they should talk first."""

    sentence: str
    is_low: bool


def priority_by_group(book: Book) -> dict[str, float]:
    """Return the priority of each group, 1-5, by its id."""
    return {
        each["id"]: priority(affected=each["affected"], influence=each["influence"], interest=each["interest"])
        for each in book.rows(Step.STAKEHOLDERS, "stakeholders")
    }


def points_by_group(book: Book) -> dict[str, dict[str, int]]:
    """Return how each group that was asked spread its points over wishes, by ids."""
    found = dict[str, dict[str, int]]()
    for wish in book.rows(Step.STAKEHOLDERS, "wishes"):
        for group, number in wish.get("points", {}).items():
            found.setdefault(group, {})[wish["id"]] = number
    # a group whose points are no longer 100, because a wish has gone, has to be asked again
    return {group: row for group, row in found.items() if sum(row.values()) == 100}  # a hundred points


def weight_by_wish(book: Book) -> dict[str, float]:
    """Return how much each wish weighs over all groups, 0-1, by its id."""
    return weights(points_by_group(book), priority_by_group(book))


def priorities_of(book: Book) -> list[Bar]:
    """Return the groups with their priority, the highest first."""
    names, said = book.stakeholders, spoken()
    found = sorted(priority_by_group(book).items(), key=lambda each: (-each[1], names[each[0]]))
    return [Bar(names[group], value, said.number(round(value, 2))) for group, value in found]


def weights_of(book: Book) -> list[Bar]:
    """Return the wishes with their weight, the heaviest first."""
    names = {each["id"]: book.text(each["name"]) for each in book.rows(Step.STAKEHOLDERS, "wishes")}
    found = sorted(weight_by_wish(book).items(), key=lambda each: (-each[1], names[each[0]]))
    return [Bar(names[wish], value, spoken().percent(value)) for wish, value in found]


def say_agreement(book: Book) -> Told | None:
    """Return how far the groups agree; None while fewer than two were asked."""
    found = agreement(points_by_group(book))
    if found is None:
        return None
    number = spoken().number(round(found, 2))
    if needs_dialogue(found):
        said = _(
            "The groups want different things (agreement %(number)s of 1). Bring them together and talk about it; "
            "the weights below hide their disagreement."
        )
        return Told(said % {"number": number}, is_low=True)
    return Told(_("The groups agree for a good part: %(number)s of 1.") % {"number": number}, is_low=False)
