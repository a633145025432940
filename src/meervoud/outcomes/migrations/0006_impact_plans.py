"""Impact plans with their steps in versions, surveys, valuations and published impact reports."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from meervoud.outcomes.guard import IMPACT, LOCKED, RUNS


class Migration(migrations.Migration):
    dependencies = [
        ("demand", "0002_requests_exclude_sectors_of_companies"),
        ("outcomes", "0005_past_sheets_are_read_by_a_task"),
        ("parties", "0004_companies_have_a_sector"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImpactPlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("title", models.CharField(max_length=120, verbose_name="name of the plan")),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "English"), ("da", "Dansk")],
                        max_length=2,
                        verbose_name="language of the texts",
                    ),
                ),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("time_zone", models.CharField(max_length=40)),
                ("pairing_key", models.BinaryField(null=True)),
                ("shown", models.JSONField(default=dict)),
                ("shown_number", models.PositiveIntegerField(default=0)),
                ("is_made_up", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="impact_plans",
                        to="parties.organisation",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="impact_plans",
                        to="parties.programme",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="impact_plans",
                        to="demand.request",
                    ),
                ),
            ],
            options={
                "verbose_name": "impact plan",
                "verbose_name_plural": "impact plans",
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="ImpactReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("sheets", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="outcomes.impactplan"
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="ImpactStory",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(max_length=3000, verbose_name="the story")),
                ("picture", models.BinaryField(blank=True, default=b"")),
                ("picture_alt", models.CharField(blank=True, max_length=200, verbose_name="what is to be seen")),
                ("consent_of", models.CharField(blank=True, max_length=120, verbose_name="who agreed to be in it")),
                ("consent_on", models.DateField(blank=True, null=True, verbose_name="on which day")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stories", to="outcomes.impactplan"
                    ),
                ),
            ],
            options={
                "ordering": ("created_at",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StepVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Why and for whom"),
                            (2, "Stakeholders and priorities"),
                            (3, "Theory of change"),
                            (4, "Outcomes and indicators"),
                            (5, "Measurement plan"),
                            (6, "Collect"),
                            (7, "Net down"),
                            (8, "Value"),
                            (9, "Report, learn, finance"),
                        ]
                    ),
                ),
                ("number", models.PositiveIntegerField(default=1)),
                ("content", models.JSONField(default=dict)),
                ("edits", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("locked_at", models.DateTimeField(null=True)),
                ("locked_by", models.UUIDField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="outcomes.impactplan"
                    ),
                ),
            ],
            options={
                "ordering": ("step", "-number"),
            },
        ),
        migrations.CreateModel(
            name="ValuationRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("case", models.JSONField()),
                ("seed", models.PositiveBigIntegerField()),
                ("statement", models.JSONField()),
                ("sources", models.JSONField(default=dict)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="outcomes.impactplan"
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="Wave",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("start", "at the start"),
                            ("later", "after some months"),
                            ("year", "after a year"),
                            ("comparison_start", "people without the activity, at the start"),
                            ("comparison_later", "people without the activity, later"),
                        ],
                        max_length=16,
                        verbose_name="when in the activity",
                    ),
                ),
                ("first", models.DateField(verbose_name="first day")),
                ("last", models.DateField(verbose_name="last day")),
                ("asked", models.PositiveIntegerField(verbose_name="how many people you ask")),
                ("questions", models.JSONField(default=list)),
                ("token", models.CharField(max_length=40, unique=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waves", to="outcomes.impactplan"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.stepversion"
                    ),
                ),
            ],
            options={
                "ordering": ("first", "created_at"),
            },
        ),
        migrations.CreateModel(
            name="AnswerSheet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("pseudonym", models.CharField(blank=True, max_length=24)),
                ("answers", models.JSONField(default=dict)),
                ("words", models.CharField(blank=True, max_length=600)),
                ("words_cleared", models.BooleanField(default=False)),
                (
                    "language",
                    models.CharField(choices=[("nl", "Nederlands"), ("en", "English"), ("da", "Dansk")], max_length=2),
                ),
                (
                    "channel",
                    models.CharField(choices=[("link", "on a phone or computer"), ("paper", "on paper")], max_length=5),
                ),
                ("day", models.DateField()),
                ("has_consented", models.BooleanField()),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="outcomes.wave"
                    ),
                ),
            ],
            options={
                "ordering": ("day", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="impactplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", True), ("programme__isnull", True), ("request__isnull", False)),
                    models.Q(("organisation__isnull", False), ("programme__isnull", True), ("request__isnull", True)),
                    models.Q(("organisation__isnull", True), ("programme__isnull", False), ("request__isnull", True)),
                    _connector="OR",
                ),
                name="an_impact_plan_is_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactreport",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="a_plan_has_each_report_once"),
        ),
        migrations.AddConstraint(
            model_name="impactreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), _negated=True), name="an_impact_report_has_its_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="impactstory",
            constraint=models.CheckConstraint(
                condition=models.Q(("picture", b""), models.Q(("picture_alt", ""), _negated=True), _connector="OR"),
                name="a_picture_of_impact_says_what_is_to_be_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="stepversion",
            constraint=models.UniqueConstraint(fields=("plan", "step", "number"), name="a_step_has_each_version_once"),
        ),
        migrations.AddConstraint(
            model_name="stepversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("locked_at__isnull", True)),
                fields=("plan", "step"),
                name="a_step_has_one_version_that_is_written",
            ),
        ),
        migrations.AddConstraint(
            model_name="stepversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("locked_at__isnull", True), ("sha256", "")),
                    models.Q(("locked_at__isnull", False), models.Q(("sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_locked_version_has_its_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="valuationrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), _negated=True), name="a_run_has_its_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="wave_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(condition=models.Q(("asked__gte", 1)), name="a_wave_asks_somebody"),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.UniqueConstraint(fields=("plan", "moment"), name="a_plan_asks_once_at_each_moment"),
        ),
        migrations.AddIndex(
            model_name="answersheet",
            index=models.Index(fields=["wave", "pseudonym"], name="sheet_by_pseudonym"),
        ),
        migrations.AddConstraint(
            model_name="answersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("has_consented", True)), name="nobody_is_counted_without_consent"
            ),
        ),
        migrations.RunPython(LOCKED.add, LOCKED.drop),
        migrations.RunPython(RUNS.add, RUNS.drop),
        migrations.RunPython(IMPACT.add, IMPACT.drop),
    ]
