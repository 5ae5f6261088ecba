"""What people say to each other: boards, discussions, comments, and what became of them."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST = 10_000
"""Characters of a comment."""


class Board(models.Model):
    """A place for discussions, of a project or, without one, of the whole site. A project with a board has Talk."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, null=True, related_name="boards", db_index=False
    )
    slug = models.SlugField()
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    team_begins = models.BooleanField(
        default=False, help_text=_("Only the team begins discussions here; everybody may answer.")
    )

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="board_slug_once"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(project__isnull=True), name="site_board_slug_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Discussion(models.Model):
    """On a board, or about a subject, of which there is one discussion. Counts and times are of comments not hidden."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    board = models.ForeignKey(
        Board, on_delete=models.CASCADE, null=True, related_name="discussions", db_index=False
    )
    subject = models.OneToOneField(
        "projects.Subject", on_delete=models.CASCADE, null=True, related_name="discussion"
    )
    title = models.CharField(max_length=140, blank=True, help_text=_("Of one on a board."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField()
    comments_count = models.PositiveIntegerField(default=0)
    pinned_at = models.DateTimeField(null=True, help_text=_("Stands above the others since then."))
    locked_at = models.DateTimeField(null=True, help_text=_("Takes no more comments since then."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(board__isnull=True, subject__isnull=False)
                | Q(board__isnull=False, subject__isnull=True),
                name="discussion_has_one_place",
            )
        ]
        indexes = [
            models.Index(fields=["board", "-last_at"], name="discussion_by_board"),
            models.Index(fields=["project", "-last_at"], name="discussion_by_project"),
        ]

    def __str__(self) -> str:
        return self.title or f"about subject {self.subject_id}"


class Comment(models.Model):
    """Said once (`public_id` is the form's own, so that a double click is one comment); edits are kept (Edition)."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    discussion = models.ForeignKey(
        Discussion, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="talk_comments"
    )
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replies")
    body = models.TextField(help_text=_("Markdown; empty where its author has left."))
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True, help_text=_("By a moderator; see the audit for the reason."))
    search = models.GeneratedField(
        expression=SearchVector("body", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["discussion", "id"], name="comment_by_discussion"),
            GinIndex(fields=["search"], name="comment_search"),
        ]

    def __str__(self) -> str:
        return f"comment {self.public_id}"


class Edition(models.Model):
    """What a comment said before it was edited."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="editions")
    body = models.TextField()
    at = models.DateTimeField(help_text=_("Until when it said so."))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.comment} until {self.at}"


class Hashtag(models.Model):
    """A #tag that stands in a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="hashtags", db_index=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    tag = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "tag"], name="hashtag_once")]
        indexes = [models.Index(fields=["project", "tag", "-id"], name="hashtag_by_tag")]

    def __str__(self) -> str:
        return f"#{self.tag}"


class Mention(models.Model):
    """An @name that stands in a comment, and is somebody's."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.comment}"


from portal.talk.moderation_models import Act, Report, TimeOut, Upvote  # noqa: E402 - they name the tables above
from portal.talk.notice_models import Follow, Notice, Wishes  # noqa: E402 - the same

__all__ = [
    "Act",
    "Board",
    "Comment",
    "Discussion",
    "Edition",
    "Follow",
    "Hashtag",
    "Mention",
    "Notice",
    "Report",
    "TimeOut",
    "Upvote",
    "Wishes",
]
