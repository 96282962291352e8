# SPDX-License-Identifier: Apache-2.0
"""An identity with all there is to give, and one that may do one thing."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.Identity(
        "full",
        gp.IdentityArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            identity_name="id-all",
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            roles={"secrets": gp.RoleOn(role="Key Vault Secrets User", scope=here.vault.id)},
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Pulls images, nothing else."""
    puller = gp.Identity(
        "locked-down",
        gp.IdentityArgs(
            resource_group_name=here.group.name, roles={"images": gp.RoleOn(role="AcrPull", scope=here.images.id)}
        ),
    )
    gp.ResourceLock("base-puller", gp.ResourceLockArgs(scope=puller.id))


def check(found: Declared) -> None:
    """An identity has neither logs nor metrics, so nothing is sent."""
    held = found.one("authorization:RoleAssignment", "locked-down-holds-images")
    assert found.awaited("base-puller-lock", "scope") == {"locked-down", "locked-down-holds-images"}
    assert held["roleDefinitionId"].endswith("7f951dda-4ed3-4680-a7ca-43fe172d538d")
    assert [row for row in found.under("Identity", "full") if "DiagnosticSetting" in row["type"]] == []
