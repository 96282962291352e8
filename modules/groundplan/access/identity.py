# SPDX-License-Identifier: Apache-2.0
"""A user-assigned managed identity and what it may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import managedidentity

from groundplan.attachments import attach, grant_role
from groundplan.component import Component
from groundplan.interfaces import ResourceArgs, RoleGrant
from groundplan.naming import check_name
from groundplan.propagation import once_granted
from groundplan.roles import role_guid


@dataclass(frozen=True, kw_only=True)
class RoleOn:
    """A role that the identity gets somewhere else; `RoleGrant` is the same seen from the resource."""

    role: str
    """Required. Name of a built-in role (`roles.ROLES`), or the GUID of any role."""
    scope: Input[str]
    """Required. ARM id of the resource, resource group or subscription that the role is on."""

    def __post_init__(self) -> None:
        role_guid(self.role)


@dataclass(frozen=True, kw_only=True)
class IdentityArgs(ResourceArgs):
    """Arguments of `Identity`. Role grants say who may use the identity; managed identities have neither logs
    nor metrics, so that `diagnostics` sends nothing."""

    roles: Mapping[str, RoleOn] = field(default_factory=dict[str, RoleOn])
    """Optional. What the identity may do, by a key that becomes part of the assignment's logical name. Default:
    nothing."""
    identity_name: str | None = None
    """Optional. Azure name. Default: the component's name."""


class Identity(Component):
    """A user-assigned identity with its roles.

    Example:
        Identity("identity", IdentityArgs(
            resource_group_name=group.name, roles={"images": RoleOn(role="AcrPull", scope=registry.id)}))
    """

    id: Output[str]
    """ARM id: what other resources take to act as the identity; during an update it is there once Azure shows the roles."""
    name: Output[str]
    """Azure name."""
    principal_id: Output[str]
    """Object id in Microsoft Entra ID: what role grants take."""
    client_id: Output[str]
    """Client id: what programs take to get a token."""

    def __init__(self, name: str, args: IdentityArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        identity = managedidentity.UserAssignedIdentity(
            name,
            resource_name_=check_name("identity", args.identity_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=args.tags,
            opts=self.child(),
        )
        granted = [
            grant_role(
                self, f"{name}-holds-{key}", held.scope, RoleGrant(role=held.role, principal_id=identity.principal_id)
            )
            for key, held in args.roles.items()
        ]
        attach(self, name, identity.id, args, arm_type="Microsoft.ManagedIdentity/userAssignedIdentities")
        self.id = once_granted(self, identity.id, granted)
        self.name = identity.name
        self.principal_id = identity.principal_id
        self.client_id = identity.client_id
        self.seal()
