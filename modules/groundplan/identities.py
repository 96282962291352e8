# SPDX-License-Identifier: Apache-2.0
"""Which identity a resource acts as: what Azure takes, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pulumi import Input, Output
from pulumi_azure_native import machinelearningservices as ml


class _Answered(Protocol):
    """An identity in Azure's answer, whichever service gave it."""

    @property
    def principal_id(self) -> str | None: ...


def acts_as(identity_ids: Sequence[Input[str]]) -> ml.ManagedServiceIdentityArgs:
    """User-assigned identities of a machine learning resource; without one, a system-assigned identity."""
    if identity_ids:
        return ml.ManagedServiceIdentityArgs(type="UserAssigned", user_assigned_identities=[*identity_ids])
    return ml.ManagedServiceIdentityArgs(type="SystemAssigned")


def principal_of(identity: Output[_Answered | None]) -> Output[str]:
    """Object id of the system-assigned identity; empty without one."""
    return identity.apply(lambda found: (found.principal_id or "") if found else "")
