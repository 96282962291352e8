# SPDX-License-Identifier: Apache-2.0
"""Registries of machine learning assets and what Azure makes for them, as several rules look at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from groundplan_policies.resource import Resource, View

REGISTRY: Final = "Microsoft.MachineLearningServices/registries"


def regions(registry: Resource) -> list[View]:
    """The regions of a registry, each with the account and the container registry that Azure makes there."""
    return registry.items("properties.regionDetails")


def storage_accounts(registry: Resource) -> Iterator[View]:
    """The storage accounts that Azure makes for a registry."""
    for region in regions(registry):
        yield from (each.view("systemCreatedStorageAccount") for each in region.items("storageAccountDetails"))


def container_registries(registry: Resource) -> Iterator[View]:
    """The container registries that Azure makes for a registry."""
    for region in regions(registry):
        yield from (each.view("systemCreatedAcrAccount") for each in region.items("acrDetails"))
