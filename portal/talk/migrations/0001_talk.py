"""Talk: docs/decisions/0061-talk.md"""

import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from projects.many_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("projects", "0029_uploads"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Board",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="boards",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=80)),
                        ("description", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        (
                            "team_begins",
                            models.BooleanField(
                                default=False,
                                help_text="Only the team begins discussions here; everybody may answer.",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "slug"), name="board_slug_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("project__isnull", True)),
                                fields=("slug",),
                                name="site_board_slug_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Discussion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "project",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        (
                            "board",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="discussions",
                                to="talk.board",
                            ),
                        ),
                        (
                            "subject",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="discussion",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, help_text="Of one on a board.", max_length=140),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("last_at", models.DateTimeField()),
                        ("comments_count", models.PositiveIntegerField(default=0)),
                        (
                            "pinned_at",
                            models.DateTimeField(help_text="Stands above the others since then.", null=True),
                        ),
                        (
                            "locked_at",
                            models.DateTimeField(help_text="Takes no more comments since then.", null=True),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["board", "-last_at"], name="discussion_by_board"),
                            models.Index(fields=["project", "-last_at"], name="discussion_by_project"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("board__isnull", True), ("subject__isnull", False)),
                                    models.Q(("board__isnull", False), ("subject__isnull", True)),
                                    _connector="OR",
                                ),
                                name="discussion_has_one_place",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "discussion",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="talk.discussion",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="talk_comments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reply_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="replies",
                                to="talk.comment",
                            ),
                        ),
                        ("body", models.TextField(help_text="Markdown; empty where its author has left.")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("edited_at", models.DateTimeField(null=True)),
                        (
                            "hidden_at",
                            models.DateTimeField(
                                help_text="By a moderator; see the audit for the reason.", null=True
                            ),
                        ),
                        (
                            "search",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.contrib.postgres.search.SearchVector(
                                    "body", config="simple"
                                ),
                                output_field=django.contrib.postgres.search.SearchVectorField(),
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["discussion", "id"], name="comment_by_discussion"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["search"], name="comment_search"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Act",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("hide", "hid a comment"),
                                    ("show", "showed a comment again"),
                                    ("keep", "kept a reported comment"),
                                    ("lock", "locked a discussion"),
                                    ("unlock", "opened a discussion again"),
                                    ("pin", "pinned a discussion"),
                                    ("unpin", "unpinned a discussion"),
                                    ("time-out", "gave somebody a time-out"),
                                    ("lift", "lifted a time-out"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="acts",
                                to="talk.comment",
                            ),
                        ),
                        (
                            "discussion",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="acts",
                                to="talk.discussion",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(max_length=500)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="editions",
                                to="talk.comment",
                            ),
                        ),
                        ("body", models.TextField()),
                        ("at", models.DateTimeField(help_text="Until when it said so.")),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Follow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "discussion",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follows",
                                to="talk.discussion",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("muted", models.BooleanField(default=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("discussion", "user"), name="follow_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hashtag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hashtags",
                                to="talk.comment",
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        ("tag", models.CharField(max_length=60)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["project", "tag", "-id"], name="hashtag_by_tag")],
                        "constraints": [
                            models.UniqueConstraint(fields=("comment", "tag"), name="hashtag_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mention",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mentions",
                                to="talk.comment",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("comment", "user"), name="mention_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="talk.comment",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("mention", "mentioned you"),
                                    ("reply", "answered you"),
                                    ("followed", "commented on what you follow"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("read_at", models.DateTimeField(null=True)),
                        (
                            "mailed_at",
                            models.DateTimeField(
                                help_text="When it was mailed, or settled that it is not.", null=True
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["user", "-id"], name="notice_by_user"),
                            models.Index(
                                condition=models.Q(("mailed_at__isnull", True)),
                                fields=["user"],
                                name="notice_to_mail",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "comment"), name="notice_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="talk.comment",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(max_length=500)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("kept", "kept"), ("hidden", "hidden")],
                                help_text="Empty while it waits.",
                                max_length=6,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("comment", "by"),
                                name="report_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TimeOut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("until", models.DateTimeField()),
                        ("lifted_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Upvote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="upvotes",
                                to="talk.comment",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("comment", "user"), name="upvote_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Wishes",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="talk_wishes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "mention",
                            models.CharField(
                                choices=[
                                    ("now", "at once"),
                                    ("daily", "once a day"),
                                    ("weekly", "once a week"),
                                    ("never", "never"),
                                ],
                                default="now",
                                max_length=6,
                            ),
                        ),
                        (
                            "reply",
                            models.CharField(
                                choices=[
                                    ("now", "at once"),
                                    ("daily", "once a day"),
                                    ("weekly", "once a week"),
                                    ("never", "never"),
                                ],
                                default="daily",
                                max_length=6,
                            ),
                        ),
                        (
                            "followed",
                            models.CharField(
                                choices=[
                                    ("now", "at once"),
                                    ("daily", "once a day"),
                                    ("weekly", "once a week"),
                                    ("never", "never"),
                                ],
                                default="weekly",
                                max_length=6,
                            ),
                        ),
                        ("daily_at", models.DateTimeField(help_text="Of the last daily mail.", null=True)),
                        ("weekly_at", models.DateTimeField(help_text="Of the last weekly mail.", null=True)),
                        (
                            "key",
                            models.UUIDField(
                                default=uuid.uuid4, help_text="In the link that ends all mails."
                            ),
                        ),
                    ],
                ),
            ]
        ),
    ]
