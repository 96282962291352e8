# SPDX-License-Identifier: Apache-2.0
"""The deployment manifest of IoT Edge: which modules a device runs, and how their messages flow. Pure data.

Source: Microsoft's "Deploy modules and establish routes in IoT Edge" and the published JSON schema of the manifest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from groundplan.errors import ArgumentError
from groundplan.serving.secret_values import refuse_secrets

SYSTEM: Final = ("edgeAgent", "edgeHub")
PIECE: Final = 512
"""Longest text of create options; longer ones go on in `createOptions01` and so on."""
MAX_PIECES: Final = 8
VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
ROUTE: Final = re.compile(
    r"FROM\s+(?P<source>/\S+)\s+(WHERE\s+.+\s+)?INTO\s+(?P<sink>\$upstream|BrokeredEndpoint\(.+\))", re.IGNORECASE
)
MODULE: Final = re.compile(r"/modules/([^/\"')*]+)")
ADVICE: Final = "Write it as ${NAME}, and let the step that applies the manifest fill it in"

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, kw_only=True)
class EdgeModule:
    """A container on the device."""

    image: str
    """Required. Image with tag or digest, e.g. `crvision.azurecr.io/weld:3`."""
    create_options: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Optional. Options of Docker's container create, e.g. `{"HostConfig": {"Runtime": "nvidia"}}`. Default: none."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Variables of the container, in plain text in the hub: secrets are refused, `${NAME}` is not. Default: none."""
    desired_properties: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Optional. Desired properties of the module's twin: its configuration. Default: none are set."""
    restart: Literal["always", "on-failure", "on-unhealthy", "never"] = "always"
    """Optional. When the agent starts it again. Default: always."""
    startup_order: int | None = None
    """Optional. Order of start, 0 first. Default: last."""
    stopped: bool = False
    """Optional. Keep the module, but do not run it. Default: it runs."""

    def __post_init__(self) -> None:
        if re.fullmatch(r"[^\s:]+(:\d+)?(/[^\s:]+)*(:[\w.-]+|@sha256:[0-9a-f]{64})", self.image) is None:
            raise ArgumentError(
                f"edge module: image is {self.image!r}; give it with a tag or a digest, e.g. registry/name:3, "
                "so that all devices run the same"
            )
        if self.startup_order is not None and self.startup_order < 0:
            raise ArgumentError(f"edge module: startup_order is {self.startup_order}; allowed are 0 and more")
        refuse_secrets("edge module", self.environment, reference=r"\$\{[A-Z]", advice=ADVICE)


@dataclass(frozen=True, kw_only=True)
class EdgeRegistry:
    """A container registry that devices sign in to. The manifest names variables, never a password."""

    address: str
    """Required. Login server, e.g. `crvision.azurecr.io`."""
    username_variable: str
    """Required. Variable that holds the user (a token of the registry with `content/read` only) when the manifest is applied."""
    password_variable: str
    """Required. Variable that holds the password when the manifest is applied."""

    def __post_init__(self) -> None:
        for name in ("username_variable", "password_variable"):
            if VARIABLE.fullmatch(getattr(self, name)) is None:
                # the value may be a password that was put in the wrong place: it is not repeated
                raise ArgumentError(
                    f"edge registry: {name} is no name of a variable; allowed are capitals, digits and underscores, "
                    "first a letter, e.g. ACR_PASSWORD"
                )


def manifest(
    modules: Mapping[str, EdgeModule],
    *,
    routes: Mapping[str, str],
    registries: Mapping[str, EdgeRegistry],
    runtime: str,
    keep_seconds: int,
) -> dict[str, Any]:
    """The manifest's JSON.

    Raises:
        ArgumentError: a module's name is not allowed, a route is malformed or names an unknown module, options are too long.
    """
    for name in modules:
        if name in SYSTEM or re.fullmatch(r"[A-Za-z0-9_-]{1,128}", name) is None:
            raise ArgumentError(
                f"edge deployment: {name!r} cannot name a module; allowed are up to 128 letters, digits, dashes and underscores, "
                f"except {' and '.join(SYSTEM)}"
            )
    for name, route in routes.items():
        _check_route(name, route, modules)
    content: dict[str, Any] = {
        "$edgeAgent": {"properties.desired": _agent(modules, registries, runtime)},
        "$edgeHub": {
            "properties.desired": {
                "schemaVersion": "1.1",
                "routes": dict(routes),
                "storeAndForwardConfiguration": {"timeToLiveSecs": keep_seconds},
            }
        },
    }
    for name, module in modules.items():
        if module.desired_properties:
            content[name] = {"properties.desired": dict(module.desired_properties)}
    return {"modulesContent": content}


def _check_route(name: str, route: str, modules: Mapping[str, EdgeModule]) -> None:
    if ROUTE.fullmatch(route.strip()) is None:
        raise ArgumentError(
            f"edge deployment: route {name!r} is {route!r}; write it as FROM /messages/... [WHERE ...] INTO $upstream, "
            'or INTO BrokeredEndpoint("/modules/<module>/inputs/<input>")'
        )
    if unknown := [module for module in MODULE.findall(route) if module not in modules]:
        raise ArgumentError(
            f"edge deployment: route {name!r} names module {unknown[0]!r}; modules: {', '.join(modules)}"
        )


def _agent(modules: Mapping[str, EdgeModule], registries: Mapping[str, EdgeRegistry], runtime: str) -> dict[str, Any]:
    return {
        "schemaVersion": "1.1",
        "runtime": {
            "type": "docker",
            "settings": {
                "minDockerVersion": "v1.25",
                "loggingOptions": "",
                "registryCredentials": {
                    key: {
                        "address": registry.address,
                        "username": f"${{{registry.username_variable}}}",
                        "password": f"${{{registry.password_variable}}}",
                    }
                    for key, registry in registries.items()
                },
            },
        },
        "systemModules": {
            "edgeAgent": {
                "type": "docker",
                "settings": {"image": f"mcr.microsoft.com/azureiotedge-agent:{runtime}", "createOptions": "{}"},
            },
            "edgeHub": {
                "type": "docker",
                "status": "running",
                "restartPolicy": "always",
                "settings": {"image": f"mcr.microsoft.com/azureiotedge-hub:{runtime}", **_options("edgeHub", _HUB)},
            },
        },
        "modules": {name: _module(name, module) for name, module in modules.items()},
    }


_HUB: Final[Mapping[str, JsonValue]] = {
    "HostConfig": {
        "PortBindings": {port: [{"HostPort": port.partition("/")[0]}] for port in ("443/tcp", "5671/tcp", "8883/tcp")}
    }
}
"""Ports of the local hub, for devices behind this one."""


def _module(name: str, module: EdgeModule) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "docker",
        "status": "stopped" if module.stopped else "running",
        "restartPolicy": module.restart,
        "settings": {"image": module.image, **_options(name, module.create_options)},
    }
    if module.environment:
        found["env"] = {key: {"value": value} for key, value in module.environment.items()}
    if module.startup_order is not None:
        found["startupOrder"] = module.startup_order
    return found


def _options(name: str, options: Mapping[str, JsonValue]) -> dict[str, str]:
    text = json.dumps(dict(options), separators=(",", ":"))
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    if len(pieces) > MAX_PIECES:
        raise ArgumentError(
            f"edge deployment: create_options of {name!r} have {len(text)} characters; allowed are {PIECE * MAX_PIECES}"
        )
    return {"createOptions" if at == 0 else f"createOptions{at:02}": piece for at, piece in enumerate(pieces)}
