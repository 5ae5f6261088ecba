"""Ground: what comes from elsewhere is known by (source, id); ids of subjects tell nothing; values beside keys."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import projects.models.subject


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_simulated_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("classifications", "raw classifications"), ("votes", "crowd labels")],
                        max_length=20,
                    ),
                ),
                ("source", models.CharField(max_length=60)),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
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
                ("rows_total", models.BigIntegerField(blank=True, null=True)),
                ("rows_done", models.BigIntegerField(default=0)),
                (
                    "report",
                    models.JSONField(
                        blank=True, default=dict, help_text="Counts, and broken rows by line and reason."
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PairMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="subject",
            name="subject_external_id_once",
        ),
        migrations.AddField(
            model_name="evidence",
            name="value",
            field=models.JSONField(
                help_text='By mining, where the consensus is not one key; of a text {"text": ..., "letters": [[letter, share]]}.',
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="subject",
            name="source",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Where it was imported from; empty: made here.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="volunteer",
            name="external_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What they are called at the source.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            model_name="volunteer",
            name="source",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Where they were imported from; empty: from here.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="workflow",
            name="external_id",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Its id at the source.", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="workflow",
            name="source",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Where it was imported from; empty: made here.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="workflowversion",
            name="inferred",
            field=models.BooleanField(
                default=False,
                help_text="Put together from the answers of an imported file, which did not define it.",
            ),
        ),
        migrations.AlterField(
            model_name="subject",
            name="external_id",
            field=models.CharField(
                help_text="The team's own name for it, or its id at the source.", max_length=200
            ),
        ),
        migrations.AlterField(
            model_name="subject",
            name="id",
            field=models.BigIntegerField(
                default=projects.models.subject.random_id, editable=False, primary_key=True, serialize=False
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.UniqueConstraint(
                fields=("project", "source", "external_id"), name="subject_external_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("source", "external_id"),
                name="volunteer_external_id_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="workflow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("project", "source", "external_id"),
                name="workflow_external_id_once",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pairmember",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pairs", to="projects.subject"
            ),
        ),
        migrations.AddField(
            model_name="pairmember",
            name="pair",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="projects.subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairmember",
            constraint=models.UniqueConstraint(fields=("pair", "position"), name="pair_position_once"),
        ),
    ]
