"""The forms of the desk: a note, a call, who does it, a name for a filter, and one deed on many requests."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.matching.models.desk import NAME_LENGTH, NOTE_LENGTH, WHY_LENGTH
from meervoud.parties.models import Person

DEEDS: Final = {
    "assign_me": gettext_lazy("assign to me"),
    "assign": gettext_lazy("assign to somebody"),
    "assign_nobody": gettext_lazy("assign to nobody"),
    "call": gettext_lazy("call back on a day"),
    "called": gettext_lazy("called: no more to call back"),
    "note": gettext_lazy("write one note on all"),
    "ask": gettext_lazy("ask the hosts of the best spaces"),
}


def _day_field(*, required: bool) -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Call back on"),
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _note_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Note"),
        max_length=NOTE_LENGTH,
        required=required,
        help_text=gettext_lazy("Only the staff of this programme reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(forms.Form):
    """A note about a request."""

    text = _note_field(required=True)


class CallForm(forms.Form):
    """When to call back, and why."""

    call_on = _day_field(required=True)
    call_why = forms.CharField(label=gettext_lazy("Why"), max_length=WHY_LENGTH, required=False)


class AssignForm(forms.Form):
    """Who works on a request."""

    to = forms.ModelChoiceField(label=gettext_lazy("Who does it"), queryset=Person.objects.none(), required=False)

    is_all_optional = True

    def __init__(self, *args: Any, staff: QuerySet[Person], **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **options)
        _offer_staff(self, staff)


class SaveFilterForm(forms.Form):
    """A name for the filters that are on."""

    name = forms.CharField(label=gettext_lazy("Name of this filter"), max_length=NAME_LENGTH)
    is_shared = forms.BooleanField(label=gettext_lazy("Colleagues see it too"), required=False)


class BulkForm(forms.Form):
    """One deed on what is ticked; a deed takes the fields that it needs."""

    deed = forms.ChoiceField(label=gettext_lazy("With what is ticked"), required=False)
    to = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=Person.objects.none(), required=False)
    call_on = _day_field(required=False)
    call_why = forms.CharField(label=gettext_lazy("Why"), max_length=WHY_LENGTH, required=False)
    text = _note_field(required=False)

    is_all_optional = True

    def __init__(self, *args: Any, staff: QuerySet[Person], **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **{"auto_id": "bulk_%s", **options})
        deed = self.fields["deed"]
        assert isinstance(deed, forms.ChoiceField)  # noqa: S101  # as declared above
        deed.choices = [("", _("choose what to do")), *DEEDS.items()]
        _offer_staff(self, staff)


def _offer_staff(form: forms.Form, staff: QuerySet[Person]) -> None:
    people = form.fields["to"]
    assert isinstance(people, forms.ModelChoiceField)  # noqa: S101  # as declared above
    people.queryset = staff
    people.empty_label = _("nobody")
