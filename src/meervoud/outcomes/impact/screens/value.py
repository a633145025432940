"""Step 8: which changes get a price, what was put in, and in which money and year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.impact.valuation.case import Payer, ProxyKind
from meervoud.files.impact.prices import read_proxies
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.measures import LEDGER, name_of_measure, unit_of
from meervoud.outcomes.impact.screens.screen import RowForm, Screen, ids_for, rows_of
from meervoud.outcomes.models import Step

LARGEST: Final = Decimal(10) ** 12
BASE_YEAR: Final = 2024
"""The latest year that the price indexes of the parameters reach."""
KINDS: Final = (
    (ProxyKind.OTHER, gettext_lazy("something else")),
    (ProxyKind.WELLBEING, gettext_lazy("how people feel (wellbeing)")),
    (ProxyKind.CARE_COST, gettext_lazy("costs of care")),
    (ProxyKind.VOLUNTEER_HOURS, gettext_lazy("hours of volunteers")),
    (ProxyKind.RENT, gettext_lazy("rent of rooms")),
    (ProxyKind.QALY, gettext_lazy("years in health")),
)
PAYERS: Final = (
    (Payer.PERSON, gettext_lazy("the people themselves")),
    (Payer.ORGANISATION, gettext_lazy("an organisation")),
    (Payer.MUNICIPALITY, gettext_lazy("the municipality")),
    (Payer.REGION, gettext_lazy("the region")),
    (Payer.STATE, gettext_lazy("the state")),
)


def _amount(label: Any, *, least: int | None = 0) -> forms.DecimalField:  # Any: words that are translated later
    return forms.DecimalField(
        label=label, min_value=least, max_value=LARGEST, decimal_places=4, max_digits=20, required=False
    )


class ClaimForm(RowForm):
    """One outcome for one group: how many people, and the price of one unit."""

    id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    proxy = forms.ChoiceField(label=gettext_lazy("Which price?"), required=False)
    people = forms.IntegerField(
        label=gettext_lazy("For how many people do you claim it?"),
        min_value=0,
        max_value=10**7,
        required=False,
        help_text=gettext_lazy("The ledger says how many can have come often enough. More than that does not count."),
    )
    low = _amount(gettext_lazy("Your own estimate for each person, by how much it gets better: lowest"), least=None)
    likely = _amount(gettext_lazy("most likely"), least=None)
    high = _amount(gettext_lazy("highest"), least=None)
    payer = forms.ChoiceField(label=gettext_lazy("Who has the benefit?"), choices=PAYERS)
    is_transfer = forms.BooleanField(
        label=gettext_lazy("It only moves money from one to another, such as a benefit that is saved"), required=False
    )
    why_unusual = forms.CharField(
        label=gettext_lazy("Is a share outside what most reports have? Why is it right here?"),
        max_length=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:  # Any: words and numbers
        """Refuse an estimate that is not in order."""
        said: dict[str, Any] = super().clean() or {}
        given = [each for name in ("low", "likely", "high") if (each := said.get(name)) is not None]
        if given and (len(given) < len(("low", "likely", "high")) or sorted(given) != given):
            self.add_error("likely", _("Give the lowest, the most likely and the highest, in this order."))
        return said


class PriceForm(RowForm):
    """A price of one's own: with its unit, year and source."""

    name = forms.CharField(label=gettext_lazy("What is it a price of?"), max_length=80)
    unit = forms.CharField(
        label=gettext_lazy("Unit"), max_length=60, help_text=gettext_lazy("Exactly as the outcome is counted.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind of price is it?"), choices=KINDS)
    low = _amount(gettext_lazy("Lowest"))
    value = forms.DecimalField(label=gettext_lazy("Most likely"), min_value=0, max_value=LARGEST, decimal_places=4)
    high = _amount(gettext_lazy("Highest"))
    currency = forms.RegexField(label=gettext_lazy("Currency, such as EUR"), regex=r"^[A-Z]{3}$", max_length=3)
    price_year = forms.IntegerField(
        label=gettext_lazy("Of which year is this price?"), min_value=1950, max_value=2100, required=False
    )
    source = forms.CharField(label=gettext_lazy("Where did you read it?"), max_length=300, required=False)


class InputForm(RowForm):
    """Something that was put in."""

    name = forms.CharField(label=gettext_lazy("What was put in?"), max_length=80)
    stakeholder = forms.ChoiceField(label=gettext_lazy("By whom?"))
    kind = forms.ChoiceField(label=gettext_lazy("What kind of input is it?"), choices=KINDS)
    low = _amount(gettext_lazy("Lowest amount"))
    likely = forms.DecimalField(
        label=gettext_lazy("Most likely amount"), min_value=0, max_value=LARGEST, decimal_places=2
    )
    high = _amount(gettext_lazy("Highest amount"))
    price_year = forms.IntegerField(label=gettext_lazy("In prices of which year?"), min_value=1950, max_value=2100)


class RateForm(RowForm):
    """A rate between two moneys, or two countries, with its source."""

    of = forms.RegexField(
        label=gettext_lazy("From: a currency, or a country for purchasing power"), regex=r"^[A-Z]{2,3}$", max_length=3
    )
    into = forms.RegexField(label=gettext_lazy("To"), regex=r"^[A-Z]{2,3}$", max_length=3)
    rate = forms.DecimalField(
        label=gettext_lazy("One of the first is so many of the second"), min_value=0, decimal_places=6, max_digits=16
    )
    year = forms.IntegerField(label=gettext_lazy("Average of which year?"), min_value=1950, max_value=2100)
    source = forms.CharField(label=gettext_lazy("Where did you read it?"), max_length=300)


class TermsForm(forms.Form):
    """In prices of which year, and how far ahead."""

    base_year = forms.IntegerField(
        label=gettext_lazy("In prices of which year?"), min_value=1990, max_value=2100, initial=BASE_YEAR
    )
    horizon = forms.IntegerField(
        label=gettext_lazy("How many years do you look ahead?"), min_value=1, max_value=60, initial=5
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed of the draws"),
        min_value=0,
        max_value=2**31,
        initial=1,
        help_text=gettext_lazy("Any number. The same seed gives the same result to whoever checks it."),
    )

    discount = forms.DecimalField(
        label=gettext_lazy("Your own discount rate, in percent a year"),
        min_value=0,
        max_value=20,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy(
            "By how much money of a later year counts less. Leave it open for the rate of your country, if Meervoud knows one."
        ),
    )
    discount_source = forms.CharField(
        label=gettext_lazy("Where did you read this rate?"), max_length=300, required=False
    )

    def clean(self) -> dict[str, Any]:  # Any: numbers and words
        """Refuse a rate of one's own that nobody can look up."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("discount") is not None and not said.get("discount_source"):
            self.add_error("discount_source", _("Say where you read this rate, so that others can look it up."))
        return said


PriceRows, InputRows, RateRows = rows_of(PriceForm), rows_of(InputForm), rows_of(RateForm)
ClaimRows = forms.formset_factory(ClaimForm, extra=0, max_num=200, absolute_max=200)


class ValueScreen(Screen):
    """The screen of step 8."""

    step = Step.VALUE
    template = "outcomes/impact/value.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        said = self.before
        self.pairs = list(self._pairs())
        kept = {(each["outcome"], each["stakeholder"]): each for each in said.get("claims", [])}
        keys = [f"{outcome}-{group}" for outcome, group, _measure in self.pairs]
        rows = [{**kept.get(pair[:2], {}), "id": key} for key, pair in zip(keys, self.pairs, strict=True)]
        self.claims = ClaimRows(self.data, prefix="claims", initial=rows)
        self.prices = PriceRows(self.data, prefix="prices", initial=said.get("prices", []))
        self.inputs = InputRows(self.data, prefix="inputs", initial=said.get("inputs", []))
        self.rates = RateRows(self.data, prefix="rates", initial=said.get("rates", []))
        self.terms = TermsForm(
            self.data, prefix="terms", initial=said.get("terms") or {"base_year": self._usual_year()}
        )
        self._set_choices()

    def _usual_year(self) -> int:
        last = self.book.content(Step.SCOPE).get("last")
        return min(date.fromisoformat(last).year, BASE_YEAR) if last else BASE_YEAR

    def _pairs(self) -> Iterator[tuple[str, str, str]]:
        """Yield each outcome that was netted down, for each group it is for, with its measure."""
        netted = {each["outcome"] for each in self.book.rows(Step.NETTING, "outcomes")}
        groups, outcomes = self.book.stakeholders, self.book.outcomes
        for each in self.book.rows(Step.INDICATORS, "outcomes"):
            outcome = each["outcome"]
            if outcome in netted and outcome in outcomes and each.get("indicator"):
                for group in outcomes[outcome].get("stakeholders", []):
                    if group in groups:
                        yield outcome, group, each["indicator"]

    def _set_choices(self) -> None:
        own = [(each["id"], each["name"]) for each in self.before.get("prices", [])]
        known = [
            (code, f"{code}: {each.value:f} {each.currency} / {each.unit}") for code, each in read_proxies().items()
        ]
        choices = [("", _("not valued")), (_("prices of your own"), own), (_("published prices"), known)]
        for form in self.claims.forms:
            form.fields["proxy"].choices = choices  # type: ignore[attr-defined]  # choices
        for row in self.inputs.forms:
            row.fields["stakeholder"].choices = list(self.book.stakeholders.items())  # type: ignore[attr-defined]  # choices

    def forms(self) -> list[forms.BaseForm]:
        """Return the forms of the page."""
        lists = (self.claims, self.prices, self.inputs, self.rates)
        return [*(form for each in lists for form in each.forms), self.terms]

    def is_valid(self) -> bool:
        """Say whether everything is right in itself; whether it belongs together is said where it is computed."""
        lists = (self.claims, self.prices, self.inputs, self.rates)
        return all([self.edits.is_valid(), self.terms.is_valid(), *(each.is_valid() for each in lists)])

    def content(self) -> Content:
        """Return claims with a price, prices, inputs, rates and terms; numbers as text, so that none is rounded."""
        pairs = {f"{outcome}-{group}": (outcome, group) for outcome, group, _measure in self.pairs}
        claims = []
        for form in self.claims.forms:
            said = _texts(form.cleaned_data)
            key = said.pop("id", "")
            if key in pairs and said["proxy"]:
                outcome, group = pairs[key]
                claims.append({"outcome": outcome, "stakeholder": group, **said})
        return {
            "claims": claims,
            "prices": _with_ids(self.prices.kept(), "p", self.before.get("prices", [])),
            "inputs": _with_ids(self.inputs.kept(), "i", self.before.get("inputs", [])),
            "rates": _with_ids(self.rates.kept(), "r", self.before.get("rates", [])),
            "terms": _texts(self.terms.cleaned_data),
        }

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the rows, and the newest runs."""
        names, groups = self.book.outcome_names, self.book.stakeholders
        shown = [
            {
                "form": form,
                "name": names[outcome],
                "group": groups[group],
                "measure": name_of_measure(measure),
                "unit": unit_of(measure),
                "is_counted": measure in LEDGER,
            }
            for form, (outcome, group, measure) in zip(self.claims.forms, self.pairs, strict=False)
        ]
        lists = {"prices": self.prices, "inputs": self.inputs, "rates": self.rates}
        return {
            "claims": self.claims,
            "shown": shown,
            "terms": self.terms,
            **lists,
            "runs": self.book.plan.runs.all()[:10],
        }


def _texts(said: dict[str, Any]) -> dict[str, Any]:  # Any: the values of a form, as JSON
    return {name: str(each) if isinstance(each, Decimal) else each for name, each in said.items()}


def _with_ids(rows: Iterator[dict[str, Any]], letter: str, before: list[Content]) -> list[Content]:  # Any: rows
    kept = [_texts(row) for row in rows]
    known = [each["id"] for each in before]
    return [{**row, "id": new} for row, new in zip(kept, ids_for(kept, letter, known), strict=True)]
