# SPDX-License-Identifier: Apache-2.0
"""A registry with everything on, a small open one, and a closed one with the customer's key."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ContainerRegistry(
        "full",
        gp.ContainerRegistryArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"pull": gp.RoleGrant(role="AcrPull", principal_id=here.identity.principal_id)},
            public_network_access=True,
            private_endpoint=here.placement,
            allowed_ip_ranges=("203.0.113.0/24",),
            trusted_services=False,
            admin_user=True,
            anonymous_pull=True,
            zone_redundancy=True,
            untagged_retention_days=30,
            quarantine=True,
            replicas={
                "northeurope": gp.Replica(zone_redundancy=True),
                "francecentral": gp.Replica(serves_requests=False),
            },
            cache_rules={
                "training": gp.CacheRule(source="mcr.microsoft.com/azureml/*", target="azureml/*"),
                "docker": gp.CacheRule(
                    source="docker.io/library/python", target="python", credential_set_id=here.images.id
                ),
            },
            registry_name=here.names("container_registry", "full"),
        ),
    )
    gp.ContainerRegistry(
        "full-basic",
        gp.ContainerRegistryArgs(
            resource_group_name=here.group.name,
            sku="Basic",
            public_network_access=True,
            registry_tokens_only=True,
            registry_name=here.names("container_registry", "basic"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, the customer's key, no tokens of others, deleted images restorable, watched and locked."""
    gp.ContainerRegistry(
        "locked-down",
        gp.ContainerRegistryArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            untagged_retention_days=0,
            soft_delete_days=30,
            registry_tokens_only=True,
            customer_key=here.rotating_key,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            registry_name=here.names("container_registry", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("containerregistry:Registry", "full")
    assert full["networkRuleSet"]["defaultAction"] == "Deny"
    assert full["policies"]["quarantinePolicy"] == {"status": "enabled"}
    replicas = {each["location"]: each for each in found.inputs("containerregistry:Replication", "full")}
    assert replicas["northeurope"]["zoneRedundancy"] == "Enabled"
    assert replicas["francecentral"]["regionEndpointEnabled"] is False
    assert found.one("containerregistry:CacheRule", "full-cache-training")["targetRepository"] == "azureml/*"
    assert "azureADAuthenticationAsArmPolicy" not in full["policies"]
    small = found.one("containerregistry:Registry", "full-basic")
    assert small["policies"] == {"azureADAuthenticationAsArmPolicy": {"status": "disabled"}}

    closed = found.one("containerregistry:Registry", "locked-down")
    assert closed["policies"]["softDeletePolicy"] == {"retentionDays": 30, "status": "enabled"}
    assert closed["policies"]["retentionPolicy"]["status"] == "disabled"
    assert closed["policies"]["exportPolicy"]["status"] == "disabled"
    assert closed["policies"]["azureADAuthenticationAsArmPolicy"] == {"status": "disabled"}
    assert closed["encryption"]["status"] == "enabled"
