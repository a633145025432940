"""A point of the activity may be asked in several rounds; and a single time has one short question of its own.

Going back fails once a plan has a second round: two waves would stand at one point, and neither may be dropped.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0006_impact_plans"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="wave",
            name="a_plan_asks_once_at_each_moment",
        ),
        migrations.AddField(
            model_name="wave",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="round"),
        ),
        migrations.AlterField(
            model_name="wave",
            name="moment",
            field=models.CharField(
                choices=[
                    ("start", "at the start"),
                    ("later", "after some months"),
                    ("year", "after a year"),
                    ("comparison_start", "people without the activity, at the start"),
                    ("comparison_later", "people without the activity, later"),
                    ("pulse", "after a single time: one question"),
                ],
                max_length=16,
                verbose_name="when in the activity",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.UniqueConstraint(
                fields=("plan", "moment", "round"), name="a_plan_asks_once_in_each_round"
            ),
        ),
    ]
