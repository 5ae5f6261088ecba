"""The verbs: every write goes through one of these, from the API, pages, jobs and commands alike."""

from projects.services.discount import discount, restore
from projects.services.enlist_subjects import enlist_subjects
from projects.services.feedback import told_truth
from projects.services.glance import glance
from projects.services.gold import Known, enter_gold, standing_gold, withdraw_gold
from projects.services.import_subjects import NewMedia, NewSubject, import_subjects
from projects.services.leases import reap_leases, release_leases
from projects.services.next_subjects import Batch, next_subjects
from projects.services.post_evidence import Conclusion, post_evidence
from projects.services.publish_workflow import publish_workflow
from projects.services.record_classification import Recorded, Submission, record_classification
from projects.services.redo import redo_classification
from projects.services.versions import Version, get_version

__all__ = [
    "Batch",
    "Conclusion",
    "Known",
    "NewMedia",
    "NewSubject",
    "Recorded",
    "Submission",
    "Version",
    "discount",
    "enlist_subjects",
    "enter_gold",
    "get_version",
    "glance",
    "import_subjects",
    "next_subjects",
    "post_evidence",
    "publish_workflow",
    "reap_leases",
    "record_classification",
    "redo_classification",
    "release_leases",
    "restore",
    "standing_gold",
    "told_truth",
    "withdraw_gold",
]
