"""Every component of the house with its variants, for those who make pages and those who check them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meervoud.core.engine.types.vocabulary import SPACE_KINDS

SAMPLE_MOMENT: Final = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name of the activity"), help_text=_("For example: language café."))
    email = forms.EmailField(label=_("E-mail address"))
    people = forms.IntegerField(label=_("How many people"), min_value=1)
    day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of space"), choices=[("hall", _("A hall")), ("room", _("A room"))], required=False
    )
    loud = forms.ChoiceField(
        label=_("How loud does it get?"),
        help_text=_("Think of the loudest moment."),
        choices=[("quiet", _("We talk quietly")), ("talk", _("We talk")), ("loud", _("We make music"))],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("What must be there?"),
        choices=[("kitchen", _("A kitchen")), ("toilet", _("A toilet")), ("wifi", _("Internet"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    about = forms.CharField(label=_("What do you do?"), widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label=_("We follow the house rules"), help_text=_("You can read them again later."))


def _card(kind: str, **values: Any) -> SimpleNamespace:  # Any: whatever the card shows
    return SimpleNamespace(id=kind, url="#", kind=kind, name=_("The large room"), **values)


def _samples() -> dict[str, object]:
    full = _card(
        "meeting_room",
        neighbourhood="Havenkwartier",
        capacity=24,
        area=62.0,
        when=_("weekday evenings"),
        price=_("free"),
        facts=[_("step-free"), _("kitchen")],
        certainty=_("Fits"),
        certainty_kind="good",
        distance="650 m",
        reasons=[_("Free on all the evenings you ask for.")],
        is_made_up=True,
    )
    tasks = [
        {"title": _("Say where the space is"), "url": "#", "status": "done"},
        {"title": _("Say when it is free"), "hint": _("A week grid helps you."), "url": "#", "status": "doing"},
        {"title": _("Add photos"), "url": "#", "status": "todo"},
        {"title": _("Put it online"), "status": "locked", "why": _("First complete the other tasks.")},
    ]
    return {
        "cards": [full, *(_card(kind, capacity=12) for kind in SPACE_KINDS)],
        "tasks": tasks,
        "rows": [
            {"key": _("Space"), "value": _("The large room"), "url": "#"},
            {"key": _("Price"), "value": "", "url": "#"},
        ],
        "facts": [
            {"key": _("Most people"), "value": "24", "icon": "users"},
            {"key": _("Floor area"), "value": "62 m2", "icon": "ruler"},
            {"key": _("Step-free access"), "value": "", "icon": "accessibility"},
        ],
        "numbers": [
            {"value": "2842", "what": _("usage hours"), "meaning": _("Hours that really took place.")},
            {"value": "0", "what": _("spaces to borrow"), "meaning": _("No host has put a space online yet.")},
        ],
        "conversation": [
            {"author": "Noor", "organisation": "Koor Zilver", "at": SAMPLE_MOMENT, "text": _("May we come on Tuesday?"), "is_made_up": True},
            {"author": "", "at": SAMPLE_MOMENT, "text": _("Yes, you are welcome."), "is_mine": True},
            {"author": "Meervoud", "at": SAMPLE_MOMENT, "text": _("The agreement is signed."), "is_system": True},
        ],
    }  # fmt: skip


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show the gallery."""
    more = {
        "form": SampleForm(),
        "wrong_form": SampleForm({"email": "nobody", "people": "0"}, auto_id="wrong_%s"),
        "chosen": {f"{day}-{half}" for day in range(5) for half in range(36, 44)},
        "states": {f"{day}-{half}": "free" for day in range(4) for half in range(36, 44)}
        | {f"2-{half}": "taken" for half in range(38, 42)}
        | {f"3-{half}": "chosen" for half in range(38, 42)},
        "first_page": {"number": 1, "pages": 4, "next_url": "#"},
        "middle_page": {"number": 2, "pages": 4, "previous_url": "#", "next_url": "#"},
        "crumbs": [{"text": _("Find space"), "url": "#"}, {"text": "Havenkwartier", "url": "#"}],
        "moment": SAMPLE_MOMENT,
    }
    return render(request, "pages/components.html", _samples() | more)
