# SPDX-License-Identifier: Apache-2.0
"""Endpoints of a workspace and their deployments."""

from __future__ import annotations

from typing import Final

from groundplan_policies.resource import Resource

ONLINE_ENDPOINT: Final = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
ONLINE_DEPLOYMENT: Final = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
BATCH_ENDPOINT: Final = "Microsoft.MachineLearningServices/workspaces/batchEndpoints"
BATCH_DEPLOYMENT: Final = "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments"
SERVERLESS_ENDPOINT: Final = "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints"


def is_managed(deployment: Resource) -> bool:
    """Whether Azure runs the machines of an online deployment, not a Kubernetes cluster of one's own. Raises `Undecided`."""
    return deployment.equals("properties.endpointComputeType", "Managed")


def runs_pipeline(deployment: Resource) -> bool:
    """Whether a batch deployment runs a pipeline component, which has settings of its own, instead of a model. Raises `Undecided`."""
    return deployment.has("properties.deploymentConfiguration")


def model_path(deployment: Resource) -> str:
    """Where a deployment of an online or batch endpoint names its model."""
    return "properties.model.assetId" if deployment.is_a(BATCH_DEPLOYMENT) else "properties.model"
