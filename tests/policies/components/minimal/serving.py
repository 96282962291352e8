# SPDX-License-Identifier: Apache-2.0
"""Endpoints, containers and functions with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import Surroundings


def managed_online_endpoint(here: Surroundings) -> None:
    """Releases bring the deployments."""
    args = gp.ManagedOnlineEndpointArgs(resource_group_name=here.group.name, workspace_name=here.workspace.name)
    gp.ManagedOnlineEndpoint("minimal", args)


def kubernetes_online_endpoint(here: Surroundings) -> None:
    """Releases bring the deployments."""
    args = gp.KubernetesOnlineEndpointArgs(
        resource_group_name=here.group.name, workspace_name=here.workspace.name, compute_id=here.attached.id
    )
    gp.KubernetesOnlineEndpoint("minimal", args)


def batch_endpoint(here: Surroundings) -> None:
    """Releases bring the deployments."""
    args = gp.BatchEndpointArgs(resource_group_name=here.group.name, workspace_name=here.workspace.name)
    gp.BatchEndpoint("minimal", args)


def serverless_endpoint(here: Surroundings) -> None:
    """A model of the catalogue that nobody sells."""
    args = gp.ServerlessEndpointArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        model="azureml://registries/azureml/models/Phi-4",
    )
    gp.ServerlessEndpoint("minimal", args)


def container_instance(here: Surroundings) -> None:
    """A public image in the platform's network."""
    args = gp.ContainerInstanceArgs(
        resource_group_name=here.group.name,
        image="mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:20250101.v1",
        subnet_id=here.application_network.subnet_ids["containers"],
    )
    gp.ContainerInstance("minimal", args)


def function_app(here: Surroundings) -> None:
    """Without code."""
    args = gp.FunctionAppArgs(
        resource_group_name=here.group.name,
        storage_account_id=here.data.id,
        subnet_id=here.application_network.subnet_ids["functions"],
        private_endpoint=here.placement,
    )
    gp.FunctionApp("minimal", args)
