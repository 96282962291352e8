# SPDX-License-Identifier: Apache-2.0
"""Writes of jobs that are there already."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Workspaces, refused

IMAGE = {"properties": {"image": "example.org/image:1"}}
CLUSTER = {
    "location": "westeurope",
    "properties": {
        "computeType": "AmlCompute",
        "properties": {"vmSize": "Standard_DS3_v2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1}},
    },
}


def job(workspaces: Workspaces, **changes: Any) -> dict[str, Any]:
    """The body of a command job."""
    properties = {
        "jobType": "Command",
        "command": "echo hi",
        "environmentId": workspaces.id("one/environments/plain/versions/1"),
        "computeId": workspaces.id("one/computes/cpu"),
    }
    return {"properties": {**properties, **changes}}


@pytest.fixture
def submitted(workspaces: Workspaces) -> Workspaces:
    """A workspace `one` with the job `done`."""
    workspaces.made("one")
    for path, body in (
        ("one/environments/plain/versions/1", IMAGE),
        ("one/computes/cpu", CLUSTER),
        ("one/jobs/done", job(workspaces)),
    ):
        answer = workspaces.call("PUT", path, body)
        assert answer.is_success, answer.text
    return workspaces


@pytest.mark.azure_spec
def test_what_is_said_of_a_submitted_job_changes(submitted: Workspaces):
    answer = submitted.call("PUT", "one/jobs/done", job(submitted, tags={"a": "b"}, description="said"))

    assert answer.is_success, answer.text
    assert answer.json()["properties"]["tags"] == {"a": "b"}


@pytest.mark.azure_assumed
def test_what_a_submitted_job_does_never_changes(submitted: Workspaces):
    """The code is documented, the status and the sentence are not."""
    answer = submitted.call("PUT", "one/jobs/done", job(submitted, command="echo other"))

    refused(answer, "UserError", "'done' was submitted with another value of command, which never changes")
    assert "only tags, displayName, description, isArchived, properties can be updated" in answer.text
    assert answer.json()["error"]["target"] == "properties.command"
