# SPDX-License-Identifier: Apache-2.0
"""Quotas of workspaces by family of virtual machines.

Shapes and statuses: the published reference of "Quotas - List" and "Quotas - Update" and the models of azure-mgmt-machinelearningservices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, workspace_of
from groundplan_emulator.types.machine_learning_services.vm_sizes import VmSize, sizes

CORES = 300
"""Of each family in a subscription's region: what Azure gives at most without being asked."""
CORES_SETTING = "quota_cores"
"""The control API sets another number; 0: the default."""
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


def cores(ctx: Context) -> int:
    """Cores of each family in each region of the subscription."""
    return int(ctx.store.meta(CORES_SETTING) or CORES)


def needed(size: VmSize, instances: int) -> int:
    """Cores that a managed deployment takes: a fifth more instances than asked for, for upgrades, but for sizes that are exempt."""
    return size.cores * (instances if size.exempt else math.ceil(1.2 * instances))


def used_by_deployments(ctx: Context, location: str, below: str = "/", *, apart: str = "") -> dict[str, int]:
    """Cores by family of the managed online deployments of a region, below the beginning of an id, `apart` from one of them."""
    used: dict[str, int] = {}
    for each in ctx.store.of_type(f"{WORKSPACES}/onlineEndpoints/deployments"):
        size = sizes().get(str(each.properties.get("instanceType", "")).lower())
        managed = each.properties.get("endpointComputeType") == "Managed" and each.body.get("location") == location
        if size is not None and managed and each.key.startswith(below) and each.key != apart:
            used[size.family] = used.get(size.family, 0) + needed(size, _instances(each))
    return used


def refuse_over(write: Write, size: VmSize) -> None:
    """400 OutOfQuota where a managed deployment wants more cores than the subscription or its workspace has left."""
    ctx, location = write.ctx, str(write.body.get("location", ""))
    workspace = workspace_of(ctx, write.id.id)
    wanted = needed(size, int((write.body.get("sku") or {}).get("capacity", 1)))
    given = next(
        (limit for id_, limit in _kept(ctx).items() if id_.lower() == f"{workspace.id}/quotas/{size.family}".lower()),
        None,
    )
    for whose, below, limit in (
        (f"SubscriptionId {ctx.settings.identity.subscription_id}", "/", cores(ctx)),
        (f"workspace '{workspace.name}'", f"{workspace.key}/", given),
    ):
        used = used_by_deployments(ctx, location, below, apart=write.id.key).get(size.family, 0)
        if limit is not None and used + wanted > limit:
            raise ArmError(
                400,
                "OutOfQuota",
                f"Not enough quota available for {size.name} in {whose}. Current usage/limit: {used}/{limit} cores of {size.family} in"
                f" {location}. Additional needed: {wanted} ({_sum(size, wanted)}). Delete deployments that are not used, choose"
                " another size or fewer instances, or have the quota raised.",
                target="properties.instanceType",
            )


def _sum(size: VmSize, wanted: int) -> str:
    spare = "" if size.exempt else ", a fifth of the instances in reserve for upgrades"
    return f"{wanted // size.cores} instances of {size.cores} cores{spare}"


def _instances(deployment: Resource) -> int:
    return int((deployment.body.get("sku") or {}).get("capacity") or 1)


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
