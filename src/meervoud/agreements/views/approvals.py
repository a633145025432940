"""The approvals that a side needs of its own people, and a page for them to decide on."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from meervoud.agreements.approval_library import add_suggested
from meervoud.agreements.consenting import Approved, Needed, ask_approval, note_approval
from meervoud.agreements.drafts import last_version
from meervoud.agreements.forms import ApprovedForm, NeededForm
from meervoud.agreements.models import Agreement, Approval, Minutes
from meervoud.agreements.papers.content import BRIEF, brief_of
from meervoud.agreements.papers.pdf import pdf_of
from meervoud.agreements.signing import digest_of
from meervoud.agreements.terms import read_terms
from meervoud.agreements.uploads import ENDINGS, read_paper
from meervoud.agreements.views.agreements import agreement_of, moments_of, page
from meervoud.agreements.views.papers import handed
from meervoud.core.errors import MeervoudError
from meervoud.lib.saying import say_error
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.parties.current import person_of


@login_required
@require_POST
def ask(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Note whom a side must ask before it signs."""
    found = agreement_of(request, agreement_id)
    side = request.POST.get("side", "")
    form = NeededForm(request.POST, auto_id=f"needed_{side[:5]}_%s")
    if not form.is_valid():
        return page(request, found, 422, needed_form=form, side=side)
    said = form.cleaned_data
    needed = Needed(side, said["who"], said["name"], said["due_on"], said["is_required"])
    try:
        ask_approval(agreement=found, by=person_of(request), needed=needed)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Noted. Print the page for them, or send them its address."))
    return redirect("agreement", found.pk)


@login_required
@require_POST
def note(request: HttpRequest, agreement_id: UUID, approval_id: UUID) -> HttpResponse:
    """Write down what somebody who approves said."""
    found = agreement_of(request, agreement_id)
    row = _approval_of(found, approval_id)
    form = ApprovedForm(request.POST, request.FILES, auto_id=f"approved_{row.pk.hex}_%s")
    if not form.is_valid():
        return page(request, found, 422, approved_form=form, approval_id=row.pk)
    said = form.cleaned_data
    try:
        minutes = read_paper(said["minutes"].read()) if said["minutes"] else None
        approved = Approved(said["answer"], said["on"], said["valid_until"], said["conditions"], minutes)
        note_approval(approval=row, by=person_of(request), said=approved)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Noted."))
    return redirect("agreement", found.pk)


@login_required
@require_safe
def brief(request: HttpRequest, agreement_id: UUID, approval_id: UUID) -> HttpResponse:
    """Show one page to decide on: who comes, when, who opens and closes, who pays, how it ends."""
    found = agreement_of(request, agreement_id)
    row, version = _approval_of(found, approval_id), last_version(found)
    clauses = {each["key"]: each for each in version.clauses}
    context = {
        "agreement": found,
        "approval": row,
        "version": version,
        "clauses": [clauses[key] for key in BRIEF if key in clauses],
        "people": read_terms(version.terms).people,
        "moments": moments_of(version),
    }
    return render(request, "agreements/brief.html", context)


@login_required
@require_safe
def brief_pdf(request: HttpRequest, agreement_id: UUID, approval_id: UUID) -> HttpResponse:
    """Give the page to decide on as a PDF of one page."""
    found = agreement_of(request, agreement_id)
    row, version = _approval_of(found, approval_id), last_version(found)
    data = brief_of(found, row, version, digest_of(found, version))
    return handed(pdf_of("brief", data, version.created_at), PDF_TYPE, f"to-decide-on-{version.number}.pdf")


@login_required
@require_safe
def minutes(request: HttpRequest, agreement_id: UUID, approval_id: UUID) -> HttpResponse:
    """Give the minutes to the side whose they are, and the desk; for the other side they are not there."""
    found = agreement_of(request, agreement_id)
    rows = Minutes.objects.visible_to(request.user).filter(approval=approval_id, approval__agreement=found)
    kept = rows.first()
    if kept is None:
        raise Http404
    return handed(bytes(kept.data), kept.media_type, f"minutes.{ENDINGS[kept.media_type]}")


@login_required
@require_POST
def suggested(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Add those whom a side chose from who normally has a say."""
    found = agreement_of(request, agreement_id)
    side, keys = request.POST.get("side", ""), set(request.POST.getlist("keys"))
    try:
        added = add_suggested(agreement=found, by=person_of(request), side=side, keys=keys)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        text = ngettext("%(number)s was added.", "%(number)s were added.", len(added))
        messages.success(request, text % {"number": len(added)})
    return redirect("agreement", found.pk)


def _approval_of(agreement: Agreement, approval_id: UUID) -> Approval:
    row: Approval | None = agreement.approvals.filter(pk=approval_id).first()
    if row is None:
        raise Http404
    row.agreement = agreement
    return row
