# SPDX-License-Identifier: Apache-2.0
"""A factory with everything on, one that is edited in GitHub, and a closed one with the customer's key."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.DataFactory(
        "full",
        gp.DataFactoryArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            public_network_access=True,
            private_endpoint=here.placement,
            private_services=("dataFactory",),
            identity_ids=(here.identity.id,),
            repository=gp.FactoryRepository(
                account="vision",
                repository="pipelines",
                branch="develop",
                folder="/factory",
                devops_project="platform",
                publish_from_portal=True,
            ),
            global_parameters={"container": "raw", "retries": 3, "threshold": 0.5, "dry_run": True},
            purview_id=here.group.id.apply(lambda group: f"{group}/providers/Microsoft.Purview/accounts/pview-vision"),
            factory_name=here.names("data_factory", "full"),
        ),
    )
    gp.DataFactory(
        "full-github",
        gp.DataFactoryArgs(
            resource_group_name=here.group.name,
            public_network_access=True,
            repository=gp.FactoryRepository(
                account="vision", repository="pipelines", github_host="https://github.vision.example"
            ),
            factory_name=here.names("data_factory", "github"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, the customer's own key, watched and locked."""
    gp.DataFactory(
        "locked-down",
        gp.DataFactoryArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            customer_key=here.customer_key,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            factory_name=here.names("data_factory", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("datafactory:Factory", "full")
    kinds = {name: each["type"] for name, each in full["globalParameters"].items()}
    assert kinds == {"container": "String", "retries": "Int", "threshold": "Float", "dry_run": "Bool"}
    assert full["repoConfiguration"]["projectName"] == "platform"
    github = found.one("datafactory:Factory", "full-github")["repoConfiguration"]
    assert (github["type"], github["disablePublish"]) == ("FactoryGitHubConfiguration", True)
    closed = found.one("datafactory:Factory", "locked-down")
    assert closed["publicNetworkAccess"] == "Disabled"
    assert closed["encryption"]["keyName"] == "platform"
    groups = {
        each["privateLinkServiceConnections"][0]["groupIds"][0]
        for each in found.inputs("network:PrivateEndpoint", "locked-down")
    }
    assert groups == {"dataFactory", "portal"}
