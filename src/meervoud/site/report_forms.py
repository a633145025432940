"""The form of a report, with two quiet hurdles for programs: an empty field, and a few seconds."""

from typing import Final

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from meervoud.lib.clock import now
from meervoud.parties.models.moderation import Wrong

SALT: Final = "meervoud.site.report"
LEAST_SECONDS: Final = 3
MOST_SECONDS: Final = 86_400


def begun() -> str:
    """Return this moment, signed: when the form was shown."""
    return signing.dumps(int(now().timestamp()), salt=SALT)


class ReportForm(forms.Form):
    """What is wrong."""

    wrong = forms.ChoiceField(label=_("What is wrong?"), choices=Wrong.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In a few words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    begun = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """Refuse what no person fills in: a field that nobody sees, or a form sent at once."""
        said: dict[str, object] = super().clean() or {}
        if self.data.get("homepage") or not self._took_its_time(str(said.get("begun", ""))):
            raise forms.ValidationError(_("That went too fast for us. Wait a few seconds and send it again."))
        return said

    def _took_its_time(self, token: str) -> bool:
        try:
            then = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return False
        return isinstance(then, int) and LEAST_SECONDS <= now().timestamp() - then <= MOST_SECONDS
