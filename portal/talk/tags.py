"""The page of a #hashtag in a project: where it stands, and which subjects people tagged with it.

A list, so it holds only what everybody may hear: boards, and subjects about which nobody is asked any more.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.pictures import of_subjects
from portal.pages.run_places import private
from portal.talk.boards import readable_tags
from portal.talk.models import Comment
from portal.talk.places import address_of, frame, opened
from projects.models import OddFlag, Subject
from projects.services.sight import finished

ON_A_PAGE = 30
EXCERPT = 200


@require_safe
def tag(request: HttpRequest, slug: str, tag: str) -> HttpResponse:
    """An unknown one has an empty page: that somebody used it where one may not read must not be told."""
    place = opened(request, slug)
    done = finished(Subject.objects.filter(project=place.project_id))
    flags = OddFlag.objects.filter(subject__in=done, tag=tag, taken_back_at__isnull=True)
    rows = flags.values("subject").annotate(n=Count("volunteer", distinct=True), first=Min("pk"))
    page = Paginator(rows.order_by("-n", "first"), ON_A_PAGE).get_page(request.GET.get("page"))
    ids = [row["subject"] for row in page.object_list]
    subjects, pictures = Subject.objects.in_bulk(ids), of_subjects(ids)
    said = readable_tags(place).filter(tag=tag).order_by("-pk")[:ON_A_PAGE]
    comments = Comment.objects.filter(pk__in=[row.comment_id for row in said]).order_by("-pk")
    context = frame(
        request,
        place,
        tag=tag,
        page=page,
        subjects=[
            (subjects[row["subject"]], pictures.get(row["subject"]), row["n"]) for row in page.object_list
        ],
        comments=[
            told_of(each)
            for each in comments.select_related("author", "discussion__project", "discussion__subject")
        ],
    )
    return private(render(request, "talk/tag.html", context))


def told_of(comment: Comment) -> dict[str, Any]:
    text = " ".join(comment.body.split())
    discussion = comment.discussion
    return {
        "comment": comment,
        "title": discussion.subject.external_id if discussion.subject else discussion.title,
        "address": address_of(comment.discussion, comment),
        "excerpt": text if len(text) <= EXCERPT else text[:EXCERPT] + " …",
    }
