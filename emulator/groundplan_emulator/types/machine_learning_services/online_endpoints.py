# SPDX-License-Identifier: Apache-2.0
"""Online endpoints."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoint_keys, endpoint_limits, endpoints
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    linked,
    user_error,
    workspace_of,
)


class OnlineEndpoints(endpoint_keys.EndpointKeys, MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/onlineEndpoints: managed ones, and those on a Kubernetes compute.

    Requests to its scoring URI are answered by `ml/router`.

    Differs from Azure:
    - the scoring URI of an endpoint on Kubernetes looks like that of a managed one
    - an endpoint whose `publicNetworkAccess` is Disabled is reached on localhost all the same
    - traffic goes to a deployment that failed, if the traffic map says so
    """

    type: ClassVar[str] = f"{WORKSPACES}/onlineEndpoints"
    name_rule: ClassVar[NameRule | None] = endpoints.NAME
    required: ClassVar[tuple[str, ...]] = ("properties.authMode",)
    immutable: ClassVar[tuple[str, ...]] = ("properties.authMode", "properties.compute")
    write_only: ClassVar[tuple[str, ...]] = (endpoint_keys.KEYS,)
    seconds: ClassVar[Seconds] = Seconds(create=20, update=10, delete=15)

    def check(self, write: Write) -> None:
        """A free name, a compute that exists, traffic that adds up."""
        if write.old is None:
            endpoints.refuse_taken(write, self.type)
            endpoint_limits.refuse_too_many(write)
        if workspace_of(write.ctx, write.id.id).properties.get("v1LegacyMode"):
            raise user_error(
                "Managed online endpoints need v1LegacyMode to be false on the workspace.", "properties.v1LegacyMode"
            )
        if (compute := write.properties.get("compute")) is not None:
            found = linked(write.ctx, "properties.compute", compute, f"{WORKSPACES}/computes")
            if found.properties["computeType"] not in ("Kubernetes", "AKS"):
                raise user_error(
                    f"'{found.name}' is no Kubernetes compute: an online endpoint cannot run on it.",
                    "properties.compute",
                )
        names = {child.name for child in write.ctx.children(write.id.id, f"{self.type}/deployments")}
        shares = {**write.old_properties, **write.properties}  # what is left out stays as it was
        endpoint_limits.check_traffic(shares, names, kubernetes=compute is not None)

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        write.body.setdefault("kind", "Kubernetes" if write.properties.get("compute") else "Managed")
        write.properties.setdefault("publicNetworkAccess", write.old_properties.get("publicNetworkAccess", "Enabled"))
        for name in ("traffic", "mirrorTraffic", "properties"):
            write.properties.setdefault(name, write.old_properties.get(name, {}))
        if write.old is None:
            write.private["born"] = write.ctx.clock.now()

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Where it scores."""
        address = endpoints.host(resource.name, resource.body["location"], ctx.settings.https)
        uris = {"scoringUri": f"{address}/score", "swaggerUri": f"{address}/swagger.json"}
        return {**resource.body, "properties": {**resource.properties, **uris}}
