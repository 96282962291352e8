# SPDX-License-Identifier: Apache-2.0
"""Events of a vault to every kind of receiver, and events of a workspace to an event hub."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    function = here.group.id.apply(
        lambda group: f"{group}/providers/Microsoft.Web/sites/func-vision/functions/expiring"
    )
    gp.EventGridSystemTopic(
        "full",
        gp.EventGridSystemTopicArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            source_id=here.vault.id,
            topic_type="Microsoft.KeyVault.vaults",
            storage_account_id=here.data.id,
            routes={
                "expiring": gp.EventRoute(
                    function_id=function,
                    event_types=("Microsoft.KeyVault.SecretNearExpiry",),
                    subject_begins_with="storage-",
                    subject_ends_with="-key",
                    dead_letter_container="undelivered",
                    attempts=5,
                    minutes=60,
                ),
                "all": gp.EventRoute(queue="vault-events"),
            },
            topic_name="egst-vault",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """To a closed event hub with the topic's identity; nothing undelivered is lost; watched and locked."""
    hubs = gp.EventHubs(
        "base-events",
        gp.EventHubsArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            trusted_services=True,
            hubs={"runs": gp.EventHub()},
            namespace_name=here.names("event_hub_namespace", "base"),
        ),
    )
    gp.EventGridSystemTopic(
        "locked-down",
        gp.EventGridSystemTopicArgs(
            resource_group_name=here.group.name,
            source_id=here.workspace.id,
            topic_type="Microsoft.MachineLearningServices.Workspaces",
            storage_account_id=here.data.id,
            routes={
                "runs": gp.EventRoute(
                    event_hub_id=hubs.hub_ids["runs"],
                    event_types=("Microsoft.MachineLearningServices.RunCompleted",),
                    dead_letter_container="undelivered",
                )
            },
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """Functions are called as they are, everything else with the topic's identity, which got its roles first."""
    kind = "eventgrid:SystemTopicEventSubscription"
    function = found.one(kind, "full-expiring")
    assert function["destination"]["endpointType"] == "AzureFunction"
    assert function["filter"]["subjectEndsWith"] == "-key"
    assert function["retryPolicy"] == {"maxDeliveryAttempts": 5, "eventTimeToLiveInMinutes": 60}
    hub = found.one(kind, "locked-down-runs")["deliveryWithResourceIdentity"]
    assert hub["identity"] == {"type": "SystemAssigned"}
    assert hub["destination"]["resourceId"].endswith("/eventhubs/runs")
    rows = {row["urn"].rpartition("::")[2]: row for row in found.rows}
    assert rows["locked-down-to-runs"]["urn"] in rows["locked-down-runs"]["dependencies"]
    assert rows["locked-down-to-runs"]["inputs"]["principalId"]
    granted = {"locked-down-to-runs", "locked-down-to-dead-letters"}
    assert found.awaited("locked-down-runs", "systemTopicName") == {"locked-down", *granted}
