"""What happened to a lead, in words: who of the desk did what when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.lib.models import JournalEntry
from meervoud.matching.leads import FACTS
from meervoud.matching.models import Lead, LeadReason, LeadState
from meervoud.parties.models import Person

MOST: Final = 100
SAYS: Final[Mapping[str, Promise]] = {
    "lead.ask": gettext_lazy("They were asked."),
    "lead.visit": gettext_lazy("Somebody went to see it."),
    "lead.refuse": gettext_lazy("They said no."),
    "lead.become_host": gettext_lazy("They became a host."),
    "lead.put_back": gettext_lazy("The last step was put back."),
    "lead.assigned": gettext_lazy("Who does it was changed."),
    "lead.call_back": gettext_lazy("The day to call back was changed."),
    "lead.noted": gettext_lazy("The note was changed."),
    "lead.corrected": gettext_lazy("What we know was corrected."),
}
Details = Mapping[str, Any]  # Any: codes and numbers of the journal


@dataclass(frozen=True)
class Step:
    """One thing that was done with a lead; `by` is in words."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class History:
    """What happened to a lead, the latest first; what is older than MOST steps is left out."""

    steps: tuple[Step, ...]
    is_whole: bool


def history_of(lead: Lead) -> History:
    """Return what happened to a lead, for who may see the lead."""
    entries = JournalEntry.objects.filter(thing=lead.pk, thing_kind="lead", verb__startswith="lead.")
    found = list(entries.order_by("-number")[: MOST + 1])
    shown = found[:MOST]
    people = Person.objects.in_bulk({each.actor for each in shown if each.actor})
    steps = [Step(each.at, _who(each, people), _words(each.verb, each.details)) for each in shown]
    return History(tuple(steps), is_whole=len(found) <= MOST)


def _who(entry: JournalEntry, people: Mapping[Any, Person]) -> str:  # Any: ids
    if entry.actor is None:
        return _("the platform")
    person = people.get(entry.actor)
    return str(person) if person and person.is_active else _("somebody who left")


def _words(verb: str, details: Details) -> str:
    said = str(SAYS.get(verb, _("Something was changed.")))
    more = {
        "lead.refuse": _reason,
        "lead.put_back": _before,
        "lead.corrected": _fields,
        "lead.become_host": _host,
    }.get(verb)
    added = more(details) if more else ""
    return f"{said} {capfirst(added)}." if added else said


def _reason(details: Details) -> str:
    return str(dict(LeadReason.choices).get(details.get("reason", ""), ""))


def _before(details: Details) -> str:
    state = dict(LeadState.choices).get(details.get("before", ""))
    return _("it was: %(state)s") % {"state": state} if state else ""


def _fields(details: Details) -> str:
    names = [name for name in str(details.get("fields", "")).split(",") if name in FACTS]
    return ", ".join(str(Lead._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]  # columns


def _host(details: Details) -> str:
    return _("the organisation was here already") if details.get("is_new_host") is False else ""
