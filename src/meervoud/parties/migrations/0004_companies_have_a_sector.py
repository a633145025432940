"""What organisations wrote freely about their sector stays, as their line of work; the sector is a closed list now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_messages_are_moderated_and_mail_has_a_rhythm"),
    ]

    operations = [
        migrations.RenameField(
            model_name="organisation",
            old_name="sector",
            new_name="line_of_work",
        ),
        migrations.AlterField(
            model_name="organisation",
            name="line_of_work",
            field=models.CharField(blank=True, max_length=80, verbose_name="line of work"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="sector",
            field=models.CharField(
                blank=True,
                choices=[
                    ("tobacco", "tobacco and e-cigarettes"),
                    ("gambling", "gambling and betting"),
                    ("alcohol", "alcoholic drinks"),
                    ("weapons", "weapons"),
                    ("fossil_fuels", "oil, gas and coal"),
                    ("high_interest_loans", "loans with high interest"),
                    ("fast_fashion", "fast fashion: cheap clothes, not worn for long"),
                ],
                max_length=20,
                verbose_name="sector",
            ),
        ),
    ]
