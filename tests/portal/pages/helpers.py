"""People and answers for the tests of pages."""

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from projects.models import Project, ProjectMember, Subject, Workflow
from projects.services import record_classification
from projects.services.volunteers import COOKIE, Pass
from tests.projects.factories import make_pass, submission


def answer(workflow: Workflow, held: Pass, subject: str = "s0", annotations: object = None) -> None:
    found = Subject.objects.get(project=workflow.project, external_id=subject)
    record_classification(submission(workflow, found.pk, annotations), held)
    with connection.cursor() as cursor:  # the counters are written at COMMIT, which these tests never reach
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def browser(held: Pass | None = None) -> Client:
    """A browser that holds the pass in its cookie."""
    client = Client()
    if held is not None:
        client.cookies[COOKIE] = held.signed()
    return client


def member(project: Project, name: str = "bob") -> User:
    user = User.objects.create_user(name, password="a long enough one")
    ProjectMember.objects.create(project=project, user=user, role="scientist")
    return user


__all__ = ["answer", "browser", "make_pass", "member"]
