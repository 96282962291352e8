# SPDX-License-Identifier: Apache-2.0
"""Whether what a workspace rents joins a managed network, which a project shares with its hub."""

from __future__ import annotations

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.workspaces import WORKSPACE, has_managed_network, is_project


def joins_managed_network(workspace: Resource | None, stack: Stack) -> bool | None:
    """Whether Azure manages the network around a workspace. Raises `Undecided`.

    None where the stack does not have the workspace, or not the hub of the project that it is.
    """
    owner = workspace
    if owner is not None and is_project(owner):
        owner = stack.target(owner, "properties.hubResourceId", WORKSPACE)
    return None if owner is None else has_managed_network(owner)
