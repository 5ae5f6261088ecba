"""Lanes: docs/decisions/0032-lanes.md"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0012_weights"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField()),
                ("title", models.CharField(max_length=120)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("team", "the team puts subjects in"),
                            ("matching", "new subjects whose attributes match"),
                        ],
                        default="team",
                        max_length=10,
                    ),
                ),
                (
                    "where",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text='Of source matching: [["gte", "radius", 16], ["eq", "kind", "star"]]; all must hold.',
                    ),
                ),
                (
                    "priority",
                    models.IntegerField(
                        default=0, help_text="The lane with the greater number is served first."
                    ),
                ),
                (
                    "requires",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Slugs of the qualifications that a volunteer must have.",
                    ),
                ),
                (
                    "order",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="An attribute, the greatest first; with - before it the smallest; empty: as put in.",
                        max_length=64,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, help_text="Hands out nothing since.", null=True),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lanes",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "ordering": ["-priority", "pk"],
            },
        ),
        migrations.CreateModel(
            name="LaneChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "changes",
                    models.JSONField(
                        help_text="Field to what it was and what it is; of a new lane was is null."
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="projects.lane",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LaneCursor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "holder", "lane_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("holder", models.UUIDField()),
                (
                    "priority",
                    models.FloatField(
                        help_text="With shuffle the place of the last; null: at the start.", null=True
                    ),
                ),
                ("shuffle", models.FloatField(null=True)),
                ("lapped_at", models.DateTimeField(help_text="When a whole round found nothing.", null=True)),
                (
                    "lane",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.lane",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LaneMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("priority", models.FloatField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.lane",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.subject",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.workflow",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name="subjectstate",
            name="state_available",
        ),
        migrations.RemoveIndex(
            model_name="subjectstate",
            name="state_open",
        ),
        migrations.AddField(
            model_name="subjectstate",
            name="laned_at",
            field=models.DateTimeField(help_text="When it came into the lane.", null=True),
        ),
        migrations.AddField(
            model_name="subjectstate",
            name="priority",
            field=models.FloatField(help_text="Place in the lane, the greatest first.", null=True),
        ),
        migrations.AddField(
            model_name="subjectstate",
            name="lane",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="Empty: in the common pool.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.lane",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("available", True), ("lane__isnull", True), ("use", 0)),
                fields=["workflow", "shuffle"],
                name="state_available",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("retired_at__isnull", True), ("use", 0)),
                fields=["workflow", "lane"],
                name="state_open",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("available", True), ("lane__isnull", False), ("use", 0)),
                fields=["lane", "priority", "shuffle"],
                name="state_lane_available",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("lane__isnull", False), ("use", 3)),
                fields=["lane", "shuffle"],
                name="state_lane_checks",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("lane__isnull", False)), fields=["lane"], name="state_lane"
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectstate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lane__isnull", True), ("laned_at__isnull", True), ("priority__isnull", True)),
                    models.Q(
                        ("lane__isnull", False), ("laned_at__isnull", False), ("priority__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="state_lane_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(fields=("workflow", "slug"), name="lane_slug_once"),
        ),
        migrations.AddIndex(
            model_name="lanemove",
            index=models.Index(fields=["workflow", "subject", "id"], name="lane_move_newest"),
        ),
    ]
