# SPDX-License-Identifier: Apache-2.0
"""The environment of a target: which variables make the engine and Microsoft's clients talk to it."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import sys
from typing import TYPE_CHECKING, cast

from groundplan_emulator import client_environment
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from groundplan_emulator.process import Server
    from groundplan_workflows.project import Project

PROVIDER = "pulumi-resource-azure-native"
PROVIDER_MODULE = "groundplan_provider"
SAVED = "GROUNDPLAN_SAVED_ENV"
"""Holds, as JSON, what the variables were before `groundplan local env`, for `--unset`."""

CONFLICTING = ("PULUMI_CONFIG_PASSPHRASE", "AZURE_CLIENT_ID", "IDENTITY_SERVER_THUMBPRINT", "MLFLOW_TRACKING_USERNAME")
"""Would win over ours, so the local target takes them out: the engine prefers a passphrase to a passphrase file,
azure-identity would ask for a user-assigned identity, or for the one of Service Fabric, and MLflow prefers a user to a token."""

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
LOOPBACK = ("127.0.0.1", "localhost")


def local_variables(project: Project, server: Server, before: Mapping[str, str]) -> dict[str, str]:
    """What sends every client to Azure on localhost, PATH apart; `before` is the environment that it is for."""
    variables = {
        **client_environment.variables(
            http=server.http,
            https=server.https,
            bundle=str(server.bundle),
            identity_header=server.identity_header,
            subscription_id=server.subscription_id,
            tenant_id=server.tenant_id,
        ),
        "MLFLOW_TRACKING_TOKEN": server.identity_header,
        "PULUMI_BACKEND_URL": backend_url(project.state),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase_file(project)),
    }
    # a proxy cannot reach our loopback interface
    if any(before.get(name) for name in PROXIES):
        for name in ("NO_PROXY", "no_proxy"):
            listed = [entry for entry in before.get(name, "").split(",") if entry]
            variables[name] = ",".join([*listed, *(host for host in LOOPBACK if host not in listed)])
    return variables


def local_path(project: Project, engine: Sequence[Path]) -> list[str]:
    """What the local target puts first on PATH: the local provider, the engine, this Python."""
    return [str(project.provider_bin), *map(str, engine), interpreter_folder()]


def local_environment(project: Project, server: Server, engine: Sequence[Path]) -> dict[str, str]:
    """A whole environment for a process on the local target."""
    before = original(os.environ)
    path = os.pathsep.join([*local_path(project, engine), before.get("PATH", os.defpath)])
    kept = {name: value for name, value in before.items() if name not in CONFLICTING}
    return kept | local_variables(project, server, before) | {"PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true"}


def azure_environment(engine: Sequence[Path]) -> dict[str, str]:
    """A whole environment for a process on Azure: the user's own, without anything of the local target."""
    before = original(os.environ)
    folders = [folder for folder in before.get("PATH", os.defpath).split(os.pathsep) if not has_local_provider(folder)]
    before["PATH"] = os.pathsep.join([*map(str, engine), interpreter_folder(), *folders])
    before["PULUMI_SKIP_UPDATE_CHECK"] = "true"
    return before


def original(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment as it was before `groundplan local env` was evaluated in it."""
    result = dict(environment)
    saved = read_saved(environment)
    if saved is None:
        return result
    result.pop(SAVED, None)
    for name, value in saved.variables.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    result["PATH"] = strip_path(result.get("PATH", ""), saved.path)
    return result


def strip_path(path: str, added: Sequence[str]) -> str:
    """PATH without the folders that were put first on it; the same folder further on stays."""
    folders = path.split(os.pathsep)
    for folder in added:
        if folder in folders:
            folders.remove(folder)
    return os.pathsep.join(folders)


class Saved:
    """What `groundplan local env` changed in a shell: the values before (None: not set), and what PATH got."""

    def __init__(self, variables: Mapping[str, str | None], path: Sequence[str]) -> None:
        self.variables = dict(variables)
        self.path = list(path)

    def dump(self) -> str:
        """As the value of an environment variable."""
        return json.dumps({"variables": self.variables, "path": self.path}, separators=(",", ":"))


def read_saved(environment: Mapping[str, str]) -> Saved | None:
    """What the shell was before, if `groundplan local env` was evaluated in it."""
    text = environment.get(SAVED)
    if not text:
        return None
    try:
        content = cast("dict[str, object]", json.loads(text))
        variables = cast("dict[str, str | None]", content["variables"])
        return Saved(variables, cast("list[str]", content["path"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{SAVED} is damaged: {text[:80]!r}; open a new shell") from None


def backend_url(state: Path) -> str:
    """The engine's address of a state folder."""
    return f"file://{state.as_posix()}"


def passphrase_file(project: Project) -> Path:
    """File with the passphrase of the local target."""
    return project.state / "passphrase"


def ensure_passphrase(project: Project) -> Path:
    """Make the state folder and its passphrase (mode 0600) unless they exist; UsageError where that is impossible."""
    path = passphrase_file(project)
    try:
        project.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            if any((project.state / ".pulumi" / "stacks").glob("*/*.json")):
                raise UsageError(
                    f"the passphrase file {path} is missing, and the state beside it was encrypted with it; "
                    "put it back, or start over: groundplan local reset --yes"
                )
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
        elif path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except FileExistsError:
        pass  # another command was first
    except OSError as error:
        raise UsageError(
            f"cannot write to {project.state}: {error.strerror}; give yourself write permission, "
            "or set GROUNDPLAN_HOME to a folder of your own"
        ) from None
    return path


def write_provider(project: Project) -> Path:
    """Write the launcher of the local provider; it lives in a folder that only the local target has on PATH."""
    path = project.provider_bin / PROVIDER
    # sh and exec: a '#!' line with Python in it breaks on blanks and on long paths
    journal = shlex.quote(str(project.azure / "journal"))
    text = (
        f"#!/bin/sh\nexport GROUNDPLAN_PROVIDER_JOURNAL={journal}\n"
        f'exec {shlex.quote(sys.executable)} -P -m {PROVIDER_MODULE} "$@"\n'
    )
    try:
        project.provider_bin.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text or not os.access(path, os.X_OK):
            fresh = path.with_name(f".{path.name}.{os.getpid()}")
            fresh.write_text(text, encoding="utf-8")
            fresh.chmod(0o755)
            fresh.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; give yourself write permission") from None
    return path


def has_local_provider(folder: str) -> bool:
    """Whether a folder of PATH holds our provider under the name of the vendor's."""
    from pathlib import Path

    try:
        return PROVIDER_MODULE in (Path(folder) / PROVIDER).read_text(encoding="utf-8", errors="ignore")[:4096]
    except OSError:
        return False


def interpreter_folder() -> str:
    """The folder of this Python, which has the packages that programs import."""
    from pathlib import Path

    return str(Path(sys.executable).parent)
