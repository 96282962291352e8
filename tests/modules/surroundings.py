# SPDX-License-Identifier: Apache-2.0
"""What a component stands on in a scenario: made on first use, shared by all scenarios of one program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import pulumi
from pulumi_azure_native import (
    authorization,
    containerservice,
    databricks,
    keyvault,
    kubernetesconfiguration,
    resources,
    synapse,
)
from pulumi_azure_native import machinelearningservices as ml

import groundplan as gp
from groundplan.networking.dns_zones import ZONES

LOCATION = "westeurope"
TAGS = {"cost-center": "42"}


class Zones(Mapping[str, pulumi.Input[str]]):
    """Every private DNS zone by key; each is created when somebody asks for its id."""

    def __init__(self, group_name: pulumi.Input[str], network_id: pulumi.Input[str]) -> None:
        self._group_name, self._network_id = group_name, network_id
        self._made: dict[str, pulumi.Input[str]] = {}

    def __getitem__(self, key: str) -> pulumi.Input[str]:
        if key not in ZONES:
            raise KeyError(key)
        if key not in self._made:
            args = gp.PrivateDnsArgs(
                resource_group_name=self._group_name,
                virtual_network_ids={"platform": self._network_id},
                zones=(key,),
                region=LOCATION,
            )
            self._made[key] = gp.PrivateDns(f"base-zone-{key}", args).zone_ids[key]
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(ZONES)

    def __len__(self) -> int:
        return len(ZONES)

    def __contains__(self, key: object) -> bool:
        return key in ZONES


class Surroundings:
    """The neighbours of the component that a program is about; open where that makes them small."""

    def __init__(
        self, names: gp.Names, group: resources.ResourceGroup, client: authorization.GetClientConfigResult
    ) -> None:
        self.names, self.group, self.client = names, group, client

    @cached_property
    def network(self) -> gp.Network:
        subnets = {
            "endpoints": gp.Subnet(address_prefix="10.20.0.0/24", rules=gp.endpoint_rules()),
            "training": gp.Subnet(address_prefix="10.20.8.0/21", rules=gp.training_rules(LOCATION)),
        }
        args = gp.NetworkArgs(resource_group_name=self.group.name, address_space="10.20.0.0/16", subnets=subnets)
        return gp.Network("base-network", args)

    @cached_property
    def application_network(self) -> gp.Network:
        """Subnets that are handed to container groups and to functions."""
        subnets = {
            "containers": gp.Subnet(
                address_prefix="10.30.1.0/24", delegation="Microsoft.ContainerInstance/containerGroups"
            ),
            "functions": gp.Subnet(address_prefix="10.30.2.0/24", delegation="Microsoft.Web/serverFarms"),
        }
        args = gp.NetworkArgs(resource_group_name=self.group.name, address_space="10.30.0.0/16", subnets=subnets)
        return gp.Network("base-application-network", args)

    @cached_property
    def placement(self) -> gp.PrivateEndpoint:
        return gp.PrivateEndpoint(
            subnet_id=self.network.subnet_ids["endpoints"], dns_zone_ids=Zones(self.group.name, self.network.id)
        )

    @cached_property
    def monitoring(self) -> gp.Monitoring:
        return gp.Monitoring("base-monitoring", gp.MonitoringArgs(resource_group_name=self.group.name))

    @cached_property
    def diagnostics(self) -> gp.Diagnostics:
        return self.monitoring.diagnostics

    @cached_property
    def identity(self) -> gp.Identity:
        return gp.Identity("base-identity", gp.IdentityArgs(resource_group_name=self.group.name))

    @cached_property
    def vault(self) -> gp.KeyVault:
        args = gp.KeyVaultArgs(
            resource_group_name=self.group.name,
            tenant_id=self.client.tenant_id,
            public_network_access=True,
            role_grants={
                "key": gp.RoleGrant(
                    role="Key Vault Crypto Service Encryption User", principal_id=self.identity.principal_id
                )
            },
            vault_name=self.names("key_vault", "base"),
        )
        return gp.KeyVault("base-vault", args)

    @cached_property
    def key(self) -> keyvault.Key:
        return keyvault.Key(
            "base-key",
            key_name="platform",
            vault_name=self.vault.name,
            resource_group_name=self.group.name,
            properties=keyvault.KeyPropertiesArgs(kty="RSA"),
        )

    @cached_property
    def customer_key(self) -> gp.CustomerKey:
        """One version of a key."""
        return gp.CustomerKey(
            key_vault_id=self.vault.id,
            key_identifier=self.key.key_uri_with_version,
            identity_id=self.identity.id,
            identity_client_id=self.identity.client_id,
        )

    @cached_property
    def rotating_key(self) -> gp.CustomerKey:
        """The same key, whichever version is the newest."""
        return replace(self.customer_key, key_identifier=self.key.key_uri)

    @cached_property
    def data(self) -> gp.Storage:
        args = gp.StorageArgs(
            resource_group_name=self.group.name,
            public_network_access=True,
            account_name=self.names("storage_account", "base"),
        )
        return gp.Storage("base-data", args)

    @cached_property
    def closed_data(self) -> gp.Storage:
        """For what may not stand on an account that the internet reaches."""
        args = gp.StorageArgs(
            resource_group_name=self.group.name,
            private_endpoint=self.placement,
            account_name=self.names("storage_account", "closed-base"),
        )
        return gp.Storage("base-closed-data", args)

    @cached_property
    def images(self) -> gp.ContainerRegistry:
        args = gp.ContainerRegistryArgs(
            resource_group_name=self.group.name,
            public_network_access=True,
            registry_name=self.names("container_registry", "base"),
        )
        return gp.ContainerRegistry("base-images", args)

    @cached_property
    def workspace(self) -> gp.Workspace:
        args = gp.WorkspaceArgs(
            resource_group_name=self.group.name,
            workspace_name=self.names("machine_learning_workspace", "base"),
            key_vault_id=self.vault.id,
            storage_account_id=self.data.id,
            public_network_access=True,
        )
        return gp.Workspace("base-workspace", args)

    @cached_property
    def model(self) -> ml.ModelVersion:
        container = ml.ModelContainer(
            "base-model",
            name="churn",
            workspace_name=self.workspace.name,
            resource_group_name=self.group.name,
            properties=ml.ModelContainerPropertiesArgs(description="says who will leave"),
        )
        return ml.ModelVersion(
            "base-model-1",
            name=container.name,
            version="1",
            workspace_name=self.workspace.name,
            resource_group_name=self.group.name,
            properties=ml.ModelVersionPropertiesArgs(
                model_uri="https://models.example.com/churn/1", model_type="mlflow_model"
            ),
        )

    @cached_property
    def feature_store(self) -> gp.Workspace:
        args = gp.WorkspaceArgs(
            resource_group_name=self.group.name,
            workspace_name=self.names("feature_store", "base"),
            kind="FeatureStore",
            key_vault_id=self.vault.id,
            storage_account_id=self.data.id,
            public_network_access=True,
        )
        return gp.Workspace("base-feature-store", args)

    @cached_property
    def attached(self) -> ml.Compute:
        """A Kubernetes compute, on a cluster with the extension."""
        cluster = containerservice.ManagedCluster(
            "base-aks",
            resource_name_="aks-base",
            resource_group_name=self.group.name,
            dns_prefix="base",
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.SYSTEM_ASSIGNED
            ),
            agent_pool_profiles=[
                containerservice.ManagedClusterAgentPoolProfileArgs(
                    name="system", mode="System", vm_size="Standard_D4ds_v5", count=1, os_type="Linux"
                )
            ],
        )
        extension = kubernetesconfiguration.Extension(
            "base-aks-azureml",
            extension_name="azureml",
            extension_type="Microsoft.AzureML.Kubernetes",
            cluster_rp="Microsoft.ContainerService",
            cluster_resource_name="managedClusters",
            cluster_name=cluster.name,
            resource_group_name=self.group.name,
        )
        return ml.Compute(
            "base-attached",
            compute_name="base-attached",
            workspace_name=self.workspace.name,
            resource_group_name=self.group.name,
            properties=ml.KubernetesArgs(
                compute_type="Kubernetes",
                resource_id=cluster.id,
                properties=ml.KubernetesPropertiesArgs(namespace="default"),
            ),
            opts=pulumi.ResourceOptions(depends_on=[extension]),
        )

    @cached_property
    def cluster(self) -> gp.ComputeCluster:
        args = gp.ComputeClusterArgs(
            resource_group_name=self.group.name,
            workspace_name=self.workspace.name,
            subnet_id=self.network.subnet_ids["training"],
            vm_size="Standard_DS3_v2",
            max_nodes=2,
        )
        return gp.ComputeCluster("base-cluster", args)

    @cached_property
    def kubernetes_cluster(self) -> gp.AksCluster:
        args = gp.AksClusterArgs(
            resource_group_name=self.group.name,
            outbound_type="managedNATGateway",
            node_pools={"system": gp.NodePool(vm_size="Standard_D4ds_v5", max_nodes=3, system=True)},
            trusted_workspace_ids={"ml": self.workspace.id},
        )
        return gp.AksCluster("base-cluster", args)

    @cached_property
    def extension(self) -> gp.MachineLearningExtension:
        cluster = self.kubernetes_cluster
        args = gp.MachineLearningExtensionArgs(
            resource_group_name=self.group.name, cluster_id=cluster.id, cluster_name=cluster.name
        )
        return gp.MachineLearningExtension("base-extension", args)

    @cached_property
    def spark_pool(self) -> synapse.BigDataPool:
        workspace = synapse.Workspace(
            "base-synapse",
            workspace_name=self.names("synapse_workspace", "base"),
            resource_group_name=self.group.name,
            location=LOCATION,
            identity=synapse.ManagedIdentityArgs(type=synapse.ResourceIdentityType.SYSTEM_ASSIGNED),
        )
        return synapse.BigDataPool(
            "base-spark",
            big_data_pool_name="spark",
            workspace_name=workspace.name,
            resource_group_name=self.group.name,
            location=LOCATION,
            node_size="Small",
            node_count=3,
        )

    @cached_property
    def databricks(self) -> databricks.Workspace:
        return databricks.Workspace(
            "base-databricks",
            workspace_name="base-databricks",
            resource_group_name=self.group.name,
            location=LOCATION,
            compute_mode="Hybrid",
            managed_resource_group_id=pulumi.Output.concat(self.group.id, "-databricks"),
        )

    @cached_property
    def hub(self) -> gp.IotHub:
        args = gp.IotHubArgs(
            resource_group_name=self.group.name,
            hub_name=self.names("iot_hub", "base"),
            public_network_access=True,
            local_authentication=True,
        )
        return gp.IotHub("base-hub", args)

    @cached_property
    def virtual_machine_id(self) -> pulumi.Output[str]:
        """A machine that nobody made: Azure asks only the schedule's name for it."""
        return self.group.id.apply(lambda group: f"{group}/providers/Microsoft.Compute/virtualMachines/vm-jumpbox")

    @cached_property
    def reader(self) -> gp.RoleGrant:
        return gp.RoleGrant(
            role="Reader", principal_id=self.identity.principal_id, description="looks, touches nothing"
        )
