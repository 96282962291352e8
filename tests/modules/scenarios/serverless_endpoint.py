# SPDX-License-Identifier: Apache-2.0
"""A partner's model with keys and without a filter, and a closed endpoint."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ServerlessEndpoint(
        "full",
        gp.ServerlessEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            model="azureml://registries/azureml-cohere/models/Cohere-command-r-plus",
            marketplace_subscription="cohere-command-r-plus",
            key_authentication=True,
            content_safety=False,
            endpoint_name="cohere-full",
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
        ),
    )
    gp.ServerlessEndpoint(
        "full-both",
        gp.ServerlessEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            model="azureml://registries/azureml/models/Phi-4",
            authentication="KeyAndAAD",
            endpoint_name="phi-both",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Tokens only, filtered, and nobody deletes it by mistake."""
    gp.ServerlessEndpoint(
        "locked-down",
        gp.ServerlessEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            model="azureml://registries/azureml/models/Phi-4",
            endpoint_name="phi-locked",
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    open_ = found.one("machinelearningservices:ServerlessEndpoint", "full")["properties"]
    assert (open_["authMode"], open_["contentSafety"]) == ("Key", {"contentSafetyStatus": "Disabled"})
    closed = found.one("machinelearningservices:ServerlessEndpoint", "locked-down")["properties"]
    assert (closed["authMode"], closed["contentSafety"]) == ("AAD", {"contentSafetyStatus": "Enabled"})
    offer = found.outputs("machinelearningservices:MarketplaceSubscription", "full-offer")["properties"]
    assert offer["marketplaceSubscriptionStatus"] == "Subscribed"
    live = found.outputs("machinelearningservices:ServerlessEndpoint", "full")["properties"]
    assert "cohere-full" in live["inferenceEndpoint"]["uri"]
