"""What the pages of an import show: what it would do, how far it is, what it did."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meervoud.lib.saying import spoken
from meervoud.parties.models import Programme
from meervoud.site.imports.differences import Difference, Preview, Setting
from meervoud.site.imports.faults import say_refused, say_remark
from meervoud.site.imports.keeping import CHANGED, FIELDS, GONE, KEPT, USED, is_kept
from meervoud.site.imports.runs import State, is_last, preview_of
from meervoud.site.imports.sheets import kind_of
from meervoud.site.imports.wording import KINDS, say_field, say_value
from meervoud.site.models.imports import ImportChange, ImportRun

A_PAGE = 100
WHY_KEPT = {
    USED: gettext_lazy("It stays: it is in use by now."),
    CHANGED: gettext_lazy("It stays as it is now: somebody has changed it since."),
    GONE: gettext_lazy("It was removed since. There is nothing to take back."),
}


def preview_page(request: HttpRequest, found: ImportRun, setting: Setting) -> HttpResponse:
    """Show what an import would do."""
    said, preview = spoken(), preview_of(found, setting)
    show = request.GET.get("show") or next((name for name in ("changed", "new") if preview.of(name)), "refused")
    listed: Sequence[Any] = (
        preview.refused if show == "refused" else preview.of("changed" if show == "changed" else "new")
    )
    part, page = _page(request, listed, show, online=setting.online)
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
        "has_changed_since": found.ending == ImportRun.Ending.CHANGED,
        "can_confirm": bool(preview.of("new") or preview.of("changed")),
    }
    return render(request, "imports/preview.html", context)


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


def _page(
    request: HttpRequest, listed: Sequence[Any], show: str, *, online: bool = False
) -> tuple[Sequence[Any], dict[str, Any]]:
    pages = max(1, -(-len(listed) // A_PAGE))
    asked = request.GET.get("page", "1")
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 8 else 1, 1), pages)

    def address(other: int) -> str:
        return f"?show={show}&page={other}&online={online:d}" if 1 <= other <= pages else ""

    part = listed[(number - 1) * A_PAGE : number * A_PAGE]
    return part, {
        "number": number,
        "pages": pages,
        "previous_url": address(number - 1),
        "next_url": address(number + 1),
    }


def progress_page(request: HttpRequest, found: ImportRun) -> HttpResponse:
    """Show how far an import is, or its undo; to htmx only the part that changes."""
    is_writing = found.state == State.WRITING
    is_counted = found.portions is not None
    context = {
        "run": found,
        "kind_name": KINDS[kind_of(found.kind)],
        "label": _("Importing the sheet") if is_writing else _("Taking back what was written"),
        "done": (found.done if is_writing else found.total - found.done) if is_counted else None,
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "imports/progress.html#progress" if is_part else "imports/progress.html", context)


def done_page(request: HttpRequest, found: ImportRun) -> HttpResponse:
    """Show what an import did, what its undo left, or that it was dropped."""
    said = spoken()
    rows = found.changes.order_by("portion", "created_at", "id").only("key", "before", "after", "run_id")
    changes = [each for each in rows if found.state == State.CONFIRMED or is_kept(each)]
    part, page = _page(request, changes, "all")
    new = sum(each.before is None for each in changes)
    changed = sum(each.before is not None and not is_kept(each) for each in changes)
    context = {
        "run": found,
        "kind_name": KINDS[kind_of(found.kind)],
        "numbers": [
            {"value": said.number(found.rows_read), "what": _("rows read"), "meaning": ""},
            {"value": said.number(new), "what": _("new"), "meaning": ""},
            {"value": said.number(changed), "what": _("changed"), "meaning": ""},
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
