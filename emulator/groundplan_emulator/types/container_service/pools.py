# SPDX-License-Identifier: Apache-2.0
"""What a pool must be and gets, whether it comes with its cluster or by itself."""

from __future__ import annotations

import re
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.store import Resource

CLUSTERS = "Microsoft.ContainerService/managedClusters"
POOLS = f"{CLUSTERS}/agentPools"
VERSION = "1.33"
DEFAULTS: dict[str, Any] = {
    "count": 1,
    "vmSize": "Standard_D4ds_v5",
    "mode": "User",
    "osType": "Linux",
    "osSKU": "Ubuntu",
    "osDiskSizeGB": 128,
    "osDiskType": "Managed",
    "type": "VirtualMachineScaleSets",
    "maxPods": 110,
    "enableAutoScaling": False,
    "enableNodePublicIP": False,
    "scaleSetPriority": "Regular",
}


def full_version(version: str) -> str:
    """`1.30.0` of `1.30`; 400 for what is no Kubernetes version."""
    if re.fullmatch(r"1\.\d+(\.\d+)?", version) is None:
        raise bad_request(
            "BadRequest",
            f"'{version}' is no Kubernetes version: expected for example '{VERSION}'.",
            target="kubernetesVersion",
        )
    return version if version.count(".") == 2 else f"{version}.0"


def check(ctx: Context, target: str, name: str, pool: dict[str, Any]) -> None:
    """400 for a pool that the service does not make."""
    longest = 6 if pool.get("osType") == "Windows" else 12
    if re.fullmatch(rf"[a-z][a-z0-9]{{0,{longest - 1}}}", name) is None:
        raise bad_request(
            "InvalidParameter",
            f"The pool name '{name}' is invalid: up to {longest} lower-case letters and digits, starting with a letter.",
            target=target,
        )
    low, count, high = pool.get("minCount", 0), pool.get("count", 1), pool.get("maxCount", 1000)
    if pool.get("enableAutoScaling") and ("minCount" not in pool or "maxCount" not in pool or low > high):
        raise bad_request(
            "InvalidParameter",
            f"Pool '{name}' scales itself: it needs minCount and maxCount, minCount not above maxCount.",
            target=target,
        )
    if not pool.get("enableAutoScaling") and ("minCount" in pool or "maxCount" in pool):
        raise bad_request(
            "InvalidParameter",
            f"Pool '{name}' does not scale itself: minCount and maxCount need enableAutoScaling.",
            target=target,
        )
    if not 0 <= count <= 1000 or (pool.get("mode") == "System" and count < 1):
        raise bad_request(
            "InvalidParameter",
            f"Pool '{name}' cannot have {count} nodes: 0 to 1000, at least 1 for mode 'System'.",
            target=target,
        )
    for field in ("vnetSubnetID", "podSubnetID"):
        if pool.get(field):
            ctx.linked(f"{target}.{field}", pool[field])
    if "orchestratorVersion" in pool:
        full_version(str(pool["orchestratorVersion"]))


def complete(cluster: Resource, pool: dict[str, Any]) -> dict[str, Any]:
    """A pool's properties with the service's defaults."""
    done = {**DEFAULTS, "orchestratorVersion": cluster.properties.get("kubernetesVersion", VERSION), **pool}
    if done["enableAutoScaling"]:
        done["count"] = max(done["count"], done["minCount"])
    done["currentOrchestratorVersion"] = full_version(str(done["orchestratorVersion"]))
    done["nodeImageVersion"] = "AKSUbuntu-2204gen2containerd-202509.01.0"
    done.setdefault("powerState", {"code": "Running"})
    done["provisioningState"] = "Succeeded"
    return done


def save(ctx: Context, cluster: Resource, profile: dict[str, Any]) -> None:
    """Write a pool that came with its cluster; its first pools are system pools."""
    name = str(profile["name"])
    id_ = f"{cluster.id}/agentPools/{name}"
    old = ctx.get(id_)
    given = {key: value for key, value in profile.items() if key != "name"}
    properties = complete(cluster, {"mode": "System", **(old.properties if old else {}), **given})
    ctx.save(Resource(id_, POOLS, name, {"id": id_, "name": name, "type": POOLS, "properties": properties}))
