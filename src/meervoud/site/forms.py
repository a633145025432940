"""Forms of the front door."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meervoud.parties.models import Person


class SignupForm(forms.Form):
    """What an account asks besides the e-mail address."""

    name = forms.CharField(label=_("Your name"), max_length=120)

    def __init__(self, *args: Any, **rest: Any) -> None:  # Any: Django's own values
        """Tell password managers which field is the account."""
        super().__init__(*args, **rest)
        if "email" in self.fields:
            self.fields["email"].widget.attrs["autocomplete"] = "username"

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Keep the name and the language of the page."""
        user.name = self.cleaned_data["name"]
        user.language = getattr(request, "LANGUAGE_CODE", "nl")
        user.save(update_fields=["name", "language"])
