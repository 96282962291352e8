# SPDX-License-Identifier: Apache-2.0
"""A gateway with every setting, and one that listens inside only."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

SECRET = "https://kv-vision.vault.azure.net/secrets/score"  # where a certificate is, not one


def network(here: Surroundings, name: str, prefix: str) -> gp.Network:
    """A subnet for a gateway."""
    subnet = gp.Subnet(address_prefix=f"{prefix}.0.0/24", rules=gp.gateway_rules())
    return gp.Network(
        f"base-{name}",
        gp.NetworkArgs(
            resource_group_name=here.group.name, address_space=f"{prefix}.0.0/16", subnets={"gateway": subnet}
        ),
    )


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ApplicationGateway(
        "full",
        gp.ApplicationGatewayArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            gateway_name="agw-full",
            subnet_id=network(here, "open", "10.61").subnet_ids["gateway"],
            identity_id=here.identity.id,
            sites={
                "blue": gp.Site(
                    host_name="blue.example.com",
                    certificate_secret_id=SECRET,
                    backends=("10.20.0.9", "blue.example.net"),
                    backend_host_name="blue.example.net",
                    probe_path="/health",
                    probe_status_codes=("200", "401"),
                    timeout_seconds=120,
                ),
                "green": gp.Site(
                    host_name="green.example.com", certificate_secret_id=SECRET, backends=("green.example.net",)
                ),
            },
            firewall=gp.WebFirewall(
                detection_only=True, allowed_addresses=("203.0.113.0/24",), requests_per_minute=300
            ),
            max_body_kilobytes=2000,
            min_capacity=1,
            max_capacity=4,
            zones=("1", "2", "3"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Clients inside only."""
    gp.ApplicationGateway(
        "locked-down",
        gp.ApplicationGatewayArgs(
            resource_group_name=here.group.name,
            subnet_id=network(here, "closed", "10.62").subnet_ids["gateway"],
            identity_id=here.identity.id,
            private_address="10.62.0.10",
            diagnostics=here.diagnostics,
            sites={
                "score": gp.Site(
                    host_name="score.example.com", certificate_secret_id=SECRET, backends=("score.example.net",)
                )
            },
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    gateway, inside = (found.one("network:ApplicationGateway", name) for name in ("full", "locked-down"))
    assert {listener["protocol"] for listener in gateway["httpListeners"]} == {"Https"}
    assert [rule["priority"] for rule in gateway["requestRoutingRules"]] == [100, 110]
    pool = gateway["backendAddressPools"][0]["backendAddresses"]
    assert pool == [{"ipAddress": "10.20.0.9"}, {"fqdn": "blue.example.net"}]
    (listener,) = inside["httpListeners"]
    assert listener["frontendIPConfiguration"]["id"].endswith("/frontendIPConfigurations/private")
    watching, blocking = (found.one("network:WebApplicationFirewallPolicy", name) for name in ("full", "locked-down"))
    assert (watching["policySettings"]["mode"], blocking["policySettings"]["mode"]) == ("Detection", "Prevention")
    assert [rule["name"] for rule in watching["customRules"]] == ["OnlyAllowedAddresses", "RateLimit"]
