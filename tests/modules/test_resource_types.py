# SPDX-License-Identifier: Apache-2.0
"""What a platform is built from, compared with what the components have really created."""

from __future__ import annotations

from tests.modules import releases, scenario

RELEASE = "0.2.0"

PLATFORM = {
    "networking": """
        network:VirtualNetwork network:Subnet network:NetworkSecurityGroup network:NatGateway network:PublicIPAddress network:RouteTable
        network:VirtualNetworkPeering network:PrivateEndpoint network:PrivateDnsZoneGroup privatedns:PrivateZone
        privatedns:VirtualNetworkLink monitor:PrivateLinkScope monitor:PrivateLinkScopedResource""",
    "workspace": """
        machinelearningservices:Workspace machinelearningservices:ManagedNetworkSettingsRule
        machinelearningservices:WorkspaceConnection machinelearningservices:Datastore keyvault:Vault keyvault:Key""",
    "compute": """
        machinelearningservices:Compute kubernetesconfiguration:Extension containerservice:ManagedCluster
        containerservice:AgentPool kubernetes:ConnectedCluster""",
    "serving": """
        machinelearningservices:OnlineEndpoint machinelearningservices:OnlineDeployment machinelearningservices:BatchEndpoint
        machinelearningservices:BatchDeployment machinelearningservices:ServerlessEndpoint monitor:AutoscaleSetting
        containerinstance:ContainerGroup web:WebApp web:AppServicePlan cdn:Profile frontdoor:Policy network:ApplicationGateway
        network:WebApplicationFirewallPolicy""",
    "data": """
        storage:StorageAccount storage:BlobContainer storage:ManagementPolicy datafactory:Factory databricks:Workspace synapse:Workspace
        eventhub:Namespace eventhub:EventHub eventgrid:SystemTopic search:Service cognitiveservices:Account
        cognitiveservices:Deployment machinelearningservices:FeaturestoreEntityVersion
        machinelearningservices:FeaturesetVersion purview:Account""",
    "edge": "iothub:IotHubResource deviceprovisioningservices:IotDpsResource",
    "registries": "machinelearningservices:Registry containerregistry:Registry",
    "operations": """
        operationalinsights:Workspace applicationinsights:Component monitor:DiagnosticSetting monitor:ActionGroup monitor:MetricAlert
        monitor:ScheduledQueryRule monitor:ActivityLogAlert applicationinsights:Workbook dashboard:Grafana consumption:Budget
        authorization:ManagementLockByScope monitor:AzureMonitorWorkspace""",
    "access": """
        managedidentity:UserAssignedIdentity managedidentity:FederatedIdentityCredential authorization:RoleAssignment
        authorization:RoleDefinition authorization:PolicyAssignment""",
}
"""Types by area of the library."""


def test_every_type_of_a_platform_was_created() -> None:
    created = {row["type"].removeprefix("azure-native:") for rows in releases.states(RELEASE).values() for row in rows}

    missing = {area: sorted(set(types.split()) - created) for area, types in PLATFORM.items()}
    assert {area: types for area, types in missing.items() if types} == {}


def test_every_page_is_recorded() -> None:
    assert set(releases.states(RELEASE)) == set(scenario.index())
