# SPDX-License-Identifier: Apache-2.0
"""A private endpoint whose connection waits for approval, and one that registers in the platform's zones."""

from pulumi_azure_native import network

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.PrivateLink(
        "full",
        gp.PrivateLinkArgs(
            resource_id=here.data.id,
            group_id="blob",
            private_endpoint=gp.PrivateEndpoint(
                subnet_id=here.network.subnet_ids["endpoints"], dns_managed_elsewhere=True
            ),
            resource_group_name=here.group.name,
            location=LOCATION,
            endpoint_name="pep-asked",
            approval_message="for the labelling team",
            tags=TAGS,
        ),
    )
    callers = network.ApplicationSecurityGroup(
        "full-callers", application_security_group_name="asg-callers", resource_group_name=here.group.name
    )
    gp.PrivateLink(
        "full-fixed",
        gp.PrivateLinkArgs(
            resource_id=here.data.id,
            group_id="queue",
            zones=("queue",),
            addresses={"queue": "10.20.0.200"},
            application_security_group_ids=(callers.id,),
            private_endpoint=here.placement,
            resource_group_name=here.group.name,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Approved at once, names resolve in the platform's own zones."""
    gp.PrivateLink(
        "locked-down",
        gp.PrivateLinkArgs(
            resource_id=here.vault.id,
            group_id="vault",
            private_endpoint=here.placement,
            resource_group_name=here.group.name,
        ),
    )


def check(found: Declared) -> None:
    """A connection by hand has no DNS records; an approved one has."""
    asked = found.one("network:PrivateEndpoint", "full")
    assert asked["manualPrivateLinkServiceConnections"][0]["requestMessage"] == "for the labelling team"
    assert "privateLinkServiceConnections" not in asked
    assert [each["urn"] for each in found.under("PrivateLink", "full") if "ZoneGroup" in each["type"]] == []
    fixed = found.one("network:PrivateEndpoint", "full-fixed")
    assert fixed["ipConfigurations"][0]["privateIPAddress"] == "10.20.0.200"
    assert fixed["applicationSecurityGroups"][0]["id"].endswith("/asg-callers")
    (zone,) = found.one("network:PrivateDnsZoneGroup", "locked-down-dns")["privateDnsZoneConfigs"]
    assert zone["privateDnsZoneId"].endswith("/privatelink.vaultcore.azure.net")
