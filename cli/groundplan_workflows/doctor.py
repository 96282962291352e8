# SPDX-License-Identifier: Apache-2.0
"""What a machine has for working on a target, each thing with how to mend it."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from groundplan_workflows import local, targets
from groundplan_workflows.errors import CredentialsError, LocalAzureError, WorkflowError

if TYPE_CHECKING:
    from groundplan_workflows.project import Project

Level = Literal["ok", "warn", "fail"]
_LEAST_DISK = 500_000_000
"""Bytes under which a project's state has little room: a platform's state is some megabytes, a log may be 5 MB."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing: what was found, and how to mend it where it is not right."""

    name: str
    level: Level
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


def examine(project: Project, target: str) -> list[Check]:
    """Look at everything that the target needs; changes nothing, and takes some seconds where Azure's logins are asked."""
    name = targets.check_name(target)
    checks = [*_engine(), _stacks(project), _disk(project)]
    if name == "local":
        return [
            *checks,
            _ports(project),
            _local_azure(project),
            Check("credentials", "ok", "not needed for the local target"),
        ]
    return [*checks, *_logins(project)]


def _engine() -> list[Check]:
    from groundplan_engine import checks

    return [Check(check.name, check.level, check.found, check.mend) for check in checks.run_checks()]


def _stacks(project: Project) -> Check:
    if project.stacks:
        return Check("stacks", "ok", f"{project.root}: {', '.join(stack.name for stack in project.stacks)}")
    return Check("stacks", "warn", f"none in {project.root} or above it", "run the command inside a project")


def _disk(project: Project) -> Check:
    there = next(folder for folder in (project.home, *project.home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free for {project.home}"
    if free < _LEAST_DISK:
        return Check("disk", "warn", found, "free some space, or set GROUNDPLAN_HOME to a folder with more")
    return Check("disk", "ok", found)


def _ports(project: Project) -> Check:
    from groundplan_emulator import ports

    try:
        server = local.running(project)
    except LocalAzureError:
        server = None
    if server is not None:
        return Check(
            "ports", "ok", f"http {server.http_port}, https {server.https_port}, in use by Azure on localhost itself"
        )
    taken = ports.taken(project.azure)
    if taken:
        found = "; ".join(taken)
        return Check(
            "ports",
            "warn",
            found,
            "nothing to do: free ports are chosen; or name some: groundplan local start --http-port N",
        )
    return Check("ports", "ok", "the ports of Azure on localhost are free")


def _local_azure(project: Project) -> Check:
    try:
        server = local.running(project)
        if server is None:
            return Check("Azure on localhost", "ok", "does not run; the first command that needs it starts it")
        found = local.call(server, "GET", "status")
        return Check("Azure on localhost", "ok", f"{server.https}, {sum(found['resources'].values())} resources")
    except LocalAzureError as error:
        return Check("Azure on localhost", "fail", str(error), "groundplan local reset --yes, or groundplan local stop")


def _logins(project: Project) -> list[Check]:
    from groundplan_workflows import azure_login, environment, toolchain
    from groundplan_workflows.engine_command import EngineCommand

    try:
        engine = toolchain.need()
        variables = environment.azure_environment(toolchain.folders(project, engine))
    except WorkflowError as error:
        return [Check("credentials", "fail", str(error), "groundplan engine install")]
    checks: list[Check] = []
    try:
        url = azure_login.check_backend(project, EngineCommand(engine), variables)
        checks.append(Check("Pulumi login", "ok", url))
    except CredentialsError as error:
        checks.append(Check("Pulumi login", "fail", str(error), "pulumi login"))
    try:
        azure_login.check_credential(variables)
        checks.append(Check("credentials", "ok", "azure-identity gets a token for Azure Resource Manager"))
    except CredentialsError as error:
        checks.append(Check("credentials", "fail", str(error), "az login, or the variables of a service principal"))
    return checks
