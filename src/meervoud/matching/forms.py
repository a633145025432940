"""What a search can ask besides the three questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.spaces import Price
from meervoud.core.engine.types.vocabulary import FACILITIES, SPACE_KINDS
from meervoud.demand.question_forms import QuestionsForm
from meervoud.lib.saying import words_of
from meervoud.matching.queries import Asked


class FindForm(QuestionsForm):
    """Filters of the page where everybody finds space; sent by GET, so that a search is an address."""

    words = forms.CharField(label=_("Search for"), required=False, max_length=80)
    kinds = forms.MultipleChoiceField(
        label=_("Kind of space"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    facilities = forms.MultipleChoiceField(
        label=_("What must be there?"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    step_free = forms.BooleanField(label=_("Step-free access is needed"), required=False)
    free = forms.BooleanField(label=_("It must be free"), required=False)
    whole = forms.BooleanField(label=_("As a whole, for months or years"), required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:  # Any: Django's own values
        """Fill in the closed lists, in the language of the page."""
        super().__init__(*args, **rest)
        self.choose("kinds", words_of("kinds", SPACE_KINDS))
        self.choose("facilities", words_of("facilities", FACILITIES))

    @staticmethod
    def empty_request() -> Request:
        """Return a request that asks nothing: every space fits."""
        return Request(id="search")

    def asked(self) -> Asked:
        """Return what is asked, for the engine.

        Raises:
            InputError: the length does not fit between the times.
        """
        said = self.cleaned_data
        position, metres = self.position()
        people = said.get("people") or 0
        return Asked(
            Request(
                id="search",
                position=position,
                max_metres=metres,
                group_min=people,
                group_max=people,
                facilities=frozenset(said.get("facilities") or ()),
                step_free=bool(said.get("step_free")),
                budget=Price(0, self.programme.currency) if said.get("free") else None,
                needs=self.needs(),
            ),
            words=said.get("words") or "",
            kinds=frozenset(said.get("kinds") or ()),
            only_whole=bool(said.get("whole")),
        )
