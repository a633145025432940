"""Sheets of requests: compared with the requests of a programme, and written to them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from meervoud.core.engine.types.requests import Request as SheetRequest
from meervoud.core.engine.types.spaces import Price
from meervoud.demand.actions import OPEN_DAYS
from meervoud.demand.as_request import rule_of
from meervoud.demand.models import Request, RequestRule, State
from meervoud.site.imports.differences import Difference, Setting, Stored, Values, cut_text
from meervoud.site.imports.faults import RowError
from meervoud.site.imports.lookups import BATCH, Organisations
from meervoud.site.imports.space_changes import batches, update_rows
from meervoud.site.imports.space_values import plain

BECAUSE = "a sheet of the programme is compared with its requests"
LONGEST: Final = {"key": 120, "name": 120, "organisation": 160, "neighbourhood": 120, "meets_at": 120}
SAME: Final = (
    *("neighbourhood", "latitude", "longitude", "max_metres", "group_min", "group_max", "area_m2"),
    *("step_free", "loudness", "cause", "kind_of_activity"),
)
LISTS: Final = ("facilities", "wishes", "activities")
WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: (name,) for name in (*SAME, *LISTS, "organisation")},
    "name": ("title",),
    "meets_at": ("meets_at_key",),
    "budget": ("budget_cents", "budget_per"),
}
RULE: Final = (
    *("kind", "weekdays", "window_start", "window_end", "minutes", "first", "weeks", "days", "coverage_share"),
    *("per_week", "per_week_minutes", "same_start", "dates", "closed"),
)


class Requests:
    """The requests of a programme, as sheets speak of them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.groups = Organisations(setting.programme)

    def rows(self) -> QuerySet[Request]:
        """Return the requests with everything that is compared."""
        rows = Request.objects.every(because=BECAUSE).filter(programme=self.setting.programme)
        return rows.select_related("organisation", "programme").prefetch_related("rules").order_by("created_at")

    def stored(self, keys: frozenset[str] | None = None, *, things: frozenset[UUID] | None = None) -> list[Stored]:
        """Return the requests with these numbers; see Subject."""
        rows = self.rows() if things is None else self.rows().filter(pk__in=things)
        return [
            Stored(key, row.pk, str(row), stored_values(row))
            for row in rows
            if (key := row.source_key or str(row.pk)) and (keys is None or key in keys)
        ]

    def said(self, thing: SheetRequest) -> tuple[str, Values]:
        """Return what the rows of a request say; see Subject."""
        values = sheet_values(thing, self.setting.programme.currency)
        if values["organisation"]:
            values["organisation"] = self.groups.spelled(values["organisation"])
        return str(values.pop("key")), values

    def settled(self, before: Values | None, after: Values) -> Values:
        """Return what follows from what the rows say: a request that is complete is open; see Subject."""
        after = dict(after)
        if "group_max" in after:
            after.setdefault("group_min", 0)  # the two are one column of the sheet
        if before is None:
            is_complete = after.get("needs") and after.get("group_max") and after.get("name")
            after["state"] = State.OPEN.value if is_complete else State.DRAFT.value
        return after

    def clashing(self, differences: Sequence[Difference]) -> Mapping[str, RowError]:
        """Return nothing: requests have nothing in common; see Subject."""
        del differences
        return {}

    def create(self, things: Mapping[UUID, Difference]) -> None:
        """Make the new requests, asked by whoever imports them; see Subject."""
        differences = list(things.values())
        self.groups.add(
            (each.after["organisation"] for each in differences if "organisation" in each.after), verified=False
        )
        setting, asker = self.setting, self.setting.by
        assert asker is not None  # noqa: S101  # only an export has nobody
        made = [
            Request(
                id=thing,
                programme=setting.programme,
                asked_by=asker,
                source_key=each.key,
                state=each.after["state"],
                expires_on=setting.today + timedelta(days=OPEN_DAYS) if each.after["state"] == State.OPEN else None,
                is_made_up=setting.programme.is_made_up,
            )
            for thing, each in things.items()
        ]
        for request, each in zip(made, differences, strict=True):
            self._apply(request, each.after)
        Request.objects.bulk_create(made, batch_size=BATCH)
        rules = [rule for request, each in zip(made, differences, strict=True) for rule in _rules(request, each.after)]
        RequestRule.objects.bulk_create(rules, batch_size=BATCH)

    def change(self, values: Mapping[UUID, Values]) -> None:
        """Give requests other values; see Subject."""
        self.groups.add((each["organisation"] for each in values.values() if each.get("organisation")), verified=False)
        everybody = Request.objects.every(because=BECAUSE)
        for ids in batches(list(values)):
            found = list(everybody.filter(pk__in=ids, programme=self.setting.programme).select_related("organisation"))
            for request in found:
                self._apply(request, values[request.pk])
            columns = {column for each in ids for name in values[each] for column in WRITTEN.get(name, ())}
            update_rows(everybody, found, [*sorted(columns), "changed_at"])
            renewed = [request for request in found if "needs" in values[request.pk]]
            RequestRule.objects.of(request=renewed).delete()
            rules = [rule for request in renewed for rule in _rules(request, values[request.pk])]
            RequestRule.objects.bulk_create(rules, batch_size=BATCH)

    def _apply(self, request: Request, values: Values) -> None:
        for name in (*SAME, *LISTS):
            if name in values:
                setattr(request, name, values[name])
        if "name" in values:
            request.title = values["name"]
        if "meets_at" in values:
            request.meets_at_key = values["meets_at"]
        if "organisation" in values:
            request.organisation = self.groups.find(values["organisation"]) if values["organisation"] else None
        if "budget" in values:
            request.budget_cents, request.budget_per = values["budget"] or (None, "hour")


def sheet_values(request: SheetRequest, currency: str) -> Values:
    """Return what the rows of a request say.

    Raises:
        RowError: a text is too long, or an amount is in another currency than the programme's.
    """
    values: Values = {
        "key": plain(request.id),
        "name": plain(request.name),
        "organisation": plain(" ".join(request.organisation.split())),
        "latitude": request.position.latitude if request.position else None,
        "longitude": request.position.longitude if request.position else None,
        "budget": _budget(request.budget, currency),
        "meets_at": plain(request.meets_at or ""),
        "needs": [rule_values(rule_of(need)) for need in request.needs],
    }
    values |= {name: getattr(request, name) for name in SAME if name not in values}
    values |= {name: getattr(request, name) or "" for name in ("loudness", "cause", "kind_of_activity")}
    values["neighbourhood"] = plain(request.neighbourhood or "")
    values |= {name: sorted(getattr(request, name)) for name in LISTS}
    cut_text(LONGEST, values)
    return values


def stored_values(row: Request) -> Values:
    """Return what a request says as the sheet would say it."""
    values: Values = {name: getattr(row, name) for name in SAME}
    values |= {name: sorted(getattr(row, name)) for name in LISTS}
    return values | {
        "name": row.title,
        "organisation": row.organisation.name if row.organisation else "",
        "budget": None
        if row.budget_cents is None
        else [row.budget_cents, row.budget_per if row.budget_cents else "hour"],
        "meets_at": row.meets_at_key,
        "state": row.state,
        "needs": [rule_values(rule) for rule in row.rules.all()],
    }


def rule_values(rule: RequestRule) -> Values:
    """Return a rule that says when as plain values."""
    values: Values = {name: getattr(rule, name) for name in RULE}
    values["kind"] = str(values["kind"])
    values["first"] = values["first"] and str(values["first"])
    values |= {name: sorted(values[name]) for name in ("weekdays", "dates", "closed")}
    if rule.first:  # closed days outside the weeks of the rule mean nothing, and no sheet keeps them
        last = str(rule.first + timedelta(days=7 * rule.weeks - 1))
        values["closed"] = [days for days in values["closed"] if days[0] <= last and days[1] >= values["first"]]
    return values


def _rules(request: Request, values: Values) -> list[RequestRule]:
    return [
        RequestRule(
            request=request, order=order, **{**said, "first": said["first"] and date.fromisoformat(said["first"])}
        )
        for order, said in enumerate(values.get("needs", []))
    ]


def _budget(budget: Price | None, currency: str) -> list[Any] | None:  # Any: cents and "hour" or "month"
    if budget is None:
        return None
    if budget.cents and budget.currency != currency:
        raise RowError("import_currency", column="budget", value=budget.currency, wanted=currency)
    return [budget.cents, budget.per if budget.cents else "hour"]
