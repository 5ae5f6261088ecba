"""Exports in files, pseudonyms by a key of the project: docs/decisions/0046-exports.md"""

import hashlib
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import projects.models.project


def keep_names(apps, schema_editor):
    """Names were made with SECRET_KEY; its derived key goes on being that of the projects that are here."""
    key = hashlib.sha256(b"voorwerp.pseudonym" + settings.SECRET_KEY.encode()).hexdigest()
    apps.get_model("projects", "Project").objects.update(pseudonym_key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_announced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="pseudonym_key",
            field=models.CharField(
                default=projects.models.project.new_pseudonym_key,
                editable=False,
                help_text="Hexadecimal; see projects/exports/pseudonyms.py. In no file.",
                max_length=64,
            ),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("table", models.CharField(max_length=20)),
                ("form", models.CharField(max_length=10)),
                ("team", models.BooleanField(help_text="With open subjects, for the project's team only.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "positions",
                    models.JSONField(
                        default=dict,
                        help_text='{"workflow id": position of its ledger when it was asked for}',
                    ),
                ),
                ("rows", models.BigIntegerField(default=0, help_text="Written so far.")),
                (
                    "done",
                    models.BigIntegerField(default=0, help_text="Of total: how far through what is read."),
                ),
                (
                    "total",
                    models.BigIntegerField(help_text="Empty where that is not known beforehand.", null=True),
                ),
                ("size", models.BigIntegerField(help_text="Bytes of the finished file.", null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("message", models.TextField(blank=True, help_text="Why it failed.")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(help_text="When the file is deleted.", null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="projects.project",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        help_text="Empty: of all published workflows together.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
    ]
