"""A share that is taken off: one of five steps with a sentence, or a range of one's own; always with a reason."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OWN: Final = "own"
HALF_STEP: Final = 12.5
WHOLE: Final = 100
STEPS: Final = (
    ("", gettext_lazy("choose")),
    ("0", gettext_lazy("nothing: 0 percent")),
    ("25", gettext_lazy("a small part: about 25 percent")),
    ("50", gettext_lazy("about half: 50 percent")),
    ("75", gettext_lazy("most of it: about 75 percent")),
    ("100", gettext_lazy("all of it: 100 percent")),
    (OWN, gettext_lazy("a range of my own, below")),
)
SHARES: Final = {
    "deadweight": gettext_lazy("What would have happened anyway (deadweight)"),
    "displacement": gettext_lazy("What only moved from elsewhere (displacement)"),
    "attribution_to_others": gettext_lazy("What others brought about (share of others)"),
    "drop_off": gettext_lazy("What is gone each later year (drop-off)"),
}
_NUMBERS: Final = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
Said = dict[str, Any]  # Any: JSON: low, likely, high in percent, and a reason


def share_fields(name: str) -> dict[str, forms.Field]:
    """Return the three fields of a share, by name."""
    return {
        name: forms.ChoiceField(label=SHARES[name], choices=STEPS, required=False),
        f"{name}_own": forms.CharField(
            label=gettext_lazy("Own range: lowest, likely and highest percentage"),
            required=False,
            max_length=40,
            help_text=gettext_lazy("Three numbers, such as 10 20 40."),
        ),
        f"{name}_reason": forms.CharField(label=gettext_lazy("Why this much?"), required=False, max_length=300),
    }


def initial_of(name: str, said: Said) -> dict[str, Any]:  # Any: initial values
    """Return what stands in the fields of a share that was kept."""
    if said.get("likely") is None:
        return {f"{name}_reason": said.get("reason", "")}
    choice = said.get("step") or OWN
    own = " ".join(f"{said[each]:g}" for each in ("low", "likely", "high")) if choice == OWN else ""
    return {name: choice, f"{name}_own": own, f"{name}_reason": said.get("reason", "")}


def clean_share(form: forms.Form, name: str) -> Said:
    """Return a share as it is kept; its mistakes are added to the form."""
    said: Mapping[str, Any] = form.cleaned_data  # Any: the values of fields
    choice, reason = said.get(name, ""), said.get(f"{name}_reason", "")
    if not choice:
        return {"low": None, "likely": None, "high": None, "reason": reason}
    if choice != OWN:
        likely = float(choice)
        low, high = max(likely - HALF_STEP, 0.0), min(likely + HALF_STEP, float(WHOLE))
        return {"step": choice, "low": low, "likely": likely, "high": high, "reason": reason}
    numbers = [float(each.replace(",", ".")) for each in _NUMBERS.findall(said.get(f"{name}_own", ""))]
    if len(numbers) != len(("low", "likely", "high")) or sorted(numbers) != numbers or numbers[-1] > WHOLE:
        form.add_error(f"{name}_own", _("Write three percentages from low to high, at most 100, such as 10 20 40."))
        return {"low": None, "likely": None, "high": None, "reason": reason}
    low, likely, high = numbers
    return {"low": low, "likely": likely, "high": high, "reason": reason}
