# SPDX-License-Identifier: Apache-2.0
"""Quotas of workspaces by family of virtual machines.

Shapes and statuses: the published reference of "Quotas - List" and "Quotas - Update" and the models of azure-mgmt-machinelearningservices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

KEPT = "quotas"
NONE = -1
OF_WORKSPACE = "Microsoft.MachineLearningServices/workspaces/quotas"
OF_SUBSCRIPTION = "Microsoft.MachineLearningServices/vmFamily/quotas"


def listed(ctx: Context, location: str, families: Iterable[str], cores: int) -> list[dict[str, Any]]:
    """The subscription's quota of each family, then what workspaces of the region were given, while they exist."""
    stem = f"/subscriptions/{ctx.settings.identity.subscription_id}/quotas"
    own = [_entry(f"{stem}/{family}", OF_SUBSCRIPTION, cores) for family in families]
    given = [
        {**_entry(id_, OF_WORKSPACE, limit), "amlWorkspaceLocation": location}
        for id_, limit in _kept(ctx).items()
        if _location(ctx, id_) == location
    ]
    return own + given


def update(
    ctx: Context,
    location: str,
    asked: Mapping[str, Any],
    families: Mapping[str, str],
    used: Callable[[str], Mapping[str, int]],
    cores: int,
) -> dict[str, Any]:
    """Carry out one entry of an update; the answer repeats it with its status. `used` takes the beginning of ids, in lower case."""
    owner, _, named = str(asked.get("id", "")).rpartition("/quotas/")
    limit, family = int(asked.get("limit", NONE)), families.get(named.lower())
    status = "Success"
    if family is None:
        status = "InvalidVMFamilyName"
    elif _location(ctx, f"{owner}/quotas/{named}") != location:
        status = "Failure"
    elif limit > cores:
        status = "InvalidQuotaExceedsSubscriptionLimit"
    elif NONE < limit < used(f"{owner.lower()}/").get(family, 0):
        status = "InvalidQuotaBelowClusterMinimum"
    else:
        kept = {key: value for key, value in _kept(ctx).items() if key.lower() != str(asked["id"]).lower()}
        ctx.store.set_meta(KEPT, kept if limit == NONE else {**kept, f"{owner}/quotas/{family}": limit})
    return {"id": asked.get("id"), "type": OF_WORKSPACE, "limit": limit, "unit": "Count", "status": status}


def _kept(ctx: Context) -> dict[str, int]:
    return ctx.store.meta(KEPT) or {}


def _location(ctx: Context, quota_id: str) -> str:
    """Region of the workspace that a quota is for; empty where there is none."""
    found = ctx.get(quota_id.rpartition("/quotas/")[0])
    return str(found.body["location"]) if found is not None and found.type.lower() == WORKSPACES.lower() else ""


def _entry(id_: str, type_: str, limit: int) -> dict[str, Any]:
    family = id_.rpartition("/")[2]
    return {
        "id": id_,
        "type": type_,
        "limit": limit,
        "unit": "Count",
        "name": {"value": family, "localizedValue": family},
    }
