"""Beginning a plan: about which activity, organisation or programme, and from which example."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.demand.models import Request
from meervoud.files.impact.examples import example_content, read_examples
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.writing import About
from meervoud.outcomes.models import Step
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole
from meervoud.parties.models.people import LANGUAGES

EMPTY: Final = ""
MOST: Final = 200


class BeginPlanForm(forms.Form):
    """A new plan."""

    about = forms.ChoiceField(label=gettext_lazy("What is it about?"))
    title = forms.CharField(label=gettext_lazy("Name of the plan"), max_length=120)
    example = forms.ChoiceField(
        label=gettext_lazy("Where do you want to start?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "An example fills in the first steps. You change everything that is different with you."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of your texts"), choices=LANGUAGES)

    def __init__(self, *args: Any, person: Person, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.found = _abouts(person)
        self.fields["about"].choices = [(key, label) for key, (label, _about) in self.found.items()]  # type: ignore[attr-defined]  # choices
        examples = [(name, _named(each.names)) for name, each in read_examples().items()]
        self.fields["example"].choices = [(EMPTY, _("From an empty page")), *examples]  # type: ignore[attr-defined]  # choices

    def values(self) -> dict[str, Any]:  # Any: see begin_plan
        """Return what begin_plan needs."""
        said = self.cleaned_data
        return {
            "title": said["title"],
            "about": self.found[said["about"]][1],
            "language": said["language"],
            "example": _steps_of(said["example"]) if said["example"] else None,
        }


def _named(names: Mapping[str, str]) -> str:
    return names.get(spoken().code) or next(iter(names.values()))


def _steps_of(name: str) -> dict[int, Content]:
    found = example_content(read_examples()[name])
    return {
        Step.STAKEHOLDERS: {"stakeholders": found["stakeholders"], "wishes": []},
        Step.THEORY: found["theory"],
        Step.INDICATORS: {"outcomes": found["outcomes"]},
    }


def _abouts(person: Person) -> dict[str, tuple[str, About]]:
    """Return what a person may begin a plan about: own activities, own organisations, programmes they work for."""
    found = dict[str, tuple[str, About]]()
    own = Organisation.objects.of_member(person)
    mine = Request.objects.visible_to(person).filter(asked_by=person) | Request.objects.visible_to(person).filter(
        organisation__in=own.values("id")
    )
    for each in mine.select_related("programme").order_by("-created_at")[:MOST]:
        label = _("the activity %(name)s") % {"name": each.title or _("Without a name")}
        found[f"request-{each.pk}"] = (label, About(each.programme, request=each))
    for organisation in own.prefetch_related("programmes").order_by("name")[:MOST]:
        programme = next(iter(organisation.programmes.all()), None)
        if programme is not None:
            label = _("the organisation %(name)s") % {"name": organisation.name}
            found[f"organisation-{organisation.pk}"] = (label, About(programme, organisation=organisation))
    works_for = ProgrammeRole.objects.of_person(person).values("programme")
    for programme in Programme.objects.filter(pk__in=works_for).order_by("slug"):
        label = _("the programme %(name)s") % {"name": programme.name}
        found[f"programme-{programme.pk}"] = (label, About(programme, programme=programme))
    return found
