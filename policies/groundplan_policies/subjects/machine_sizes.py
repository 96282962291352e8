# SPDX-License-Identifier: Apache-2.0
"""Sizes of the machines that a workspace rents: of clusters, instances and managed deployments."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from groundplan_policies.resource import Resource
from groundplan_policies.subjects.computes import is_rented
from groundplan_policies.subjects.endpoints import is_managed
from groundplan_policies.subjects.workspaces import COMPUTE


def size_path(found: Resource) -> str:
    """Where a compute or a deployment names the size of its machines; '' where it has none of its own. Raises `Undecided`."""
    if found.is_a(COMPUTE):
        return "properties.properties.vmSize" if is_rented(found) else ""
    return "properties.instanceType" if is_managed(found) else ""


def fits(size: str, patterns: Iterable[str]) -> bool:
    """Whether a size is one of some patterns, such as `Standard_NC*`; letter case is ignored."""
    return any(fnmatchcase(size.casefold(), pattern.casefold()) for pattern in patterns)
