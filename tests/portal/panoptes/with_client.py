"""The reference platform's own client, unmodified, against the site. Runs in .venv-peers, not in ours:

    python with_client.py ENDPOINT USER APP_PASSWORD PROJECT_ID PICTURE

Prints what it saw as JSON: test_client.py compares that with the database.
"""

import json
import sys

from panoptes_client import Panoptes, Project, Subject, SubjectSet, Workflow
from panoptes_client.panoptes import PanoptesAPIException

ENDPOINT, USER, PASSWORD, PROJECT, PICTURE = sys.argv[1:]
NAME = 'Say "ring"\nor 🌀, <b>'
TASKS = {
    "T0": {
        "type": "single",
        "question": "Is it a ring?",
        "answers": [{"label": "Yes", "next": "T1"}, {"label": "No"}],
        "required": "true",
    },
    "T1": {
        "type": "drawing",
        "instruction": "Mark it",
        "tools": [{"type": "circle", "label": "Ring", "color": "#ff0000", "details": []}],
    },
}
seen = {}


def refused(does) -> str:
    """What the client raises."""
    try:
        does()
    except PanoptesAPIException as error:
        return str(error)
    return "nothing was refused"


seen["wrong"] = refused(lambda: Panoptes.connect(username=USER, password="secret", endpoint=ENDPOINT))
Panoptes.connect(username=USER, password=PASSWORD, endpoint=ENDPOINT)

# Find
project = Project.find(PROJECT)
seen["title"] = project.display_name
seen["by_slug"] = [Project.find(slug=slug).id for slug in ("zoo", "ann/zoo")]
seen["unknown"] = [
    refused(lambda: Project.find(slug="no")),
    refused(lambda: SubjectSet.find(7)),
    refused(lambda: Subject.find(2**70)),
]

# A set, and subjects with a file and with an address
rings = SubjectSet()
rings.links.project = project
rings.display_name = NAME
rings.metadata["batch"] = "1 'a' \"b\" 🌀"
rings.save()
subjects = []
for number in range(3):
    subject = Subject()
    subject.links.project = project
    if number < 2:
        subject.add_location(PICTURE, manual_mimetype="image/png")
    else:
        subject.add_location({"image/png": "https://sky.example/elsewhere.png"})
    subject.metadata["external_id"] = f"ring {number} 🌀"
    subject.metadata["#secret"] = "x"
    subject.save()
    subjects.append(subject)
seen["set"], seen["subjects"] = rings.id, [subject.id for subject in subjects]
rings.add(subjects)
seen["contains"] = [subject in rings for subject in subjects]
seen["listed"] = sorted(subject.id for subject in rings.subjects)
seen["read"] = Subject.find(subjects[0].id).metadata["external_id"]
rings.remove(subjects[1])
seen["after_removal"] = [subject in rings for subject in subjects]
rings.reload()
rings.display_name = "Rings"
rings.save()
rings.reload()
seen["renamed"] = rings.display_name

# A workflow
flow = Workflow()
flow.links.project = project
flow.display_name = "Ring or not"
flow.primary_language = "en"
flow.tasks = TASKS
flow.first_task = "T0"
flow.retirement = {"criteria": "classification_count", "options": {"count": 5}}
flow.save()
seen["workflow"] = flow.id
flow.add_subject_sets(rings)
stale = Workflow.find(flow.id)
flow = Workflow.find(flow.id)
flow.retirement["options"]["count"] = 7
flow.save()
stale.display_name = "Another name"
seen["stale"] = refused(stale.save)
flow.reload()
seen["count"] = flow.retirement["options"]["count"]
listed = next(iter(Workflow.where(project_id=project.id, subject_set_id=rings.id)))
listed.display_name = "Ring?"
listed.save()  # with the list's ETag

# Retire
flow.retire_subjects([subjects[0], subjects[2]], reason="nothing_here")
status = subjects[0].subject_workflow_status(flow.id)
seen["retired"] = [status.retirement_reason, bool(status.retired_at)]
flow.unretire_subjects(subjects[0])
seen["reopened"] = subjects[0].subject_workflow_status(flow.id).retired_at

# Exports
seen["exports"] = {
    table: list(project.get_export(table, generate=True).csv_dictreader())
    for table in ("classifications", "subjects", "workflows")
}
seen["again"] = project.get_export("workflows").text == project.get_export("workflows", wait=True).text

# Delete
spare = SubjectSet()
spare.links.project = project
spare.display_name = "Spare"
spare.save()
spare.reload()
spare.delete()
seen["deleted"] = refused(lambda: SubjectSet.find(spare.id))
rings.reload()
seen["kept"] = refused(rings.delete)
print(json.dumps(seen))
