"""The page of an agreement: its words and terms, what both sides think, who must approve, and the signatures."""

from datetime import timedelta
from difflib import ndiff
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.agreements.approval_library import LAW, suggested
from meervoud.agreements.consenting import consent_of, missing_consents, open_approvals, say_consent
from meervoud.agreements.drafts import (
    begin_agreement,
    change_terms,
    last_version,
    may_change,
    propose_agreement,
    sides_of,
    take_back_version,
    version_in_force,
    withdraw_agreement,
)
from meervoud.agreements.forms import ApprovedForm, ConsentForm, NeededForm, SuggestedForm, TermsForm, initial_of
from meervoud.agreements.models import (
    LIVE,
    RUNNING,
    WRITTEN,
    Agreement,
    Approval,
    Document,
    Minutes,
    Signature,
    State,
    Version,
)
from meervoud.agreements.signing import ApprovalOpenError, Pen, sign
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.models import Proposal, Side
from meervoud.parties.current import person_of
from meervoud.parties.models import Person
from meervoud.parties.roles import works_for

SURE_FOR: Final = timedelta(minutes=30)
Shown = dict[str, Any]  # Any: what a template shows


def agreement_of(request: HttpRequest, agreement_id: UUID) -> Agreement:
    """Return an agreement that the viewer may see; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    rows = Agreement.objects.visible_to(request.user).filter(pk=agreement_id)
    found = rows.select_related(
        "programme", "offer__space__building", "offer__host", "request__organisation", "request__asked_by", "proposal"
    ).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def begin(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Write the first draft of an agreement from a proposal to which both said yes."""
    person = person_of(request)
    rows = Proposal.objects.visible_to(person).filter(pk=proposal_id)
    proposal = rows.select_related(
        "programme", "hold", "request__organisation", "request__asked_by", "offer__host", "offer__space__building"
    ).first()
    if proposal is None:
        raise Http404
    known = Agreement.objects.visible_to(person).filter(proposal=proposal, state__in=LIVE).first()
    if known is not None:
        return redirect("agreement", known.pk)
    try:
        begun = begin_agreement(proposal=proposal, by=person, language=(get_language() or "nl")[:2], now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("proposal", proposal.pk)
    return redirect("agreement", begun.pk)


@login_required
@require_safe
def show(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show an agreement, and what the viewer can do about it now."""
    return page(request, agreement_of(request, agreement_id))


def page(
    request: HttpRequest, found: Agreement, status: int = 200, **forms: Any
) -> HttpResponse:  # Any: bound forms, and whose
    """Return the page of an agreement; a form that was filled in wrongly stands in the place of an empty one."""
    person = person_of(request)
    versions = list(found.versions.order_by("-number").select_related("by"))
    valid, sides = [each for each in versions if each.taken_back_at is None], sides_of(person, found)
    version, in_force = valid[0], version_in_force(found)
    approvals = list(found.approvals.all())
    is_open = found.state in WRITTEN or (found.state in RUNNING and version != in_force)
    documents = _documents(person, version)
    kept = set(
        Minutes.objects.visible_to(person).filter(approval__agreement=found).values_list("approval_id", flat=True)
    )
    context = {
        "agreement": found,
        "version": version,
        "clauses": version.clauses,
        "moments": moments_of(version),
        "changes": _changes(version, in_force if is_open and in_force else (valid[1:] or [version])[0]),
        "versions": versions,
        "sides": [_side(version, side, sides, forms) | _deeds(found, side, sides, documents) for side in Side.values],
        "own_sides": sides,
        "is_open": is_open,
        "in_force": in_force,
        "waits_for_trial": _waits_for_trial(found, in_force),
        "is_put": is_open and found.state != State.DRAFT,
        "may_edit": bool(sides) and found.state in LIVE,
        "is_two": len(sides) > 1,
        "approvals": [
            {
                "row": each,
                "may_note": each.side in sides and is_open,
                "form": _approved_form(each, forms),
                "has_minutes": each.pk in kept,
                "is_over": each.valid_until is not None and each.valid_until < today(),
            }
            for each in approvals
        ],
        "waits_for": open_approvals(found, today()),
        "missing": missing_consents(version),
        "suggested": [_suggested(found, side, approvals) for side in sides if is_open],
        "document": documents.get((Document.Form.JSON, "")),
        "kept_pdf": documents.get((Document.Form.PDF, "")),
    }
    return render(request, "agreements/agreement.html", context, status=status)


def _waits_for_trial(found: Agreement, in_force: Version | None) -> bool:
    """Say whether a trial evening is still to lead to something."""
    if found.state not in RUNNING or in_force is None or not in_force.terms.get("is_trial"):
        return False
    return found.trial_answers.filter(goes_on=True).count() < len(Side.values)


def _documents(person: Person, version: Version) -> dict[tuple[str, str], Document]:
    rows = Document.objects.visible_to(person).filter(version=version).defer("data")
    return {(each.form, each.side): each for each in rows}


def _deeds(found: Agreement, side: str, own: tuple[str, ...], documents: dict[tuple[str, str], Document]) -> Shown:
    """Return the scan of a side, and whether its host may read who signed for a group that needs shelter: never."""
    is_hidden = side == Side.ASKER and found.request.is_sheltered and side not in own
    return {"scan": documents.get((Document.Form.SCAN, side)), "shows_name": not is_hidden}


def _suggested(found: Agreement, side: str, approvals: list[Approval]) -> Shown:
    said, asked = spoken(), {each.who for each in approvals if each.side == side}
    choices = []
    for each in suggested(found, side, asked):
        gaps = {
            "who": each.who_words,
            "why": each.reasons[said.code],
            "source": each.source,
            "day": said.day(each.checked),
        }
        law = _("%(who)s. %(why)s By law: %(source)s. Checked %(day)s.")
        choices.append(
            (each.key, (law if each.basis == LAW else _("%(who)s. %(why)s Practice, not law. Checked %(day)s.")) % gaps)
        )
    form = SuggestedForm(choices=choices, auto_id=f"suggested_{side}_%s") if choices else None
    return {"name": side, "title": Side(side).label, "form": form}


def _approved_form(approval: Any, forms: Shown) -> ApprovedForm:  # Any: an Approval
    bound = forms.get("approved_form")
    if bound is not None and forms.get("approval_id") == approval.pk:
        return bound  # type: ignore[no-any-return]  # an ApprovedForm
    return ApprovedForm(auto_id=f"approved_{approval.pk.hex}_%s", initial={"on": today()})


def moments_of(version: Version) -> list[str]:
    """Return every moment in words, on the wall clock of the place."""
    said, zone = spoken(), ZoneInfo(version.agreement.programme.time_zone)
    found = [[each.astimezone(zone) for each in pair] for pair in read_terms(version.terms).times.moments]
    return [f"{said.day(start.date())} {start:%H:%M}-{end:%H:%M}" for start, end in found]


def _changes(version: Version, other: Version) -> list[Shown]:
    """Return the clauses that a version has otherwise than the one before, or the one in force, word by word."""
    before = {each["key"]: each for each in other.clauses}
    after = {each["key"]: each for each in version.clauses}
    return [
        {
            "title": (after.get(key) or before[key])["title"],
            "words": _word_changes(before.get(key, {}).get("text", ""), after.get(key, {}).get("text", "")),
        }
        for key in dict.fromkeys([*after, *before])
        if before.get(key, {}).get("text") != after.get(key, {}).get("text")
    ]


def _word_changes(before: str, after: str) -> list[tuple[str, str]]:
    marks = {"+ ": "new", "- ": "gone", "  ": ""}
    return [(marks[each[:2]], each[2:]) for each in ndiff(before.split(), after.split()) if each[:2] in marks]


def _side(version: Version, side: str, own: tuple[str, ...], forms: Shown) -> Shown:
    said, bound = consent_of(version, side), forms if forms.get("side") == side else {}
    signature = version.signatures.filter(side=side).select_related("by").first()
    return {
        "name": side,
        "title": Side(side).label,
        "said": said.get_kind_display() if said else "",
        "reason": said.reason if said else "",
        "signature": signature,
        "is_own": side in own,
        "consent_form": bound.get("consent_form") or ConsentForm(auto_id=f"consent_{side}_%s"),
        "needed_form": bound.get("needed_form") or NeededForm(auto_id=f"needed_{side}_%s"),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Change the terms: a new version, to which nobody has agreed yet."""
    found = agreement_of(request, agreement_id)
    before = read_terms(last_version(found).terms)
    form = TermsForm(request.POST if request.method == "POST" else None, initial=initial_of(before))
    if found.state in RUNNING:
        form.leave_out_trial()
    if request.method == "POST" and form.is_valid():
        try:
            change_terms(
                agreement=found, by=person_of(request), terms=form.terms(before), note=form.cleaned_data["note"]
            )
        except MeervoudError as error:
            messages.error(request, say_error(error))
        else:
            messages.success(request, _("There is a new version. Both sides say again what they think of it."))
        return redirect("agreement", found.pk)
    context = {"agreement": found, "form": form, "is_signed": found.state in RUNNING}
    return render(request, "agreements/terms.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def propose(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Put the last version to both sides."""
    found = agreement_of(request, agreement_id)
    try:
        propose_agreement(agreement=found, by=person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Both sides can now say what they think of it."))
    return redirect("agreement", found.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take an agreement back that was not signed."""
    found = agreement_of(request, agreement_id)
    try:
        withdraw_agreement(agreement=found, by=person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("agreement", found.pk)


@login_required
@require_POST
def take_back(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take back what was proposed after signing."""
    found = agreement_of(request, agreement_id)
    try:
        take_back_version(agreement=found, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Taken back. What you both signed stays in force."))
    return redirect("agreement", found.pk)


@login_required
@require_POST
def consent(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Say what a side thinks of the version that was read."""
    found = agreement_of(request, agreement_id)
    side = request.POST.get("side", "")
    form = ConsentForm(request.POST, auto_id=f"consent_{side[:5]}_%s")
    if not form.is_valid():
        return page(request, found, 422, consent_form=form, side=side)
    try:
        say_consent(
            agreement=found,
            number=said_number(request),
            side=side,
            by=person_of(request),
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
        )
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Noted."))
    return redirect("agreement", found.pk)


def said_number(request: HttpRequest) -> int:
    """Return the number of the version that was read, 0 where none was sent."""
    return number_in(request.POST)


def number_in(data: QueryDict) -> int:
    """Return the number of a version in what was sent, 0 where there is none."""
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


@login_required
@require_POST
def sign_it(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Sign the version that was read for one side; who signs shows once more who they are."""
    found = agreement_of(request, agreement_id)
    if not is_sure(person_of(request)):
        return sign_in_again(request, "agreement", found)
    answer: HttpResponse = _signed(request, found)
    return answer


def sign_in_again(request: HttpRequest, page_name: str, found: Agreement) -> HttpResponse:
    """Let somebody sign in once more and come back to a page of the agreement."""
    logout(request)
    messages.info(request, _("Before you sign we want to be sure that it is you. Sign in once more."))
    return redirect(f"{reverse('account_login')}?next={reverse(page_name, args=[found.pk])}")


def is_sure(person: Person) -> bool:
    """Say whether somebody can be asked once more, or signed in just now: who signs in by codes has nothing to be asked."""
    if person.has_usable_password() or is_mfa_enabled(person):
        return True
    return person.last_login is not None and now() - person.last_login < SURE_FOR


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def _signed(request: HttpRequest, found: Agreement) -> HttpResponse:
    person = person_of(request)
    way = Signature.Way.PAPER if works_for(person, found.programme) else Signature.Way.PLATFORM
    pen = Pen(request.POST.get("side", ""), person, way)
    try:
        done = sign(agreement=found, number=said_number(request), pen=pen, now=now(), today=today())
    except ApprovalOpenError as error:
        messages.error(request, _("First %(names)s must approve this.") % {"names": error.names})
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        is_done = not may_change(done)
        messages.success(request, _("Both sides have signed.") if is_done else _("Signed. Now the other side signs."))
    return redirect("agreement", found.pk)


@login_required
@require_safe
def signed_bytes(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Give the bytes that both sides signed, as they were."""
    found = agreement_of(request, agreement_id)
    rows = Document.objects.visible_to(request.user).filter(agreement=found, form=Document.Form.JSON)
    asked = rows.filter(version__number=number_in(request.GET)) if "version" in request.GET else rows
    document = asked.order_by("-version__number").first()
    if document is None:
        raise Http404
    response = HttpResponse(bytes(document.data), content_type=document.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="agreement-{document.sha256[:12]}.json"'
    return response
