# SPDX-License-Identifier: Apache-2.0
"""Which deployment of an online endpoint answers which share of its requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pulumi import Input, Resource, ResourceOptions
from pulumi_azure_native import resources

from groundplan.component import Component
from groundplan.errors import ArgumentError

API_VERSION: Final = "2025-12-01"
"""That of `machinelearningservices.OnlineEndpoint`, so that both write the same endpoint."""

MAX_MIRROR: Final = 50
"""Azure's limit in percent. Source: learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints."""


def check_traffic(what: str, traffic: Mapping[str, int], deployments: Sequence[str]) -> None:
    """Refuse shares of deployments that are not declared, or that do not add up."""
    if unknown := [name for name in traffic if name not in deployments]:
        raise ArgumentError(
            f"{what}: traffic names {', '.join(map(repr, unknown))}; deployments: {', '.join(deployments) or 'none'}"
        )
    total = sum(traffic.values())
    if total not in (0, 100) or any(share < 0 for share in traffic.values()):
        raise ArgumentError(
            f"{what}: traffic is {dict(traffic)}, {total} percent in sum; allowed are shares of 0 to 100 with a sum of 0 or 100"
        )


def check_mirror(what: str, mirror: Mapping[str, int], traffic: Mapping[str, int], deployments: Sequence[str]) -> None:
    """Refuse copies of requests that Azure would not make."""
    if len(mirror) > 1:
        raise ArgumentError(f"{what}: mirror_traffic names {', '.join(mirror)}; Azure copies to one deployment only")
    for name, share in mirror.items():
        if name not in deployments:
            raise ArgumentError(
                f"{what}: mirror_traffic names {name!r}; deployments: {', '.join(deployments) or 'none'}"
            )
        if not 1 <= share <= MAX_MIRROR:
            raise ArgumentError(f"{what}: mirror_traffic of {name!r} is {share}; allowed are 1 to {MAX_MIRROR} percent")
        if traffic.get(name):
            raise ArgumentError(
                f"{what}: {name!r} has {traffic[name]} percent of traffic and mirror_traffic; a deployment gets one of the two"
            )


def direct(
    component: Component,
    name: str,
    *,
    deployment_name: str,
    resource_group_name: Input[str],
    endpoint_name: Input[str],
    endpoint: Mapping[str, Any],
    after: Sequence[Resource],
) -> resources.Deployment:
    """Write the endpoint a second time, now with its traffic, as `<name>-traffic`.

    Azure refuses traffic to deployments that are not there, and they cannot be there before their endpoint is: one resource cannot
    say both. `endpoint` is the whole body, so that a change of the endpoint, whose own write says nothing of traffic, comes with it.
    """
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            {
                "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
                "apiVersion": API_VERSION,
                "name": endpoint_name,
                **endpoint,
            }
        ],
    }
    return resources.Deployment(
        f"{name}-traffic",
        deployment_name=deployment_name,
        resource_group_name=resource_group_name,
        properties=resources.DeploymentPropertiesArgs(mode=resources.DeploymentMode.INCREMENTAL, template=template),
        opts=component.child(ResourceOptions(depends_on=[*after])),
    )
