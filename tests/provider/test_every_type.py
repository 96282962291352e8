# SPDX-License-Identifier: Apache-2.0
"""Every type of the table through the provider, with the least that its schema asks for."""

from typing import Any

import grpc
import pytest

import groundplan_arm
from groundplan_arm import ResourceType, schema
from groundplan_provider.values import COMPUTED, Properties
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import plugin

GROUP = "every"
NAME = "thing"
TYPES = sorted(groundplan_arm.load().types(), key=lambda known: (known.path.count("/"), known.token))
# what one resource group can not hold beside all the others
EXCLUDED = {
    "azure-native:resources:ResourceGroup",  # the test's own
    "azure-native:authorization:ManagementLockAtResourceGroupLevel",  # would lock the rest in
    "azure-native:authorization:ManagementLockAtSubscriptionLevel",
    "azure-native:authorization:ManagementLockByScope",
}


def sample(node: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """The smallest value that a schema of inputs accepts."""
    match node:
        case {"$ref": str(reference)}:
            return sample(definitions[reference.rpartition("/")[2]], definitions)
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"anyOf": [first, *_]}:
            return sample(first, definitions)
        case {"allOf": [{"then": first}, *_]}:
            return sample(first, definitions)
        case {"type": "object"}:
            return {name: sample(node["properties"][name], definitions) for name in node.get("required", ())}
        case {"type": kind}:
            return {"array": [], "integer": 1, "number": 1, "boolean": True}.get(str(kind), "x1")
        case _:
            return "x1"


def inputs_of(known: ResourceType, subscription_id: str) -> Properties:
    wanted = schema.input_schema(known)
    inputs: Properties = sample(wanted, wanted.get("$defs", {}))
    for parameter in known.path_params:
        inputs[parameter] = NAME
        if parameter == "resourceGroupName":
            inputs[parameter] = GROUP
        elif parameter in ("scope", "resourceUri"):
            inputs[parameter] = f"/subscriptions/{subscription_id}/resourceGroups/{GROUP}"
    return inputs


@pytest.mark.timeout(180)
def test_every_type_checks_previews_and_stays_as_it_is(fresh_azure: RunningAzure) -> None:
    """Check accepts, a preview foretells each output, and where Azure accepts so little, a refresh of what came of it shows no drift."""
    fresh_azure.group(GROUP)
    refused: dict[str, str] = {}
    noisy: dict[str, list[str]] = {}
    made = 0
    with plugin(fresh_azure.env, {"location": "westeurope"}) as provider:
        for known in TYPES:
            inputs, failures = provider.check(known.token, inputs_of(known, fresh_azure.subscription_id), name=NAME)
            if failures:
                refused[known.token] = str(failures)
                continue
            _, foretold = provider.create(known.token, inputs, preview=True)
            assert known.outputs.keys() <= foretold.keys()
            assert foretold.get("etag", COMPUTED) is COMPUTED
            if known.token in EXCLUDED:
                continue
            try:
                id_, outputs = provider.create(known.token, inputs)
            except grpc.RpcError:
                continue  # it wants more than the least, or a parent of another kind
            made += 1
            found, refreshed, _ = provider.read(known.token, id_, inputs, outputs)
            drift = provider.diff(known.token, inputs, refreshed, outputs).detailedDiff
            if drift or found != id_:
                noisy[known.token] = sorted(drift) or [found]

    assert refused == {}
    assert noisy == {}
    assert made > 200
