# SPDX-License-Identifier: Apache-2.0
"""What devices run: a manifest for IoT Edge, checked before it reaches a device."""

from settings import DeploymentSettings, ModuleSettings

import groundplan as gp
from groundplan.contracts import WorkspaceStage


def declare_deployment(
    key: str, settings: DeploymentSettings, hub: gp.IotHub, workspace: WorkspaceStage
) -> gp.EdgeDeployment:
    """The manifest of a set of devices of `hub`, and the command that applies it."""
    server = str(workspace.login_server)
    variables = settings.workspace_registry
    registries = (
        {
            "workspace": gp.EdgeRegistry(
                address=server, username_variable=variables.username, password_variable=variables.password
            )
        }
        if variables
        else {}
    )
    modules = {name: _module(each, server) for name, each in settings.modules.items()}
    routes = {"upstream": "FROM /messages/* INTO $upstream"} if settings.routes is None else settings.routes
    return gp.EdgeDeployment(
        f"{key}-deployment",
        gp.EdgeDeploymentArgs(
            hub_name=hub.name,
            deployment_name=key,
            target_condition=settings.target_condition,
            modules=modules,
            routes=routes,
            registries=registries,
            runtime=settings.runtime,
            keep_seconds=settings.keep_seconds,
            priority=settings.priority,
        ),
    )


def _module(settings: ModuleSettings, server: str) -> gp.EdgeModule:
    return gp.EdgeModule(
        image=settings.image or f"{server}/{settings.workspace_image}",
        create_options=settings.create_options,
        environment=settings.environment,
        desired_properties=settings.desired_properties,
        restart=settings.restart,
        startup_order=settings.startup_order,
    )
