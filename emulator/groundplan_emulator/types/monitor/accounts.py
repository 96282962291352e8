# SPDX-License-Identifier: Apache-2.0
"""Azure Monitor workspaces."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Accounts(PrivateLinkTarget):
    """Microsoft.Monitor/accounts: an address for queries, and the ids of the rule and the endpoint that come with it.

    Differs from Azure:
    - the address answers nothing here
    - the managed resource group, its rule and its endpoint are ids without resources
    """

    type: ClassVar[str] = "Microsoft.Monitor/accounts"

    def fill(self, write: Write) -> None:
        """What Azure makes along with a workspace."""
        properties, name = write.properties, write.id.name
        region = str(write.body.get("location", "")).replace(" ", "").lower()
        account = write.ctx.guid("azure monitor workspace", write.id.key)
        group = f"/subscriptions/{write.id.subscription}/resourceGroups/MA_{name}_{region}_managed"
        rules = f"{group}/providers/Microsoft.Insights"
        properties["accountId"] = account
        properties.setdefault("publicNetworkAccess", "Enabled")
        properties["metrics"] = {
            "prometheusQueryEndpoint": f"https://{name.lower()}-{account[:4]}.{region}.prometheus.monitor.azure.com",
            "internalId": f"mac_{account}",
        }
        properties["defaultIngestionSettings"] = {
            "dataCollectionRuleResourceId": f"{rules}/dataCollectionRules/{name}",
            "dataCollectionEndpointResourceId": f"{rules}/dataCollectionEndpoints/{name}",
        }
