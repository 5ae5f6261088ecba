"""The record: who asks what of whom about which subject, and each answer."""

from projects.models.announced import Announced
from projects.models.appeal import Appeal
from projects.models.classification import Classification, Discount
from projects.models.decision import Decision, DecisionQuerySet, Review, Verdict
from projects.models.desk import Claim, Desk, DeskNote
from projects.models.draft import Draft
from projects.models.evidence import Evidence
from projects.models.export import Export
from projects.models.fairness import Block, Weight
from projects.models.gold import GoldAnswer, GoldSubject, Grant, Qualification, Sitting, Use
from projects.models.importing import Import, Upload
from projects.models.joining import Joining
from projects.models.lane import Lane, LaneChange, LaneCursor, LaneMove
from projects.models.ledger import LedgerEntry, WorkflowCounter
from projects.models.machine import Machine, Prior
from projects.models.odd_flag import OddFlag
from projects.models.once import ApiCall
from projects.models.policy import Policy, PolicyVersion, Region, Triage
from projects.models.project import Project, ProjectMember, ProjectPage, TutorialStep
from projects.models.release import Release
from projects.models.rule import Arrival, Rule, RuleChange, RuleHit
from projects.models.selection import Answered, Cursor, Lease, Retirement, SubjectState
from projects.models.social import Collection, CollectionItem, Favourite, Look
from projects.models.subject import CatalogueAttribute, Media, PairMember, Subject, SubjectChange, SubjectSet
from projects.models.token import Token
from projects.models.volunteer import Consent, Volunteer
from projects.models.webhook import ChangedConsensus, Delivery, Webhook
from projects.models.workflow import Workflow, WorkflowVersion

__all__ = [
    "Announced",
    "Answered",
    "ApiCall",
    "Appeal",
    "Arrival",
    "Block",
    "CatalogueAttribute",
    "ChangedConsensus",
    "Claim",
    "Classification",
    "Collection",
    "CollectionItem",
    "Consent",
    "Cursor",
    "Decision",
    "DecisionQuerySet",
    "Delivery",
    "Desk",
    "DeskNote",
    "Discount",
    "Draft",
    "Evidence",
    "Export",
    "Favourite",
    "GoldAnswer",
    "GoldSubject",
    "Grant",
    "Import",
    "Joining",
    "Lane",
    "LaneChange",
    "LaneCursor",
    "LaneMove",
    "Lease",
    "LedgerEntry",
    "Look",
    "Machine",
    "Media",
    "OddFlag",
    "PairMember",
    "Policy",
    "PolicyVersion",
    "Prior",
    "Project",
    "ProjectMember",
    "ProjectPage",
    "Qualification",
    "Region",
    "Release",
    "Retirement",
    "Review",
    "Rule",
    "RuleChange",
    "RuleHit",
    "Sitting",
    "Subject",
    "SubjectChange",
    "SubjectSet",
    "SubjectState",
    "Token",
    "Triage",
    "TutorialStep",
    "Upload",
    "Use",
    "Verdict",
    "Volunteer",
    "Webhook",
    "Weight",
    "Workflow",
    "WorkflowCounter",
    "WorkflowVersion",
]
