"""Everything that is known about a person, as it is handed out to them: the one table of which rooms know what."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from meervoud.agreements.models import Consent, Signature
from meervoud.demand.as_request import needs_of
from meervoud.demand.models import Request
from meervoud.files.wording.need_sentences import say_rule
from meervoud.lib.saying import spoken
from meervoud.matching.models import Answer, DeskNote, SavedFilter
from meervoud.parties.models import Person
from meervoud.parties.privacy import my_data
from meervoud.site.models import ApiKey

OWN: Final = "a person's own rows, handed out to themselves"
Said = dict[str, Any]  # Any: values of JSON


def everything_about(person: Person) -> Said:
    """Return what all rooms know about a person; only they may read it."""
    return {**my_data(person), **{name: tell(person) for name, tell in TOLD.items()}}


def _requests(person: Person) -> list[Said]:
    rows = Request.objects.visible_to(person).filter(asked_by=person).prefetch_related("rules")
    names = ("title", "state", "cause", "for_whom", "brings_about", "group_max", "neighbourhood", "meets_now")
    said = spoken()
    return [
        {**{name: getattr(row, name) for name in names}, "when": [say_rule(said, need) for need in needs_of(row)]}
        for row in rows
    ]


def _answers(person: Person) -> list[Said]:
    """Return what a person answered to proposals, also where they wrote it down for a side that called."""
    rows = Answer.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    return [
        {
            "at": _moment(each.created_at),
            "proposal": str(each.proposal_id),
            "side": each.side,
            "kind": each.kind,
            "reason": each.reason,
            "text": each.text,
            "visit_at": _moment(each.visit_at),
        }
        for each in rows
    ]


def _consents(person: Person) -> list[Said]:
    """Return what a person said of agreements, and where they signed."""
    said = Consent.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    signed = Signature.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    return [
        *({**_about_agreement(each), "kind": each.kind, "reason": each.reason} for each in said),
        *({**_about_agreement(each), "kind": "signed", "way": each.way, "sha256": each.sha256} for each in signed),
    ]


def _about_agreement(row: Consent | Signature) -> Said:
    return {"at": _moment(row.created_at), "agreement": str(row.agreement_id), "side": row.side}


def _filters(person: Person) -> list[Said]:
    rows = SavedFilter.objects.every(because=OWN).filter(person=person).select_related("programme")
    return [
        {
            "at": _moment(each.created_at),
            "name": each.name,
            "programme": each.programme.name,
            "filters": each.filters,
            "is_shared": each.is_shared,
        }
        for each in rows.order_by("created_at", "pk")
    ]


def _desk_notes(person: Person) -> list[Said]:
    """Return the notes a person wrote; a copy that a merge made is the same note."""
    rows = DeskNote.objects.every(because=OWN).filter(by=person, copied_from=None).order_by("said_at", "pk")
    return [{"at": _moment(each.said_at), "request": str(each.said_of_id), "text": each.text} for each in rows]


def _keys(person: Person) -> list[Said]:
    """Return what a person's keys are called and may read; the secret is kept nowhere."""
    return [
        {
            "name": each.name,
            "scopes": each.scopes,
            "made_at": _moment(each.created_at),
            "expires_at": _moment(each.expires_at),
            "last_used_at": _moment(each.last_used_at),
        }
        for each in ApiKey.objects.visible_to(person).order_by("created_at", "pk")
    ]


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


TOLD: Final[Mapping[str, Callable[[Person], list[Said]]]] = {
    "requests": _requests,
    "answers": _answers,
    "agreements": _consents,
    "saved_filters": _filters,
    "desk_notes": _desk_notes,
    "api_keys": _keys,
}
"""What each part of the file is called, and who tells it; what `my_data` tells stands before."""
