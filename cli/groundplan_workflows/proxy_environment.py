# SPDX-License-Identifier: Apache-2.0
"""What `groundplan local env --proxy` sets besides: the proxy of Azure on localhost, for code whose hosts are fixed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from groundplan_workflows.environment import LOOPBACK, PROXIES
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groundplan_emulator.process import Server

CONFLICTING = (
    "ARM_CLOUD_METADATA_URL",
    "REGISTRY_DISCOVERY_ENDPOINT_URL",
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZUREML_CURRENT_CLOUD",
)
"""Name other hosts than the fixed ones, or another identity; behind the proxy all of them are taken out."""

_HTTPS_PROXIES = ("HTTPS_PROXY", "https_proxy")


def variables(server: Server, before: Mapping[str, str]) -> dict[str, str]:
    """What sends clients of the public Azure through the proxy, in place of the variables that tell them of other hosts."""
    from groundplan_emulator.proxy import hosts

    if not server.proxy_port:
        raise UsageError(
            "the Azure on localhost that runs was started by a version without a proxy; "
            "start it anew: groundplan local stop && groundplan local start"
        )
    spared = [
        entry for entry in _no_proxy(before).split(",") if entry.strip() and not _hides_azure(entry, hosts.SUFFIXES)
    ]
    spared += [host for host in LOOPBACK if host not in spared]
    return {
        **dict.fromkeys(_HTTPS_PROXIES, server.proxy),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(spared)),
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
        # any will do: the same at each evaluation
        "AZURE_CLIENT_ID": str(uuid.uuid5(uuid.UUID(server.tenant_id), "client")),
        "AZURE_CLIENT_SECRET": server.identity_header,
    }


def save_upstream(server: Server, before: Mapping[str, str]) -> None:
    """Tell the server which proxy the shell had: what is not for Azure goes on through it."""
    from groundplan_emulator.proxy.tunnel import Upstream

    names = (*_HTTPS_PROXIES, *(name for name in PROXIES if name.lower() == "all_proxy"))
    url = next((before[name] for name in names if before.get(name)), "")
    try:
        Upstream("" if url == server.proxy else url, _no_proxy(before)).save(server.folder)
    except OSError as error:
        raise UsageError(f"cannot write to {server.folder}: {error.strerror}; give yourself write permission") from None


def _no_proxy(before: Mapping[str, str]) -> str:
    return before.get("no_proxy") or before.get("NO_PROXY") or ""


def _hides_azure(entry: str, domains: tuple[str, ...]) -> bool:
    """Whether an entry of NO_PROXY would lead some of Azure's hosts past the proxy."""
    name = entry.strip().lower().removeprefix("*").lstrip(".")
    return not name or any(name == each or name.endswith(f".{each}") or each.endswith(f".{name}") for each in domains)
