# SPDX-License-Identifier: Apache-2.0
"""What devices run: a model in a container, with its configuration and the way of its messages."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions

from groundplan.component import Component
from groundplan.edge.manifest import EdgeModule, EdgeRegistry, manifest
from groundplan.errors import ArgumentError


def _upstream() -> dict[str, str]:
    return {"upstream": "FROM /messages/* INTO $upstream"}


@dataclass(frozen=True, kw_only=True)
class EdgeDeploymentArgs:
    """Arguments of `EdgeDeployment`."""

    hub_name: Input[str]
    """Required. Azure name of the IoT hub that manages the devices."""
    modules: Mapping[str, EdgeModule]
    """Required. Containers on each device, by the module's name."""
    target_condition: str
    """Required. Which devices get it, e.g. `tags.line='paint'` or `deviceId='press-7'`."""
    routes: Mapping[str, str] = field(default_factory=_upstream)
    """Optional. Ways of messages between modules and to the hub (`$upstream`), by name. Default: all go to the hub."""
    registries: Mapping[str, EdgeRegistry] = field(default_factory=dict[str, EdgeRegistry])
    """Optional. Registries that devices sign in to, by key. Default: none; images are public."""
    runtime: str = "1.5"
    """Optional. Version of the two system modules. Default: `1.5`, Microsoft's long-term one."""
    keep_seconds: int = 7200
    """Optional. Seconds that a device without connection keeps its messages, 0 to 2147483647. Default: two hours."""
    priority: int = 10
    """Optional. The deployment with the highest one wins where several meet a device, 0 to 2147483647. Default: 10."""
    deployment_name: str | None = None
    """Optional. Name in the hub. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.modules:
            raise ArgumentError("edge deployment: modules is empty, so devices would run nothing; give at least one")
        if not self.target_condition.strip():
            raise ArgumentError("edge deployment: target_condition is empty; write '*' to mean every device")
        for name in ("keep_seconds", "priority"):
            if not 0 <= getattr(self, name) <= 2**31 - 1:
                raise ArgumentError(f"edge deployment: {name} is {getattr(self, name)}; allowed are 0 to {2**31 - 1}")
        if re.fullmatch(r"\d+(\.\d+){1,2}(-[\w.-]+)?", self.runtime) is None:
            raise ArgumentError(f"edge deployment: runtime is {self.runtime!r}; give a version such as 1.5 or 1.5.19")
        _content(self)


class EdgeDeployment(Component):
    """A checked deployment manifest for IoT Edge, and the command that brings it to the hub.

    Example:
        EdgeDeployment("weld", EdgeDeploymentArgs(
            hub_name=hub.name, target_condition="tags.line='weld'",
            modules={"model": EdgeModule(image="crvision.azurecr.io/weld:3")}))
    """

    manifest: Output[str]
    """The manifest as JSON; passwords are names of variables."""
    command: Output[str]
    """Azure CLI command that makes the deployment in the hub from `manifest.json`."""

    def __init__(self, name: str, args: EdgeDeploymentArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        deployment = args.deployment_name or name
        # Source: Configuration of Azure/azure-iot-sdk-csharp (characters of an id)
        if re.fullmatch(r"[a-z0-9+%_*!'-]{1,128}", deployment) is None:
            raise ArgumentError(
                f"{deployment!r} cannot be the name of an edge deployment: "
                "allowed are 1 to 128 lower case letters, digits and + % _ * ! ' -"
            )
        self.manifest = Output.from_input(json.dumps(_content(args), indent=2))
        self.command = Output.from_input(args.hub_name).apply(
            lambda hub: shlex.join(
                (
                    *("az", "iot", "edge", "deployment", "create", "--auth-type", "login", "--hub-name", hub),
                    *("--deployment-id", deployment, "--content", "manifest.json"),
                    *("--target-condition", args.target_condition, "--priority", str(args.priority)),
                )
            )
        )
        self.seal()


def _content(args: EdgeDeploymentArgs) -> dict[str, object]:
    return manifest(
        args.modules,
        routes=args.routes,
        registries=args.registries,
        runtime=args.runtime,
        keep_seconds=args.keep_seconds,
    )
