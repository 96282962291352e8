# SPDX-License-Identifier: Apache-2.0
"""Online endpoints."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoint_keys, endpoints
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    linked,
    user_error,
    workspace_of,
)


class OnlineEndpoints(endpoint_keys.EndpointKeys, MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/onlineEndpoints: managed ones, and those on a Kubernetes compute.

    Differs from Azure:
    - nothing scores behind the scoring URI yet
    - no limit on the number of endpoints
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
        traffic = {
            name: share for name, share in (write.properties.get("traffic") or {}).items() if share or name in names
        }
        mirror: dict[str, int] = write.properties.get("mirrorTraffic") or {}
        _check_names("traffic", traffic, names)
        _check_names("mirrorTraffic", mirror, names)
        total = sum(traffic.values())
        if total not in (0, 100) or any(share < 0 for share in traffic.values()):
            raise user_error(
                f"Traffic values must be between 0 and 100 and sum to 0 or 100, but they sum to {total}.",
                "properties.traffic",
            )
        if len(mirror) > 1 or any(not 0 <= share <= 50 for share in mirror.values()):
            raise user_error(
                "Mirror traffic goes to one deployment, with at most 50 percent.", "properties.mirrorTraffic"
            )

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


def _check_names(what: str, shares: dict[str, Any], names: set[str]) -> None:
    unknown = sorted(set(shares) - names)
    if unknown:
        raise user_error(
            f"'{what}' names deployments that do not exist: {', '.join(unknown)}."
            f" Deployments of the endpoint: {', '.join(sorted(names)) or 'none'}.",
            f"properties.{what}",
        )
