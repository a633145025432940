"""Everything that is known about a person, as it is handed out to them: the one table of which rooms know what."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from meervoud.agreements.contacts import contacts_about
from meervoud.agreements.models import (
    AccessSecret,
    AgreementContact,
    Consent,
    Dependence,
    Notice,
    Signature,
    TrialAnswer,
)
from meervoud.demand.as_request import needs_of
from meervoud.demand.models import Request
from meervoud.files.wording.need_sentences import say_rule
from meervoud.lib.saying import spoken
from meervoud.matching.models import Answer, DeskNote, SavedFilter
from meervoud.outcomes.impact.forgetting import plans_of
from meervoud.parties.models import Person
from meervoud.parties.privacy import my_data
from meervoud.site.models import ApiKey
from meervoud.site.own_use import USED
from meervoud.site.own_use import say_moment as _moment

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


def _about_agreement(row: Consent | Signature | Notice | TrialAnswer | AgreementContact) -> Said:
    return {"at": _moment(row.created_at), "agreement": str(row.agreement_id), "side": row.side}


def _contacts(person: Person) -> list[Said]:
    """Return where a person stands as somebody to call, also where others wrote them down by their address."""
    rows = AgreementContact.objects.every(because=OWN).filter(contacts_about(person)).order_by("created_at", "pk")
    names = ("role", "name", "phone", "email")
    return [{**_about_agreement(each), **{name: getattr(each, name) for name in names}} for each in rows]


def _endings(person: Person) -> list[Said]:
    """Return what a person wrote of how agreements go on and end; what opens a door is its host's, so only that they did."""
    notices = Notice.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    trials = TrialAnswer.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    depends = Dependence.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    secrets = AccessSecret.objects.every(because=OWN).filter(by=person).order_by("created_at", "pk")
    return [
        *(
            {**_about_agreement(each), "kind": "notice", "last_day": each.last_day.isoformat(), "text": each.text}
            for each in notices
        ),
        *({**_about_agreement(each), "kind": "trial", "goes_on": each.goes_on, "text": each.reason} for each in trials),
        *(
            {"at": _moment(each.created_at), "agreement": str(each.agreement_id), "kind": "depends", "who": each.who}
            | {"needs": each.needs, "plan": each.plan, "text": each.plan_text}
            for each in depends
        ),
        *(
            {"at": _moment(each.created_at), "agreement": str(each.agreement_id), "kind": f"access {each.kind}"}
            for each in secrets
        ),
    ]


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


TOLD: Final[Mapping[str, Callable[[Person], list[Said]]]] = {
    "requests": _requests,
    "answers": _answers,
    "agreements": _consents,
    "contacts": _contacts,
    "endings": _endings,
    "saved_filters": _filters,
    "desk_notes": _desk_notes,
    "api_keys": _keys,
    "impact_plans": plans_of,
    **USED,
}
"""What each part of the file is called, and who tells it; what `my_data` tells stands before."""
