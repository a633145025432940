"""Step 7: what changed, and what of it is left once one takes off what would have happened anyway."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.demand.models.requests import MeetsNow
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.collecting import Measured, measured
from meervoud.outcomes.impact.effect_words import say_effect
from meervoud.outcomes.impact.measures import name_of_measure
from meervoud.outcomes.impact.report_facts import effect_facts
from meervoud.outcomes.impact.screens.screen import RowForm, Screen
from meervoud.outcomes.impact.screens.shares import SHARES, clean_share, initial_of, share_fields
from meervoud.outcomes.models import Step

MOST_YEARS: Final = 30
STARTS_FROM: Final = {
    MeetsNow.NOWHERE: ("0", gettext_lazy("The group met nowhere before it found this room.")),
    MeetsNow.ENDING_ROOM: ("25", gettext_lazy("The group met in a room that ended.")),
    MeetsNow.AT_HOME: ("50", gettext_lazy("The group met at somebody's home before.")),
    MeetsNow.PAID_ROOM: ("75", gettext_lazy("The group met before, in a room it paid for.")),
}
"""Where a group met before says how much would have happened anyway: a place to start, which the group can change."""


class NettingForm(RowForm):
    """One outcome: what is taken off, and how long it lasts."""

    years = forms.IntegerField(
        label=gettext_lazy("How many years does the change last?"), min_value=1, max_value=MOST_YEARS, initial=1
    )
    starts_after = forms.TypedChoiceField(
        label=gettext_lazy("When does it begin?"),
        choices=((0, gettext_lazy("in the same year")), (1, gettext_lazy("a year later"))),
        coerce=int,
    )

    def __init__(self, *args: Any, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        for name in SHARES:
            self.fields.update(share_fields(name))

    def clean(self) -> dict[str, Any]:  # Any: shares and numbers
        """Turn each share into a range with its reason."""
        said: dict[str, Any] = super().clean() or {}
        self.shares = {name: clean_share(self, name) for name in SHARES}
        return said


NettingRows = forms.formset_factory(NettingForm, extra=0, max_num=200, absolute_max=200)


class NettingScreen(Screen):
    """The screen of step 7."""

    step = Step.NETTING
    template = "outcomes/impact/netting.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        self.said = {each["outcome"]: each for each in self.before.get("outcomes", [])}
        names = self.book.outcome_names
        self.wanted = {
            each["outcome"]: each["indicator"]
            for each in self.book.rows(Step.INDICATORS, "outcomes")
            if each.get("indicator") and not each.get("dropped_because") and each["outcome"] in names
        }
        self.measured = measured(self.book)
        initial = [self._initial(outcome) for outcome in self.wanted]
        self.rows = NettingRows(self.data, prefix="outcomes", initial=initial)

    def _initial(self, outcome: str) -> dict[str, Any]:  # Any: initial values
        kept = self.said.get(outcome)
        found: dict[str, Any] = {"id": outcome, "years": 1, "starts_after": 0}
        if kept is None:
            return found | self._start_of_deadweight()
        found |= {name: kept[name] for name in ("years", "starts_after")}
        for name in SHARES:
            found |= initial_of(name, kept.get(name, {}))
        return found

    def _start_of_deadweight(self) -> dict[str, str]:
        request = self.book.plan.request
        step, reason = STARTS_FROM.get(request.meets_now, ("", "")) if request else ("", "")  # type: ignore[call-overload]  # a choice or ""
        return {"deadweight": step, "deadweight_reason": str(reason)}

    def forms(self) -> list[forms.BaseForm]:
        """Return a form for each outcome that is measured."""
        return list(self.rows.forms)

    def is_valid(self) -> bool:
        """Say whether all rows are right."""
        return self.edits.is_valid() and self.rows.is_valid()

    def content(self) -> Content:
        """Return shares, years and reasons of each outcome."""
        found = dict[str, Content]()
        for form in self.rows.forms:
            outcome = form.cleaned_data.get("id", "")
            if outcome in self.wanted:
                numbers = {name: form.cleaned_data[name] for name in ("years", "starts_after")}
                found[outcome] = {"outcome": outcome, **numbers, **form.shares}
        return {"outcomes": [found[each] for each in self.wanted if each in found]}

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the rows with what was measured of each outcome."""
        names = self.book.outcome_names
        shown = [
            {
                "form": form,
                "name": names[outcome],
                "measure": name_of_measure(indicator),
                "effect": say_effect(indicator, effect_facts(self.measured[indicator]))
                if indicator in self.measured
                else "",
                "compared": _say_compared(self.measured.get(indicator)),
                "shares": [
                    {"code": name, "fields": [form[name], form[f"{name}_own"], form[f"{name}_reason"]]}
                    for name in SHARES
                ],
            }
            for form, (outcome, indicator) in zip(self.rows.forms, self.wanted.items(), strict=False)
        ]
        return {"rows": self.rows, "shown": shown}


def _say_compared(found: Measured | None) -> str:
    if found is None or found.difference is None or found.difference.deadweight is None:
        return ""
    share = spoken().percent(found.difference.deadweight)
    return _("Measured with people without the activity: %(share)s would have happened anyway.") % {"share": share}
