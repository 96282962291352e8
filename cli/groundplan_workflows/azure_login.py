# SPDX-License-Identifier: Apache-2.0
"""Whether the user is logged in to what the azure target needs: a Pulumi backend, and Azure.

Run as a module it tries the Azure credential alone; that happens in a process of its own, as azure-identity reads the
process's environment and may wait long for an identity endpoint that is not there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from pulumi.automation.errors import CommandError

from groundplan_workflows.errors import CredentialsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groundplan_workflows.engine_command import EngineCommand
    from groundplan_workflows.project import Project

SCOPE = "https://management.azure.com/.default"
TIMEOUT = 90.0
"""Seconds for all credentials of the chain together."""


def check(project: Project, command: EngineCommand, variables: Mapping[str, str]) -> str:
    """The URL of the user's Pulumi backend; CredentialsError where a login is missing."""
    backend = check_backend(project, command, variables)
    check_credential(variables)
    return backend


def check_backend(project: Project, command: EngineCommand, variables: Mapping[str, str]) -> str:
    """The URL of the Pulumi backend that the user is logged in to."""
    try:
        answer = command.run(["whoami", "--json"], str(project.root), variables)
        url = str(json.loads(answer.stdout)["url"])
    except (CommandError, ValueError, KeyError) as error:
        reason = _last_line(str(error))
        raise CredentialsError(
            f"not logged in to a Pulumi backend ({reason}); the azure target keeps its state there: pulumi login"
        ) from None
    if project.state.as_posix() in url:
        raise CredentialsError(
            f"PULUMI_BACKEND_URL is {url}, the state of the local target; unset it (groundplan local env --unset), then: pulumi login"
        )
    return url


def check_credential(variables: Mapping[str, str]) -> None:
    """CredentialsError unless one of azure-identity's default credentials gets a token for Azure Resource Manager."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        reason = done.stderr.strip()
    except subprocess.TimeoutExpired:
        reason = f"no answer within {TIMEOUT:.0f} s"
    else:
        if done.returncode == 0:
            return
    raise CredentialsError(
        f"no Azure credential: {reason}\nlog in with 'az login', or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET "
        "(or a federated token) of a service principal"
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("stderr: ").removeprefix("error: ") if lines else "no answer"


def _try_credential() -> int:
    import logging

    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import DefaultAzureCredential

    logging.disable(logging.CRITICAL)
    try:
        DefaultAzureCredential().get_token(SCOPE)
    except (ClientAuthenticationError, ValueError) as error:
        sys.stderr.write(str(error).partition("\nTo mitigate")[0])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_try_credential())
