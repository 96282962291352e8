# SPDX-License-Identifier: Apache-2.0
"""Storage, registries, data and AI services with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import Surroundings


def storage(here: Surroundings) -> None:
    """An empty account."""
    gp.Storage("minimal", gp.StorageArgs(resource_group_name=here.group.name, private_endpoint=here.placement))


def container_registry(here: Surroundings) -> None:
    """An empty registry."""
    args = gp.ContainerRegistryArgs(resource_group_name=here.group.name, private_endpoint=here.placement)
    gp.ContainerRegistry("minimal", args)


def machine_learning_registry(here: Surroundings) -> None:
    """In one region."""
    args = gp.MachineLearningRegistryArgs(
        resource_group_name=here.group.name,
        regions={"westeurope": gp.RegistryRegion()},
        private_endpoint=here.placement,
    )
    gp.MachineLearningRegistry("minimal", args)


def data_factory(here: Surroundings) -> None:
    """Without pipelines."""
    gp.DataFactory("minimal", gp.DataFactoryArgs(resource_group_name=here.group.name, private_endpoint=here.placement))


def databricks_workspace(here: Surroundings) -> None:
    """Clusters join the platform's network."""
    args = gp.DatabricksWorkspaceArgs(
        resource_group_name=here.group.name,
        managed_resource_group_id=here.group.id.apply(lambda group: f"{group}-databricks"),
        virtual_network_id=here.network.id,
        host_subnet_name="dbw-host",
        container_subnet_name="dbw-container",
        private_endpoint=here.placement,
    )
    gp.DatabricksWorkspace("minimal", args)


def synapse_workspace(here: Surroundings) -> None:
    """Without pools."""
    args = gp.SynapseWorkspaceArgs(
        resource_group_name=here.group.name,
        lake_account_id=here.data.id,
        lake_url=here.data.dfs_endpoint,
        file_system="synapse",
        private_endpoint=here.placement,
    )
    gp.SynapseWorkspace("minimal", args)


def purview_account(here: Surroundings) -> None:
    """An empty catalogue."""
    gp.PurviewAccount(
        "minimal", gp.PurviewAccountArgs(resource_group_name=here.group.name, private_endpoint=here.placement)
    )


def event_grid_system_topic(here: Surroundings) -> None:
    """Nobody is told yet."""
    args = gp.EventGridSystemTopicArgs(
        resource_group_name=here.group.name, source_id=here.vault.id, topic_type="Microsoft.KeyVault.vaults"
    )
    gp.EventGridSystemTopic("minimal", args)


def event_grid_topic(here: Surroundings) -> None:
    """Nobody is told yet."""
    gp.EventGridTopic(
        "minimal", gp.EventGridTopicArgs(resource_group_name=here.group.name, private_endpoint=here.placement)
    )


def event_hubs(here: Surroundings) -> None:
    """Without hubs."""
    gp.EventHubs("minimal", gp.EventHubsArgs(resource_group_name=here.group.name, private_endpoint=here.placement))


def ai_services(here: Surroundings) -> None:
    """Without models."""
    gp.AiServices("minimal", gp.AiServicesArgs(resource_group_name=here.group.name, private_endpoint=here.placement))


def ai_search(here: Surroundings) -> None:
    """Without indexes."""
    gp.AiSearch("minimal", gp.AiSearchArgs(resource_group_name=here.group.name, private_endpoint=here.placement))
