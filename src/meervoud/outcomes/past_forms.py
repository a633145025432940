"""The form for a sheet of use from before."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from meervoud.core.errors import InputError
from meervoud.lib.saying import say_error
from meervoud.outcomes.past_imports import MOST_SOURCE
from meervoud.outcomes.past_sheets import ENDINGS, check_past_file


class PastSheetForm(forms.Form):
    """A sheet, and where its figures come from."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("CSV or Excel (.xlsx), at most 10 MB and 50,000 rows."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    source = forms.CharField(
        label=_("Where do these figures come from?"),
        help_text=_("Such as: the list that the desk kept in 2024."),
        max_length=MOST_SOURCE,
    )

    def clean_file(self) -> "UploadedFile[Any]":  # Any: bytes or text, says Django
        """Refuse what is too large or of another kind, in a sentence."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_past_file(given.name or "", given.size or 0)
        except InputError as error:
            raise forms.ValidationError(say_error(error)) from error
        return given
