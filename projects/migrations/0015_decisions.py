"""Policies, decisions, rules. Decisions are in the ledger: docs/decisions/0042-decisions.md"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGER = """
CREATE CONSTRAINT TRIGGER append_to_ledger AFTER INSERT ON projects_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('decision')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0014_lab"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("classification", "Classification"),
                    ("retirement", "Retirement"),
                    ("discount", "Discount"),
                    ("joining", "Joining"),
                    ("gold", "Gold"),
                    ("restoration", "Restoration"),
                    ("superseded", "Superseded"),
                    ("weight", "Weight"),
                    ("decision", "Decision"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workflow_id",
                        "subject_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.subject"
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.workflow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policies",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "policies",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField(help_text="See projects/triage/policy.py")),
                (
                    "note",
                    models.CharField(blank=True, help_text="What was changed, and why.", max_length=300),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
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
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="projects.policy",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Region",
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
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        help_text="ISO 3166 codes: DE, FR.",
                        size=None,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="regions",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField()),
                ("title", models.CharField(max_length=120)),
                ("condition", models.JSONField(help_text="See projects/triage/conditions.py")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ok", "No restrictions"),
                            ("restricted", "Restricted display"),
                            ("adult", "Adult"),
                            ("prohibited", "Prohibited"),
                            ("fraud", "Suspected fraud"),
                            ("error", "Nothing to judge"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "category",
                    models.CharField(blank=True, help_text="Of the workflow's policy.", max_length=63),
                ),
                (
                    "audit",
                    models.FloatField(
                        default=0.1,
                        help_text="Share of its hits that people answer as well, without knowing: 0 to 1.",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("background", "background"),
                            ("live", "live"),
                            ("closed", "closed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("edition", models.PositiveIntegerField(default=1)),
                (
                    "tried",
                    models.JSONField(
                        blank=True, help_text="What its last trial found, and of which edition.", null=True
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.region",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        help_text="Given by whoever decides: a second click is the same.", unique=True
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ok", "No restrictions"),
                            ("restricted", "Restricted display"),
                            ("adult", "Adult"),
                            ("prohibited", "Prohibited"),
                            ("fraud", "Suspected fraud"),
                            ("error", "Nothing to judge"),
                        ],
                        max_length=12,
                    ),
                ),
                ("category", models.CharField(blank=True, help_text="Of that version.", max_length=63)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rule", "rule"),
                            ("model", "model"),
                            ("people", "volunteers"),
                            ("person", "moderator"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        blank=True, help_text="Which version of which classifier.", max_length=100
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("evidence", models.JSONField(blank=True, default=dict, help_text="What it rests on.")),
                ("batch", models.UUIDField(blank=True, help_text="Of those made in one go.", null=True)),
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
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.subject",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="projects.decision",
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
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The version by which it was decided.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.policyversion",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Empty: everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.region",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.rule",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleChange",
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
                        help_text="Field to what it was and what it is; of a new rule was is null."
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
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="projects.rule",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RuleHit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.PositiveIntegerField()),
                ("live", models.BooleanField()),
                ("found", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hits",
                        to="projects.decision",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="projects.rule",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_hits",
                        to="projects.subject",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Triage",
            fields=[
                (
                    "workflow",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="triage",
                        serialize=False,
                        to="projects.workflow",
                    ),
                ),
                ("task", models.CharField(max_length=63)),
                ("verdicts", models.JSONField(help_text='Answer key to verdict: {"fine": "ok"}.')),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="triages",
                        to="projects.policy",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(fields=("project", "slug"), name="policy_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(fields=("policy", "number"), name="policy_number_once"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.UniqueConstraint(fields=("project", "slug"), name="region_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(fields=("workflow", "slug"), name="rule_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("audit__gte", 0), ("audit__lte", 1)), name="rule_audit_0_to_1"
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["workflow", "subject", "id"], name="decision_newest"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["workflow", "at"], name="decision_day"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("policy__isnull", False)),
                fields=["policy", "category"],
                name="decision_cites",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "rule"), ("rule__isnull", False)),
                    models.Q(("kind", "model"), models.Q(("model", ""), _negated=True)),
                    ("kind__in", ("people", "person")),
                    _connector="OR",
                ),
                name="decision_says_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulehit",
            constraint=models.UniqueConstraint(fields=("rule", "edition", "subject"), name="rule_hit_once"),
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_to_ledger ON projects_decision"),
    ]
