"""An agreement on paper: as a PDF, in Word, and the scan of paper that was signed."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meervoud.agreements.consenting import missing_consents, open_approvals
from meervoud.agreements.drafts import last_version, may_change, sides_of
from meervoud.agreements.forms import PaperForm
from meervoud.agreements.models import Agreement, Document, Signature, State, Version
from meervoud.agreements.own_contracts import contract_docx
from meervoud.agreements.papers.content import HASH_LETTERS, contract_of
from meervoud.agreements.papers.docx_files import MEDIA_TYPE as WORD_TYPE
from meervoud.agreements.papers.pdf import pdf_of
from meervoud.agreements.signing import ApprovalOpenError, Pen, digest_of, sign
from meervoud.agreements.uploads import ENDINGS, read_paper
from meervoud.agreements.views.agreements import agreement_of, is_sure, number_in, said_number, sign_in_again
from meervoud.core.errors import InputError, MeervoudError
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.parties.current import person_of


def handed(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file to be kept: never shown inside a page, never taken for another kind, never kept by what lies between."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def version_asked(request: HttpRequest, found: Agreement) -> Version:
    """Return the version that an address asks for, the last one where it asks for none.

    Raises:
        Http404: there is no such version.
    """
    if "version" not in request.GET:
        return last_version(found)
    asked = found.versions.filter(number=number_in(request.GET)).first()
    if asked is None:
        raise Http404
    return asked


@login_required
@require_safe
def pdf(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Give the contract as a PDF: a draft as it stands, or the bytes that were kept when both had signed."""
    found = agreement_of(request, agreement_id)
    version = version_asked(request, found)
    rows = Document.objects.visible_to(request.user).filter(version=version, form=Document.Form.PDF)
    kept = rows.first()
    digest = digest_of(found, version)
    made = bytes(kept.data) if kept else pdf_of("contract", contract_of(found, version, digest), version.created_at)
    return handed(made, PDF_TYPE, f"agreement-{version.number}-{digest[:HASH_LETTERS]}.pdf")


@login_required
@require_safe
def word(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Give the contract in Word, on the template of the city where it has one."""
    found = agreement_of(request, agreement_id)
    version = version_asked(request, found)
    digest = digest_of(found, version)
    try:
        made = contract_docx(found, contract_of(found, version, digest))
    except InputError as error:
        messages.error(request, say_error(error))
        return redirect("agreement", found.pk)
    return handed(made, WORD_TYPE, f"agreement-{version.number}-{digest[:HASH_LETTERS]}.docx")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take the scan of paper that one side signed; who brings it shows once more who they are, before choosing the file."""
    found = agreement_of(request, agreement_id)
    if not is_sure(person_of(request)):
        return sign_in_again(request, "agreement_paper", found)
    answer: HttpResponse = _paper(request, found)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def _paper(request: HttpRequest, found: Agreement) -> HttpResponse:
    version, sides = last_version(found), sides_of(person_of(request), found)
    is_post = request.method == "POST"
    form = PaperForm(request.POST if is_post else None, request.FILES if is_post else None, sides=sides)
    if is_post and form.is_valid() and _is_kept(request, found, form):
        return redirect("agreement", found.pk)
    is_put = found.state != State.DRAFT and may_change(found)
    waits = not is_put or bool(open_approvals(found, today()) or missing_consents(version))
    context = {
        "agreement": found,
        "version": version,
        "digest": digest_of(found, version),
        "form": form,
        "waits": waits,
    }
    return render(request, "agreements/paper.html", context, status=422 if form.errors else 200)


def _is_kept(request: HttpRequest, found: Agreement, form: PaperForm) -> bool:
    try:
        scan = read_paper(form.cleaned_data["file"].read())
        pen = Pen(form.cleaned_data["side"], person_of(request), Signature.Way.PAPER, scan)
        done = sign(agreement=found, number=said_number(request), pen=pen, now=now(), today=today())
    except InputError as error:
        form.add_error("file", say_error(error))
    except ApprovalOpenError as error:
        form.add_error(None, _("First %(names)s must approve this.") % {"names": error.names})
    except MeervoudError as error:
        form.add_error(None, say_error(error))
    else:
        is_done = not may_change(done)
        messages.success(request, _("Both sides have signed.") if is_done else _("Signed. Now the other side signs."))
        return True
    return False


@login_required
@require_safe
def scan(request: HttpRequest, agreement_id: UUID, document_id: UUID) -> HttpResponse:
    """Give the scan of paper that one side signed."""
    found = agreement_of(request, agreement_id)
    rows = Document.objects.visible_to(request.user).filter(agreement=found, form=Document.Form.SCAN)
    kept = rows.filter(pk=document_id).first()
    if kept is None:
        raise Http404
    return handed(bytes(kept.data), kept.media_type, f"signed-{kept.sha256[:HASH_LETTERS]}.{ENDINGS[kept.media_type]}")
