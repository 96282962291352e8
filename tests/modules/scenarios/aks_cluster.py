# SPDX-License-Identifier: Apache-2.0
"""A public cluster with everything, one in a network of Azure's, and one that only its subnets see."""

import pulumi
from pulumi_azure_native import monitor, privatedns

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

ADMINS = "0d6f8f3a-2a5b-4b0e-8a75-0f4c5e9f1a21"
GRAFANA = "f5b7a0c4-9c0f-4d5e-9b9f-7b8f5e0d2c33"


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.AksCluster(
        "full",
        gp.AksClusterArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            node_pools={
                "system": gp.NodePool(
                    vm_size="Standard_D4ds_v5", max_nodes=4, min_nodes=2, system=True, zones=("1", "2")
                ),
                "spot": gp.NodePool(
                    vm_size="Standard_NC4as_T4_v3",
                    max_nodes=6,
                    spot=True,
                    machine_learning_only=True,
                    labels={"team": "vision"},
                    taints=("team=vision:NoSchedule",),
                    os_disk_gb=256,
                    max_pods=60,
                ),
            },
            subnet_id=here.network.subnet_ids["training"],
            outbound_type="loadBalancer",
            public_api_server=True,
            authorized_ip_ranges=("203.0.113.0/24",),
            admin_group_ids=(ADMINS,),
            local_accounts=True,
            identity_id=here.identity.id,
            kubernetes_version="1.32",
            upgrade_channel="none",
            node_image_channel="SecurityPatch",
            maintenance=gp.MaintenanceWindow(day="Saturday", start="22:30", hours=6, utc_offset="+02:00"),
            tier="Free",
            pod_cidr="10.100.0.0/16",
            service_cidr="10.101.0.0/16",
            log_analytics_workspace_id=here.monitoring.log_analytics_workspace_id,
            defender=True,
            metrics=gp.ClusterMetrics(
                grafana_principal_ids={"team": GRAFANA},
                public_network_access=True,
                rule_groups={
                    "nodes": gp.PrometheusRules(
                        alerts={
                            "NodeFull": gp.PrometheusAlert(expression="instance:node_memory_utilisation:ratio > 0.95")
                        }
                    )
                },
            ),
            azure_policy=False,
            cluster_name="aks-full",
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """API server in its own subnet, out through the firewall, the customer's keys everywhere; watched, and nobody logs in to nodes."""
    shared = monitor.AzureMonitorWorkspace(
        "base-metrics",
        azure_monitor_workspace_name="shared-metrics",
        resource_group_name=here.group.name,
        public_network_access="Disabled",
    )
    network = gp.Network(
        "base-cluster-network",
        gp.NetworkArgs(
            resource_group_name=here.group.name,
            address_space="10.40.0.0/16",
            subnets={
                "nodes": gp.Subnet(address_prefix="10.40.0.0/20"),
                "api": gp.Subnet(
                    address_prefix="10.40.16.0/28", delegation="Microsoft.ContainerService/managedClusters"
                ),
            },
        ),
    )
    zone = privatedns.PrivateZone(
        "base-cluster-zone",
        private_zone_name=f"privatelink.{LOCATION}.azmk8s.io",
        resource_group_name=here.group.name,
        location="global",
    )
    disks = pulumi.Output.concat(here.group.id, "/providers/Microsoft.Compute/diskEncryptionSets/platform")
    gp.AksCluster(
        "locked-down",
        gp.AksClusterArgs(
            resource_group_name=here.group.name,
            node_pools={"system": gp.NodePool(vm_size="Standard_D4ds_v5", max_nodes=5, system=True)},
            subnet_id=network.subnet_ids["nodes"],
            outbound_type="userDefinedRouting",
            api_server_subnet_id=network.subnet_ids["api"],
            private_dns_zone_id=zone.id,
            host_encryption=True,
            nodes_without_ssh=True,
            log_analytics_workspace_id=here.monitoring.log_analytics_workspace_id,
            defender=True,
            metrics=gp.ClusterMetrics(monitor_workspace_id=shared.id),
            trusted_workspace_ids={"ml": here.workspace.id},
            diagnostics=here.diagnostics,
        ),
    )
    gp.AksCluster(
        "locked-down-keys",
        gp.AksClusterArgs(
            resource_group_name=here.group.name,
            node_pools={
                "system": gp.NodePool(vm_size="Standard_D4ds_v5", max_nodes=3, system=True),
                "gpu": gp.NodePool(vm_size="Standard_NC4as_T4_v3", max_nodes=2, machine_learning_only=True),
            },
            subnet_id=network.subnet_ids["nodes"],
            outbound_type="userDefinedRouting",
            customer_key=here.customer_key,
            disk_encryption_set_id=disks,
            host_encryption=True,
            nodes_without_ssh=True,
            log_analytics_workspace_id=here.monitoring.log_analytics_workspace_id,
            defender=True,
            diagnostics=here.diagnostics,
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("containerservice:ManagedCluster", "full")
    rules = found.one("alertsmanagement:PrometheusRuleGroup", "full-rules-nodes")
    assert (rules["clusterName"], len(rules["scopes"])) == ("aks-full", 2)
    assert full["apiServerAccessProfile"]["authorizedIPRanges"] == ["203.0.113.0/24"]
    assert full["addonProfiles"]["omsagent"]["enabled"] is True
    assert full["securityProfile"]["defender"]["securityMonitoring"] == {"enabled": True}
    assert full["networkProfile"]["dnsServiceIP"] == "10.101.0.10"
    window = found.one("containerservice:MaintenanceConfiguration", "full-node-images")["maintenanceWindow"]
    assert (window["startTime"], window["durationHours"], window["utcOffset"]) == ("22:30", 6, "+02:00")
    assert window["schedule"] == {"weekly": {"dayOfWeek": "Saturday", "intervalWeeks": 1}}
    windows = {each["configName"] for each in found.inputs("containerservice:MaintenanceConfiguration", "full")}
    assert windows == {"aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"}
    spot = found.one("containerservice:AgentPool", "full-spot")
    assert "securityProfile" not in spot
    assert (spot["minCount"], spot["maxCount"], spot["scaleSetPriority"]) == (0, 6, "Spot")
    assert spot["nodeTaints"] == [
        "team=vision:NoSchedule",
        "ml.azure.com/amlarc-workload=true:NoSchedule",
        "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
    ]
    closed = found.one("containerservice:ManagedCluster", "locked-down")
    assert closed["disableLocalAccounts"] is True
    assert closed["aadProfile"] == {"managed": True, "enableAzureRBAC": True}
    access = closed["apiServerAccessProfile"]
    assert (access["enablePrivateCluster"], access["enablePrivateClusterPublicFQDN"]) == (True, False)
    assert access["privateDNSZone"].endswith("/privatelink.westeurope.azmk8s.io")
    assert closed["securityProfile"]["workloadIdentity"] == {"enabled": True}
    assert closed["agentPoolProfiles"][0]["enableEncryptionAtHost"] is True
    assert closed["agentPoolProfiles"][0]["securityProfile"] == {"sshAccess": "Disabled"}
    assert found.one("containerservice:AgentPool", "locked-down-keys-gpu")["securityProfile"] == {
        "sshAccess": "Disabled"
    }
    grants = found.inputs("authorization:RoleAssignment", "locked-down-identity-")
    assert len(grants) == 3
    keys = found.one("containerservice:ManagedCluster", "locked-down-keys")
    assert keys["securityProfile"]["azureKeyVaultKms"]["keyVaultNetworkAccess"] == "Public"
    binding = found.one("containerservice:TrustedAccessRoleBinding", "locked-down-trusts-ml")
    assert binding["roles"] == ["Microsoft.MachineLearningServices/workspaces/mlworkload"]
    outputs = {
        row["urn"].rpartition("::")[2]: row["outputs"] for row in found.rows if row["type"].endswith(":AksCluster")
    }
    assert ".privatelink.westeurope.azmk8s.io" in outputs["locked-down"]["host"]
    assert outputs["full"]["host"].endswith(".hcp.westeurope.azmk8s.io")
    for each in outputs.values():
        assert each["oidcIssuerUrl"].startswith("https://westeurope.oic.prod-aks.azure.com/")
        assert each["kubeletPrincipalId"]
        assert each["nodeResourceGroup"].startswith("MC_")
    assert outputs["full"]["monitorWorkspaceId"].endswith("/aks-full-metrics")
