"""The filters of the queue: read from an address, where what makes no sense is left out; kept under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.engine.types.vocabulary import CAUSES
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.lib.saying import words_of
from meervoud.matching.models import MatchRun, SavedFilter
from meervoud.matching.models.desk import NAME_LENGTH
from meervoud.matching.queue import FILTERS, ORDERS, WHY, Moment, filtered, ordered, queue_of
from meervoud.matching.running import ONE_THING, PLACED
from meervoud.parties.models import Person, Programme, ProgrammeRole
from meervoud.parties.roles import works_for

KEYS: Final = (
    "show", "outcome", "assigned", "neighbourhood", "cause", "people_from", "people_to", "words", "days", "order", "view",
)  # fmt: skip
VIEWS: Final = {"list": gettext_lazy("List"), "board": gettext_lazy("Board"), "map": gettext_lazy("Map")}
OUTCOMES: Final = {
    PLACED: gettext_lazy("can be placed today"),
    ONE_THING: gettext_lazy("with only one condition in the way"),
}
MOST_FILTERS: Final = 20
MOST_WORDS: Final = 8
MOST_PEOPLE: Final = 100_000
MOST_DAYS: Final = 3650


def staff_of(programme: Programme) -> QuerySet[Person]:
    """Return who works for a programme, by name."""
    roles = ProgrammeRole.objects.every(because=WHY).filter(programme=programme)
    return Person.objects.filter(pk__in=roles.values("person")).order_by("name", "pk")


def neighbourhoods_of(programme: Programme) -> list[str]:
    """Return the neighbourhoods that open requests of a programme name."""
    rows = Request.objects.open_in(programme, because=WHY).exclude(neighbourhood="")
    return list(rows.order_by("neighbourhood").values_list("neighbourhood", flat=True).distinct())


@dataclass(frozen=True)
class Lists:
    """What the fields of a programme offer to choose from."""

    staff: tuple[Person, ...]
    neighbourhoods: tuple[str, ...]


def lists_of(programme: Programme) -> Lists:
    """Return who works for a programme, and the neighbourhoods that its open requests name."""
    return Lists(tuple(staff_of(programme)), tuple(neighbourhoods_of(programme)))


class QueueFilters(forms.Form):
    """The filters as fields; each of them may be left out."""

    words = forms.CharField(label=gettext_lazy("Words in the name"), max_length=200, required=False)
    show = forms.ChoiceField(label=gettext_lazy("What waits"), required=False)
    assigned = forms.ChoiceField(label=gettext_lazy("Who does it"), required=False)
    neighbourhood = forms.ChoiceField(label=gettext_lazy("Neighbourhood"), required=False)
    cause = forms.ChoiceField(label=gettext_lazy("What it is about"), required=False)
    people_from = forms.IntegerField(
        label=gettext_lazy("People from"), min_value=1, max_value=MOST_PEOPLE, required=False
    )
    people_to = forms.IntegerField(
        label=gettext_lazy("People up to"), min_value=1, max_value=MOST_PEOPLE, required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Waits longer than (days)"), min_value=1, max_value=MOST_DAYS, required=False
    )
    outcome = forms.ChoiceField(label=gettext_lazy("At the last look"), required=False)
    order = forms.ChoiceField(label=gettext_lazy("Order"), required=False)
    view = forms.ChoiceField(choices=list(VIEWS.items()), required=False, widget=forms.HiddenInput)

    is_all_optional = True

    def __init__(self, *args: Any, lists: Lists, **options: Any) -> None:  # Any: Django's own
        super().__init__(*args, **options)
        every = ("", _("all"))
        staff = [(str(each.pk), str(each)) for each in lists.staff]
        choices: dict[str, list[tuple[str, Any]]] = {  # Any: lazy texts
            "show": [every, *FILTERS.items()],
            "assigned": [every, ("me", _("me")), ("nobody", _("nobody")), *staff],
            "neighbourhood": [every, *((each, each) for each in lists.neighbourhoods)],
            "cause": [every, *words_of("causes", CAUSES)],
            "outcome": [every, *OUTCOMES.items()],
            "order": [("", ORDERS["waits"]), *((key, text) for key, text in ORDERS.items() if key != "waits")],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
            field.choices = listed

    def chosen(self) -> dict[str, str]:
        """Return what is filtered, as text; a value that makes no sense is left out."""
        self.is_valid()
        said = {name: self.cleaned_data.get(name) for name in KEYS}
        return {name: str(value) for name, value in said.items() if value not in (None, "")}


@dataclass(frozen=True)
class Chosen:
    """The filters that are on, each of them checked."""

    values: Mapping[str, str]

    @property
    def show(self) -> str:
        """Return which part of the queue is shown, "" for all of it."""
        return self.values.get("show", "")

    @property
    def order(self) -> str:
        """Return the order of ORDERS."""
        return self.values.get("order", "waits")

    @property
    def view(self) -> str:
        """Return one of VIEWS."""
        return self.values.get("view", "list")

    def query(self, **other: str) -> str:
        """Return the filters as the query of an address, some of them otherwise; "" leaves one out."""
        return urlencode([(key, value) for key, value in {**self.values, **other}.items() if value])


def chosen_in(values: Mapping[str, Any], lists: Lists) -> Chosen:  # Any: a form or a kept filter
    """Return the filters that stand in an address or were kept."""
    return Chosen(QueueFilters({key: values.get(key, "") for key in KEYS}, lists=lists).chosen())


def last_outcomes(programme: Programme) -> tuple[MatchRun | None, dict[str, list[str]]]:
    """Return the last match run that is done, and the requests that it could place or that failed on one thing."""
    rows = MatchRun.objects.every(because=WHY).filter(programme=programme, state=MatchRun.State.DONE)
    done = rows.defer("waiting").first()
    found = done.found if done else {}
    return done, {name: [key for key, each in found.items() if each["outcome"] == name] for name in OUTCOMES}


def matching_rows(
    programme: Programme, chosen: Chosen, by: Person, moment: Moment, outcomes: Mapping[str, list[str]]
) -> QuerySet[Request]:
    """Return the part of the queue that the filters leave, in their order."""
    rows = filtered(queue_of(programme), chosen.show, now=moment.now, today=moment.today)
    values = chosen.values
    if "outcome" in values:
        rows = rows.filter(pk__in=outcomes[values["outcome"]])
    if "days" in values:
        rows = rows.filter(created_at__lt=moment.now - timedelta(days=int(values["days"])))
    exact = {name: values[name] for name in ("neighbourhood", "cause") if name in values}
    sizes = {"people_from": "group_max__gte", "people_to": "group_max__lte"}
    numbers = {field: int(values[name]) for name, field in sizes.items() if name in values}
    rows = rows.filter(_assigned(values.get("assigned", ""), by), **exact, **numbers)
    for word in values.get("words", "").split()[:MOST_WORDS]:
        rows = rows.filter(_in_title(word))
    return ordered(rows, chosen.order)


def _assigned(who: str, by: Person) -> Q:
    if who == "nobody":
        return Q(desk_case__assigned_to__isnull=True)
    if who == "me":
        return Q(desk_case__assigned_to=by.pk)
    return Q(desk_case__assigned_to=UUID(who)) if who else Q()


def _in_title(word: str) -> Q:
    # SQLite knows capitals of a-z only, so the spellings that people type are looked for each
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    found = Q()
    for each in sorted(spellings):
        found |= Q(title__icontains=each)
    return found


@transaction.atomic
def save_filter(*, by: Person, programme: Programme, name: str, chosen: Chosen, is_shared: bool) -> SavedFilter:
    """Keep a filter under a name; the one that a person has of that name gets the new filters.

    Raises:
        InputError: it has no name, or one that is too long.
        NotAllowedError: the person does not work for the programme.
        ConflictError: they have twenty already.
    """
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise InputError(f"Give the filter a name of 1 to {NAME_LENGTH} letters.", code="filter_name", most=NAME_LENGTH)
    if not works_for(by, programme):
        raise NotAllowedError("Only who works for a programme keeps filters of its queue.")
    Person.objects.select_for_update().get(pk=by.pk)
    own = SavedFilter.objects.every(because="the filters of the person who keeps one").filter(person=by)
    found = own.filter(programme=programme, name=name).first()
    if found is None and own.count() >= MOST_FILTERS:
        raise ConflictError("You have 20 filters already. Delete one first.")
    found = found or SavedFilter(person=by, programme=programme, name=name)
    found.filters, found.is_shared = dict(chosen.values), is_shared
    try:
        found.save()
    except IntegrityError as error:  # two of one name at the same moment
        raise ConflictError("You have a filter of this name already.") from error
    journal(by, "filter.saved", found, shared=is_shared)
    return found


@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: Person) -> None:
    """Delete a filter of one's own.

    Raises:
        NotAllowedError: it is a colleague's.
    """
    if saved.person_id != by.pk:
        raise NotAllowedError("Only who saved a filter can delete it.")
    journal(by, "filter.deleted", saved)
    saved.delete()


def forget_filters(person: Person) -> None:
    """Delete the filters of a person who is erased."""
    SavedFilter.objects.every(because="the person is being erased").filter(person=person).delete()
