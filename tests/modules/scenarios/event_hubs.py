# SPDX-License-Identifier: Apache-2.0
"""A namespace that captures and grows, a small open one, and a closed premium one with the customer's key."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.EventHubs(
        "full",
        gp.EventHubsArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            capacity=2,
            max_capacity=8,
            hubs={
                "telemetry": gp.EventHub(
                    partitions=8,
                    retention_hours=72,
                    consumer_groups=("scoring", "monitoring"),
                    capture=gp.Capture(
                        container="events",
                        minutes=10,
                        megabytes=100,
                        empty_files=True,
                        path="{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}/{PartitionId}",
                    ),
                ),
                "scores": gp.EventHub(),
            },
            capture_storage_id=here.data.id,
            public_network_access=True,
            private_endpoint=here.placement,
            trusted_services=True,
            local_authentication=True,
            namespace_name=here.names("event_hub_namespace", "full"),
        ),
    )
    gp.EventHubs(
        "full-basic",
        gp.EventHubsArgs(
            resource_group_name=here.group.name,
            sku="Basic",
            public_network_access=True,
            namespace_name=here.names("event_hub_namespace", "basic"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, no connection strings, the customer's own key, watched and locked."""
    gp.EventHubs(
        "locked-down",
        gp.EventHubsArgs(
            resource_group_name=here.group.name,
            sku="Premium",
            private_endpoint=here.placement,
            hubs={"telemetry": gp.EventHub(retention_hours=2160)},
            customer_key=here.customer_key,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            namespace_name=here.names("event_hub_namespace", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("eventhub:Namespace", "full")
    assert (full["isAutoInflateEnabled"], full["maximumThroughputUnits"]) == (True, 8)
    capture = found.one("eventhub:EventHub", "full-telemetry")["captureDescription"]
    assert (capture["intervalInSeconds"], capture["sizeLimitInBytes"]) == (600, 104857600)
    assert capture["destination"]["identity"] == {"type": "SystemAssigned"}
    assert found.one("eventhub:ConsumerGroup", "full-telemetry-scoring")["consumerGroupName"] == "scoring"
    assert found.one("authorization:RoleAssignment", "full-capture")["principalId"]
    assert found.awaited("full-telemetry", "namespaceName") == {"full", "full-capture"}
    assert found.awaited("full-scores", "namespaceName") == {"full"}
    closed = found.one("eventhub:Namespace", "locked-down")
    assert (closed["disableLocalAuth"], closed["minimumTlsVersion"]) == (True, "1.2")
    assert closed["encryption"]["requireInfrastructureEncryption"] is True
    outputs = next(row for row in found.under("EventHubs", "locked-down") if row["type"].endswith(":Namespace"))
    assert outputs["outputs"]["serviceBusEndpoint"].startswith("https://")
