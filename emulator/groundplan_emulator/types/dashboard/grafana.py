# SPDX-License-Identifier: Apache-2.0
"""Managed Grafana."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Grafana(PrivateLinkTarget):
    """Microsoft.Dashboard/grafana: an address and a version.

    Differs from Azure:
    - the address is of the form of Azure's public one and answers nothing here
    - the label in it comes from the resource's id; Azure makes one up
    """

    type: ClassVar[str] = "Microsoft.Dashboard/grafana"
    seconds: ClassVar[Seconds] = Seconds(create=60)
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[A-Za-z][A-Za-z0-9-]{0,21}[A-Za-z0-9]",
        "2 to 23 letters, digits and hyphens, first a letter, last a letter or digit",
    )

    def fill(self, write: Write) -> None:
        """Address, version, and what is off or on unless said."""
        properties = write.properties
        label = write.ctx.guid("grafana", write.id.key)[:8]
        region = str(write.body.get("location", "")).replace(" ", "").lower()
        properties["endpoint"] = f"https://{write.id.name.lower()}-{label}.{region}.grafana.azure.com"
        for name, value in (
            ("apiKey", "Disabled"),
            ("deterministicOutboundIP", "Disabled"),
            ("publicNetworkAccess", "Enabled"),
            ("zoneRedundancy", "Disabled"),
            ("grafanaMajorVersion", "11"),
        ):
            if properties.get(name) is None:
                properties[name] = value
        properties["grafanaVersion"] = f"{properties['grafanaMajorVersion']}.0.0"
