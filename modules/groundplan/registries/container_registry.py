# SPDX-License-Identifier: Apache-2.0
"""A container registry for training and serving images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import containerregistry

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect


@dataclass(frozen=True, kw_only=True)
class Replica:
    """A copy of the registry in another region, kept up to date by Azure."""

    zone_redundancy: bool = False
    """Optional. Copies in three zones of that region; cannot change later. Default: no."""
    serves_requests: bool = True
    """Optional. Requests may be routed there; without, it only follows. Default: yes."""


@dataclass(frozen=True, kw_only=True)
class CacheRule:
    """Images of another registry, kept here once they have been pulled."""

    source: str
    """Required. Repository to take from, e.g. `mcr.microsoft.com/azureml/*`; one `*` at the end stands for all below."""
    target: str
    """Required. Repository here, e.g. `azureml/*`; it ends in `*` if `source` does."""
    credential_set_id: Input[str] | None = None
    """Conditional. ARM id of the credential set for the source. Required if the source wants a login."""

    def __post_init__(self) -> None:
        if self.source.endswith("*") != self.target.endswith("*"):
            raise ArgumentError(
                f"cache rule: source {self.source!r} and target {self.target!r} both end in '*' or neither does"
            )


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
    allowed_ip_ranges: tuple[str, ...] = ()
    """Optional. Public IPv4 addresses or CIDR blocks that may come in; nobody else then; `Premium` only. Default: all, if
    `public_network_access` is set."""
    trusted_services: bool = True
    """Optional. Microsoft's trusted services, such as Azure Machine Learning, pass the firewall with their identity. Default:
    yes."""
    admin_user: bool = False
    """Optional. A user name and password for the whole registry. Default: no; callers use their identities."""
    anonymous_pull: bool = False
    """Optional. Anyone may pull; not on `Basic`. Default: no."""
    zone_redundancy: bool = False
    """Optional. Copies in three zones; `Premium` only, cannot change later. Default: no."""
    untagged_retention_days: int = 7
    """Optional. Days until an image without a tag is removed, 0 to 365; 0 keeps it with `soft_delete_days`, else removes it at
    once; `Premium` only. Default: 7."""
    soft_delete_days: int = 0
    """Optional. Days that a deleted image can be restored, 0 to 90; Azure has it instead of `untagged_retention_days` (set
    that to 0), and not together with `replicas`. Default: 0, gone at once."""
    quarantine: bool = False
    """Optional. A pushed image can be pulled only after a scanner has released it; `Premium` only. Default: no."""
    registry_tokens_only: bool = False
    """Optional. Refuse tokens that were issued for Azure Resource Manager: whoever finds one can then not push images. App
    Service and Container Apps, which pull with such tokens, can pull no more. Default: no."""
    replicas: Mapping[str, Replica] = field(default_factory=dict[str, Replica])
    """Optional. Copies by region, e.g. `northeurope`; `Premium` only. Default: none."""
    cache_rules: Mapping[str, CacheRule] = field(default_factory=dict[str, CacheRule])
    """Optional. Repositories of other registries that this one stands in for, by name. Default: none."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest; `Premium` only, only at creation. Default: Microsoft's key."""
    registry_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        premium = {
            "private_endpoint": self.private_endpoint is not None,
            "zone_redundancy": self.zone_redundancy,
            "customer_key": self.customer_key is not None,
            "allowed_ip_ranges": bool(self.allowed_ip_ranges),
            "quarantine": self.quarantine,
            "replicas": bool(self.replicas),
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
        if self.allowed_ip_ranges and not self.public_network_access:
            raise ArgumentError(
                "container registry: allowed_ip_ranges does nothing while public_network_access is False; "
                "set public_network_access=True, which lets in only them"
            )
        self._check_soft_delete()
        if self.customer_key and self.customer_key.identity_client_id is None:
            raise ArgumentError("container registry: customer_key needs identity_client_id")

    def _check_soft_delete(self) -> None:
        # Source: learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy, which has it in every tier
        if not 0 <= self.soft_delete_days <= 90:
            raise ArgumentError(f"container registry: soft_delete_days is {self.soft_delete_days}; allowed are 0 to 90")
        if self.soft_delete_days and self.untagged_retention_days:
            raise ArgumentError(
                "container registry: soft_delete_days cannot be combined with untagged_retention_days, "
                f"which is {self.untagged_retention_days}; set it to 0"
            )
        if self.soft_delete_days and self.replicas:
            raise ArgumentError("container registry: soft_delete_days cannot be combined with replicas; choose one")


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
            network_rule_bypass_options="AzureServices" if args.trusted_services else "None",
            network_rule_set=_firewall(args),
            # layers are downloaded from an endpoint of the registry's own, so a firewall need not open all of Azure Storage
            data_endpoint_enabled=premium,
            zone_redundancy="Enabled" if args.zone_redundancy else "Disabled",
            policies=_policies(args),
            identity=_identity(args.customer_key),
            encryption=_encryption(args.customer_key),
            tags=args.tags,
            opts=self.child(),
        )
        endpoint_name = f"pep-{args.registry_name or name}"
        link = connect(self, f"{name}-link", registry.id, "registry", args.private_endpoint, args, endpoint_name)
        children = [*self._replicas(name, registry, args), *self._cache_rules(name, registry, args)]
        attach(self, name, registry.id, args, after=[*children, link])
        self.id = registry.id
        self.name = registry.name
        self.login_server = registry.login_server
        self.seal()

    def _replicas(self, name: str, registry: containerregistry.Registry, args: ContainerRegistryArgs) -> list[Resource]:
        return [
            containerregistry.Replication(
                f"{name}-{region}",
                replication_name=region,
                registry_name=registry.name,
                resource_group_name=args.resource_group_name,
                location=region,
                region_endpoint_enabled=replica.serves_requests,
                zone_redundancy="Enabled" if replica.zone_redundancy else "Disabled",
                tags=args.tags,
                opts=self.child(),
            )
            for region, replica in args.replicas.items()
        ]

    def _cache_rules(
        self, name: str, registry: containerregistry.Registry, args: ContainerRegistryArgs
    ) -> list[Resource]:
        return [
            containerregistry.CacheRule(
                f"{name}-cache-{key}",
                cache_rule_name=key,
                registry_name=registry.name,
                resource_group_name=args.resource_group_name,
                source_repository=rule.source,
                target_repository=rule.target,
                credential_set_resource_id=rule.credential_set_id,
                # where images come from cannot be changed
                opts=self.child(
                    ResourceOptions(
                        replace_on_changes=["sourceRepository", "targetRepository"], delete_before_replace=True
                    )
                ),
            )
            for key, rule in args.cache_rules.items()
        ]


def _firewall(args: ContainerRegistryArgs) -> containerregistry.NetworkRuleSetArgs | None:
    if not args.allowed_ip_ranges:
        return None
    return containerregistry.NetworkRuleSetArgs(
        default_action="Deny",
        ip_rules=[
            containerregistry.IPRuleArgs(i_p_address_or_range=each, action="Allow") for each in args.allowed_ip_ranges
        ],
    )


def _policies(args: ContainerRegistryArgs) -> containerregistry.PoliciesArgs | None:
    tokens = (
        containerregistry.AzureADAuthenticationAsArmPolicyArgs(status="disabled") if args.registry_tokens_only else None
    )
    if args.sku != "Premium":  # which has the others
        return containerregistry.PoliciesArgs(azure_ad_authentication_as_arm_policy=tokens) if tokens else None
    return containerregistry.PoliciesArgs(
        azure_ad_authentication_as_arm_policy=tokens,
        # Azure allows exports to be off only while public access is
        export_policy=containerregistry.ExportPolicyArgs(
            status="enabled" if args.public_network_access else "disabled"
        ),
        retention_policy=containerregistry.RetentionPolicyArgs(
            days=args.untagged_retention_days, status="disabled" if args.soft_delete_days else "enabled"
        ),
        soft_delete_policy=containerregistry.SoftDeletePolicyArgs(
            retention_days=args.soft_delete_days, status="enabled"
        )
        if args.soft_delete_days
        else None,
        quarantine_policy=containerregistry.QuarantinePolicyArgs(status="enabled") if args.quarantine else None,
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
