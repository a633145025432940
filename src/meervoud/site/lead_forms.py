"""The forms of leads: filters, an extract of the map, what is noted, what is corrected, why not."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.vocabulary import SPACE_KINDS
from meervoud.core.errors import InputError
from meervoud.lib.saying import say_error, words_of
from meervoud.matching.leads import FACTS
from meervoud.matching.models import Lead, LeadReason, LeadState
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.site.imports.faults import say_fault
from meervoud.site.imports.sheets import check_upload

ENDINGS: Final = (".geojson", ".json")


class LeadFilters(forms.Form):
    """Which leads are shown; sent by GET."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=())
    kind = forms.ChoiceField(label=gettext_lazy("Kind of space"), required=False, choices=())
    neighbourhood = forms.ChoiceField(label=gettext_lazy("Neighbourhood"), required=False, choices=())
    due = forms.BooleanField(label=gettext_lazy("Only those to call back today"), required=False)

    is_all_optional = True

    def __init__(self, *args: Any, neighbourhoods: Sequence[str], **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **options)
        every = [("", _("all"))]
        choices: dict[str, list[tuple[str, Any]]] = {  # Any: lazy texts
            "state": [*every, *LeadState.choices],
            "kind": [*every, *words_of("kinds", SPACE_KINDS)],
            "neighbourhood": [*every, *((each, each) for each in neighbourhoods)],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
            field.choices = listed

    def chosen(self) -> dict[str, Any]:  # Any: words and a yes
        """Return what is filtered; a filter that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class GiveForm(forms.Form):
    """An extract of OpenStreetMap."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("GeoJSON points with the tags of OpenStreetMap. At most 10 MB and 10,000 places."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def clean_file(self) -> "UploadedFile[Any]":  # Any: bytes or text, says Django
        """Refuse what is too large or of another kind, in a sentence."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_upload("areas", given.name or "", given.size or 0)  # areas are GeoJSON too
        except InputError as error:
            raise forms.ValidationError(say_fault(error)) from error
        return given


class NoteForm(forms.ModelForm[Lead]):
    """What the desk notes of a lead, and who goes on with it when."""

    class Meta:
        model = Lead
        fields = ("note", "call_back_on", "assigned_to")
        widgets = {  # noqa: RUF012  # Django's own way
            "note": forms.Textarea(attrs={"rows": 4}),
            "call_back_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"note": gettext_lazy("About the space, not about people.")}  # noqa: RUF012  # as above

    def __init__(self, *args: Any, programme: Programme, **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **options)
        people = self.fields["assigned_to"]
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101  # a foreign key
        people.queryset = Person.objects.filter(programme_roles__programme=programme).order_by("name", "pk")
        people.empty_label = _("nobody in particular")


class FactsForm(forms.ModelForm[Lead]):
    """What is known of the place, to be corrected."""

    class Meta:
        model = Lead
        fields = FACTS
        help_texts = {  # noqa: RUF012  # Django's own way
            "opening_hours": gettext_lazy("As on OpenStreetMap, for example Mo-Fr 09:00-17:00."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Kind of space"), choices=words_of("kinds", SPACE_KINDS)
        )

    def clean_opening_hours(self) -> str:
        """Refuse new hours that nobody can read; what the map says may stay as it is."""
        text: str = self.cleaned_data["opening_hours"]
        if text and text != self.initial.get("opening_hours"):
            try:
                parse_opening_hours(text)
            except InputError as error:
                raise forms.ValidationError(say_error(error)) from error
        return text


class ReasonForm(forms.Form):
    """Why a place cannot lend a room."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why not?"), choices=LeadReason.choices, widget=forms.RadioSelect(attrs={"required": True})
    )


class HostSearch(forms.Form):
    """By which name an organisation is looked for that may lend the space; sent by GET."""

    host = forms.CharField(
        label=gettext_lazy("Look for an organisation that is here already"), max_length=120, required=False
    )

    is_all_optional = True


class HostForm(forms.Form):
    """Who lends the space: an organisation that was found, or a new one."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Who lends it?"), required=False, choices=(), widget=forms.RadioSelect
    )
    host_name = forms.CharField(
        label=gettext_lazy("Name of the new organisation"),
        help_text=gettext_lazy("Empty takes the name of the place."),
        max_length=120,
        required=False,
    )

    is_all_optional = True

    def __init__(self, *args: Any, hosts: Sequence[Organisation], **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        known = [(str(each.pk), f"{each.name} ({each.get_kind_display()})") for each in hosts]
        field.choices = [*known, ("", _("a new organisation"))]
