# SPDX-License-Identifier: Apache-2.0
"""A lake with everything on, an account that opens to chosen callers, and a closed one with the customer's key."""

from pulumi_azure_native import network

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    offices = network.VirtualNetwork(
        "base-offices",
        virtual_network_name="vnet-offices",
        resource_group_name=here.group.name,
        address_space=network.AddressSpaceArgs(address_prefixes=["10.40.0.0/16"]),
    )
    labelling = network.Subnet(
        "base-labelling",
        subnet_name="labelling",
        virtual_network_name=offices.name,
        resource_group_name=here.group.name,
        address_prefix="10.40.0.0/24",
        service_endpoints=[network.ServiceEndpointPropertiesFormatArgs(service="Microsoft.Storage")],
    )
    gp.Storage(
        "full",
        gp.StorageArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            public_network_access=True,
            private_endpoint=here.placement,
            private_services=("blob", "queue", "table"),
            allowed_ip_ranges=("203.0.113.0/24",),
            shared_key_access=True,
            sas_days=1,
            copy_scope="AAD",
            redundancy="Standard_GRS",
            access_tier="Cool",
            blob_versioning=True,
            delete_retention_days=30,
            change_feed_days=30,
            restore_days=29,
            lifecycle={
                "frames": gp.LifecycleRule(
                    prefixes=("raw/camera",),
                    cool_after_days=30,
                    cold_after_days=60,
                    archive_after_days=90,
                    delete_after_days=365,
                    since_last_access=True,
                ),
                "history": gp.LifecycleRule(delete_versions_after_days=30),
            },
            containers=("raw", "evidence"),
            immutable_days={"evidence": 365},
            file_shares={"notebooks": 100},
            queues=("scored",),
            tables=("runs",),
            account_name=here.names("storage_account", "full"),
        ),
    )
    gp.Storage(
        "full-lake",
        gp.StorageArgs(
            resource_group_name=here.group.name,
            public_network_access=True,
            allowed_subnet_ids=(labelling.id,),
            trusted_services=False,
            hierarchical_namespace=True,
            containers=("bronze", "silver"),
            account_name=here.names("storage_account", "lake"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private endpoints only, the customer's key, logs, a lock; one workspace passes the firewall with its identity."""
    gp.Storage(
        "locked-down",
        gp.StorageArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            hierarchical_namespace=True,
            allowed_resource_ids=(here.workspace.id,),
            allowed_tenant_id=here.client.tenant_id,
            trusted_services=False,
            copy_scope="PrivateLink",
            customer_key=here.rotating_key,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            account_name=here.names("storage_account", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("storage:StorageAccount", "full")
    assert full["sasPolicy"] == {"expirationAction": "Log", "sasExpirationPeriod": "1.00:00:00"}
    assert full["networkRuleSet"]["defaultAction"] == "Deny"
    frames, history = found.one("storage:ManagementPolicy", "full-lifecycle")["policy"]["rules"]
    assert frames["definition"]["actions"]["baseBlob"]["tierToCold"] == {"daysAfterLastAccessTimeGreaterThan": 60}
    assert history["definition"]["actions"]["version"]["delete"] == {"daysAfterCreationGreaterThan": 30}
    service = found.one("storage:BlobServiceProperties", "full-blobs")
    assert service["restorePolicy"] == {"enabled": True, "days": 29}
    assert service["lastAccessTimeTrackingPolicy"]["enable"] is True
    policy = found.one("storage:BlobContainerImmutabilityPolicy", "full-evidence-immutable")
    assert policy["immutabilityPeriodSinceCreationInDays"] == 365
    assert found.one("storage:FileShare", "full-share-notebooks")["shareQuota"] == 100

    closed = found.one("storage:StorageAccount", "locked-down")
    assert closed["allowSharedKeyAccess"] is False
    assert closed["networkRuleSet"]["bypass"] == "None"
    assert "/workspaces/" in closed["networkRuleSet"]["resourceAccessRules"][0]["resourceId"]
    assert closed["encryption"]["requireInfrastructureEncryption"] is True
    groups = {
        each["privateLinkServiceConnections"][0]["groupIds"][0]
        for each in found.inputs("network:PrivateEndpoint", "locked-down")
    }
    assert groups == {"blob", "file", "dfs"}
