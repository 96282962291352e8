# SPDX-License-Identifier: Apache-2.0
"""Where the logs of an online endpoint go: by its diagnostic settings, and by the workspace's Application Insights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.logs.tables import ENDPOINT_CATEGORIES
from groundplan_emulator.store import Resource

SETTINGS = "Microsoft.Insights/diagnosticSettings"
_ALL = "alllogs"


@dataclass(frozen=True, slots=True)
class Application:
    """An Application Insights component on a Log Analytics workspace (the workspace's own id)."""

    workspace: str
    component: str
    """The component's id in lower case."""
    key: str
    """Its instrumentation key."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An online endpoint, what is written about it, and the workspaces that each log category goes to."""

    resource: Resource
    workspace: Resource
    categories: dict[str, tuple[str, ...]]
    application: Application | None
    """Only for deployments that have `appInsightsEnabled`."""


def of_endpoint(ctx: Context, endpoint_id: str) -> Endpoint | None:
    """Where the logs of an endpoint go, or None where there is no such endpoint."""
    endpoint = ctx.get(endpoint_id)
    workspace = ctx.get(endpoint.id.rsplit("/", 2)[0]) if endpoint is not None else None
    if endpoint is None or workspace is None:
        return None
    categories: dict[str, list[str]] = {}
    for source, groups in ((endpoint, True), (workspace, False)):
        for setting in ctx.children(source.id, SETTINGS):
            target = log_workspace(ctx, setting.properties.get("workspaceId"))
            for name in _enabled(setting, groups=groups) if target else ():
                if target not in (found := categories.setdefault(name, [])):
                    found.append(target)
    return Endpoint(
        endpoint,
        workspace,
        {name: tuple(found) for name, found in categories.items()},
        application(ctx, workspace.properties.get("applicationInsights")),
    )


def log_workspace(ctx: Context, resource_id: object) -> str:
    """The own id (`customerId`) of a Log Analytics workspace, '' where there is none."""
    found = ctx.get(resource_id) if isinstance(resource_id, str) and resource_id else None
    return str(found.properties.get("customerId", "")) if found is not None else ""


def _enabled(setting: Resource, *, groups: bool) -> Iterator[str]:
    """The endpoint's categories that a setting sends; the groups of a machine learning workspace are about other logs."""
    known = {name.lower(): name for name in ENDPOINT_CATEGORIES}
    for said in setting.properties.get("logs") or []:
        if not said.get("enabled"):
            continue
        if groups and str(said.get("categoryGroup", "")).lower() == _ALL:
            yield from ENDPOINT_CATEGORIES
        elif (name := known.get(str(said.get("category", "")).lower())) is not None:
            yield name


def application(ctx: Context, component_id: object) -> Application | None:
    """Where a component's telemetry goes, or None where it has no workspace."""
    component = ctx.get(component_id) if isinstance(component_id, str) and component_id else None
    if component is None:
        return None
    workspace = log_workspace(ctx, component.properties.get("WorkspaceResourceId"))
    if not workspace:
        return None
    return Application(workspace, component.key, str(component.properties.get("InstrumentationKey", "")))
