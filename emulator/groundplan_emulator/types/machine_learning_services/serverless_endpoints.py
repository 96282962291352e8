# SPDX-License-Identifier: Apache-2.0
"""Serverless endpoints: models of the catalogue as a service."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoint_keys, endpoints
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType


class ServerlessEndpoints(endpoint_keys.EndpointKeys, MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/serverlessEndpoints: a state and an address to send requests to.

    Differs from Azure:
    - no model answers behind the address
    - whether a model needs an offer of Azure Marketplace, or is sold in the region, is not looked at
    """

    type: ClassVar[str] = f"{WORKSPACES}/serverlessEndpoints"
    name_rule: ClassVar[NameRule | None] = endpoints.NAME
    immutable: ClassVar[tuple[str, ...]] = ("properties.modelSettings.modelId",)
    seconds: ClassVar[Seconds] = Seconds(create=20, update=5, delete=5)

    def check(self, write: Write) -> None:
        """A free name."""
        if write.old is None:
            endpoints.refuse_taken(write, self.type)

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        write.properties.setdefault("authMode", "Key")
        write.properties.setdefault("contentSafety", {"contentSafetyStatus": "Enabled"})
        if write.old is None:
            write.private["born"] = write.ctx.clock.now()

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Where requests go, and that it is ready."""
        address = endpoints.host(resource.name, resource.body["location"], ctx.settings.https)
        address = address.replace(".inference.ml.", ".models.ai.")
        computed = {"endpointState": "Online", "inferenceEndpoint": {"uri": address, "headers": {}}}
        return {**resource.body, "properties": {**resource.properties, **computed}}
