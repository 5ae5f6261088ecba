"""The reference page: every call of the schema, with its fields and an example."""

import json

import pytest
from django.test import Client

from portal.pages import reference


@pytest.mark.django_db
def test_every_call_of_the_schema_is_told() -> None:
    schema = json.loads(Client().get("/api/v1/schema?format=json").content)
    assert schema["openapi"] == "3.1.0"
    calls = {(method, path) for path, each in schema["paths"].items() for method in each}
    told = {(call["method"].lower(), call["path"]) for group in reference.groups() for call in group["calls"]}
    assert told == calls
    ids = [call["operationId"] for each in schema["paths"].values() for call in each.values()]
    assert len(ids) == len(set(ids))
    assert {call["said"] == "" for group in reference.groups() for call in group["calls"]} == {False}
    page = Client().get("/reference/").content.decode()
    assert page.count('<details class="card reference-call"') == len(calls)
    push = next(c for g in reference.groups() for c in g["calls"] if c["id"] == "postSubjectsOfProject")
    rows = {row["name"]: (row["kind"], row["must"]) for row in push["body"]}
    assert rows["subjects[].media"] == ("list of string", True)
    assert rows["subject_set"] == ("string", False)
    assert set(json.loads(push["body_example"])["subjects"][0]) == {
        "name",
        "media",
        "alt",
        "metadata",
        "attributes",
    }
