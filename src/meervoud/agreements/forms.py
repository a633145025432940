"""Forms of agreements: the terms, what a side thinks, and approvals."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.drafting import ENDS, INSURED, PER, PRICE_KINDS, WAYS, WHO
from meervoud.agreements.models import Approval, Consent, Kind
from meervoud.agreements.terms import Access, Money, Terms
from meervoud.matching.models import Side
from meervoud.parties.models.people import LANGUAGES

MOST_CENTS = 100_000_00
LONG = {"rows": 3}
PER_NAMES = {"hour": _("an hour"), "month": _("a month"), "time": _("each time")}


def euros(label: Any) -> forms.DecimalField:  # Any: a lazy text
    """Return a field for an amount."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=MOST_CENTS // 100, decimal_places=2, max_digits=9, required=False
    )


class TermsForm(forms.Form):
    """The terms that people settle; when and where came with the proposal."""

    kind = forms.ChoiceField(label=_("kind of contract"), choices=Kind.choices)
    people = forms.IntegerField(label=_("People at most"), min_value=1, max_value=100_000)
    price_kind = forms.ChoiceField(label=_("Who pays what"), choices=[("free", _("nothing")), *PRICE_KINDS.items()])
    price = euros(_("Amount"))
    per = forms.ChoiceField(label=_("Per"), choices=list(PER_NAMES.items()))
    deposit = euros(_("Deposit"))
    opens = forms.ChoiceField(label=_("Who opens"), choices=list(WHO.items()))
    closes = forms.ChoiceField(label=_("Who closes"), choices=list(WHO.items()))
    way = forms.ChoiceField(label=_("How people come in"), choices=list(WAYS.items()))
    house_rules = forms.CharField(
        label=_("House rules"), max_length=4000, required=False, widget=forms.Textarea(attrs=LONG)
    )
    insured = forms.ChoiceField(label=_("Whose insurance covers damage"), choices=list(INSURED.items()))
    emergency = forms.CharField(
        label=_("If something happens"),
        help_text=_("Where people gather, whom to call, where the first-aid box is."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )
    cancel_days = forms.IntegerField(label=_("Cancel a moment until so many days before"), min_value=0, max_value=60)
    notice_days = forms.IntegerField(label=_("Days of notice to end the agreement"), min_value=0, max_value=730)
    is_trial = forms.BooleanField(
        label=_("Begin with one trial evening"),
        help_text=_("After it both sides say whether they go on. The other time is kept until then."),
        required=False,
    )
    in_return = forms.CharField(
        label=_("What the group does in return"), max_length=1000, required=False, widget=forms.Textarea(attrs=LONG)
    )
    end = forms.ChoiceField(label=_("What happens at the end"), choices=list(ENDS.items()), widget=forms.RadioSelect)
    end_text = forms.CharField(
        label=_("More about the end"), max_length=1000, required=False, widget=forms.Textarea(attrs=LONG)
    )
    other = forms.CharField(
        label=_("What else you agree on"), max_length=2000, required=False, widget=forms.Textarea(attrs=LONG)
    )
    note = forms.CharField(label=_("What you changed, in a few words"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Ask for an amount where something is paid."""
        found = super().clean() or {}
        if found.get("price_kind") not in (None, "free") and not found.get("price"):
            self.add_error("price", _("Write how much, or choose that nothing is paid."))
        return found

    def leave_out_trial(self) -> None:
        """Take away what cannot change once an agreement was signed."""
        del self.fields["is_trial"]

    def terms(self, before: Terms) -> Terms:
        """Return the terms as they are filled in."""
        said = self.cleaned_data
        is_free = said["price_kind"] == "free"
        money = Money(
            kind=said["price_kind"],
            currency=before.money.currency,
            cents=0 if is_free else _cents(said["price"]),
            per=said["per"],
            deposit_cents=_cents(said["deposit"]),
        )
        access = Access(said["way"], said["opens"], said["closes"], before.access.minutes_before)
        same = {
            name: said[name]
            for name in (
                *("kind", "people", "house_rules", "insured", "emergency", "cancel_days", "notice_days"),
                *("in_return", "end", "end_text", "other", "is_trial"),
            )
            if name in said
        }
        return replace(before, money=money, access=access, **{"is_trial": before.is_trial, **same})


def _cents(amount: Any) -> int:  # Any: a Decimal or nothing
    return round(amount * 100) if amount else 0


def initial_of(terms: Terms) -> dict[str, Any]:  # Any: the values of fields
    """Return what the form of the terms begins with."""
    money, access = terms.money, terms.access
    return {
        "kind": terms.kind,
        "people": terms.people,
        "price_kind": money.kind,
        "price": f"{money.cents / 100:.2f}" if money.cents else "",
        "per": money.per if money.per in PER else "hour",
        "deposit": f"{money.deposit_cents / 100:.2f}" if money.deposit_cents else "",
        "opens": access.opens,
        "closes": access.closes,
        "way": access.way,
        "house_rules": terms.house_rules,
        "insured": terms.insured,
        "emergency": terms.emergency,
        "cancel_days": terms.cancel_days,
        "notice_days": terms.notice_days,
        "in_return": terms.in_return,
        "end": terms.end,
        "end_text": terms.end_text,
        "other": terms.other,
        "is_trial": terms.is_trial,
    }


class ClauseForm(forms.Form):
    """The words of one clause."""

    text = forms.CharField(
        label=_("The words of this clause"), max_length=6000, widget=forms.Textarea(attrs={"rows": 10})
    )
    note = forms.CharField(label=_("What you changed, in a few words"), max_length=300, required=False)


class PaperForm(forms.Form):
    """Paper that one side signed."""

    side = forms.ChoiceField(label=_("Who signed it?"), choices=Side.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("The signed paper"),
        help_text=_("A PDF, JPEG or PNG of at most 10 MB. Of a photograph we keep the picture only."),
    )

    def __init__(self, *args: Any, sides: tuple[str, ...], **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["side"]
        field.choices = [each for each in Side.choices if each[0] in sides]  # type: ignore[attr-defined]  # a ChoiceField
        if len(sides) == 1:
            field.initial, field.widget = sides[0], forms.HiddenInput()


class ContractForm(forms.Form):
    """A contract in Word, and the language it is in."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    file = forms.FileField(label=_("The contract (.docx)"), help_text=_("At most 2 MB, without macros."))


class SuggestedForm(forms.Form):
    """Who normally has a say."""

    keys = forms.MultipleChoiceField(
        label=_("Leave out whoever has no say with you"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["keys"]
        field.choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField
        field.initial = [key for key, _name in choices]


class ConsentForm(forms.Form):
    """What a side thinks of a version."""

    kind = forms.ChoiceField(
        label=_("What do you think of it?"), choices=Consent.Kind.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why, if you have a concern or object"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )


class NeededForm(forms.Form):
    """Whom a side has to ask."""

    who = forms.ChoiceField(label=_("Who must approve?"), choices=Approval.Who.choices)
    name = forms.CharField(label=_("Their name"), max_length=120, required=False)
    due_on = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    is_required = forms.BooleanField(label=_("Nobody signs before they have approved"), required=False, initial=True)


class ApprovedForm(forms.Form):
    """What they said."""

    answer = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[each for each in Approval.Answer.choices if each[0]],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("On which day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("Until when it holds"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        help_text=_("They become part of the contract."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )
    minutes = forms.FileField(
        label=_("The minutes"),
        help_text=_("A PDF, JPEG or PNG of at most 10 MB. Only your side and the desk see them."),
        required=False,
    )
