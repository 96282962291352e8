# SPDX-License-Identifier: Apache-2.0
"""A topic that is open to some, and a closed one that loses nothing."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    function = here.group.id.apply(
        lambda group: f"{group}/providers/Microsoft.Web/sites/func-vision/functions/promoted"
    )
    gp.EventGridTopic(
        "full",
        gp.EventGridTopicArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            public_network_access=True,
            private_endpoint=here.placement,
            allowed_ip_ranges=("203.0.113.0/24", "198.51.100.7"),
            local_authentication=True,
            event_schema="CloudEventSchemaV1_0",
            within_region=True,
            routes={
                "promoted": gp.EventRoute(
                    function_id=function,
                    event_types=("com.example.model.promoted",),
                    subject_begins_with="/models/",
                    subject_ends_with="/churn",
                    dead_letter_container="undelivered",
                    attempts=5,
                    minutes=60,
                ),
                "all": gp.EventRoute(queue="model-events"),
            },
            storage_account_id=here.data.id,
            topic_name=here.names("event_grid_topic", "full"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, no keys; to a closed event hub with the topic's identity; watched and locked."""
    hubs = gp.EventHubs(
        "base-models",
        gp.EventHubsArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            trusted_services=True,
            hubs={"models": gp.EventHub()},
            namespace_name=here.names("event_hub_namespace", "models"),
        ),
    )
    gp.EventGridTopic(
        "locked-down",
        gp.EventGridTopicArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            storage_account_id=here.data.id,
            routes={"models": gp.EventRoute(event_hub_id=hubs.hub_ids["models"], dead_letter_container="undelivered")},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            topic_name=here.names("event_grid_topic", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; the identity has its roles before a subscription asks for them."""
    full = found.one("eventgrid:Topic", "full")
    assert [each["ipMask"] for each in full["inboundIpRules"]] == ["203.0.113.0/24", "198.51.100.7"]
    assert (full["inputSchema"], full["dataResidencyBoundary"]) == ("CloudEventSchemaV1_0", "WithinRegion")
    kind = "eventgrid:TopicEventSubscription"
    function = found.one(kind, "full-promoted")
    assert function["destination"]["endpointType"] == "AzureFunction"
    assert function["eventDeliverySchema"] == "CloudEventSchemaV1_0"
    closed = found.one("eventgrid:Topic", "locked-down")
    assert (closed["disableLocalAuth"], closed["publicNetworkAccess"]) == (True, "Disabled")
    assert closed["minimumTlsVersionAllowed"] == "1.2"
    hub = found.one(kind, "locked-down-models")["deliveryWithResourceIdentity"]
    assert hub["identity"] == {"type": "SystemAssigned"}
    rows = {row["urn"].rpartition("::")[2]: row for row in found.rows}
    assert rows["locked-down-to-models"]["urn"] in rows["locked-down-models"]["dependencies"]
    assert rows["locked-down-to-models"]["inputs"]["principalId"]
    assert found.awaited("locked-down-models", "topicName") == {
        "locked-down",
        "locked-down-to-models",
        "locked-down-to-dead-letters",
    }
    outputs = next(
        row["outputs"]
        for row in found.under("EventGridTopic", "locked-down")
        if row["type"] == "azure-native:eventgrid:Topic"
    )
    assert outputs["endpoint"].endswith(".eventgrid.azure.net/api/events")
