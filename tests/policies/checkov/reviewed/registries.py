# SPDX-License-Identifier: Apache-2.0
"""Container registries and their replicas."""

from typing import Any

from pulumi_azure_native import containerregistry

import groundplan as gp
from tests.policies.checkov.reviewed.ground import Ground

QUARANTINE: dict[str, Any] = {"quarantine_policy": {"status": "enabled"}}
REGISTRIES: dict[str, Any] = {
    "crclosed": {
        "sku": {"name": "Premium"},
        "public_network_access": "Disabled",
        "zone_redundancy": "Enabled",
        "policies": QUARANTINE,
    },
    "cropen": {
        "sku": {"name": "Premium"},
        "public_network_access": "Enabled",
        "admin_user_enabled": True,
        "anonymous_pull_enabled": True,
    },
    "crbasic": {"sku": {"name": "Basic"}, "admin_user_enabled": True},
    "crstandard": {"sku": {"name": "Standard"}, "anonymous_pull_enabled": True},
    "crfar": {"sku": {"name": "Premium"}, "location": "westcentralus"},
}


def declare(ground: Ground) -> None:
    """Six registries, three replicas, and two of our component."""
    made = {
        name: containerregistry.Registry(name, registry_name=name, resource_group_name=ground.group_name, **arguments)
        for name, arguments in REGISTRIES.items()
    }
    for location, zones in {"northeurope": "Enabled", "uksouth": "Disabled", "ukwest": "Disabled"}.items():
        containerregistry.Replication(
            f"replica-{location}",
            replication_name=location,
            location=location,
            registry_name=made["crclosed"].name,
            resource_group_name=ground.group_name,
            zone_redundancy=zones,
        )
    gp.ContainerRegistry(
        "component-images",
        gp.ContainerRegistryArgs(
            resource_group_name=ground.group_name,
            registry_name="crcomponent",
            private_endpoint=ground.placement,
            quarantine=True,
            zone_redundancy=True,
        ),
    )
    gp.ContainerRegistry(
        "component-open-images",
        gp.ContainerRegistryArgs(
            resource_group_name=ground.group_name,
            registry_name="crcomponentopen",
            sku="Standard",
            public_network_access=True,
            admin_user=True,
        ),
    )
