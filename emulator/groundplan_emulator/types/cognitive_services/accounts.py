# SPDX-License-Identifier: Apache-2.0
"""Accounts of Azure AI services and Azure OpenAI."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Accounts(PrivateLinkTarget):
    """Microsoft.CognitiveServices/accounts: an endpoint under the custom subdomain, which is unique and stays.

    Differs from Azure:
    - the endpoint is Azure's public name and answers nothing here; models are not served
    - a deleted account is gone at once: its name is free, and there is nothing to restore or purge
    - kinds and SKUs are not checked against regions
    """

    type: ClassVar[str] = "Microsoft.CognitiveServices/accounts"
    seconds: ClassVar[Seconds] = Seconds(create=20)

    def check(self, write: Write) -> None:
        """The subdomain is free, and does not change once it is set."""
        domain = str(write.properties.get("customSubDomainName") or "").lower()
        before = str(write.old_properties.get("customSubDomainName") or "").lower()
        if before and domain and before != domain:
            raise bad_request(
                "CustomDomainNotChangeable",
                f"The custom subdomain '{before}' cannot be changed once it is set.",
                target="properties.customSubDomainName",
            )
        if domain and any(
            str(other.properties.get("customSubDomainName") or "").lower() == domain
            for other in write.ctx.store.of_type(self.type)
            if other.key != write.id.key
        ):
            raise conflict(
                "CustomDomainInUse",
                f"The subdomain name '{domain}' is already used. Please pick a different name.",
                target="properties.customSubDomainName",
            )

    def fill(self, write: Write) -> None:
        """Endpoint and defaults."""
        properties = write.properties
        write.keep("customSubDomainName")
        domain = properties.get("customSubDomainName")
        location = write.body.get("location", "global")
        host = f"{str(domain).lower()}.cognitiveservices" if domain else f"{location}.api.cognitive"
        properties["endpoint"] = f"https://{host}.{'azure' if domain else 'microsoft'}.com/"
        if write.body.get("kind") == "OpenAI" and domain:
            properties["endpoint"] = f"https://{str(domain).lower()}.openai.azure.com/"
        properties.setdefault("publicNetworkAccess", "Enabled")
        properties["isMigrated"] = False
        properties["dateCreated"] = write.old_properties.get("dateCreated", write.ctx.clock.stamp())
