# SPDX-License-Identifier: Apache-2.0
"""A container registry for training and serving images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import containerregistry

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect


@dataclass(frozen=True, kw_only=True)
class ContainerRegistryArgs(ResourceArgs):
    """Arguments of `ContainerRegistry`."""

    sku: Literal["Basic", "Standard", "Premium"] = "Premium"
    """Optional. Default: `Premium`, the only one with private endpoints and customer keys."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the registry's private endpoint. Required unless `public_network_access` is
    set."""
    admin_user: bool = False
    """Optional. A user name and password for the whole registry. Default: no; callers use their identities."""
    anonymous_pull: bool = False
    """Optional. Anyone may pull; not on `Basic`. Default: no."""
    zone_redundancy: bool = False
    """Optional. Copies in three zones; `Premium` only, cannot change later. Default: no."""
    untagged_retention_days: int = 7
    """Optional. Days until an image without a tag is removed, 0 to 365; `Premium` only. Default: 7."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest; `Premium` only, only at creation. Default: Microsoft's key."""
    registry_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        premium = {
            "private_endpoint": self.private_endpoint is not None,
            "zone_redundancy": self.zone_redundancy,
            "customer_key": self.customer_key is not None,
        }
        if self.sku != "Premium" and (asked := [field for field, given in premium.items() if given]):
            raise ArgumentError(f"container registry: {', '.join(asked)} needs sku 'Premium', but sku is {self.sku!r}")
        if self.sku == "Basic" and self.anonymous_pull:
            raise ArgumentError(
                "container registry: anonymous_pull needs sku 'Standard' or 'Premium', but sku is 'Basic'"
            )
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "container registry: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if not 0 <= self.untagged_retention_days <= 365:
            raise ArgumentError(
                f"container registry: untagged_retention_days is {self.untagged_retention_days}; allowed are 0 to 365"
            )
        if self.customer_key and self.customer_key.identity_client_id is None:
            raise ArgumentError("container registry: customer_key needs identity_client_id")


class ContainerRegistry(Component):
    """A registry without admin user or anonymous pulls, closed to the internet.

    Example:
        ContainerRegistry("images", ContainerRegistryArgs(
            resource_group_name=group.name, registry_name="crvisiondev4f9a21", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    login_server: Output[str]
    """Host that images are pushed to and pulled from, e.g. `<name>.azurecr.io`."""

    def __init__(self, name: str, args: ContainerRegistryArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        premium = args.sku == "Premium"
        registry = containerregistry.Registry(
            name,
            registry_name=check_name("container_registry", args.registry_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=containerregistry.SkuArgs(name=args.sku),
            admin_user_enabled=args.admin_user,
            anonymous_pull_enabled=args.anonymous_pull,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            network_rule_bypass_options="AzureServices",
            # layers are downloaded from an endpoint of the registry's own, so a firewall need not open all of Azure Storage
            data_endpoint_enabled=premium,
            zone_redundancy="Enabled" if args.zone_redundancy else "Disabled",
            policies=_policies(args) if premium else None,
            identity=_identity(args.customer_key),
            encryption=_encryption(args.customer_key),
            tags=args.tags,
            opts=self.child(),
        )
        endpoint_name = f"pep-{args.registry_name or name}"
        link = connect(self, f"{name}-link", registry.id, "registry", args.private_endpoint, args, endpoint_name)
        attach(self, name, registry.id, args, after=[link])
        self.id = registry.id
        self.name = registry.name
        self.login_server = registry.login_server
        self.seal()


def _policies(args: ContainerRegistryArgs) -> containerregistry.PoliciesArgs:
    return containerregistry.PoliciesArgs(
        # Azure allows exports to be off only while public access is
        export_policy=containerregistry.ExportPolicyArgs(
            status="enabled" if args.public_network_access else "disabled"
        ),
        retention_policy=containerregistry.RetentionPolicyArgs(days=args.untagged_retention_days, status="enabled"),
    )


def _identity(key: CustomerKey | None) -> containerregistry.IdentityPropertiesArgs | None:
    if key is None:
        return None
    return containerregistry.IdentityPropertiesArgs(
        type=containerregistry.ResourceIdentityType.USER_ASSIGNED,
        user_assigned_identities=Output.from_input(key.identity_id).apply(
            lambda identity: {identity: containerregistry.UserIdentityPropertiesArgs()}
        ),
    )


def _encryption(key: CustomerKey | None) -> containerregistry.EncryptionPropertyArgs | None:
    if key is None:
        return None
    identity: Input[str] | None = key.identity_client_id
    return containerregistry.EncryptionPropertyArgs(
        status="enabled",
        key_vault_properties=containerregistry.KeyVaultPropertiesArgs(
            identity=identity, key_identifier=key.key_identifier
        ),
    )
