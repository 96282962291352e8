# SPDX-License-Identifier: Apache-2.0
"""Types that the tests of the protocol use, and inputs of theirs that a check accepts."""

GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
VNET = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
ENDPOINT = "azure-native:network:PrivateEndpoint"
ZONE = "azure-native:privatedns:PrivateZone"
COMPUTE = "azure-native:machinelearningservices:Compute"
GRANT = "azure-native:authorization:RoleAssignment"

ACCOUNT_INPUTS = {"resourceGroupName": "protocol", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
CLUSTER = "azure-native:containerservice:ManagedCluster"
CLUSTER_INPUTS = {
    "dnsPrefix": "slow",
    "identity": {"type": "SystemAssigned"},
    "agentPoolProfiles": [{"name": "system", "count": 1, "vmSize": "Standard_DS2_v2", "mode": "System"}],
}
VNET_INPUTS = {"resourceGroupName": "protocol", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
