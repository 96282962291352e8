# SPDX-License-Identifier: Apache-2.0
"""Subscriptions of a workspace to offers of Azure Marketplace."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import Write
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType


class MarketplaceSubscriptions(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/marketplaceSubscriptions: subscribed at once, under an invented plan.

    Differs from Azure:
    - publisher, offer and plan are made from the model's id; every model has one, and nothing is paid
    """

    type: ClassVar[str] = f"{WORKSPACES}/marketplaceSubscriptions"
    immutable: ClassVar[tuple[str, ...]] = ("properties.modelId",)

    def fill(self, write: Write) -> None:
        """The offer behind the model."""
        _, _, path = str(write.properties["modelId"]).partition("/registries/")
        publisher, _, model = path.partition("/models/")
        write.properties["marketplaceSubscriptionStatus"] = "Subscribed"
        write.properties["marketplacePlan"] = {
            "publisherId": publisher,
            "offerId": f"{model}-offer".lower(),
            "planId": f"{model}-plan".lower(),
        }
