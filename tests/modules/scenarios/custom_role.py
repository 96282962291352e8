# SPDX-License-Identifier: Apache-2.0
"""A wide role, and one of a single action."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    subscription = f"/subscriptions/{here.client.subscription_id}"
    gp.CustomRole(
        "full",
        gp.CustomRoleArgs(
            scope=subscription,
            role_name="Platform builder (full)",
            description="Builds platforms",
            actions=("Microsoft.MachineLearningServices/*", "Microsoft.Authorization/roleAssignments/write"),
            not_actions=("Microsoft.MachineLearningServices/workspaces/delete",),
            data_actions=("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*",),
            not_data_actions=("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",),
            assignable_scopes=(subscription, here.group.id),
            wildcards=True,
            grants_access=True,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """One action, given to one identity."""
    role = gp.CustomRole(
        "locked-down",
        gp.CustomRoleArgs(
            scope=here.group.id,
            role_name="Scoring client (locked down)",
            description="Calls online endpoints",
            actions=("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",),
        ),
    )
    gp.Identity(
        "caller",
        gp.IdentityArgs(
            resource_group_name=here.group.name,
            roles={"score": gp.RoleOn(role=role.role, scope=here.group.id)},
        ),
        pulumi.ResourceOptions(depends_on=[role]),
    )


def check(found: Declared) -> None:
    """The grant names the role by the GUID that follows from its name."""
    role = found.one("authorization:RoleDefinition", "locked-down")
    assert role["permissions"][0]["actions"] == [
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
    ]
    given = found.one("authorization:RoleAssignment", "caller-holds-score")
    assert given["roleDefinitionId"].endswith(role["roleDefinitionId"])
