"""A version has several documents; minutes of approvals and a city's own contract in Word are kept."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # Taken back only while no version has a second document: the database refuses to lose one.

    dependencies = [
        ("agreements", "0001_agreements"),
        ("parties", "0004_companies_have_a_sector"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContractTemplate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "English"), ("da", "Dansk")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name of the file")),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "contract in Word",
                "verbose_name_plural": "contracts in Word",
                "ordering": ("language",),
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("data", models.BinaryField()),
                ("media_type", models.CharField(max_length=80)),
            ],
            options={
                "verbose_name": "minutes",
                "verbose_name_plural": "minutes",
            },
        ),
        migrations.AddField(
            model_name="document",
            name="form",
            field=models.CharField(
                choices=[
                    ("json", "the words and terms as both signed them"),
                    ("pdf", "the contract as a PDF"),
                    ("scan", "signed paper"),
                ],
                db_default="json",
                default="json",
                max_length=4,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="side",
            field=models.CharField(
                blank=True,
                choices=[("asker", "the group"), ("host", "the host")],
                db_default="",
                default="",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="agreements.version"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("version", "form", "side"), name="one_document_of_a_form_and_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("form", "scan"), models.Q(("side", ""), _negated=True)),
                    models.Q(models.Q(("form", "scan"), _negated=True), ("side", "")),
                    _connector="OR",
                ),
                name="only_signed_paper_is_of_one_side",
            ),
        ),
        migrations.AddField(
            model_name="contracttemplate",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="contracttemplate",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="contract_templates", to="parties.programme"
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="approval",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="minutes", to="agreements.approval"
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="contracttemplate",
            constraint=models.UniqueConstraint(fields=("programme", "language"), name="one_own_contract_a_language"),
        ),
    ]
