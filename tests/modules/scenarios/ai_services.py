# SPDX-License-Identifier: Apache-2.0
"""An account with everything on, an open one for OpenAI, and a closed one with the customer's key."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.AiServices(
        "full",
        gp.AiServicesArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            kind="AIServices",
            sku="S0",
            public_network_access=True,
            private_endpoint=here.placement,
            allowed_ip_ranges=("203.0.113.0/24",),
            allowed_hosts=("stvision.blob.core.windows.net",),
            local_authentication=True,
            project_management=True,
            deployments={
                "chat": gp.ModelDeployment(
                    model="gpt-4o", version="2024-08-06", sku="DataZoneStandard", capacity=50, upgrade="NoAutoUpgrade"
                ),
                "embed": gp.ModelDeployment(model="text-embedding-3-large", content_filter="Microsoft.DefaultV2"),
                "small": gp.ModelDeployment(
                    model="Phi-4", publisher_format="Microsoft", sku="GlobalStandard", capacity=1
                ),
            },
            soft_delete=gp.SoftDelete(on_destroy="purge"),
            account_name=here.names("cognitive_account", "full"),
        ),
    )
    gp.AiServices(
        "full-openai",
        gp.AiServicesArgs(
            resource_group_name=here.group.name,
            kind="OpenAI",
            public_network_access=True,
            unrestricted_outbound=True,
            identity_id=here.identity.id,
            restore=False,
            account_name=here.names("openai_account"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, no keys, no way out, the customer's own key, watched and locked."""
    gp.AiServices(
        "locked-down",
        gp.AiServicesArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            deployments={"chat": gp.ModelDeployment(model="gpt-4o", version="2024-08-06")},
            customer_key=here.customer_key,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            account_name=here.names("cognitive_account", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; deployments wait for one another."""
    properties = found.one("cognitiveservices:Account", "full")["properties"]
    assert properties["networkAcls"]["defaultAction"] == "Deny"
    assert properties["allowedFqdnList"] == ["stvision.blob.core.windows.net"]
    chat = found.one("cognitiveservices:Deployment", "full-chat")
    assert chat["sku"] == {"name": "DataZoneStandard", "capacity": 50}
    rows = {row["urn"].rpartition("::")[2]: row for row in found.rows}
    assert rows["full-chat"]["urn"] in rows["full-embed"]["dependencies"]
    assert rows["full-embed"]["urn"] in rows["full-small"]["dependencies"]
    assert rows["full"]["outputs"]["properties"]["endpoint"].startswith("https://")

    closed = found.one("cognitiveservices:Account", "locked-down")
    assert closed["properties"]["disableLocalAuth"] is True
    assert closed["properties"]["restrictOutboundNetworkAccess"] is True
    assert closed["properties"]["encryption"]["keySource"] == "Microsoft.KeyVault"
    zones = found.one("network:PrivateDnsZoneGroup", "locked-down-link-dns")["privateDnsZoneConfigs"]
    assert len(zones) == 3
