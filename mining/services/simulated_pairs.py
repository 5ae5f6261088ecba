"""Simulated judgements of pairs, so that a demo's page of thresholds shows something; marked, taken away by one call.

Their truth is the words that describe a picture: pictures of one thing have the same.
"""

import numpy as np
from django.db import transaction

from mining.models import PairJudgement, SimilarPair
from mining.services.similar_pairs import ENOUGH
from projects.models import Media, Project, SubjectSet

ERRS = 0.08
"""How often one voice says the opposite."""


@transaction.atomic
def add_judgements(subject_set: SubjectSet, *, share: float = 0.6, seed: int = 1) -> int:
    """ENOUGH voices on this share of the pairs that are asked about and that nobody has judged; how many voices."""
    rng = np.random.default_rng(seed)
    pairs = list(
        SimilarPair.objects.filter(subject_set=subject_set, turn__isnull=False, judgements=None).order_by(
            "turn"
        )
    )
    pairs = pairs[: round(len(pairs) * share)]
    words = dict(
        Media.objects.filter(subject__subject_set=subject_set, position=0).values_list("subject_id", "alt")
    )
    voices = [
        PairJudgement(
            pair=pair, similar=bool((words[pair.first_id] == words[pair.second_id]) ^ err), simulated=True
        )
        for pair in pairs
        for err in rng.random(ENOUGH) < ERRS
    ]
    PairJudgement.objects.bulk_create(voices)
    return len(voices)


def remove_judgements(project: Project) -> int:
    """All simulated ones of a project: what no person said is no record. How many."""
    return PairJudgement.objects.filter(pair__subject_set__project=project, simulated=True).delete()[0]
