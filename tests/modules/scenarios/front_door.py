# SPDX-License-Identifier: Apache-2.0
"""An entry with every setting, one without managed rules, and one to an origin that has no public address."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.FrontDoor(
        "full",
        gp.FrontDoorArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            origins={
                "blue": gp.Origin(host_name="blue.example.net", priority=1, weight=900),
                "green": gp.Origin(host_name="green.example.net", priority=2),
            },
            domains={"score": "score.example.com"},
            firewall=gp.WebFirewall(
                detection_only=True, allowed_addresses=("203.0.113.0/24",), requests_per_minute=300
            ),
            paths=("/score",),
            probe_path="/",
            response_timeout_seconds=120,
            profile_name="afd-full",
        ),
    )
    gp.FrontDoor(
        "full-standard",
        gp.FrontDoorArgs(
            resource_group_name=here.group.name,
            sku="Standard",
            origins={"blue": gp.Origin(host_name="blue.example.net")},
        ),
    )


def locked_down(here: Surroundings) -> None:
    """A private origin, a firewall that blocks, logs."""
    gp.FrontDoor(
        "locked-down",
        gp.FrontDoorArgs(
            resource_group_name=here.group.name,
            origins={
                "pictures": gp.Origin(
                    host_name=here.data.name.apply(lambda name: f"{name}.blob.core.windows.net"),
                    private=gp.PrivateOrigin(
                        resource_id=here.data.id, location=LOCATION, group_id="blob", message="for the entry"
                    ),
                )
            },
            diagnostics=here.diagnostics,
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    watching, blocking = (found.one("frontdoor:Policy", name) for name in ("full", "locked-down"))
    assert (watching["policySettings"]["mode"], blocking["policySettings"]["mode"]) == ("Detection", "Prevention")
    assert [rule["name"] for rule in watching["customRules"]["rules"]] == ["OnlyAllowedAddresses", "RateLimit"]
    assert len(blocking["managedRules"]["managedRuleSets"]) == 2
    assert found.one("cdn:Route", "full")["supportedProtocols"] == ["Https"]
    private = found.one("cdn:AFDOrigin", "locked-down-pictures")["sharedPrivateLinkResource"]
    assert private["groupId"] == "blob"
    (entry,) = (row for row in found.rows if row["urn"].endswith("groundplan:index:FrontDoor::full"))
    assert entry["outputs"]["hostName"].endswith(".azurefd.net")
    assert entry["outputs"]["validationTokens"]["score"]
