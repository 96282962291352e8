# SPDX-License-Identifier: Apache-2.0
"""Hosts that common purposes need, as rules for a managed network that is open for approved traffic only.

Source: learn.microsoft.com/azure/machine-learning/how-to-managed-network and how-to-access-azureml-behind-firewall (lists of recommended
hosts). Kubernetes compute is not among them: it cannot be attached to a managed network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final, Literal, get_args

from groundplan.errors import ArgumentError
from groundplan.workspace.outbound_rules import FqdnRule
from groundplan.workspace.package_index import package_hosts

Purpose = Literal["conda", "docker", "hugging-face", "python", "pytorch", "r", "tensorflow", "ubuntu", "vscode"]

_LONGEST: Final = 33
_DOCKER: Final = ("docker.io", "*.docker.io", "*.docker.com", "production.cloudflare.docker.com")
HOSTS: Final[Mapping[Purpose, tuple[str, ...]]] = {
    "conda": ("anaconda.com", "*.anaconda.com", "*.anaconda.org"),
    "docker": _DOCKER,
    "hugging-face": (*_DOCKER, "cdn.auth0.com", "huggingface.co", "cdn-lfs.huggingface.co"),
    "pytorch": ("pytorch.org", "*.pytorch.org"),
    "r": ("cloud.r-project.org", "ghcr.io", "pkg-containers.githubusercontent.com"),
    "tensorflow": ("*.tensorflow.org",),
    "ubuntu": ("archive.ubuntu.com", "security.ubuntu.com", "ppa.launchpad.net"),
    "vscode": (
        "*.vscode.dev",
        "vscode.blob.core.windows.net",
        "*.gallerycdn.vsassets.io",
        "raw.githubusercontent.com",
        "*.vscode-unpkg.net",
        "*.vscode-cdn.net",
        "*.vscodeexperiments.azureedge.net",
        "default.exp-tas.com",
        "code.visualstudio.com",
        "update.code.visualstudio.com",
        "*.vo.msecnd.net",
        "marketplace.visualstudio.com",
        "vscode.download.prss.microsoft.com",
    ),
}
"""Hosts by purpose. Those of `python` are asked from pip: `package_index`."""


def outbound_preset(*purposes: Purpose, index_urls: Sequence[str] = ()) -> dict[str, FqdnRule]:
    """Rules for `ManagedNetwork.rules`, by a name made from the host; a host that two purposes need comes once.

    `python` opens the package indexes of the pip that runs the program: its configuration files and `PIP_INDEX_URL`,
    `PIP_EXTRA_INDEX_URL`. `index_urls` names them instead, so that every machine previews the same.
    """
    known = get_args(Purpose)
    if unknown := [purpose for purpose in purposes if purpose not in known]:
        near = get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ArgumentError(f"outbound preset: no purpose {unknown[0]!r}; {hint}allowed are {', '.join(known)}")
    if index_urls and "python" not in purposes:
        raise ArgumentError("outbound preset: index_urls are for the purpose 'python', which is not asked for; add it")
    hosts = [
        host for purpose in purposes for host in (package_hosts(index_urls) if purpose == "python" else HOSTS[purpose])
    ]
    return {_name(host): FqdnRule(host=host) for host in hosts}


def _name(host: str) -> str:
    """A rule's name made from its host; long ones are cut, because sources differ about how long Azure takes them."""
    name = host.replace("*", "any").replace(".", "-")
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(host.encode()).hexdigest()[:6]
    return f"{name[: _LONGEST - 7].rstrip('-')}-{digest}"
