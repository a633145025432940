"""Actions on leads: ask, note a visit, note a no, call back, share the work, put back."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import transaction

from meervoud.core.errors import InputError
from meervoud.lib.journal import journal
from meervoud.matching.lead_lifecycle import move
from meervoud.matching.models import Lead, LeadReason
from meervoud.parties.models import Person
from meervoud.parties.roles import works_for

OWN = "found in the scope of the person already"
FACTS: Final = ("name", "kind", "neighbourhood", "street", "postcode", "town", "opening_hours")


def lock_lead(lead: Lead) -> Lead:
    """Return a lead as it stands, while nobody else changes it until the end of the transaction."""
    Lead.objects.every(because=OWN).select_for_update().get(pk=lead.pk)
    return Lead.objects.every(because=OWN).select_related("programme", "offer").get(pk=lead.pk)


@transaction.atomic
def ask_lead(*, lead: Lead, by: Person) -> Lead:
    """Note that the people of a place were asked, by letter or phone.

    Raises:
        ConflictError: it was asked before.
    """
    return _move(lead, "ask", by)


@transaction.atomic
def note_visit(*, lead: Lead, by: Person) -> Lead:
    """Note that somebody went to see a place.

    Raises:
        ConflictError: it was visited before, said no, or is a host.
    """
    return _move(lead, "visit", by)


@transaction.atomic
def say_no_for(*, lead: Lead, by: Person, reason: str) -> Lead:
    """Note that a place cannot lend a room, with a reason about space or time.

    Raises:
        InputError: the reason is none of LeadReason.
        ConflictError: it said no before, or is a host.
    """
    if reason not in LeadReason.values:
        raise InputError("Choose one of the reasons.", code="lead_reason")
    return _move(lead, "refuse", by, reason)


def _move(lead: Lead, name: str, by: Person, reason: str = "") -> Lead:
    found = lock_lead(lead)
    move(found, name)
    found.reason = reason
    found.save(update_fields=["state", "state_before", "reason", "changed_at"])
    journal(by, f"lead.{name}", found, reason=reason)
    return found


@transaction.atomic
def assign_lead(*, lead: Lead, by: Person, to: Person | None) -> Lead:
    """Say who of the staff works on a lead; None is nobody in particular.

    Raises:
        InputError: the person does not work for the programme.
    """
    if to is not None and not works_for(to, lead.programme):
        raise InputError("Choose somebody who works for this programme.", code="lead_assignee")
    return _set(lead, by, "assigned", {"assigned_to": to})


@transaction.atomic
def call_back_on(*, lead: Lead, by: Person, day: date | None) -> Lead:
    """Say on which day somebody wants to call back; None is no day."""
    return _set(lead, by, "call_back", {"call_back_on": day})


@transaction.atomic
def note_on_lead(*, lead: Lead, by: Person, text: str) -> Lead:
    """Put a note in the place of the one there was."""
    return _set(lead, by, "noted", {"note": text.strip()})


@transaction.atomic
def correct_lead(*, lead: Lead, by: Person, values: Mapping[str, str]) -> Lead:
    """Correct facts of FACTS; a new extract of the map does not overwrite what differs from the map from now on."""
    found = lock_lead(lead)
    changed = {name for name in FACTS if name in values and values[name] != getattr(found, name)}
    if not changed:
        return found
    return _set(
        found, by, "corrected", {name: values[name] for name in changed} | {"said": sorted({*found.said, *changed})}
    )


def _set(lead: Lead, by: Person, verb: str, values: Mapping[str, date | Person | str | list[str] | None]) -> Lead:
    found = lock_lead(lead)
    if all(getattr(found, name) == value for name, value in values.items()):
        return found
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=[*values, "changed_at"])
    journal(by, f"lead.{verb}", found, fields=",".join(sorted(values)))
    return found
