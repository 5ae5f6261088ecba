"""The record: who asks what of whom about which subject, and each answer."""

from projects.models.classification import Classification, Discount
from projects.models.evidence import Evidence
from projects.models.importing import Import
from projects.models.joining import Joining
from projects.models.ledger import LedgerEntry, WorkflowCounter
from projects.models.project import Project, ProjectMember, ProjectPage, TutorialStep
from projects.models.selection import Answered, Cursor, Lease, Retirement, SubjectState
from projects.models.social import Favourite, Look
from projects.models.subject import CatalogueAttribute, Media, PairMember, Subject, SubjectSet
from projects.models.volunteer import Consent, Volunteer
from projects.models.workflow import Workflow, WorkflowVersion

__all__ = [
    "Answered",
    "CatalogueAttribute",
    "Classification",
    "Consent",
    "Cursor",
    "Discount",
    "Evidence",
    "Favourite",
    "Import",
    "Joining",
    "Lease",
    "LedgerEntry",
    "Look",
    "Media",
    "PairMember",
    "Project",
    "ProjectMember",
    "ProjectPage",
    "Retirement",
    "Subject",
    "SubjectSet",
    "SubjectState",
    "TutorialStep",
    "Volunteer",
    "Workflow",
    "WorkflowCounter",
    "WorkflowVersion",
]
