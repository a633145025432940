"""Signing: the same bytes for both sides, kept for good with their hash; then the time is taken and the request placed."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from meervoud.agreements.consenting import missing_consents, open_approvals
from meervoud.agreements.drafts import last_version, lock_agreement, sides_of
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import Agreement, Document, Signature, State, Version
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.actions import place_request
from meervoud.lib.journal import journal
from meervoud.matching.answering import conclude
from meervoud.matching.models import Side
from meervoud.parties.models import Person

MEDIA_TYPE: Final = "application/json"
MODEL_TEXT: Final = "Model text, not checked by a lawyer."


@dataclass(frozen=True)
class Pen:
    """Who signs: the side, the person, and the way, one of Signature.Way."""

    side: str
    by: Person
    way: str


@transaction.atomic
def sign(*, agreement: Agreement, number: int, pen: Pen, now: datetime, today: date) -> Agreement:
    """Sign the last version for one side; when both did, its bytes are kept, the time is taken, the request placed.

    The caller has made sure again that it is this person: by password, code or passkey.

    Raises:
        ConflictError: an approval is open, a side has not agreed, there is a newer version, or the time is lost.
        InputError: a way of signing that does not exist.
        NotAllowedError: the person does not speak for that side.
    """
    row = lock_agreement(agreement)
    if pen.side not in sides_of(pen.by, row):
        raise NotAllowedError("You do not speak for this side.")
    if pen.way not in Signature.Way.values:
        raise InputError("Choose how it was signed.", code="signing_way")
    version = last_version(row)
    _check_ready(row, version, number, today)
    data = bytes_of(row, version)
    digest = hashlib.sha256(data).hexdigest()
    signature, is_new = Signature.objects.every(because="the signature of one side").get_or_create(
        version=version, side=pen.side, defaults={"agreement": row, "way": pen.way, "by": pen.by, "sha256": digest}
    )
    if is_new:
        journal(pen.by, "agreement.signed", signature, agreement=str(row.pk), side=pen.side, sha256=digest)
    if set(version.signatures.values_list("side", flat=True)) == set(Side.values):
        _conclude(row, version, data, pen.by, now)
    return row


def _check_ready(agreement: Agreement, version: Version, number: int, today: date) -> None:
    if agreement.state != State.PROPOSED:
        move(agreement, "sign")  # says where it stands
    if version.number != number:
        raise ConflictError("There is a newer version. Read what changed, then say what you think of it.")
    waiting = open_approvals(agreement, today)
    if waiting:
        names = ", ".join(each.name or str(each.get_who_display()) for each in waiting)
        raise ApprovalOpenError(names)
    if missing_consents(version):
        raise ConflictError("Not both sides have agreed to this version. Wait for what they say.")


class ApprovalOpenError(ConflictError):
    """Somebody has to approve first. `names` says who."""

    def __init__(self, names: str) -> None:
        super().__init__("Somebody must approve this first. Look at the list of approvals.")
        self.names = names


def bytes_of(agreement: Agreement, version: Version) -> bytes:
    """Return the bytes that are signed: the words and the terms, the same for the same version, whoever asks."""
    said = {
        "agreement": str(agreement.pk),
        "version": version.number,
        "language": agreement.language,
        "kind": agreement.kind,
        "clauses": version.clauses,
        "terms": version.terms,
        "about_this_text": MODEL_TEXT,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _conclude(agreement: Agreement, version: Version, data: bytes, by: Person, now: datetime) -> None:
    digest = hashlib.sha256(data).hexdigest()
    if any(each.sha256 != digest for each in version.signatures.all()):
        raise ConflictError("The two sides signed different texts. Make a new version, and let both sign it.")
    Document.objects.create(agreement=agreement, version=version, data=data, media_type=MEDIA_TYPE, sha256=digest)
    agreement.taking = conclude(proposal=agreement.proposal, by=by, now=now)
    move(agreement, "sign")
    agreement.signed_at = now
    agreement.save(update_fields=["state", "signed_at", "taking", "changed_at"])
    place_request(request=agreement.request, by=by)
    journal(by, "agreement.concluded", agreement, version=version.number, sha256=digest)
