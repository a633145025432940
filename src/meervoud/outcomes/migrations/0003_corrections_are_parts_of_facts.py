"""What a correction says was typed as text; from now on it is a part of facts, which everybody reads in their own language."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TYPED = "typed"


def keep_what_was_typed(apps: Any, _editor: Any) -> None:
    corrections = apps.get_model("outcomes", "Correction").objects
    for row in corrections.all():
        row.old, row.new = {TYPED: row.old_text}, {TYPED: row.new_text}
        row.save(update_fields=["old", "new"])


def type_it_again(apps: Any, _editor: Any) -> None:
    corrections = apps.get_model("outcomes", "Correction").objects
    for row in corrections.all():
        row.old_text, row.new_text = (str(each.get(TYPED) or each)[:80] for each in (row.old, row.new))
        row.save(update_fields=["old_text", "new_text"])


def forget_corrected_numbers(apps: Any, _editor: Any) -> None:
    """Before this, a report had each number once: what corrections released goes, the corrections themselves stay."""
    apps.get_model("outcomes", "Released").objects.filter(correction__isnull=False).delete()


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0002_past_sheets_wait")]

    operations = [
        migrations.RemoveConstraint("correction", "a_correction_says_why"),
        migrations.RenameField("correction", "old", "old_text"),
        migrations.RenameField("correction", "new", "new_text"),
        migrations.AlterField("correction", "old_text", models.CharField(default="", max_length=80)),
        migrations.AlterField("correction", "new_text", models.CharField(default="", max_length=80)),
        migrations.AddField("correction", "old", models.JSONField(default=dict, verbose_name="old figure")),
        migrations.AddField("correction", "new", models.JSONField(default=dict, verbose_name="new figure")),
        migrations.RunPython(keep_what_was_typed, type_it_again),
        migrations.RemoveField("correction", "old_text"),
        migrations.RemoveField("correction", "new_text"),
        migrations.AlterField("correction", "old", models.JSONField(verbose_name="old figure")),
        migrations.AlterField("correction", "new", models.JSONField(verbose_name="new figure")),
        migrations.AddConstraint(
            "correction",
            models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="a_correction_says_why"),
        ),
        migrations.RemoveConstraint("released", "a_number_is_released_once_in_a_report"),
        migrations.AddField(
            "released",
            "correction",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="released",
                to="outcomes.correction",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_corrected_numbers),
        migrations.AddConstraint(
            "released",
            models.UniqueConstraint(
                condition=models.Q(("correction__isnull", True)),
                fields=("report", "statistic", "scope"),
                name="a_number_is_released_once_in_a_report",
            ),
        ),
    ]
