# SPDX-License-Identifier: Apache-2.0
"""Computes: names by type, instances, secrets."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Workspaces, refused

pytestmark = pytest.mark.azure_assumed


def compute(kind: str, **inner: Any) -> dict[str, Any]:
    return {"properties": {"computeType": kind, "properties": {"vmSize": "Standard_DS3_v2", **inner}}}


@pytest.mark.parametrize(
    ("kind", "called", "fits"),
    [
        ("AmlCompute", "a" * 32, True),
        ("AmlCompute", "a" * 33, False),
        ("AmlCompute", "gpu-2", False),
        ("AmlCompute", "gpu-2a", True),
        ("AmlCompute", "2gpu", False),
        ("ComputeInstance", "b" * 24, True),
        ("ComputeInstance", "b" * 25, False),
    ],
)
def test_names(workspaces: Workspaces, kind: str, called: str, fits: bool):
    workspaces.made("names")

    answer = workspaces.call("PUT", f"names/computes/{called}", compute(kind))

    if fits:
        assert answer.status_code == 201, answer.text
        assert answer.json()["location"] == "westeurope"
        assert workspaces.call("DELETE", f"names/computes/{called}").is_success
    else:
        refused(answer, "InvalidResourceName", "does not end in a hyphen and digits")


def test_an_instance(workspaces: Workspaces):
    workspaces.made("box")
    made = workspaces.call(
        "PUT", "box/computes/dev-box", compute("ComputeInstance", idleTimeBeforeShutdown="PT30M")
    ).json()

    assert made["properties"]["properties"]["state"] == "Running"
    refused(
        workspaces.call("POST", "box/computes/dev-box/resize", {"targetVMSize": "Standard_DS4_v2"}),
        "Conflict",
        "must be stopped",
        409,
    )
    assert workspaces.call("POST", "box/computes/dev-box/stop").status_code == 202
    refused(workspaces.call("POST", "box/computes/dev-box/restart"), "Conflict", "is not running", 409)
    assert workspaces.call("POST", "box/computes/dev-box/resize", {"targetVMSize": "standard_ds4_v2"}).is_success
    assert workspaces.call(
        "POST", "box/computes/dev-box/updateIdleShutdownSetting", {"idleTimeBeforeShutdown": "PT1H"}
    ).is_success
    found = workspaces.call("GET", "box/computes/dev-box").json()["properties"]["properties"]
    assert (found["state"], found["vmSize"], found["idleTimeBeforeShutdown"]) == ("Stopped", "Standard_DS4_v2", "PT1H")
    assert found["lastOperation"]["operationName"] == "Resize"


def test_names_of_instances_are_taken_in_the_region(workspaces: Workspaces):
    workspaces.made("one-ws")
    workspaces.made("two-ws")
    assert workspaces.call("PUT", "one-ws/computes/regional", compute("ComputeInstance")).is_success

    refused(
        workspaces.call("PUT", "two-ws/computes/regional", compute("ComputeInstance")),
        "Conflict",
        "already used in region",
        409,
    )
    assert workspaces.call("PUT", "two-ws/computes/regional", compute("AmlCompute")).is_success
    workspaces.call("DELETE", "one-ws/computes/regional")


def test_what_a_cluster_refuses(workspaces: Workspaces):
    workspaces.made("sizes")
    path = "sizes/computes/cpu"

    refused(
        workspaces.call("PUT", path, compute("AmlCompute", scaleSettings={"maxNodeCount": 1, "minNodeCount": 2})),
        "UserError",
        "between 0 and maxNodeCount (1)",
    )
    idle = {"maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "2 minutes"}
    refused(workspaces.call("PUT", path, compute("AmlCompute", scaleSettings=idle)), "UserError", "ISO 8601 duration")
    assert workspaces.call("PUT", path, compute("AmlCompute")).is_success
    refused(
        workspaces.call("PUT", path, compute("AmlCompute", vmSize="Standard_DS4_v2")),
        "PropertyChangeNotAllowed",
        "vmSize",
        409,
    )
    refused(
        workspaces.call("DELETE", path, params={"underlyingResourceAction": "Forget"}),
        "UserError",
        "'Delete' or 'Detach'",
    )
    refused(workspaces.call("DELETE", path, params={"underlyingResourceAction": "Detach"}), "UserError", "not detached")
    assert workspaces.call("DELETE", path, params={"underlyingResourceAction": "Delete"}).is_success


def test_passwords_are_never_answered(workspaces: Workspaces):
    workspaces.made("secret")
    account = {"adminUserName": "me", "adminUserPassword": "hidden-word"}

    made = workspaces.call("PUT", "secret/computes/cpu", compute("AmlCompute", userAccountCredentials=account))

    assert made.json()["properties"]["properties"]["userAccountCredentials"] == {"adminUserName": "me"}
    assert "hidden-word" not in workspaces.call("GET", "secret/computes").text
