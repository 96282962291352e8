# SPDX-License-Identifier: Apache-2.0
"""The registry that models are promoted through."""

from pulumi_azure_native import resources
from settings import FoundationSettings

import groundplan as gp


def declare_registry(
    settings: FoundationSettings, names: gp.Names, group: resources.ResourceGroup, placement: gp.PrivateEndpoint
) -> gp.MachineLearningRegistry | None:
    """A private registry in the network's region first, if the configuration asks for one."""
    if settings.model_registry is None:
        return None
    regions = dict.fromkeys((settings.location, *settings.model_registry.other_regions), gp.RegistryRegion())
    return gp.MachineLearningRegistry(
        "model-registry",
        gp.MachineLearningRegistryArgs(
            resource_group_name=group.name,
            registry_name=names("machine_learning_registry"),
            regions=regions,
            private_endpoint=placement,
            tags=settings.tags,
        ),
    )
