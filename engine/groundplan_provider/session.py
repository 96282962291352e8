# SPDX-License-Identifier: Apache-2.0
"""What all operations of one configured provider share."""

import threading
from functools import cached_property

import groundplan_arm
from groundplan_provider.arm_client import ArmClient
from groundplan_provider.diagnostics import Diagnostics
from groundplan_provider.journal import Journal
from groundplan_provider.settings import Settings
from groundplan_provider.values import Properties

RESOURCE_GROUPS = "Microsoft.Resources/resourceGroups"
RESOURCE_GROUPS_API_VERSION = "2024-03-01"


class Session:
    """One Azure, one subscription, one set of options. Thread-safe."""

    def __init__(self, settings: Settings, cancelled: threading.Event, diagnostics: Diagnostics) -> None:
        self.settings = settings
        self.diagnostics = diagnostics
        self.client = ArmClient(settings, cancelled)
        self.journal = Journal(settings.journal)
        self._regions: dict[str, str] = {}

    @cached_property
    def catalog(self) -> groundplan_arm.Catalog:
        """The types that are known."""
        return groundplan_arm.load()

    def resource_id(self, resource_type: groundplan_arm.ResourceType, inputs: Properties) -> str:
        """The ARM id that the inputs name."""
        return resource_type.resource_id(inputs, subscription_id=self.settings.subscription_id)

    def region_of_group(self, resource_group: str) -> str | None:
        """Where a resource group is, or None while it does not exist."""
        key = resource_group.casefold()
        if key not in self._regions:
            path = f"/subscriptions/{self.settings.subscription_id}/resourceGroups/{resource_group}"
            found = self.client.get(path, RESOURCE_GROUPS_API_VERSION)
            if found is None:
                return None
            self._regions[key] = found["location"]
        return self._regions[key]

    def forget_regions(self) -> None:
        """A resource group came or went: the next of the name may be elsewhere."""
        self._regions.clear()
