# SPDX-License-Identifier: Apache-2.0
"""Every zone of the public cloud, another cloud's zones, and the zones of one workspace."""

import groundplan as gp
from groundplan.networking.dns_zones import ZONES
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument; zones of a region and names that fall back to public DNS."""
    gp.PrivateDns(
        "full",
        gp.PrivateDnsArgs(
            resource_group_name=here.group.name,
            virtual_network_ids={"platform": here.network.id},
            cloud="public",
            zones=("aks", "cognitiveservices", "servicebus"),
            region=LOCATION,
            public_fallback=True,
            tags=TAGS,
        ),
    )
    gp.PrivateDns(
        "full-usgov",
        gp.PrivateDnsArgs(
            resource_group_name=here.group.name,
            virtual_network_ids={"platform": here.network.id},
            cloud="usgov",
            zones=("monitor-adx", "search"),
        ),
    )
    gp.PrivateDns(
        "full-china",
        gp.PrivateDnsArgs(
            resource_group_name=here.group.name,
            virtual_network_ids={"platform": here.network.id},
            cloud="china",
            zones=("aml-api", "aml-notebooks"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Names that are not in a zone do not resolve."""
    gp.PrivateDns(
        "locked-down",
        gp.PrivateDnsArgs(
            resource_group_name=here.group.name, virtual_network_ids={"platform": here.network.id}, zones=("queue",)
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    assert found.one("privatedns:PrivateZone", "full-aks")["privateZoneName"] == f"privatelink.{LOCATION}.azmk8s.io"
    assert found.one("privatedns:VirtualNetworkLink", "full-aks-platform")["resolutionPolicy"] == "NxDomainRedirect"
    assert "resolutionPolicy" not in found.one("privatedns:VirtualNetworkLink", "locked-down-queue-platform")
    china = found.one("privatedns:PrivateZone", "full-china-aml-notebooks")
    assert china["privateZoneName"] == ZONES["aml-notebooks"]["china"] == "privatelink.notebooks.chinacloudapi.cn"
