# SPDX-License-Identifier: Apache-2.0
"""What the service answers per region: sizes, usage and quota."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator import locations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.types.machine_learning_services import quotas
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES
from groundplan_emulator.types.machine_learning_services.vm_sizes import VmSize, sizes

BASE = "/subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningServices/locations/{location}"
CLUSTERS = 500


class Locations(ArmType):
    """Microsoft.MachineLearningServices/locations: VM sizes, usages, quotas.

    Differs from Azure:
    - every region offers every size, and every family has 300 cores (Azure: GPU families start at 0), or what the control API sets
    - usage counts the most nodes that clusters may have, one per instance and the instances of managed online deployments; only these
      are refused for quota
    - a limit of -1 takes a workspace's quota away, which the published reference does not say
    """

    type: ClassVar[str] = "Microsoft.MachineLearningServices/locations"

    @route("GET", f"{BASE}/vmSizes")
    def list_sizes(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Sizes of clusters and instances."""
        _check(params["location"])
        return Response(200, {"value": [_size(size) for size in sizes().values()]})

    @route("GET", f"{BASE}/usages")
    def list_usages(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Cores in use by family, and the number of clusters and instances."""
        location = _check(params["location"])
        used, computes = _used(ctx, location)
        stem = _stem(ctx, location)
        value = [
            {
                "id": f"{stem}/usages/{family}",
                "type": "Microsoft.MachineLearningServices/vmFamily/dedicatedCores/usages",
                "unit": "Count",
                "currentValue": used.get(family, 0),
                "limit": quotas.cores(ctx),
                "name": {"value": family, "localizedValue": family},
            }
            for family in _families()
        ]
        total = {"value": "Total Clusters", "localizedValue": "Total Clusters"}
        kind = "Microsoft.MachineLearningServices/clusters/usages"
        value.insert(
            0,
            {
                "id": f"{stem}/usages/clusters",
                "type": kind,
                "unit": "Count",
                "currentValue": computes,
                "limit": CLUSTERS,
                "name": total,
            },
        )
        return Response(200, {"value": value})

    @route("GET", f"{BASE}/quotas")
    def list_quotas(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """The subscription's quota of each family, and what workspaces of the region were given."""
        return Response(200, {"value": quotas.listed(ctx, _check(params["location"]), _families(), quotas.cores(ctx))})

    @route("POST", f"{BASE}/updateQuotas")
    def update_quotas(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """Give quota of families to workspaces, never above the subscription's nor below what they use."""
        location = _check(params["location"])
        families = {family.lower(): family for family in _families()}
        answers = [
            quotas.update(
                ctx, location, entry, families, lambda workspace: _used(ctx, location, workspace)[0], quotas.cores(ctx)
            )
            for entry in body.get("value", [])
        ]
        return Response(200, {"value": answers})


def _check(location: str) -> str:
    normal = locations.normalise(location)
    if normal not in locations.DISPLAY_NAMES:
        raise bad_request("InvalidLocation", f"The location '{location}' is not known.", target="location")
    return normal


def _families() -> list[str]:
    return sorted({size.family for size in sizes().values()})


def _stem(ctx: Context, location: str) -> str:
    return f"/subscriptions/{ctx.settings.identity.subscription_id}/providers/Microsoft.MachineLearningServices/locations/{location}"


def _size(size: VmSize) -> dict[str, Any]:
    return {
        "name": size.name,
        "family": size.family,
        "vCPUs": size.cores,
        "gpus": size.gpus,
        "osVhdSizeMB": 1047552,
        "maxResourceVolumeMB": size.cores * 8192,
        "memoryGB": size.memory,
        "lowPriorityCapable": True,
        "premiumIO": "s" in size.name.split("_")[1],
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
    }


def _used(ctx: Context, location: str, below: str = "/") -> tuple[dict[str, int], int]:
    """Cores in use by family and the number of computes, of all workspaces or of the one that an id starts with."""
    used = quotas.used_by_deployments(ctx, location, below)
    count = 0
    for compute in ctx.store.of_type(f"{WORKSPACES}/computes"):
        inner = compute.properties.get("properties", {})
        size = sizes().get(str(inner.get("vmSize", "")).lower())
        if size is None or compute.body.get("location") != location or not compute.key.startswith(below):
            continue
        nodes = inner.get("scaleSettings", {}).get("maxNodeCount", 1)
        used[size.family] = used.get(size.family, 0) + nodes * size.cores
        count += 1
    return used, count
