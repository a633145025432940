"""A task reads a sheet of use from before and writes its rows, which count from when the sheet is confirmed.

Rows that are there belong to confirmed sheets, so they count. Where two of them tell the same, both go on counting as
they did: only what is confirmed from now on is compared. Sheets that wait are read by the clock, within a minute.
"""

import hashlib
from datetime import UTC
from typing import Any

from django.db import migrations, models

BATCH = 500


def give_keys(apps: Any, _editor: Any) -> None:
    uses, seen, batch = apps.get_model("outcomes", "PastUse").objects, set(), []
    for row in uses.filter(sheet__confirmed_at__isnull=False).order_by("created_at", "pk").iterator(chunk_size=BATCH):
        told = (row.host.casefold(), row.space.casefold(), row.initiative.casefold())
        text = "\n".join((*told, row.starts_at.astimezone(UTC).isoformat()))
        key = hashlib.sha256(text.encode()).hexdigest()[:40]
        row.key, row.is_confirmed = (f"{key}:{row.pk}" if (row.programme_id, key) in seen else key), True
        seen.add((row.programme_id, key))
        batch.append(row)
        if len(batch) == BATCH:
            uses.bulk_update(batch, ["key", "is_confirmed"])
            batch = []
    uses.bulk_update(batch, ["key", "is_confirmed"])
    sheets = apps.get_model("outcomes", "PastSheet").objects
    for sheet in sheets.filter(confirmed_at__isnull=False).annotate(number=models.Count("uses")):
        sheets.filter(pk=sheet.pk).update(rows_read=sheet.number, read_at=sheet.confirmed_at)


def drop_what_waits(apps: Any, _editor: Any) -> None:
    apps.get_model("outcomes", "PastUse").objects.filter(is_confirmed=False).delete()


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0004_sums_of_a_dekad_are_packed")]

    operations = [
        migrations.AddField("pastsheet", "ordered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("pastsheet", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("pastsheet", "read_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("pastsheet", "rows_read", models.PositiveIntegerField(default=0)),
        migrations.AddField("pastsheet", "rows_refused", models.PositiveIntegerField(default=0)),
        migrations.AddField("pastsheet", "rows_repeated", models.PositiveIntegerField(default=0)),
        migrations.AddField("pastsheet", "fault", models.JSONField(blank=True, default=dict)),
        migrations.AddField("pastsheet", "faults", models.JSONField(blank=True, default=list)),
        migrations.AddField("pastsheet", "faults_found", models.PositiveIntegerField(default=0)),
        migrations.AddField("pastsheet", "notes", models.JSONField(blank=True, default=list)),
        migrations.AddField("pastsheet", "repeats", models.JSONField(blank=True, default=list)),
        migrations.AddField("pastsheet", "left_out", models.JSONField(blank=True, default=list)),
        migrations.AddField("pastuse", "key", models.CharField(default="", editable=False, max_length=80)),
        migrations.AddField("pastuse", "is_confirmed", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(give_keys, drop_what_waits),
        migrations.AddConstraint(
            "pastuse",
            models.UniqueConstraint(
                condition=models.Q(("is_confirmed", True)),
                fields=("programme", "key"),
                name="the_same_past_use_counts_once",
            ),
        ),
    ]
