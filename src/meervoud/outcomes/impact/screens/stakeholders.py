"""Step 2: who has a stake, who comes first, and what each group wishes: 100 points over outcomes."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.screens.screen import RowForm, Screen, ids_for, rows_of
from meervoud.outcomes.impact.wishes import priorities_of, say_agreement, weights_of
from meervoud.outcomes.models import Step

POINTS: Final = 100
SCALE: Final = [(each, str(each)) for each in range(1, 6)]
ROLES: Final = (
    ("beneficiary", gettext_lazy("the change is for them")),
    ("contributor", gettext_lazy("they put something in")),
    ("both", gettext_lazy("both")),
)


def _score(label: Any) -> forms.TypedChoiceField:  # Any: words that are translated later
    return forms.TypedChoiceField(label=label, choices=SCALE, coerce=int, initial=3)


class StakeholderForm(RowForm):
    """One group with a stake."""

    name = forms.CharField(label=gettext_lazy("Who?"), max_length=80)
    role = forms.ChoiceField(label=gettext_lazy("What is their part?"), choices=ROLES)
    affected = _score(gettext_lazy("How much does it touch them? 1 is little, 5 very much"))
    influence = _score(gettext_lazy("How much can they decide?"))
    interest = _score(gettext_lazy("How much do they care?"))


class WishForm(RowForm):
    """One outcome that somebody wishes."""

    name = forms.CharField(label=gettext_lazy("What should change?"), max_length=120)


StakeholderRows = rows_of(StakeholderForm)
WishRows = rows_of(WishForm)


class PointsForm(forms.Form):
    """How each group spreads 100 points over the wishes; a group that was not asked is left empty."""

    def __init__(
        self, *args: Any, groups: Mapping[str, str], wishes: Mapping[str, str], **named: Any
    ) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.groups, self.wishes = groups, wishes
        for group, name in groups.items():
            for wish, said in wishes.items():
                gaps = {"group": name, "outcome": said}
                self.fields[f"{group}-{wish}"] = forms.IntegerField(
                    label=_("Points of %(group)s for “%(outcome)s”") % gaps,
                    min_value=0,
                    max_value=POINTS,
                    required=False,
                )

    def clean(self) -> dict[str, Any]:  # Any: numbers
        """Refuse a group whose points are not 100 together."""
        said: dict[str, Any] = super().clean() or {}
        for group, name in self.groups.items():
            given = [said.get(f"{group}-{wish}") for wish in self.wishes]
            total = sum(each or 0 for each in given)
            if any(each is not None for each in given) and total != POINTS:
                gaps = {"group": name, "total": total}
                first = f"{group}-{next(iter(self.wishes))}"
                self.add_error(first, _("The points of %(group)s are %(total)s together. Make them 100.") % gaps)
        return said

    def points(self) -> dict[str, dict[str, int]]:
        """Return the points by wish and group, of groups that were asked."""
        asked = {
            group: row
            for group in self.groups
            if any((row := {wish: self.cleaned_data.get(f"{group}-{wish}") or 0 for wish in self.wishes}).values())
        }
        return {wish: {group: row[wish] for group, row in asked.items()} for wish in self.wishes}

    def table(self) -> dict[str, Any]:  # Any: bound fields
        """Return the fields as a table: wishes down, groups across."""
        return {
            "groups": list(self.groups.values()),
            "rows": [
                {"name": name, "fields": [self[f"{group}-{wish}"] for group in self.groups]}
                for wish, name in self.wishes.items()
            ],
        }


class StakeholdersScreen(Screen):
    """The screen of step 2."""

    step = Step.STAKEHOLDERS
    template = "outcomes/impact/stakeholders.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        text = self.book.text
        self.groups = StakeholderRows(
            self.data,
            prefix="groups",
            initial=[{**each, "name": text(each["name"])} for each in self.before.get("stakeholders", [])],
        )
        known = self._known_wishes()
        self.wishes = WishRows(
            self.data, prefix="wishes", initial=[{"id": wish, "name": text(each)} for wish, each in known.items()]
        )
        self.points = PointsForm(
            self.data,
            prefix="points",
            groups=self.book.stakeholders,
            wishes={wish: text(each) for wish, each in known.items()},
            initial=self._points_before(),
        )

    def _known_wishes(self) -> dict[str, Mapping[str, str]]:
        """The wishes that were typed, and the outcomes that were drawn since."""
        typed = {each["id"]: each["name"] for each in self.before.get("wishes", [])}
        return typed | {name: each["label"] for name, each in self.book.outcomes.items()}

    def _points_before(self) -> dict[str, int]:
        return {
            f"{group}-{each['id']}": number
            for each in self.before.get("wishes", [])
            for group, number in each.get("points", {}).items()
        }

    def forms(self) -> list[forms.BaseForm]:
        """Return the rows of groups and of wishes, and the points."""
        return [*self.groups.forms, *self.wishes.forms, self.points]

    def is_valid(self) -> bool:
        """Say whether both lists and the points are right."""
        return all([self.edits.is_valid(), self.groups.is_valid(), self.wishes.is_valid(), self.points.is_valid()])

    def content(self) -> Content:
        """Return groups and wishes with their ids; points of what is gone go with it."""
        names = {each["id"]: each["name"] for each in self.before.get("stakeholders", [])}
        rows = list(self.groups.kept())
        groups = [
            {**row, "id": new, "name": self.words(row["name"], names.get(new, {}))}
            for row, new in zip(rows, ids_for(rows, "s", names), strict=True)
        ]
        known, points = self._known_wishes(), self.points.points()
        wanted, stay = list(self.wishes.kept()), {each["id"] for each in groups}
        # an outcome that is drawn stays a wish even where somebody ticks it away here: it goes with its box
        wanted += [{"id": name, "name": self.book.text(known[name])} for name in self._drawn_but_gone(wanted)]
        wishes = [
            {
                "id": new,
                "name": self.words(row["name"], known.get(new, {})),
                "points": {group: number for group, number in points.get(new, {}).items() if group in stay},
            }
            for row, new in zip(wanted, ids_for(wanted, "o", known), strict=True)
        ]
        return {"stakeholders": groups, "wishes": wishes}

    def _drawn_but_gone(self, wanted: list[dict[str, Any]]) -> list[str]:  # Any: the values of rows
        there = {each["id"] for each in wanted}
        return [name for name in self.book.outcomes if name not in there]

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the lists, the table of points, and what follows from what is kept."""
        return {
            "groups": self.groups,
            "wishes": self.wishes,
            "points": self.points.table() if self.points.fields else None,
            "priorities": priorities_of(self.book),
            "weights": weights_of(self.book),
            "agreement": say_agreement(self.book),
        }
