# SPDX-License-Identifier: Apache-2.0
"""A target made ready: Azure on localhost started, or the user's logins to Azure checked, before the engine starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from groundplan_workflows import environment, toolchain
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from groundplan_emulator.process import Server
    from groundplan_workflows.engine_command import EngineCommand
    from groundplan_workflows.project import Project
    from groundplan_workflows.toolchain import Progress

TargetName = Literal["local", "azure"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the engine works: its command and the whole environment that it runs in."""

    name: TargetName
    description: str
    """One line for people."""
    command: EngineCommand
    variables: dict[str, str]
    server: Server | None = None
    """Azure on localhost, on the local target."""


def check_name(name: str) -> TargetName:
    """The target of this name; UsageError for an unknown one."""
    if name in ("local", "azure"):
        return name
    raise UsageError(f"unknown target {name!r}; allowed: local (Azure on localhost), azure")


def prepare(project: Project, name: str, progress: Progress, environment: str = "") -> Target:
    """Make a target ready; nothing is started where something that it needs is missing.

    On Azure the subscription is the one that `groundplan.yaml` has for the environment, if it has one.
    """
    if check_name(name) == "local":
        return prepare_local(project, progress)
    return prepare_azure(project, progress, project.subscription(environment))


def prepare_local(project: Project, progress: Progress) -> Target:
    """Azure on localhost, started if need be."""
    from groundplan_workflows import local
    from groundplan_workflows.engine_command import EngineCommand

    engine = toolchain.install(progress)
    environment.ensure_passphrase(project)
    folders = toolchain.folders(project, engine)
    server = local.start(project, progress=progress).server
    variables = environment.local_environment(project, server, folders)
    return Target("local", f"local (Azure on localhost, {server.https})", EngineCommand(engine), variables, server)


def prepare_azure(project: Project, progress: Progress, subscription: str | None = None) -> Target:
    """The user's own Azure: their login to Pulumi and their credential are checked."""
    from groundplan_workflows import azure_login
    from groundplan_workflows.engine_command import EngineCommand

    engine = toolchain.install(progress)
    variables = environment.azure_environment(toolchain.folders(project, engine))
    if subscription:
        # what the provider and azure-identity's tools read
        variables |= {"ARM_SUBSCRIPTION_ID": subscription, "AZURE_SUBSCRIPTION_ID": subscription}
    command = EngineCommand(engine)
    login = azure_login.check(project, command, variables)
    return Target("azure", f"azure (tenant and subscription of your credential; state in {login})", command, variables)
