# SPDX-License-Identifier: Apache-2.0
"""Inputs of imported resources keep what the program speaks of, at every depth, and nothing that Azure added."""

from typing import Any

import pytest

from groundplan_workflows.adopt.settle import narrowed

COMPUTE = "azure-native:machinelearningservices:Compute"
FACTORY = "azure-native:datafactory:Factory"
GROUP = "azure-native:resources:ResourceGroup"
NETWORK = "azure-native:network:VirtualNetwork"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.mark.parametrize(
    ("token", "found", "declared", "expected"),
    [
        (  # one of several types: the one whose discriminator the program gives
            COMPUTE,
            {
                "properties": {
                    "computeType": "AmlCompute",
                    "computeLocation": "x",
                    "properties": {"a": 1, "osType": "Linux"},
                }
            },
            {"properties": {"computeType": "AmlCompute", "properties": {"osType": "Linux"}}},
            {"properties": {"computeType": "AmlCompute", "properties": {"osType": "Linux"}}},
        ),
        (  # what differs stays, so that the preview shows it
            COMPUTE,
            {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "live"}}},
            {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "declared"}}},
            {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "live"}}},
        ),
        (  # a map belongs to its users, whoever they are
            GROUP,
            {"tags": {"owner": "ml", "by": "hand"}, "managedBy": "x"},
            {"tags": {"owner": "ml"}},
            {"tags": {"owner": "ml", "by": "hand"}},
        ),
        (  # identities by id: another one stays visible, what Azure says of each goes
            FACTORY,
            {
                "identity": {
                    "type": "UserAssigned",
                    "userAssignedIdentities": {"/a": {"clientId": "1"}, "/b": {"clientId": "2"}},
                }
            },
            {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/a": {}, "/c": {}}}},
            {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/a": {}, "/b": {"clientId": "2"}}}},
        ),
        (  # items of a list one by one, where there are as many
            NETWORK,
            {"subnets": [{"name": "a", "privateEndpointNetworkPolicies": "Enabled"}]},
            {"subnets": [{"name": "a"}]},
            {"subnets": [{"name": "a"}]},
        ),
        (NETWORK, {"subnets": [{"name": "a"}, {"name": "b"}]}, {"subnets": [{"name": "a"}]}, None),
        (NETWORK, {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}}, {"addressSpace": UNKNOWN}, None),
        (NETWORK, {"addressSpace": SECRET}, {"addressSpace": {}}, None),
    ],
)
def test_narrowed(token: str, found: dict[str, Any], declared: dict[str, Any], expected: dict[str, Any] | None) -> None:
    """None: all of it stays."""
    assert narrowed(token, found, declared) == (found if expected is None else expected)
