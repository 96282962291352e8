# SPDX-License-Identifier: Apache-2.0
"""Azure Resource Manager, read only: what of the names that a program gives exists, and what else a resource group holds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from groundplan_workflows.azure_login import SCOPE, TIMEOUT
from groundplan_workflows.errors import CredentialsError, DeploymentError, LocalAzureError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groundplan_workflows.targets import Target

GROUPS_VERSION = "2021-04-01"
"""API version of `Microsoft.Resources` that lists what a resource group holds."""
_ATTEMPTS = 4
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_PAGES = 200
_PUBLIC = "https://management.azure.com"


@dataclass(slots=True)
class Arm:
    """One Azure, one subscription; only ever asked, never changed."""

    address: str
    subscription: str
    token: str = field(repr=False)
    direct: bool
    """Never through a proxy: it is on this machine."""

    def group(self, name: str) -> str:
        """The id of a resource group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{name}"

    def get(self, identifier: str, version: str) -> dict[str, Any] | None:
        """A resource, None where there is none (or none that can be asked for alone)."""
        found = self._ask(f"{self.address}{quote(identifier)}?api-version={version}")
        return found if isinstance(found, dict) else None

    def items(self, path: str, version: str) -> Iterator[dict[str, Any]]:
        """What a collection holds, page by page."""
        url: str | None = f"{self.address}{quote(path)}?api-version={version}"
        for _ in range(_PAGES):
            answer = self._ask(url) if url else None
            if not isinstance(answer, dict):
                return
            yield from answer.get("value") or ()
            url = answer.get("nextLink")
            if url and urlsplit(url).netloc != urlsplit(self.address).netloc:
                return  # the token is for this Azure alone

    def _ask(self, url: str) -> Any:
        """The body; None for 404, 405 and for what may not be listed."""
        for attempt in range(1, _ATTEMPTS + 1):
            request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310  # http only to 127.0.0.1
            opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if self.direct else []))
            try:
                with opener.open(request, timeout=60) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code in (404, 405):
                    return None
                if error.code in (401, 403):
                    raise CredentialsError(_said("GET", url, error)) from None
                if error.code not in _AGAIN or attempt == _ATTEMPTS:
                    raise DeploymentError(_said("GET", url, error)) from None
                time.sleep(min(float(error.headers.get("Retry-After") or attempt), 30.0))
            except OSError as error:
                if attempt == _ATTEMPTS:
                    kind = LocalAzureError if self.direct else DeploymentError
                    raise kind(f"{self.address} does not answer: {error}") from None
                time.sleep(attempt)
        return None


def connect(target: Target) -> Arm:
    """The Azure of a target; UsageError or CredentialsError where it cannot be asked."""
    if target.server is not None:
        return Arm(target.server.http, target.server.subscription_id, "local", direct=True)
    variables = target.variables
    subscription = variables.get("ARM_SUBSCRIPTION_ID") or variables.get("AZURE_SUBSCRIPTION_ID")
    if not subscription:
        raise UsageError(
            "no subscription: set it for the environment in groundplan.yaml, or in the variable AZURE_SUBSCRIPTION_ID"
        )
    return Arm(_PUBLIC, subscription, _token(target), direct=False)


def _token(target: Target) -> str:
    """From azure-identity's default chain, in a process with the target's environment, as at the login check."""
    code = (
        "import sys; from azure.identity import DefaultAzureCredential; "
        f"sys.stdout.write(DefaultAzureCredential().get_token({SCOPE!r}).token)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", code],
            env=target.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CredentialsError(f"no Azure credential within {TIMEOUT:.0f} s; log in with 'az login'") from None
    if done.returncode or not done.stdout:
        raise CredentialsError("no Azure credential; log in with 'az login'")
    return done.stdout


def _said(method: str, url: str, error: urllib.error.HTTPError) -> str:
    try:
        told = json.loads(error.read())["error"]
        why = f"{told['code']}: {told['message']}"
    except (ValueError, KeyError, TypeError):
        why = str(error.reason)
    return f"{method} {urlsplit(url).path}: {error.code} {why}"
