"""Signing: the same bytes for both sides, kept for good with their hash; then the time is taken and the request placed."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.consenting import missing_consents, open_approvals
from meervoud.agreements.drafts import last_version, lock_agreement, may_change, sides_of, spaces_elsewhere
from meervoud.agreements.events import AgreementSigned
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import RUNNING, Agreement, Dependence, Document, Signature, State, Version
from meervoud.agreements.papers.content import contract_of
from meervoud.agreements.papers.pdf import pdf_of
from meervoud.agreements.terms import Terms, read_terms
from meervoud.agreements.uploads import Paper
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.actions import place_request
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.matching.answering import conclude
from meervoud.matching.models import Side
from meervoud.parties.models import Person

MEDIA_TYPE: Final = "application/json"
LOOK_BACK: Final = timedelta(weeks=4)
MODEL_TEXT: Final = "Model text, not checked by a lawyer."


@dataclass(frozen=True)
class Pen:
    """Who signs: the side, the person, and the way, one of Signature.Way; on paper there may be a scan of it."""

    side: str
    by: Person
    way: str
    scan: Paper | None = None


@transaction.atomic
def sign(*, agreement: Agreement, number: int, pen: Pen, now: datetime, today: date) -> Agreement:
    """Sign the last version for one side; when both did, its bytes are kept, the time is taken, the request placed.

    The caller has made sure again that it is this person: by password, code or passkey.

    Raises:
        ConflictError: an approval is open, a side has not agreed, there is a newer version, or the time is lost; or a
            scan comes for a side that has signed already.
        InputError: a way of signing that does not exist.
        NotAllowedError: the person does not speak for that side.
    """
    row = lock_agreement(agreement, spaces=spaces_elsewhere(agreement))
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
    if pen.scan is not None:
        _keep_scan(version, pen, pen.scan, is_new=is_new)
    if set(version.signatures.values_list("side", flat=True)) == set(Side.values):
        _keep(row, version, data, pen.by, now)
    return row


def _keep_scan(version: Version, pen: Pen, scan: Paper, *, is_new: bool) -> None:
    if not is_new:
        raise ConflictError("This side has signed this version already.")
    kept = keep_document(version, Document.Form.SCAN, scan.data, scan.media_type, pen.side)
    journal(pen.by, "agreement.scan_kept", kept, agreement=str(version.agreement_id), side=pen.side, sha256=kept.sha256)


def _check_ready(agreement: Agreement, version: Version, number: int, today: date) -> None:
    if agreement.state == State.DRAFT or not may_change(agreement):
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
        "kind": version.terms["kind"],
        "clauses": version.clauses,
        "terms": version.terms,
        "about_this_text": MODEL_TEXT,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()


def digest_of(agreement: Agreement, version: Version) -> str:
    """Return the SHA-256 of the bytes that are signed."""
    return hashlib.sha256(bytes_of(agreement, version)).hexdigest()


def keep_document(version: Version, form: str, data: bytes, media_type: str, side: str = "") -> Document:
    """Keep bytes for good, with their own SHA-256."""
    return Document.objects.create(
        agreement=version.agreement,
        version=version,
        form=form,
        side=side,
        data=data,
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _keep(agreement: Agreement, version: Version, data: bytes, by: Person, now: datetime) -> None:
    digest = hashlib.sha256(data).hexdigest()
    if any(each.sha256 != digest for each in version.signatures.all()):
        raise ConflictError("The two sides signed different texts. Make a new version, and let both sign it.")
    is_first = agreement.state not in RUNNING
    keep_document(version, Document.Form.JSON, data, MEDIA_TYPE)
    if is_first:
        agreement.taking = conclude(proposal=agreement.proposal, by=by, now=now)
        move(agreement, "sign")
        agreement.signed_at = now
    terms = read_terms(version.terms)
    agreement.kind = terms.kind
    agreement.review_on = review_day(terms) if is_first else agreement.review_on
    agreement.save(update_fields=["state", "signed_at", "taking", "kind", "review_on", "changed_at"])
    paper = pdf_of("contract", contract_of(agreement, version, digest), version.created_at)
    keep_document(version, Document.Form.PDF, paper, PDF_TYPE)
    if is_first:
        _begin(agreement, terms, by, now)
    journal(
        by, "agreement.concluded" if is_first else "agreement.changed", agreement, version=version.number, sha256=digest
    )


def _begin(agreement: Agreement, terms: Terms, by: Person, now: datetime) -> None:
    place_request(request=agreement.request, by=by)
    if terms.end != "no_dependence" and not terms.is_trial:
        Dependence.objects.create(agreement=agreement)
    happened(AgreementSigned(agreement, by, now))


def review_day(terms: Terms) -> date:
    """Return when both sides look back: in the middle of the period, and four weeks after its first day at least."""
    half = (terms.times.last - terms.times.first) / 2
    return terms.times.first + max(half, LOOK_BACK)
