# SPDX-License-Identifier: Apache-2.0
"""An open hub with keys and every kind of route, and a closed one that Defender watches."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.IotHub(
        "full",
        gp.IotHubArgs(
            resource_group_name=here.group.name,
            hub_name=here.names("iot_hub", "full"),
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            public_network_access=True,
            local_authentication=True,
            device_keys=True,
            edition="S2",
            units=2,
            partitions=8,
            retention_days=3,
            consumer_groups=("scoring", "archive"),
            routes={
                "hot": gp.EventHubRoute(
                    namespace_uri="sb://evhns-vision.servicebus.windows.net",
                    event_hub="hot",
                    condition="temperature > 80",
                    source="DeviceMessages",
                ),
                "twins": gp.StorageRoute(
                    blob_endpoint=here.data.blob_endpoint,
                    container="twins",
                    condition="true",
                    source="TwinChangeEvents",
                    encoding="Avro",
                    batch_seconds=60,
                    batch_megabytes=100,
                ),
            },
            fallback=False,
            identity_id=here.identity.id,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Certificates and tokens only, through the private endpoint; watched, logged, locked."""
    gp.IotHub(
        "locked-down",
        gp.IotHubArgs(
            resource_group_name=here.group.name,
            hub_name=here.names("iot_hub", "locked"),
            private_endpoint=here.placement,
            defender_workspace_id=here.monitoring.log_analytics_workspace_id,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    routing = found.one("iothub:IotHubResource", "full")["properties"]["routing"]
    assert [route["name"] for route in routing["routes"]] == ["hot", "twins"]
    assert routing["fallbackRoute"]["isEnabled"] is False
    (blobs,) = routing["endpoints"]["storageContainers"]
    assert (blobs["authenticationType"], blobs["maxChunkSizeInBytes"]) == ("identityBased", 104857600)
    assert "connectionString" not in blobs
    closed = found.one("iothub:IotHubResource", "locked-down")["properties"]
    assert [closed[name] for name in ("disableLocalAuth", "disableDeviceSAS", "disableModuleSAS")] == [True] * 3
    assert (closed["publicNetworkAccess"], closed["minTlsVersion"]) == ("Disabled", "1.2")
    live = found.outputs("iothub:IotHubResource", "locked-down")["properties"]
    assert live["hostName"].startswith("iot-")
    assert found.one("security:IotSecuritySolution", "locked-down-defender")["unmaskedIpLoggingStatus"] == "Disabled"
