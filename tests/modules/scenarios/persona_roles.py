# SPDX-License-Identifier: Apache-2.0
"""Everyone on everything, and auditors who see how things are set up."""

from typing import Final

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings

OWNER: Final = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR: Final = "b24988ac-6180-42a0-ab88-20f7382dd24c"


def full(here: Surroundings) -> None:
    """Every argument."""
    pipelines = gp.Identity("pipelines", gp.IdentityArgs(resource_group_name=here.group.name))
    gp.PersonaRoles(
        "full",
        gp.PersonaRolesArgs(
            scopes=gp.PersonaScopes(
                workspace=here.workspace.id,
                registry=here.images.id,
                container_registry=here.images.id,
                storage=here.data.id,
                key_vault=here.vault.id,
                group=here.group.id,
            ),
            individual_users=True,
            personas={
                "data_scientist": {"vision": gp.Principal(principal_id="10000000-0000-4000-8000-000000000001")},
                "ml_engineer": {
                    "ada": gp.Principal(principal_id="10000000-0000-4000-8000-000000000002", principal_type="User")
                },
                "operator": {"oncall": gp.Principal(principal_id="10000000-0000-4000-8000-000000000003")},
                "auditor": {"revision": gp.Principal(principal_id="10000000-0000-4000-8000-000000000004")},
                "ci": {"github": gp.Principal(principal_id=pipelines.principal_id, principal_type="ServicePrincipal")},
            },
        ),
    )


def locked_down(here: Surroundings) -> None:
    """A group that looks."""
    gp.PersonaRoles(
        "locked-down",
        gp.PersonaRolesArgs(
            scopes=gp.PersonaScopes(group=here.group.id),
            personas={"auditor": {"outside": gp.Principal(principal_id="10000000-0000-4000-8000-000000000005")}},
        ),
    )


def check(found: Declared) -> None:
    """Nobody is Owner or Contributor; what has no scope gives no role."""
    given = found.inputs("authorization:RoleAssignment", "full-")
    assert not [each for each in given if each["roleDefinitionId"].endswith((OWNER, CONTRIBUTOR))]
    assert len(given) == sum(len(roles) for persona in gp.PERSONAS.values() for roles in persona.values())
    assert {each["principalType"] for each in given} == {"Group", "User", "ServicePrincipal"}
    assert len(found.inputs("authorization:RoleAssignment", "locked-down-")) == 2
