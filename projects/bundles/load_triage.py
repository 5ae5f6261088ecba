"""Loads what a bundle says of triage: regions, policies, which answers are which verdicts, rules."""

from projects.bundles.errors import BundleError
from projects.bundles.schema import Bundle, RuleEntry, WorkflowFile
from projects.exceptions import Invalid
from projects.models import Policy, Project, Rule, Workflow
from projects.services.policies import publish_policy, put_region, set_triage
from projects.services.rules import alter_rule, make_rule, set_rule_state, tried, try_rule


def load_policies(project: Project, bundle: Bundle) -> None:
    """A changed policy is published as a new version; regions and policies that the folder no longer has stay, since
    decisions cite them."""
    for region in bundle.project.regions:
        try:
            put_region(project, **region.model_dump())
        except Invalid as error:
            raise BundleError("project.yaml", f"region {region.slug}: {error}") from None
    for policy in bundle.policies:
        try:
            publish_policy(project, slug=policy.slug, title=policy.title, content=policy.content)
        except Invalid as error:
            raise BundleError(f"policies/{policy.slug}.yaml", str(error)) from None


def load_triage(workflow: Workflow, entry: WorkflowFile) -> None:
    """Of a published workflow. Rules that the folder no longer has stay. One that is to act is tried on what is here
    first, as by hand; whoever writes one that matches all into a file is taken at their word."""
    name = f"workflows/{entry.slug}.yaml"
    if entry.triage is not None:
        policy = Policy.objects.get(project=workflow.project_id, slug=entry.triage.policy)
        try:
            set_triage(workflow, policy=policy, task=entry.triage.task, verdicts=dict(entry.triage.verdicts))
        except Invalid as error:
            raise BundleError(name, f"triage: {error}") from None
    for each in entry.rules:
        try:
            _load_rule(workflow, each)
        except Invalid as error:
            raise BundleError(name, f"rule {each.slug}: {error}") from None


def _load_rule(workflow: Workflow, entry: RuleEntry) -> None:
    fields = entry.model_dump(exclude={"slug", "state"})
    rule = workflow.rules.filter(slug=entry.slug).first()
    if rule is None:
        rule = make_rule(workflow=workflow, slug=entry.slug, **fields)
    else:
        alter_rule(rule, **fields)
        rule.refresh_from_db()
    if entry.state != Rule.State.DRAFT and tried(rule) is None:
        try_rule(rule)
    set_rule_state(rule, entry.state, sure=True)
