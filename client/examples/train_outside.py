"""Train outside and post what it says: a model of your own, from what the volunteers have said of finished subjects.

    python train_outside.py https://voorwerp.example vw_... 7 T0 rings-logistic-1 radius colour

7: the workflow; T0: a question of one choice; then a name for the model, and the attributes that it looks at. The token
needs the scope write, and its account the role scientist or owner.
"""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from voorwerp_client import Site


def train_and_post(
    site: Site, workflow: int, task: str, name: str, attributes: Sequence[str]
) -> dict[str, Any]:
    """How many predictions were added, and what is known of how good the model is."""
    answers = {
        each["subject"]: each["tasks"][task]["answer"]
        for each in site.pages(f"workflows/{workflow}/consensus", limit=200)
        if each["retired_at"] and task in each["tasks"]
    }
    project = site.get(f"workflows/{workflow}")["project"]["slug"]
    finished = _subjects(site, project, workflow, "retired", attributes)
    learnt = [subject for subject in finished if subject in answers]
    model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(np.array([finished[each] for each in learnt]), [answers[each] for each in learnt])
    version = site.classifier(
        workflow,
        task=task,
        name=name,
        description=f"Logistic regression on {', '.join(attributes)}.",
        data=f"The leading answers of {len(learnt)} finished subjects.",
        code="client/examples/train_outside.py",
    )
    still_open = _subjects(site, project, workflow, "open", attributes)
    posted = {"added": 0, "known": 0}
    if still_open:
        told = model.predict_proba(np.array(list(still_open.values())))
        keys = site.get(f"workflows/{workflow}/classifiers/{version}")["answers"]
        # An answer that was never the leading one among the finished subjects is unknown to the model.
        chances = [
            dict.fromkeys(keys, 0.0) | dict(zip(model.classes_, row, strict=True)) for row in told.tolist()
        ]
        posted = site.predict(workflow, version, dict(zip(still_open, chances, strict=True)))
    return posted | {"judged": site.get(f"workflows/{workflow}/classifiers/{version}")["judged"]["alone"]}


def _subjects(
    site: Site, project: str, workflow: int, state: str, attributes: Sequence[str]
) -> dict[int, list[float]]:
    """Subject to its attributes; what is missing is NaN."""
    found = site.pages(f"projects/{project}/subjects", workflow=workflow, state=state, limit=200)
    return {each["id"]: [each["attributes"].get(name, np.nan) for name in attributes] for each in found}


if __name__ == "__main__":
    address, token, workflow, task, name, *attributes = sys.argv[1:]
    print(train_and_post(Site(address, token), int(workflow), task, name, attributes))
