"""Sheets in and out: give a file, look at what it would do, confirm or drop it, take it back."""

from collections.abc import Sequence
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
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import InputError, MeervoudError
from meervoud.lib.clock import now, today
from meervoud.lib.saying import spoken
from meervoud.parties.current import desk_programme_of, person_of
from meervoud.parties.models import Programme
from meervoud.parties.roles import works_for
from meervoud.site.imports.differences import Difference, Preview, Setting
from meervoud.site.imports.export import Form, export_sheet
from meervoud.site.imports.faults import RowError, say_fault, say_refused, say_remark
from meervoud.site.imports.runs import (
    State,
    WorldChangedError,
    confirm_import,
    drop_import,
    preview_of,
    setting_of,
    start_import,
)
from meervoud.site.imports.sheets import ENDINGS, check_upload, kind_of
from meervoud.site.imports.undoing import CHANGED, FIELDS, GONE, KEPT, USED, is_last, undo_import
from meervoud.site.imports.wording import KINDS, say_field, say_value
from meervoud.site.models.imports import ImportChange, ImportRun

A_PAGE = 100
RUNS = 50
FORMS: dict[str, tuple[Form, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
WHY_KEPT = {
    USED: gettext_lazy("It stays: it is in use by now."),
    CHANGED: gettext_lazy("It stays as it is now: somebody has changed it since."),
    GONE: gettext_lazy("It was removed since. There is nothing to take back."),
}
STATES = {State.PREVIEW: "info", State.CONFIRMED: "good", State.UNDONE: "quiet", State.DROPPED: "quiet"}


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
    """Show an import: what it would do, what it did, or that it is undone or dropped."""
    online = request.GET.get("online") == "1"
    found, setting = run_of(request, run_id, online=online)
    if found.state == State.PREVIEW:
        return _preview_page(request, found, setting, preview_of(found, setting))
    return _done_page(request, found)


def _preview_page(
    request: HttpRequest, found: ImportRun, setting: Setting, preview: Preview, *, status: int = 200
) -> HttpResponse:
    said = spoken()
    show = request.GET.get("show") or next((name for name in ("changed", "new") if preview.of(name)), "refused")
    listed: Sequence[Any] = (
        preview.refused if show == "refused" else preview.of("changed" if show == "changed" else "new")
    )
    part, page = _page(request, listed, show)
    context = {
        "run": found,
        "kind_name": KINDS[kind_of(found.kind)],
        "preview": preview,
        "numbers": _numbers(preview),
        "sum": _sum(preview),
        "show": show,
        "tabs": [(name, count) for name, count in _tabs(preview)],
        "refused": [(each, say_refused(said, each)) for each in part] if show == "refused" else [],
        "changes": [_shown(each, setting.programme) for each in part] if show != "refused" else [],
        "notes": [say_remark(said, preview.file, note) for note in preview.notes],
        "page": page,
        "online": setting.online,
        "has_changed_since": status != 200,
        "can_confirm": bool(preview.of("new") or preview.of("changed")),
    }
    return render(request, "imports/preview.html", context, status=status)


def _numbers(preview: Preview) -> list[dict[str, str]]:
    said = spoken()
    told = (
        (preview.rows("new"), _("new"), _("Rows with a number that is not there yet.")),
        (preview.rows("changed"), _("changed"), _("Rows that say something else than what is there.")),
        (preview.rows("unchanged"), _("unchanged"), _("Rows that say what is there already.")),
        (preview.rows_refused, _("refused"), _("Rows that cannot be read. They change nothing.")),
    )
    return [{"value": said.number(value), "what": what, "meaning": meaning} for value, what, meaning in told]


def _sum(preview: Preview) -> str:
    said = spoken()
    gaps = {name: said.number(preview.rows(name)) for name in ("new", "changed", "unchanged")}
    text = ngettext(
        "%(read)s row read = %(new)s new + %(changed)s changed + %(unchanged)s unchanged + %(refused)s refused",
        "%(read)s rows read = %(new)s new + %(changed)s changed + %(unchanged)s unchanged + %(refused)s refused",
        preview.read,
    )
    return text % {**gaps, "read": said.number(preview.read), "refused": said.number(preview.rows_refused)}


def _tabs(preview: Preview) -> list[tuple[str, int]]:
    return [("changed", len(preview.of("changed"))), ("new", len(preview.of("new"))), ("refused", len(preview.refused))]


def _shown(each: Difference, programme: Programme) -> dict[str, Any]:  # Any: what a template shows
    return {
        "key": each.key,
        "name": each.name,
        "rows": ", ".join(map(str, each.rows)),
        "is_new": each.before is None,
        "fields": _fields(each.before, each.after, programme),
    }


def _fields(before: dict[str, Any] | None, after: dict[str, Any], programme: Programme) -> list[dict[str, str]]:
    said, currency = spoken(), programme.currency
    return [
        {
            "name": say_field(name),
            "before": "" if before is None else say_value(said, name, before.get(name), currency),
            "after": say_value(said, name, value, currency),
        }
        for name, value in after.items()
        if name not in (KEPT, FIELDS) and not (before is None and name == "name")
    ]


def _page(request: HttpRequest, listed: Sequence[Any], show: str) -> tuple[Sequence[Any], dict[str, Any]]:
    pages = max(1, -(-len(listed) // A_PAGE))
    asked = request.GET.get("page", "1")
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 8 else 1, 1), pages)
    online = "&online=1" if request.GET.get("online") == "1" else ""

    def address(other: int) -> str:
        return f"?show={show}&page={other}{online}" if 1 <= other <= pages else ""

    part = listed[(number - 1) * A_PAGE : number * A_PAGE]
    return part, {
        "number": number,
        "pages": pages,
        "previous_url": address(number - 1),
        "next_url": address(number + 1),
    }


def _done_page(request: HttpRequest, found: ImportRun) -> HttpResponse:
    said = spoken()
    changes = list(found.changes.order_by("created_at", "id").only("key", "before", "after", "run_id"))
    if found.state == State.UNDONE:
        changes = [each for each in changes if KEPT in each.after]
    part, page = _page(request, changes, "all")
    new = sum(each.before is None for each in changes)
    context = {
        "run": found,
        "kind_name": KINDS[kind_of(found.kind)],
        "numbers": [
            {"value": said.number(found.rows_read), "what": _("rows read"), "meaning": ""},
            {"value": said.number(new), "what": _("new"), "meaning": ""},
            {"value": said.number(len(changes) - new), "what": _("changed"), "meaning": ""},
            {"value": said.number(found.rows_refused), "what": _("rows refused"), "meaning": ""},
        ],
        "changes": [_done(each, found.programme) for each in part],
        "page": page,
        "can_undo": found.state == State.CONFIRMED and is_last(found),
    }
    return render(request, "imports/done.html", context)


def _done(change: ImportChange, programme: Programme) -> dict[str, Any]:  # Any: what a template shows
    kept = change.after.get(KEPT)
    return {
        "key": change.key,
        "name": change.after.get("name", ""),
        "is_new": change.before is None,
        "fields": _fields(change.before, change.after, programme),
        "kept": WHY_KEPT[kept] if kept else "",
        "kept_fields": ", ".join(say_field(name) for name in change.after.get(FIELDS, [])),
    }


@login_required
@require_POST
def confirm(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Write what the preview showed; if something changed since, show the new preview instead."""
    online = request.POST.get("online") == "1"
    found, setting = run_of(request, run_id, online=online)
    try:
        confirm_import(run=found, setting=setting, fingerprint=request.POST.get("differences", ""))
    except WorldChangedError as changed:
        return _preview_page(request, found, setting, changed.preview, status=409)
    messages.success(request, _("The sheet is imported."))
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
    """Take an import back, and show what stays and why."""
    found, setting = run_of(request, run_id)
    undo_import(run=found, setting=setting)
    messages.success(request, _("The import is undone."))
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
