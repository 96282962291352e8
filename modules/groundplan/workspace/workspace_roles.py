# SPDX-License-Identifier: Apache-2.0
"""The roles that a workspace's user-assigned identity needs on what the workspace stands on.

Facts: Microsoft's "Set up service authentication" (user-assigned managed identity of a workspace). A system-assigned identity gets
its roles from Azure.
"""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import Input
from pulumi_azure_native import authorization

from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.interfaces import RoleGrant

NEEDED: Mapping[str, tuple[str, ...]] = {
    "storage": ("Contributor", "Storage Blob Data Contributor"),
    "vault": ("Contributor", "Key Vault Administrator"),
    "images": ("Contributor",),
    "insights": ("Contributor",),
}
"""Roles by what they are on. The workspace itself comes on top: `Contributor`."""


def grant_before(
    component: Component, name: str, principal_id: Input[str], neighbours: Mapping[str, Input[str] | None]
) -> list[authorization.RoleAssignment]:
    """Give an identity its roles on a workspace's neighbours (keys of `NEEDED`; ARM ids), before there is a workspace."""
    return [
        grant_role(
            component,
            f"{name}-{key}-{role.lower().replace(' ', '-')}",
            scope,
            RoleGrant(role=role, principal_id=principal_id, description="for the workspace's identity"),
        )
        for key, scope in neighbours.items()
        if scope is not None
        for role in NEEDED[key]
    ]


def grant_after(
    component: Component, name: str, principal_id: Input[str], workspace_id: Input[str]
) -> authorization.RoleAssignment:
    """Give the identity its role on the workspace."""
    return grant_role(
        component,
        f"{name}-workspace-contributor",
        workspace_id,
        RoleGrant(role="Contributor", principal_id=principal_id, description="for the workspace's identity"),
    )
