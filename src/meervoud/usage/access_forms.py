"""Forms of the page of people and access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models import AccessSecret, AgreementContact
from meervoud.matching.models import Side
from meervoud.usage.plan_forms import day_field

WHY_WORDS = (
    ("locked_out", _("somebody stands before a closed door")),
    ("emergency", _("an emergency")),
    ("check", _("to check that it is right")),
    ("other", _("something else")),
)


class ContactForm(forms.Form):
    """Somebody to call."""

    side = forms.ChoiceField(label=_("For which side?"), choices=Side.choices)
    role = forms.ChoiceField(label=_("What for?"), choices=AgreementContact.Role.choices)
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_me = forms.BooleanField(label=_("That is me"), required=False)

    def __init__(self, *args: Any, sides: tuple[str, ...], **kwargs: Any) -> None:  # Any: Django's own
        """Ask for the side only where somebody speaks for both."""
        super().__init__(*args, **kwargs)
        field = self.fields["side"]
        field.choices = [each for each in Side.choices if each[0] in sides]  # type: ignore[attr-defined]  # a ChoiceField
        if len(sides) == 1:
            field.initial, field.widget = sides[0], forms.HiddenInput()

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Ask for a way to reach them."""
        found = super().clean() or {}
        if not self.errors and not (found.get("phone") or found.get("email")):
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        return found


class SecretForm(forms.Form):
    """What opens a door."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=AccessSecret.Kind.choices)
    text = forms.CharField(label=_("The code or the place"), max_length=300)
    for_side = forms.ChoiceField(label=_("Who needs it?"), choices=Side.choices, initial=Side.ASKER)
    valid_from = day_field(_("Holds from"), required=False)
    valid_until = day_field(_("Holds until"), required=False)

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Refuse days that end before they begin."""
        found = super().clean() or {}
        first, last = found.get("valid_from"), found.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first. Swap the two days."))
        return found


class LookForm(forms.Form):
    """Why the desk looks."""

    why = forms.ChoiceField(label=_("Why do you look?"), choices=WHY_WORDS)
