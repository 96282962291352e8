# SPDX-License-Identifier: Apache-2.0
"""Who an AKS cluster acts as when it joins a subnet and writes its DNS record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, Output
from pulumi_azure_native import authorization, managedidentity

from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.interfaces import ResourceArgs, RoleGrant
from groundplan.naming import derived_name
from groundplan.propagation import once_granted


@dataclass(frozen=True, kw_only=True)
class ClusterIdentity:
    """The identity of a cluster, and what must be in place before the cluster is made."""

    id: Output[str]
    """ARM id; known once Azure shows the grants."""
    principal_id: Output[str]
    """Object id; empty for an identity that was brought along."""
    grants: list[authorization.RoleAssignment]
    """Its role assignments."""


def cluster_identity(
    component: Component,
    name: str,
    azure_name: str,
    args: ResourceArgs,
    *,
    brought: Input[str] | None,
    subnet_ids: Mapping[str, Input[str] | None],
    private_dns_zone_id: Input[str] | None,
) -> ClusterIdentity:
    """The identity that was brought along, or a new one with its roles on subnets and private DNS zone."""
    if brought is not None:
        return ClusterIdentity(id=Output.from_input(brought), principal_id=Output.from_input(""), grants=[])
    identity = managedidentity.UserAssignedIdentity(
        f"{name}-identity",
        resource_name_=derived_name("identity", f"id-{azure_name}"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        tags=args.tags,
        opts=component.child(),
    )
    scopes = [(key, scope, "Network Contributor") for key, scope in subnet_ids.items() if scope is not None]
    if private_dns_zone_id is not None:
        scopes.append(("zone", private_dns_zone_id, "Private DNS Zone Contributor"))
    grants = [
        grant_role(
            component,
            f"{name}-identity-{key}",
            scope,
            RoleGrant(role=role, principal_id=identity.principal_id),
        )
        for key, scope, role in scopes
    ]
    return ClusterIdentity(
        id=once_granted(component, identity.id, grants), principal_id=identity.principal_id, grants=grants
    )
