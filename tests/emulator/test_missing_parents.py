# SPDX-License-Identifier: Apache-2.0
"""What is asked for below a resource that is not there."""

from __future__ import annotations

import pytest

from tests.fixtures.azure import RunningAzure


@pytest.mark.azure_spec
@pytest.mark.parametrize(("method", "path", "verb"), [("GET", "", "read"), ("PUT", "/x", "write")])
def test_what_failed_below_a_missing_parent_is_named(azure: RunningAzure, method: str, path: str, verb: str):
    azure.group("rg-missing-parents")
    parent = "/resourceGroups/rg-missing-parents/providers/Microsoft.ManagedIdentity/userAssignedIdentities/no"

    answer = azure.arm(method, f"{parent}/federatedIdentityCredentials{path}", {}, api_version="2023-01-31")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ParentResourceNotFound")
    type_ = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
    message = answer.json()["error"]["message"]
    assert message.startswith(
        f"Failed to perform '{verb}' on resource(s) of type '{type_}', because the parent resource '"
    )
    assert f"{parent}' could not be found" in message
