# SPDX-License-Identifier: Apache-2.0
"""A large service with everything on, and a closed one that wants customer keys."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.AiSearch(
        "full",
        gp.AiSearchArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            sku="standard",
            replicas=3,
            partitions=12,
            semantic_ranker="standard",
            public_network_access=True,
            private_endpoint=here.placement,
            allowed_ip_ranges=("203.0.113.0/24",),
            trusted_services=True,
            shared_links={
                "documents": gp.SharedLink(resource_id=here.data.id, group_id="blob"),
                "keys": gp.SharedLink(resource_id=here.vault.id, group_id="vault", message="for index keys"),
            },
            local_authentication=True,
            identity_ids=(here.identity.id,),
            search_name=here.names("ai_search", "full"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, no keys, every index under the customer's own key, watched and locked."""
    gp.AiSearch(
        "locked-down",
        gp.AiSearchArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            require_customer_keys=True,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            search_name=here.names("ai_search", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; shared links wait for one another."""
    full = found.one("search:Service", "full")
    assert (full["replicaCount"], full["partitionCount"]) == (3, 12)
    assert full["networkRuleSet"]["bypass"] == "AzureServices"
    rows = {row["urn"].rpartition("::")[2]: row for row in found.rows if not row["type"].startswith("pulumi:")}
    assert rows["full-documents"]["urn"] in rows["full-keys"]["dependencies"]
    closed = found.one("search:Service", "locked-down")
    assert closed["disableLocalAuth"] is True
    assert "authOptions" not in closed
    assert closed["encryptionWithCmk"] == {"enforcement": "Enabled"}
    outputs = next(
        row["outputs"] for row in found.under("AiSearch", "locked-down") if row["type"] == "azure-native:search:Service"
    )
    assert outputs["endpoint"].startswith("https://")
    assert outputs["identity"]["principalId"]
