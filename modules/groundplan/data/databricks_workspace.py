# SPDX-License-Identifier: Apache-2.0
"""A Databricks workspace in a network of the platform's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import databricks

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.data.keys import key_part
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Entry = Literal["databricks_ui_api", "browser_authentication"]
_FIXED = (
    "managedResourceGroupId",
    "parameters.customVirtualNetworkId",
    "parameters.enableNoPublicIp",
    "parameters.requireInfrastructureEncryption",
)


@dataclass(frozen=True, kw_only=True)
class DatabricksWorkspaceArgs(ResourceArgs):
    """Arguments of `DatabricksWorkspace`."""

    managed_resource_group_id: Input[str]
    """Required. ARM id of a resource group that does not exist: Azure makes it, puts the workspace's own storage and machines
    there, and removes it with the workspace."""
    virtual_network_id: Input[str] | None = None
    """Conditional. ARM id of the network that clusters join. Required unless `azure_managed_network` is set; cannot change
    later."""
    host_subnet_name: Input[str] | None = None
    """Conditional. Subnet of the clusters' machines, delegated to `Microsoft.Databricks/workspaces`. Required with
    `virtual_network_id`."""
    container_subnet_name: Input[str] | None = None
    """Conditional. Another subnet of that kind, for the clusters' containers. Required with `virtual_network_id`."""
    azure_managed_network: bool = False
    """Optional. Clusters run in a network that Azure makes, out of the platform's sight. Default: no."""
    node_public_ip: bool = False
    """Optional. Each machine gets a public IP address. Default: no; the network needs a NAT gateway or a firewall route."""
    public_network_access: bool = False
    """Optional. Users and tools reach the workspace over the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the workspace's private endpoints. Required unless `public_network_access` is
    set."""
    private_services: tuple[Entry, ...] = ("databricks_ui_api", "browser_authentication")
    """Optional. What gets a private endpoint: the workspace, and the sign-in of browsers, whose host is the region's, so have
    it once in a network. Default: both."""
    access_connector: bool = True
    """Optional. Make an access connector, whose identity Unity Catalog reads storage with. Default: yes."""
    double_encryption: bool = True
    """Optional. Encrypt the workspace's own storage a second time; only at creation. Default: yes."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key, with its version, for notebooks and secrets (read by Databricks' own application in
    Microsoft Entra ID). Default: Microsoft's key."""
    workspace_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        subnets = {"host_subnet_name": self.host_subnet_name, "container_subnet_name": self.container_subnet_name}
        if self.azure_managed_network == (self.virtual_network_id is not None):
            raise ArgumentError(
                "databricks workspace: pass either virtual_network_id or azure_managed_network=True, one of them"
            )
        if self.virtual_network_id is not None and (
            missing := [key for key, value in subnets.items() if value is None]
        ):
            raise ArgumentError(f"databricks workspace: virtual_network_id needs {' and '.join(missing)}")
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "databricks workspace: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if not self.public_network_access and self.azure_managed_network:
            raise ArgumentError(
                "databricks workspace: without public_network_access clusters reach the workspace through "
                "virtual_network_id only; pass it with its subnets"
            )


class DatabricksWorkspace(Component):
    """A premium workspace whose clusters join the platform's network without public IP addresses.

    Example:
        DatabricksWorkspace("lake", DatabricksWorkspaceArgs(
            resource_group_name=group.name, managed_resource_group_id=managed, virtual_network_id=network.id,
            host_subnet_name="dbw-host", container_subnet_name="dbw-container", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    url: Output[str]
    """URL that users, tools and the Databricks provider of Pulumi go to, e.g. `https://adb-<number>.<n>.azuredatabricks.net`."""
    workspace_id: Output[str]
    """Databricks' number of the workspace."""
    managed_resource_group_id: Output[str]
    """ARM id of the resource group that Azure made."""
    access_connector_id: Output[str]
    """ARM id of the access connector; empty without one."""
    access_connector_principal_id: Output[str]
    """Object id of the access connector's identity, to grant roles on storage; empty without one."""

    def __init__(self, name: str, args: DatabricksWorkspaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("databricks_workspace", args.workspace_name or name)
        workspace = databricks.Workspace(
            name,
            workspace_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            managed_resource_group_id=args.managed_resource_group_id,
            # private endpoints and customer keys are premium's
            sku=databricks.SkuArgs(name="premium"),
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            required_nsg_rules="AllRules" if args.public_network_access else "NoAzureDatabricksRules",
            parameters=_parameters(args),
            encryption=_encryption(args.customer_key),
            tags=args.tags,
            opts=self.child(ResourceOptions(replace_on_changes=[*_FIXED], delete_before_replace=True)),
        )
        connector = self._connector(name, azure_name, args) if args.access_connector else None
        children: list[Resource | None] = [connector]
        children += [
            connect(
                self,
                f"{name}-{entry.replace('_', '-')}-link",
                workspace.id,
                entry,
                args.private_endpoint,
                args,
                f"pep-{azure_name}-{'ui' if entry == 'databricks_ui_api' else 'auth'}"[:64],
            )
            for entry in args.private_services
        ]
        attach(self, name, workspace.id, args, arm_type="Microsoft.Databricks/workspaces", after=children)
        self.id = workspace.id
        self.name = workspace.name
        self.url = Output.concat("https://", workspace.workspace_url)
        self.workspace_id = workspace.workspace_id
        self.managed_resource_group_id = workspace.managed_resource_group_id.apply(lambda group: group or "")
        self.access_connector_id = connector.id if connector else Output.from_input("")
        self.access_connector_principal_id = principal_of(connector.identity) if connector else Output.from_input("")
        self.seal()

    def _connector(self, name: str, azure_name: str, args: DatabricksWorkspaceArgs) -> databricks.AccessConnector:
        return databricks.AccessConnector(
            f"{name}-connector",
            connector_name=check_name("databricks_connector", f"{azure_name[:61]}-ac"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=databricks.ManagedServiceIdentityArgs(type="SystemAssigned"),
            tags=args.tags,
            opts=self.child(),
        )


def _parameters(args: DatabricksWorkspaceArgs) -> databricks.WorkspaceCustomParametersArgs:
    def text(value: Input[str] | None) -> databricks.WorkspaceCustomStringParameterArgs | None:
        return None if value is None else databricks.WorkspaceCustomStringParameterArgs(value=value)

    return databricks.WorkspaceCustomParametersArgs(
        custom_virtual_network_id=text(args.virtual_network_id),
        custom_public_subnet_name=text(args.host_subnet_name),
        custom_private_subnet_name=text(args.container_subnet_name),
        enable_no_public_ip=databricks.WorkspaceNoPublicIPBooleanParameterArgs(value=not args.node_public_ip),
        require_infrastructure_encryption=databricks.WorkspaceCustomBooleanParameterArgs(value=args.double_encryption),
    )


def _encryption(key: CustomerKey | None) -> databricks.WorkspacePropertiesEncryptionArgs | None:
    if key is None:
        return None
    return databricks.WorkspacePropertiesEncryptionArgs(
        entities=databricks.EncryptionEntitiesDefinitionArgs(
            managed_services=databricks.EncryptionV2Args(
                key_source="Microsoft.Keyvault",
                key_vault_properties=databricks.EncryptionV2KeyVaultPropertiesArgs(
                    key_vault_uri=key_part(key.key_identifier, 0),
                    key_name=key_part(key.key_identifier, 1),
                    key_version=key_part(key.key_identifier, 2),
                ),
            )
        )
    )
