# SPDX-License-Identifier: Apache-2.0
"""Deployments of batch endpoints."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoints
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType, linked

DEFAULTS: dict[str, Any] = {
    "errorThreshold": -1,
    "loggingLevel": "Info",
    "maxConcurrencyPerInstance": 1,
    "miniBatchSize": 10,
    "outputAction": "AppendRow",
    "outputFileName": "predictions.csv",
    "environmentVariables": {},
    "properties": {},
}


class BatchDeployments(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments.

    Differs from Azure:
    - references to assets of a registry are not followed
    """

    type: ClassVar[str] = f"{WORKSPACES}/batchEndpoints/deployments"
    name_rule: ClassVar[NameRule | None] = endpoints.NAME
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)

    def check(self, write: Write) -> None:
        """Compute and assets exist."""
        properties = write.properties
        compute = str(properties.get("compute") or "").removeprefix("azureml:")
        if compute.startswith("/subscriptions/"):
            linked(write.ctx, "properties.compute", compute, f"{WORKSPACES}/computes")
        endpoints.check_asset(write.ctx, "properties.model", (properties.get("model") or {}).get("assetId"))
        endpoints.check_asset(write.ctx, "properties.environmentId", properties.get("environmentId"))
        endpoints.check_asset(
            write.ctx, "properties.codeConfiguration.codeId", (properties.get("codeConfiguration") or {}).get("codeId")
        )

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        for name, value in DEFAULTS.items():
            write.properties.setdefault(name, value)
        write.properties["retrySettings"] = {
            "maxRetries": 3,
            "timeout": "PT30S",
            **write.properties.get("retrySettings", {}),
        }

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """It is no default any more."""
        endpoint = ctx.get(resource.id.rsplit("/", 2)[0])
        if endpoint is not None and (endpoint.properties.get("defaults") or {}).get("deploymentName") == resource.name:
            endpoint.properties["defaults"] = {}
            ctx.save(endpoint)
