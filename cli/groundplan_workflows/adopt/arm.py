# SPDX-License-Identifier: Apache-2.0
"""Azure Resource Manager, read only: what of the names that a program gives exists, and what else a resource group holds."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

from groundplan_workflows.azure_login import SCOPE, TIMEOUT
from groundplan_workflows.errors import CredentialsError, DeploymentError, LocalAzureError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from httpx import Client, Response

    from groundplan_workflows.targets import Target

GROUPS_VERSION = "2021-04-01"
"""API version of `Microsoft.Resources` that lists what a resource group holds."""
_ATTEMPTS = 4
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_NONE = frozenset({404, 405})
_PAGES = 200
_AT_ONCE = 8
"""Questions at the same time: an answer of Azure takes a tenth of a second, and it allows 25 reads a second."""
_PUBLIC = "https://management.azure.com"
Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(slots=True)
class Arm:
    """One Azure, one subscription; only ever asked, never changed."""

    address: str
    subscription: str
    client: Client = field(repr=False)
    pool: ThreadPoolExecutor = field(repr=False)
    direct: bool
    """It is on this machine."""

    def group(self, name: str) -> str:
        """The id of a resource group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{name}"

    def each(self, ask: Callable[[Q], A], questions: Iterable[Q]) -> list[A]:
        """Several questions at the same time; the answers in their order. Nothing asked may ask so itself."""
        return list(self.pool.map(ask, questions))

    def get(self, identifier: str, version: str) -> dict[str, Any] | None:
        """A resource, None where there is none (or none that can be asked for alone)."""
        found = self._ask(f"{self.address}{quote(identifier)}?api-version={version}")
        return found if isinstance(found, dict) else None

    def items(self, path: str, version: str, query: str = "") -> Iterator[dict[str, Any]]:
        """What a collection holds, page by page."""
        url: str | None = f"{self.address}{quote(path)}?api-version={version}{query}"
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
        from httpx import HTTPError

        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = self.client.get(url)
            except HTTPError as error:
                if attempt == _ATTEMPTS:
                    kind = LocalAzureError if self.direct else DeploymentError
                    raise kind(f"{self.address} does not answer: {error}; nothing was imported") from None
                time.sleep(attempt)
                continue
            if answer.is_success:
                return answer.json() if answer.content else None
            if answer.status_code in _NONE:
                return None
            if answer.status_code in (401, 403):
                raise CredentialsError(_said(answer))
            if answer.status_code not in _AGAIN or attempt == _ATTEMPTS:
                raise DeploymentError(_said(answer))
            time.sleep(_pause(answer, attempt))
        return None


@contextmanager
def connect(target: Target) -> Generator[Arm]:
    """The Azure of a target; UsageError or CredentialsError where it cannot be asked."""
    from httpx import Client

    if target.server is not None:
        address, subscription, token = target.server.http, target.server.subscription_id, "local"
    else:
        variables = target.variables
        subscription = variables.get("ARM_SUBSCRIPTION_ID") or variables.get("AZURE_SUBSCRIPTION_ID") or ""
        if not subscription:
            raise UsageError(
                "no subscription: set it for the environment in groundplan.yaml, or in the variable AZURE_SUBSCRIPTION_ID"
            )
        address, token = _PUBLIC, _token(target)
    direct = target.server is not None
    # never through a proxy to this machine
    headers = {"Authorization": f"Bearer {token}"}
    with (
        Client(headers=headers, timeout=60, trust_env=not direct) as client,
        ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="arm") as pool,
    ):
        yield Arm(address, subscription, client, pool, direct)


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


def _pause(answer: Response, attempt: int) -> float:
    try:
        return min(float(answer.headers.get("Retry-After") or attempt), 30.0)
    except ValueError:  # a date
        return float(attempt)


def _said(answer: Response) -> str:
    try:
        told = answer.json()["error"]
        why = f"{told['code']}: {told['message']}"
    except (ValueError, KeyError, TypeError):
        why = answer.reason_phrase
    return f"GET {answer.url.path}: {answer.status_code} {why}"
