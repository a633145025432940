"""What every screen of a step has: its forms, whether they are right, and the content they make."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.models import Step

EXTRA: Final = 2
MOST_ROWS: Final = 40
KNOWN_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")


class EditsForm(forms.Form):
    """How often the step was kept before, as the writer saw it."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)


class Screen:
    """The screen of one step.

    Attributes:
        step: which.
        template: of the page.
    """

    step: ClassVar[Step]
    template: ClassVar[str]

    def __init__(self, book: Book, data: QueryDict | None = None) -> None:
        self.book, self.data = book, data
        self.before = book.content(self.step)
        found = book.versions.get(self.step)
        self.edits = EditsForm(data, initial={"edits": found.edits if found else 0})

    def forms(self) -> Sequence[forms.BaseForm]:
        """Return every form of the page, for its errors; each screen says its own."""
        raise NotImplementedError

    def is_valid(self) -> bool:
        """Say whether all forms are right."""
        return all(each.is_valid() for each in (self.edits, *self.forms()))

    def only_read(self) -> None:
        """Let nothing be changed: the page of a locked version."""
        for form in self.forms():
            for field in form.fields.values():
                field.disabled = True

    def content(self) -> Content:
        """Return what is to be kept; only once the forms are right."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return what the page shows besides the forms."""
        return {}

    def words(self, new: str, old: Mapping[str, str]) -> dict[str, str]:
        """Return words by language: those of other languages go where the words of the plan's own have changed."""
        return dict(old) if new == self.book.text(old) else {self.book.plan.language: new}


class RowForm(forms.Form):
    """One row of a list: with the id it has, or none yet."""

    id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def has_changed(self) -> bool:
        """Say whether somebody wrote in this row: a choice that the browser makes by itself is not writing."""
        if not self.empty_permitted:
            return super().has_changed()
        return any(not isinstance(self.fields[name], forms.ChoiceField) for name in self.changed_data)


class Rows(forms.BaseFormSet[RowForm]):
    """A list of rows with two empty ones below; a row whose first field is empty is none."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: RowForm, index: int | None) -> None:
        """Say in plain words what the box to remove a row does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = gettext_lazy("Remove this row when I keep")

    def kept(self) -> Iterator[dict[str, Any]]:  # Any: the values of a row
        """Yield the rows that stay, as they were typed."""
        for form in self.forms:
            if form.has_changed() or form.initial:
                said = form.cleaned_data
                if said and not said.get("DELETE"):
                    yield {name: each for name, each in said.items() if name != "DELETE"}


def rows_of(kind: type[RowForm]) -> type[Rows]:
    """Return a list of rows of one kind."""
    found: type[Rows] = forms.formset_factory(  # type: ignore[assignment]  # it makes a kind of the formset it is given
        kind, formset=Rows, extra=EXTRA, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return found


def ids_for(rows: Iterable[Mapping[str, Any]], letter: str, known: Iterable[str]) -> Iterator[str]:  # Any: a row
    """Yield an id for each row: the one it had, where the plan knows it; else a new one."""
    taken, old = set(known), set(known)
    for row in rows:
        name = str(row.get("id") or "")
        if name in old and KNOWN_ID.fullmatch(name):
            old.discard(name)
            yield name
            continue
        number = next(each for each in range(1, len(taken) + 2) if f"{letter}{each}" not in taken)
        taken.add(f"{letter}{number}")
        yield f"{letter}{number}"
