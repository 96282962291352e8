# SPDX-License-Identifier: Apache-2.0
"""A group that nobody changes, and an identity that nobody deletes."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ResourceLock(
        "full",
        gp.ResourceLockArgs(scope=here.identity.id, lock=gp.Lock(level="ReadOnly", notes="until the audit ends")),
    )


def locked_down(here: Surroundings) -> None:
    """The lock comes after what it guards."""
    gp.ResourceLock(
        "locked-down",
        gp.ResourceLockArgs(scope=here.vault.id),
        pulumi.ResourceOptions(depends_on=[here.vault]),
    )


def check(found: Declared) -> None:
    """Deleting is what a lock refuses unless it is told to refuse more."""
    assert found.one("authorization:ManagementLockByScope", "full-lock")["level"] == "ReadOnly"
    assert found.one("authorization:ManagementLockByScope", "locked-down-lock")["level"] == "CanNotDelete"
