"""Rows of a sheet of use from before that another sheet told already."""

from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, UUIDField

from meervoud.outcomes.models import PastSheet, PastUse

WHY: Final = "only whether the same row counts already, in the programme of a sheet that was found in a scope"


def told_by(sheet: PastSheet) -> list[dict[str, Any]]:  # Any: an id, a name and a number, as JSON
    """Return which sheets told rows of a sheet that waits, and how many, the one with most rows first."""
    teller = Subquery(_counting(sheet).values("sheet")[:1], output_field=UUIDField())
    told = PastUse.waiting.of(sheet=[sheet]).annotate(teller=teller).filter(teller__isnull=False)
    numbers = dict(told.order_by().values("teller").annotate(number=Count("pk")).values_list("teller", "number"))
    if not numbers:
        return []
    names = PastSheet.objects.every(because=WHY).filter(pk__in=numbers).values_list("pk", "file_name")
    found = [{"sheet": str(pk), "file_name": name, "number": numbers[pk]} for pk, name in names]
    return sorted(found, key=lambda each: (-each["number"], each["file_name"], each["sheet"]))


def new_rows(sheet: PastSheet) -> QuerySet[PastUse]:
    """Return the rows of a sheet that waits which no other sheet told."""
    return PastUse.waiting.of(sheet=[sheet]).filter(~Exists(_counting(sheet)))


def doubles_of(sheet: PastSheet) -> QuerySet[PastUse]:
    """Return the rows of a sheet that waits which another sheet told."""
    return PastUse.waiting.of(sheet=[sheet]).filter(Exists(_counting(sheet)))


def _counting(sheet: PastSheet) -> QuerySet[PastUse]:
    counting = PastUse.objects.every(because=WHY)
    return counting.filter(programme=sheet.programme_id, key=OuterRef("key"))
