"""Sheets in and out: give a file, look at what it would do, confirm or drop it, take it back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from meervoud.core.errors import InputError, MeervoudError
from meervoud.lib.clock import now, today
from meervoud.parties.current import desk_programme_of, person_of
from meervoud.parties.roles import works_for
from meervoud.site.imports.differences import Setting
from meervoud.site.imports.export import Form, export_sheet
from meervoud.site.imports.faults import RowError, say_fault
from meervoud.site.imports.holding import BUSY
from meervoud.site.imports.orders import cancel_import, order_import, order_undo
from meervoud.site.imports.runs import State, drop_import, setting_of, start_import
from meervoud.site.imports.sheets import ENDINGS, check_upload, kind_of
from meervoud.site.imports.wording import KINDS
from meervoud.site.models.imports import ImportRun
from meervoud.site.views.import_pages import done_page, preview_page, progress_page

RUNS = 50
FORMS: dict[str, tuple[Form, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
STATES = {
    State.PREVIEW: "info",
    State.WRITING: "info",
    State.CONFIRMED: "good",
    State.UNDOING: "info",
    State.UNDONE: "quiet",
    State.DROPPED: "quiet",
}


class UploadForm(forms.Form):
    """A sheet, and what its rows are."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is in the sheet?"), choices=list(KINDS.items()), widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), for spaces and neighbourhoods also GeoJSON. At most 10 MB."),
        widget=forms.FileInput(
            attrs={"accept": ",".join(sorted({each for kind in ENDINGS.values() for each in kind}))}
        ),
    )
    online = forms.BooleanField(
        label=gettext_lazy("These hosts have agreed: put their spaces online at once"),
        help_text=gettext_lazy("You vouch for them: hosts that nobody has checked yet count as checked then."),
        required=False,
    )

    def clean_file(self) -> "UploadedFile[Any]":  # Any: bytes or text, says Django
        """Refuse what is too large or of another kind, in a sentence."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_upload(kind_of(self.data.get("kind", "")), given.name or "", given.size or 0)
        except InputError as error:
            raise forms.ValidationError(say_fault(error)) from error
        return given


def desk_setting(request: HttpRequest) -> Setting:
    """Return for which programme a person imports: the one of the page, if they work for it.

    Raises:
        Http404: they do not.
    """
    person, programme = person_of(request), desk_programme_of(request)
    if not works_for(person, programme):
        raise Http404
    return setting_of(programme, person, now(), today())


def run_of(request: HttpRequest, run_id: UUID, *, online: bool = False) -> tuple[ImportRun, Setting]:
    """Return an import of a programme that the person works for; another one is not there.

    Raises:
        Http404: none of theirs has the id.
    """
    rows = ImportRun.objects.visible_to(request.user).filter(pk=run_id)
    found = rows.select_related("programme", "by").first()
    if found is None:
        raise Http404
    return found, setting_of(found.programme, person_of(request), now(), today(), online=online)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the imports of the programme, and take a sheet."""
    setting = desk_setting(request)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": "spaces"})
    if request.method == "POST" and form.is_valid():
        started = _start(setting, form)
        if started is not None:
            online = "?online=1" if form.cleaned_data["online"] else ""
            return redirect(reverse("import", args=[started.pk]) + online)
    runs = ImportRun.objects.visible_to(request.user).filter(programme=setting.programme).defer("content")
    shown = list(runs.select_related("by").order_by("-created_at")[:RUNS])
    context = {
        "form": form,
        "city": setting.programme,
        "runs": [(each, KINDS[kind_of(each.kind)], STATES[State(each.state)]) for each in shown],
        "exports": [(kind, KINDS[kind], form_name) for kind in ("spaces", "requests") for form_name in FORMS],
    }
    return render(request, "imports/index.html", context, status=422 if form.errors else 200)


def _start(setting: Setting, form: UploadForm) -> ImportRun | None:
    given: UploadedFile[Any] = form.cleaned_data["file"]
    try:
        return start_import(
            setting=setting,
            kind=kind_of(form.cleaned_data["kind"]),
            name=given.name or "sheet",
            content=given.read(),
            most_rows=settings.MOST_IMPORTED_ROWS,
        )
    except InputError as error:
        form.add_error("file", say_fault(error))
        return None


@login_required
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show an import: what it would do, how far it is, what it did, or that it is undone or dropped."""
    found, setting = run_of(request, run_id)
    if found.state in BUSY:
        return progress_page(request, found)
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRefresh()  # the page that watched it shows how it ended
    if found.state == State.PREVIEW:
        online = request.GET.get("online", "1" if found.online else "") == "1"
        return preview_page(request, found, replace(setting, online=online))
    return done_page(request, found)


@login_required
@require_POST
def confirm(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Let a task write what the preview showed; if something changed since, it shows the new preview instead."""
    found, setting = run_of(request, run_id, online=request.POST.get("online") == "1")
    order_import(run=found, setting=setting, fingerprint=request.POST.get("differences", ""))
    return redirect("import", found.pk)


@login_required
@require_POST
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop an import that is being written, and take back what is written already."""
    found, setting = run_of(request, run_id)
    cancel_import(run=found, by=setting.by)
    return redirect("import", found.pk)


@login_required
@require_POST
def drop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Forget a sheet that was not confirmed."""
    found, setting = run_of(request, run_id)
    drop_import(run=found, by=setting.by)
    messages.success(request, _("The sheet is dropped. Nothing was written."))
    return redirect("imports")


@login_required
@require_POST
def undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Let a task take an import back; its page then shows what stays and why."""
    found, setting = run_of(request, run_id)
    order_undo(run=found, by=setting.by)
    return redirect("import", found.pk)


@login_required
@require_safe
def export(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """Give the spaces or requests of the programme as a file."""
    setting = desk_setting(request)
    if kind not in ("spaces", "requests") or form not in FORMS:
        raise Http404
    what, type_of_content = FORMS[form]
    try:
        content = export_sheet(setting=setting, kind=kind, form=what)
    except RowError as error:
        raise MeervoudError(say_fault(error)) from error
    name = f"{setting.programme.slug}-{kind}-{setting.today}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=type_of_content, headers=headers)
