# SPDX-License-Identifier: Apache-2.0
"""A search service: full text and vectors for retrieval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import search

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

PARTITIONS = (1, 2, 3, 4, 6, 12)
"""Source: `partitionCount` in the specification of Microsoft.Search."""
MAX_REPLICAS = 12
MAX_UNITS = 36
"""Replicas times partitions; source: learn.microsoft.com/azure/search/search-limits-quotas-capacity."""


@dataclass(frozen=True, kw_only=True)
class SharedLink:
    """A private endpoint through which indexers and skills reach another resource; its owner approves it."""

    resource_id: Input[str]
    """Required. ARM id of the resource."""
    group_id: str
    """Required. Part of the resource, in Azure's words: `blob`, `vault`, `openai_account`, `amlworkspace`, ..."""
    message: str = "Azure AI Search"
    """Optional. Shown to whoever approves the connection. Default: `Azure AI Search`."""


@dataclass(frozen=True, kw_only=True)
class AiSearchArgs(ResourceArgs):
    """Arguments of `AiSearch`."""

    sku: Literal["basic", "standard", "standard2", "standard3", "storage_optimized_l1", "storage_optimized_l2"] = (
        "basic"
    )
    """Optional. Size of each replica and partition. Default: `basic`, the smallest with private endpoints."""
    replicas: int = 1
    """Optional. Copies that share the queries, 1 to 12, on `basic` to 3; two for reads with an agreed availability, three for
    writes as well. Default: 1."""
    partitions: int = 1
    """Optional. Parts of each index: 1, 2, 3, 4, 6 or 12, on `basic` to 3; replicas times partitions are at most 36. Default:
    1."""
    semantic_ranker: Literal["disabled", "free", "standard"] = "disabled"
    """Optional. Rank results by meaning; `standard` costs by query. Default: `disabled`."""
    public_network_access: bool = False
    """Optional. Reachable from the internet, or from `allowed_ip_ranges` if there are any. Default: no. Prefer
    `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the service's private endpoint. Required unless `public_network_access` is set."""
    allowed_ip_ranges: tuple[str, ...] = ()
    """Optional. Public IPv4 addresses or CIDR blocks that may come in; nobody else then. Default: all, if
    `public_network_access` is set."""
    trusted_services: bool = False
    """Optional. Microsoft's trusted services, such as Azure OpenAI, pass the firewall with their identity. Default: no."""
    shared_links: Mapping[str, SharedLink] = field(default_factory=dict[str, SharedLink])
    """Optional. Private endpoints of the service's own, by name, made one after the other. Default: none; indexers read over
    public addresses."""
    local_authentication: bool = False
    """Optional. Accept the service's keys. Default: no; callers use their identity, with `Search Index Data Reader` or
    `Search Index Data Contributor`."""
    require_customer_keys: bool = False
    """Optional. Count indexes that are not encrypted with a customer's key as violations; the key is named in each index.
    Default: no."""
    identity_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of user-assigned identities beside the system-assigned one. Default: none."""
    search_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        most = 3 if self.sku == "basic" else MAX_REPLICAS
        if not 1 <= self.replicas <= most:
            raise ArgumentError(f"AI search: replicas is {self.replicas}; allowed for {self.sku!r} are 1 to {most}")
        if self.partitions not in (allowed := [each for each in PARTITIONS if each <= most]):
            raise ArgumentError(
                f"AI search: partitions is {self.partitions}; allowed for {self.sku!r} are {', '.join(map(str, allowed))}"
            )
        if self.replicas * self.partitions > MAX_UNITS:
            raise ArgumentError(
                f"AI search: {self.replicas} replicas of {self.partitions} partitions are "
                f"{self.replicas * self.partitions} units; allowed are at most {MAX_UNITS}"
            )
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "AI search: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if self.allowed_ip_ranges and not self.public_network_access:
            raise ArgumentError(
                "AI search: allowed_ip_ranges does nothing while public_network_access is False; "
                "set public_network_access=True, which lets in only them"
            )


class AiSearch(Component):
    """A search service without keys, closed to the internet, that reads its sources through private endpoints.

    Example:
        AiSearch("search", AiSearchArgs(
            resource_group_name=group.name, search_name="srch-vision-dev-4f9a21", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    endpoint: Output[str]
    """URL of indexes and queries, e.g. `https://<name>.search.windows.net`."""
    principal_id: Output[str]
    """Object id of the system-assigned identity, which indexers read their sources with."""

    def __init__(self, name: str, args: AiSearchArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("ai_search", args.search_name or name)
        service = search.Service(
            name,
            search_service_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=search.SkuArgs(name=args.sku),
            replica_count=args.replicas,
            partition_count=args.partitions,
            hosting_mode=search.HostingMode.DEFAULT,
            semantic_search=args.semantic_ranker,
            disable_local_auth=not args.local_authentication,
            # Azure refuses options for keys while there are none
            auth_options=search.DataPlaneAuthOptionsArgs(
                aad_or_api_key=search.DataPlaneAadOrApiKeyAuthOptionArgs(
                    aad_auth_failure_mode=search.AadAuthFailureMode.HTTP401_WITH_BEARER_CHALLENGE
                )
            )
            if args.local_authentication
            else None,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            network_rule_set=search.NetworkRuleSetArgs(
                bypass="AzureServices" if args.trusted_services else "None",
                ip_rules=[search.IpRuleArgs(value=each) for each in args.allowed_ip_ranges],
            ),
            encryption_with_cmk=search.EncryptionWithCmkArgs(
                enforcement=search.SearchEncryptionWithCmk.ENABLED
                if args.require_customer_keys
                else search.SearchEncryptionWithCmk.UNSPECIFIED
            ),
            identity=search.IdentityArgs(
                type="SystemAssigned, UserAssigned" if args.identity_ids else "SystemAssigned",
                user_assigned_identities=[*args.identity_ids] or None,
            ),
            tags=args.tags,
            opts=self.child(),
        )
        shared = self._shared_links(name, service, args)
        link = connect(
            self, f"{name}-link", service.id, "searchService", args.private_endpoint, args, f"pep-{azure_name}"
        )
        attach(self, name, service.id, args, arm_type="Microsoft.Search/searchServices", after=[*shared, link])
        self.id = service.id
        self.name = service.name
        self.endpoint = service.endpoint.apply(lambda url: url or "")
        self.principal_id = principal_of(service.identity)
        self.seal()

    def _shared_links(self, name: str, service: search.Service, args: AiSearchArgs) -> list[Resource]:
        made: list[Resource] = []
        for key, link in args.shared_links.items():
            made.append(
                search.SharedPrivateLinkResource(
                    f"{name}-{key}",
                    shared_private_link_resource_name=key,
                    search_service_name=service.name,
                    resource_group_name=args.resource_group_name,
                    properties=search.SharedPrivateLinkResourcePropertiesArgs(
                        private_link_resource_id=link.resource_id,
                        group_id=link.group_id,
                        request_message=link.message,
                    ),
                    opts=self.child(ResourceOptions(depends_on=made[-1:], ignore_changes=["properties.status"])),
                )
            )
        return made
