# SPDX-License-Identifier: Apache-2.0
"""Container registries, as several rules look at them."""

from __future__ import annotations

from groundplan_policies.resource import Resource

REGISTRY = "Microsoft.ContainerRegistry/registries"
REPLICATION = "Microsoft.ContainerRegistry/registries/replications"


def is_premium(registry: Resource) -> bool:
    """Whether it has the tier that most of the settings for images belong to. Raises `Undecided`."""
    return registry.equals("sku.name", "Premium")


def is_closed(registry: Resource) -> bool:
    """Whether the public internet is kept out. Azure lets it in unless told otherwise. Raises `Undecided`."""
    return registry.equals("properties.publicNetworkAccess", "Disabled")


def region(name: str) -> str:
    """A region as Azure writes it in ids: `West Europe` is `westeurope`."""
    return name.replace(" ", "").casefold()
