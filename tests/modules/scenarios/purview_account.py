# SPDX-License-Identifier: Apache-2.0
"""An open catalog with an event hub of its own, and a closed one."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.PurviewAccount(
        "full",
        gp.PurviewAccountArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            public_network_access=True,
            private_endpoint=here.placement,
            managed_resources_public_network_access=True,
            managed_event_hub=True,
            managed_resource_group_name="rg-catalog-managed",
            identity_id=here.identity.id,
            account_name=here.names("purview_account", "full"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, watched and locked."""
    gp.PurviewAccount(
        "locked-down",
        gp.PurviewAccountArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            account_name=here.names("purview_account", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; each endpoint registers in its own zone."""
    closed = found.one("purview:Account", "locked-down")
    assert closed["publicNetworkAccess"] == "Disabled"
    assert closed["managedResourcesPublicNetworkAccess"] == "Disabled"
    assert closed["managedEventHubState"] == "Disabled"
    for group, zone in (("account", "purview"), ("portal", "purview-portal")):
        (config,) = found.one("network:PrivateDnsZoneGroup", f"locked-down-{group}-dns")["privateDnsZoneConfigs"]
        assert config["name"] == zone
    outputs = next(
        row["outputs"]
        for row in found.under("PurviewAccount", "locked-down")
        if row["type"].endswith("purview:Account")
    )
    assert outputs["endpoints"]["catalog"].startswith("https://")
    assert outputs["identity"]["principalId"]
