# SPDX-License-Identifier: Apache-2.0
"""Identities, roles, policies, vaults and locks with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import Surroundings

PERSON = "7b4c9f0e-8f7d-4d3a-9a55-0d6f3f6f3a11"


def identity(here: Surroundings) -> None:
    """One that holds no role."""
    gp.Identity("minimal", gp.IdentityArgs(resource_group_name=here.group.name))


def persona_roles(here: Surroundings) -> None:
    """A group of data scientists."""
    args = gp.PersonaRolesArgs(
        scopes=gp.PersonaScopes(workspace=here.workspace.id),
        personas={"data_scientist": {"vision": gp.Principal(principal_id=PERSON)}},
    )
    gp.PersonaRoles("minimal", args)


def custom_role(here: Surroundings) -> None:
    """A single action."""
    args = gp.CustomRoleArgs(
        scope=here.group.id,
        role_name="Scoring client (minimal)",
        description="Calls online endpoints",
        actions=("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",),
    )
    gp.CustomRole("minimal", args)


def federated_credentials(here: Surroundings) -> None:
    """A pipeline whose environment asks for a reviewer."""
    args = gp.FederatedCredentialsArgs(
        resource_group_name=here.group.name,
        identity_name=here.identity.name,
        trusted={"production": gp.GitHub(repository="example/platform", environment="prod")},
    )
    gp.FederatedCredentials("minimal", args)


def policy_assignments(here: Surroundings) -> None:
    """One policy, with the effect that it comes with."""
    args = gp.PolicyAssignmentsArgs(
        scope=here.group.id, policies={"private-only": gp.Policy(policy="workspace-public-access")}
    )
    gp.PolicyAssignments("minimal", args)


def key_vault(here: Surroundings) -> None:
    """An empty vault."""
    args = gp.KeyVaultArgs(
        resource_group_name=here.group.name, tenant_id=here.client.tenant_id, private_endpoint=here.placement
    )
    gp.KeyVault("minimal", args)


def resource_lock(here: Surroundings) -> None:
    """On a vault."""
    gp.ResourceLock("minimal", gp.ResourceLockArgs(scope=here.vault.id))
