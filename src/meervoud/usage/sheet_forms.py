"""Forms about a building: who reads its sheet, what happened, and how that was settled."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.lib.images import MOST_BYTES
from meervoud.parties.models.people import LANGUAGES
from meervoud.usage.incidents import MOST_HOW, MOST_LETTERS, Happened
from meervoud.usage.models import Incident, SheetReader


class ReaderForm(forms.Form):
    """Who reads the sheet of a building."""

    role = forms.ChoiceField(label=_("What do they do there?"), choices=SheetReader.Role.choices)
    name = forms.CharField(label=_("Name"), help_text=_("A name or a desk, like “Reception”."), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("They get the sheet of tomorrow at noon, and every change. Without it they use the link only."),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class HappenedForm(forms.Form):
    """What happened, with a photo."""

    about = forms.ChoiceField(label=_("Where or when?"), choices=())
    kind = forms.ChoiceField(label=_("What happened?"), choices=Incident.Kind.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In words"),
        help_text=_("Name nobody: both sides of the moment read this."),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photo = forms.FileField(
        label=_("Photo (JPEG, PNG or WebP)"), help_text=_("We keep the picture only. Show no people."), required=False
    )
    key = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=64)

    def __init__(self, data: Any = None, files: Any = None, *, about: Sequence[tuple[str, str]], **rest: Any) -> None:
        """Offer what it can be about, and give each page a key of its own: Any is Django's own."""
        super().__init__(data, files, **rest)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # it is declared so above
        field.choices = list(about)
        if len(about) < 2:
            del self.fields["about"]
        self.fields["key"].initial = uuid4().hex

    def happened(self, by: Any = None, reader: Any = None) -> Happened:  # Any: a Person, a SheetReader or nobody
        """Return what was said."""
        said = self.cleaned_data
        photo = said["photo"].read(MOST_BYTES + 1) if said.get("photo") else b""
        return Happened(said["kind"], said["note"], said["key"], by, reader, photo)


class SettleForm(forms.Form):
    """How it was settled."""

    how = forms.CharField(label=_("How was it settled?"), max_length=MOST_HOW, widget=forms.Textarea(attrs={"rows": 2}))
