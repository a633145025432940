"""The steps of listing a space, each a short form; what is left open stays unknown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import FACILITIES, SPACE_KINDS
from meervoud.lib.saying import words_of
from meervoud.parties.models import Organisation, Programme
from meervoud.parties.models.organisations import Kind
from meervoud.places.models import Neighbourhood, Space
from meervoud.supply.models import Offer

Rows = forms.Textarea
Data = Any  # Django's own values
THREE = [("yes", _("yes")), ("no", _("no")), ("", _("not known"))]


def choose(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:  # Any: values and texts of choices
    """Give a field its choices."""
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # every field that chooses is one
    field.choices = choices


class StartForm(forms.Form):
    """How an offer begins: who, what, and for how long."""

    host = forms.ChoiceField(label=_("Who lends the space?"), choices=())
    host_name = forms.CharField(label=_("Name of the new organisation"), max_length=160, required=False)
    host_kind = forms.ChoiceField(label=_("What kind of organisation is it?"), choices=Kind.choices, required=False)
    name = forms.CharField(label=_("What is the space called?"), max_length=120)
    kind = forms.ChoiceField(label=_("What kind of space is it?"), choices=())
    length = forms.ChoiceField(
        label=_("For how long do you lend it?"),
        choices=Offer.Length.choices,
        widget=forms.RadioSelect,
        initial=Offer.Length.HOURS,
    )

    def __init__(self, data: Data = None, *, organisations: Sequence[Organisation], **rest: Data) -> None:
        """Offer the person's own organisations, and a new one."""
        super().__init__(data, **rest)
        own = [(str(each.pk), each.name) for each in organisations]
        choose(self.fields["host"], [*own, ("new", _("a new organisation"))])
        choose(self.fields["kind"], words_of("kinds", SPACE_KINDS))
        if not own:
            self.fields["host"].initial = "new"
            self.fields["host"].widget = forms.HiddenInput()
            self.fields["host_name"].label = _("Name of your organisation")

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask the name of a new organisation."""
        said = super().clean() or {}
        if said.get("host") == "new" and not (said.get("host_name") or "").strip():
            self.add_error("host_name", _("Give the name of the organisation."))
        return said


class PlaceForm(forms.Form):
    """Where the building is. The address is private; the map shows a point near it."""

    building_name = forms.CharField(label=_("Name of the building"), max_length=120, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    neighbourhood = forms.ChoiceField(label=_("Neighbourhood"), required=False, choices=())
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(self, data: Data = None, *, programme: Programme, **rest: Data) -> None:
        """Offer the neighbourhoods of the programme."""
        super().__init__(data, **rest)
        self.areas = {
            str(each.pk): each for each in Neighbourhood.objects.filter(programme=programme).exclude(kind="water")
        }
        choose(self.fields["neighbourhood"], [("", _("choose one")), *((key, a.name) for key, a in self.areas.items())])

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask for a neighbourhood or a point: without either nobody finds the space."""
        said = super().clean() or {}
        if (said.get("latitude") is None) != (said.get("longitude") is None):
            self.add_error("longitude", _("Give both latitude and longitude, or neither."))
        if not said.get("neighbourhood") and said.get("latitude") is None and not self.errors:
            self.add_error("neighbourhood", _("Choose the neighbourhood, so that people find the space."))
        return said


class SpaceForm(forms.Form):
    """What the space is like."""

    capacity = forms.IntegerField(label=_("Most people"), required=False, min_value=1, max_value=100_000)
    capacity_min = forms.IntegerField(label=_("Smallest group"), required=False, min_value=0, max_value=100_000)
    area_m2 = forms.FloatField(label=_("Floor area in m2"), required=False, min_value=1, max_value=1_000_000)
    storey = forms.CharField(label=_("On which floor?"), max_length=40, required=False)
    step_free = forms.ChoiceField(
        label=_("Can somebody in a wheelchair get in?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("yes", _("yes")), ("limited", _("limited")), ("no", _("no")), ("", _("not known"))],
    )
    is_warm = forms.ChoiceField(label=_("Is it warm?"), required=False, widget=forms.RadioSelect, choices=THREE)
    toilet_place = forms.CharField(label=_("Where is the toilet?"), max_length=120, required=False)
    facilities = forms.MultipleChoiceField(
        label=_("What is there?"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    no_facilities = forms.MultipleChoiceField(
        label=_("What is surely not there?"),
        help_text=_("What you tick in neither list counts as not known: people ask first."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    parts = forms.MultipleChoiceField(
        label=_("Is it made of other rooms here?"),
        help_text=_(
            "A hall whose rooms you also lend: when a room is taken, the hall is taken, and the other way round."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    description = forms.CharField(
        label=_("Tell about the space in a few sentences"),
        required=False,
        max_length=2000,
        widget=Rows(attrs={"rows": 4}),
    )

    def __init__(self, data: Data = None, *, others: Sequence[Space] = (), **rest: Data) -> None:
        """Fill in the closed lists, and the other rooms of the building."""
        super().__init__(data, **rest)
        self.others = {str(each.pk): each for each in others}
        choose(self.fields["parts"], [(key, each.name) for key, each in self.others.items()])
        if not self.others:
            del self.fields["parts"]
        choose(self.fields["facilities"], words_of("facilities", FACILITIES))
        choose(self.fields["no_facilities"], words_of("facilities", FACILITIES))

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Refuse what cannot be."""
        said = super().clean() or {}
        if (said.get("capacity") or 10**9) < (said.get("capacity_min") or 0):
            self.add_error("capacity_min", _("The smallest group is larger than the most people."))
        if set(said.get("facilities") or ()) & set(said.get("no_facilities") or ()):
            self.add_error("no_facilities", _("Something stands in both lists. Take it out of one."))
        if not said.get("capacity") and not said.get("area_m2") and not self.errors:
            self.add_error("capacity", _("Say how many people fit, or how large the space is."))
        return said


class WholeForm(forms.Form):
    """The space as a whole, for months or years."""

    condition = forms.CharField(
        label=_("In which condition is the space?"), required=False, widget=Rows(attrs={"rows": 3})
    )
    works_needed = forms.CharField(label=_("Which works are needed?"), required=False, widget=Rows(attrs={"rows": 3}))
    permitted_use = forms.CharField(
        label=_("Which use does the zoning permit?"), required=False, widget=Rows(attrs={"rows": 3})
    )
    rent_basis = forms.CharField(label=_("What is the rent based on?"), required=False, widget=Rows(attrs={"rows": 3}))
    approvals = forms.CharField(
        label=_("Who must approve on your side?"),
        help_text=_("For example the residents' meeting, the board, the municipality."),
        required=False,
        widget=Rows(attrs={"rows": 3}),
    )


class CalendarForm(forms.Form):
    """The host's own calendar: a file, or an address that is read again and again."""

    file = forms.FileField(label=_("Calendar file (.ics)"), required=False)
    url = forms.CharField(
        label=_("Or the address of the calendar"),
        help_text=_("It begins with https:// and is read again every hour. Only the times are kept, no titles."),
        required=False,
        max_length=500,
    )

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask for one of the two."""
        said = super().clean() or {}
        if not said.get("file") and not said.get("url"):
            self.add_error("file", _("Choose a file, or give an address."))
        return said


class PhotoForm(forms.Form):
    """A photo, with a sentence for those who cannot see it."""

    photo = forms.FileField(label=_("Photo (JPEG, PNG or WebP)"))
    description = forms.CharField(
        label=_("What is to be seen?"), help_text=_("For people who cannot see the photo."), max_length=200
    )


class NameForm(forms.Form):
    """The name of the next room."""

    name = forms.CharField(label=_("What is the next room called?"), max_length=120)


class RulesForm(forms.Form):
    """House rules, which everybody reads, and how to get in, which only groups with an agreement read."""

    house_rules = forms.CharField(
        label=_("House rules"),
        help_text=_("Everybody reads them before they ask."),
        required=False,
        max_length=4000,
        widget=Rows(attrs={"rows": 5}),
    )
    access_notes = forms.CharField(
        label=_("How does one get in?"),
        help_text=_("Only for groups you have an agreement with."),
        max_length=1000,
        required=False,
        widget=Rows(attrs={"rows": 3}),
    )
