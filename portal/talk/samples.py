"""A few discussions and hashtags for the sample project, so that its Talk shows something; each says that it is one."""

import uuid
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from portal.talk.models import Board
from portal.talk.services.boards import has_talk, open_talk
from portal.talk.services.comments import begin_discussion, say, subject_discussion
from projects.models import Answered, Project, Subject, Volunteer
from projects.services.odd_flags import flag_odd
from projects.services.sight import finished

NOTE = "*A sample, made with this demo.* "
DISCUSSIONS = (
    ("news", "Welcome to Talk", "keeper", "Ask what you like. What is odd, tag it: #ring, #tail, #blue."),
    (
        "help",
        "When is it *features*?",
        "volunteer",
        "Is a bright middle with a faint rim smooth, or #features?",
    ),
    (
        "chat",
        "How old is this light?",
        "volunteer",
        "Who knows how far away the reddest of them are, @keeper?",
    ),
)
ABOUT = (
    ("volunteer", "Is that a #tail on the left, or a neighbour?", ("tail", "tail", "")),
    ("keeper", "Look at the colour: #blue all over.", ("blue",)),
    ("volunteer", "The rim looks like a #ring to me.", ("ring", "ring", "ring")),
)
"""Who says what of a finished subject, and how simulated volunteers flag it."""


@transaction.atomic
def sample_talk(project: Project, people: Mapping[str, User]) -> bool:
    """Opens Talk with the samples, once; False where it is open already. people: name to account; `keeper` is staff."""
    if has_talk(project.pk):
        return False
    open_talk(project, people["keeper"])
    for board, title, who, text in DISCUSSIONS:
        begin_discussion(
            board=Board.objects.get(project=project, slug=board),
            author=people[who],
            public_id=uuid.uuid4(),
            title=title.replace("*", ""),
            body=NOTE + text,
        )
    done = finished(Subject.objects.filter(project=project)).order_by("external_id")
    for subject, (who, text, flags) in zip(done, ABOUT, strict=False):
        say(
            discussion=subject_discussion(subject),
            author=people[who],
            public_id=uuid.uuid4(),
            body=NOTE + text,
        )
        crowd = Answered.objects.filter(subject=subject, volunteer__simulated=True).order_by("volunteer")
        names = list(dict.fromkeys(crowd.values_list("volunteer", flat=True)))
        for tag, name in zip(flags, names, strict=False):
            flag_odd(subject=subject, volunteer=Volunteer.objects.get(pk=name), tags=[tag])
    return True
