"""Search in a project's Talk, or the site's: PostgreSQL's full text, whole words in any language.

A list, so it finds only what everybody may read.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.run_places import private
from portal.talk.models import Comment
from portal.talk.places import frame, opened
from portal.talk.tags import told_of
from projects.models import Subject
from projects.services.sight import finished

ON_A_PAGE = 20
LONGEST = 200


@require_safe
def search(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """`?q=` words, "several in a row", -without."""
    place = opened(request, slug)
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()
    found: list[dict[str, Any]] = []
    page = None
    if words:
        query = SearchQuery(words, config="simple", search_type="websearch")
        done = finished(Subject.objects.filter(project=place.project_id))
        rows = Comment.objects.filter(
            Q(search=query) | Q(discussion__title__icontains=words),
            Q(discussion__subject__isnull=True) | Q(discussion__subject__in=done),
            discussion__project=place.project_id,
            hidden_at__isnull=True,
        )
        rows = rows.annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "-pk")
        rows = rows.select_related("author", "discussion__project", "discussion__subject")
        page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
        found = [told_of(each) for each in page.object_list]
    context = frame(request, place, words=words, page=page, found=found)
    return private(render(request, "talk/search.html", context))
