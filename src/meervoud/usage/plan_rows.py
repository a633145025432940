"""What the pages of a plan show of its rows, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.agreements.models import Agreement
from meervoud.lib.saying import spoken
from meervoud.supply.calendar import Span
from meervoud.supply.models import Offer
from meervoud.usage.models import PlanChange, StandIn
from meervoud.usage.openness import Why
from meervoud.usage.plan_forms import WORDS
from meervoud.usage.planning import Preview, Row
from meervoud.usage.telling import say_span

Shown = dict[str, Any]  # Any: what a template shows
WHYS: Final[Mapping[Why | None, str | Promise]] = {
    Why.PAST: gettext_lazy("This day is past."),
    Why.NO_SUCH_HOUR: gettext_lazy("The clock skips this hour in that night."),
    Why.HOLIDAY: gettext_lazy("The host is closed: a public holiday."),
    Why.CLOSED: gettext_lazy("The host is closed then."),
    Why.TAKEN: gettext_lazy("Taken by somebody else."),
}


def moment_rows(agreement: Agreement) -> list[Shown]:
    """Return every moment with why it is not, and which other room is asked; two queries, however many there are."""
    rows = list(agreement.moments.select_related("space", "series").order_by("starts_at"))
    asked = StandIn.objects.every(because="of moments that the viewer may see").filter(
        moment__agreement=agreement, state=StandIn.State.ASKED
    )
    by_moment = {each.moment_id: each for each in asked.select_related("offer__space")}
    return [
        {
            "row": each,
            "why": reason_in_words(each.reason),
            "asked": by_moment.get(each.pk),
            "state": state_kind(each.state),
        }
        for each in rows
    ]


def state_kind(state: str) -> str:
    """Return which colour a state of a moment has."""
    return {"planned": "info", "held": "good", "seeking": "warning", "withdrawn": "warning"}.get(state, "quiet")


def reason_in_words(reason: str) -> str:
    """Return a reason in the language of the page; "" where none was given."""
    return str(WORDS.get(reason, ""))


def change_rows(agreement: Agreement) -> list[Shown]:
    """Return what waits for a yes, with its moments."""
    rows = agreement.plan_changes.filter(state=PlanChange.State.PROPOSED).select_related("by")
    return [
        {
            "row": each,
            "side": each.get_side_display(),
            "moments": [
                tuple(datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at")) for row in each.rows
            ],
            "is_move": any("moment" in row for row in each.rows),
        }
        for each in rows
    ]


def why_in_words(row: Row) -> str:
    """Return why a day cannot be."""
    return str(WHYS[row.why])


def offers_of(preview: Preview) -> dict[UUID, Offer]:
    """Return the offers that a preview names, by id, in one query."""
    ids = {each.offer for row in preview.rows for each in row.alternatives if each.offer}
    rows = Offer.objects.every(because="what is online may be found by everybody")
    return rows.select_related("space__building", "host").in_bulk(ids)


def alternatives_in_words(row: Row, offers: Mapping[UUID, Offer], agreement: Agreement) -> list[tuple[str, str]]:
    """Return what could be in the place of a day: what the form sends, and what it says."""
    return [
        (each.key, _say(each.kind, each.span, offers.get(each.offer) if each.offer else None, each.metres, agreement))
        for each in row.alternatives
    ]


def _say(kind: str, span: Span, offer: Offer | None, metres: int | None, agreement: Agreement) -> str:
    said = spoken()
    if kind == "shift" or offer is None:
        return say_span(span, agreement.programme.time_zone, said.code)
    gaps = {
        "space": offer.space.name,
        "host": offer.host.name,
        "metres": said.distance(metres) if metres is not None else "",
    }
    if kind == "room":
        return _("%(space)s, of the same host") % gaps
    if offer.space.name in offer.host.name:  # a house with one room is called as its host
        said_once = (
            _("%(host)s; they are asked first")
            if metres is None
            else _("%(host)s, %(metres)s away; they are asked first")
        )
        return said_once % gaps
    if metres is None:
        return _("%(space)s of %(host)s; they are asked first") % gaps
    return _("%(space)s of %(host)s, %(metres)s away; they are asked first") % gaps
