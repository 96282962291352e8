# SPDX-License-Identifier: Apache-2.0
"""A Microsoft Purview account: the catalog of data and its lineage."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import purview

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name, derived_name
from groundplan.networking.private_link import PrivateLink, PrivateLinkArgs

ZONES = {"account": "purview", "portal": "purview-portal"}
"""Private link groups of an account, and the zone of each."""


@dataclass(frozen=True, kw_only=True)
class PurviewAccountArgs(ResourceArgs):
    """Arguments of `PurviewAccount`."""

    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the private endpoints to the catalog (`account`) and its studio (`portal`). Required
    unless `public_network_access` is set."""
    managed_resources_public_network_access: bool = False
    """Optional. The storage account that Azure makes for the catalog is reachable from the internet. Default: no; scans then need
    an integration runtime inside of the network."""
    managed_event_hub: bool = False
    """Optional. Azure makes an event hub for Apache Atlas notifications, which costs. Default: no."""
    managed_resource_group_name: str | None = None
    """Optional. Group that Azure makes for its own resources; cannot change later. Default: Azure's choice."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of a user-assigned identity beside the system-assigned one. Default: none."""
    account_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "Purview account: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class PurviewAccount(Component):
    """A catalog that only private endpoints reach, whose own storage is closed as well.

    Example:
        PurviewAccount("catalog", PurviewAccountArgs(
            resource_group_name=group.name, account_name="pview-vision-dev-4f9a21", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id: what `DataFactoryArgs.purview_id` takes."""
    name: Output[str]
    """Azure name."""
    catalog_endpoint: Output[str]
    """URL of the catalog, for clients that register lineage."""
    principal_id: Output[str]
    """Object id of the system-assigned identity, which scans read their sources with."""

    def __init__(self, name: str, args: PurviewAccountArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("purview_account", args.account_name or name)
        account = purview.Account(
            name,
            account_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=purview.IdentityArgs(
                type="SystemAssigned" if args.identity_id is None else "SystemAssigned,UserAssigned",
                user_assigned_identities=None if args.identity_id is None else [args.identity_id],
            ),
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            managed_resources_public_network_access="Enabled"
            if args.managed_resources_public_network_access
            else "Disabled",
            managed_event_hub_state="Enabled" if args.managed_event_hub else "Disabled",
            managed_resource_group_name=args.managed_resource_group_name,
            tags=args.tags,
            opts=self.child(ResourceOptions(replace_on_changes=["managedResourceGroupName"])),
        )
        links = self._links(name, azure_name, account.id, args)
        attach(self, name, account.id, args, arm_type="Microsoft.Purview/accounts", after=links)
        self.id = account.id
        self.name = account.name
        self.catalog_endpoint = account.endpoints.apply(lambda found: found.catalog or "")
        self.principal_id = principal_of(account.identity)
        self.seal()

    def _links(
        self, name: str, azure_name: str, account_id: Output[str], args: PurviewAccountArgs
    ) -> list[PrivateLink]:
        if args.private_endpoint is None:
            return []
        return [
            PrivateLink(
                f"{name}-{group}",
                PrivateLinkArgs(
                    resource_id=account_id,
                    group_id=group,
                    zones=(zone,),
                    private_endpoint=args.private_endpoint,
                    resource_group_name=args.resource_group_name,
                    location=args.location,
                    endpoint_name=derived_name("private_endpoint", f"pep-{azure_name}-{group}"),
                    tags=args.tags,
                ),
                opts=self.child(),
            )
            for group, zone in ZONES.items()
        ]
