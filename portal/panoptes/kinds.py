"""The kinds of row that there are: an explicit registry."""

from portal.panoptes.projects import Projects
from portal.panoptes.resource import Resource
from portal.panoptes.sets import Members, SubjectSets
from portal.panoptes.statuses import Statuses
from portal.panoptes.subjects import Subjects
from portal.panoptes.users import Users
from portal.panoptes.workflows import Workflows

KINDS: dict[str, Resource] = {
    kind.name: kind
    for kind in (Projects(), SubjectSets(), Subjects(), Members(), Workflows(), Statuses(), Users())
}
