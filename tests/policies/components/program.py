# SPDX-License-Identifier: Apache-2.0
"""The Pulumi program of one component with its defaults."""

from pulumi_azure_native import authorization, resources

import groundplan as gp
from tests.modules.surroundings import LOCATION, Surroundings
from tests.policies.components.minimal import builds


def run(page: str) -> None:
    """Declare the component, and what it stands on."""
    client = authorization.get_client_config()
    names = gp.Names(project="vision", environment="docs", subscription_id=client.subscription_id)
    group = resources.ResourceGroup(
        "platform", resource_group_name=names("resource_group", "minimal"), location=LOCATION
    )
    builds()[page](Surroundings(names, group, client))
