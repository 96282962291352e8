# SPDX-License-Identifier: Apache-2.0
"""Nodes with GPUs go away when nothing runs, but in production.

Production is left out because a model that answers people cannot wait for minutes until a node is there.
"""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import all_of, each_of
from groundplan_policies.subjects.agent_pools import CLUSTER, POOL, pools_of
from groundplan_policies.subjects.environments import PARAMETERS, is_production
from groundplan_policies.subjects.machine_sizes import fits


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Without a tag that says production, too: most clusters with GPUs are for trying things."""

    def look(pool: View) -> Found:
        if all_of(
            lambda: fits(pool.text("vmSize"), given["gpuSizes"]),
            lambda: not _goes(pool),
            lambda: not is_production(found, stack, given),
        ):
            yield pool.wrong("minCount", "0 is needed, with enableAutoScaling true, so that idle GPUs cost nothing")

    yield from each_of(pools_of(found), look)


def _goes(pool: View) -> bool:
    return all_of(lambda: pool.equals("enableAutoScaling", True), lambda: pool.number("minCount") == 0)


RULE = Rule(
    id="GP-COST-025",
    slug="aks-gpu-scale-to-zero",
    title="Outside of production nodes with GPUs go away when nothing runs",
    severity="medium",
    types=(CLUSTER, POOL),
    controls=("cost-aks-gpu-idle",),
    rationale="A node with GPUs costs as much in a week as a dozen others in a month, and waits most of the time.",
    remediation="Leave `min_nodes` of `NodePool` at 0 and set `machine_learning_only`; a system pool needs machines without GPUs.",
    absent="A violation for a pool with GPUs: Azure neither scales it nor takes its last node away unless told to.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="gpuSizes",
            default=["Standard_N*"],
            description="Sizes with GPUs, with `*` for any text.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
        *PARAMETERS,
    ),
    check=check,
)


def _pool(size: object = "Standard_NC24ads_A100_v4", least: object = 1, scales: object = True) -> dict[str, object]:
    return {"vmSize": size, "minCount": least, "enableAutoScaling": scales}


def _cluster(*pools: object, environment: object = None) -> dict[str, object]:
    return {"name": "aks", "tags": {"environment": environment}, "properties": {"agentPoolProfiles": [*pools]}}


_ALONE = {"type": POOL, "name": "aks/gpu", "properties": _pool()}
_SAYS = "minCount is 1; 0 is needed, with enableAutoScaling true, so that idle GPUs cost nothing"
GOOD: GoodCases = {
    "scales to zero": _cluster(_pool(least=0)),
    "no GPUs": _cluster(_pool("Standard_D4ds_v5")),
    "no GPUs, count decided later": _cluster(_pool("Standard_D4ds_v5", UNKNOWN)),
    "production": _cluster(_pool(), environment="prod"),
    "production, size decided later": _cluster(_pool(UNKNOWN), environment="prod"),
    "pool of production's cluster": [_ALONE, {**_cluster(environment="production"), "type": CLUSTER}],
    "pool of a new cluster of production": [
        {**_ALONE, "parent": Later("aks")},
        {**_cluster(environment="production"), "type": CLUSTER, "new": True},
    ],
    "no pools here": {"properties": {}},
    "sizes in a company's words": Good(_cluster(_pool()), given={"gpuSizes": ["Standard_ND*"]}),
}
BAD: BadCases = {
    "one always on": Bad(_cluster(_pool()), says=f"properties.agentPoolProfiles[0].{_SAYS}"),
    "in a test": Bad(_cluster(_pool(), environment="test"), says=f"properties.agentPoolProfiles[0].{_SAYS}"),
    "does not scale": Bad(
        _cluster(_pool(least=0, scales=False)), says="properties.agentPoolProfiles[0].minCount is 0; 0 is needed, with"
    ),
    "scaling is not said": Bad(_cluster(_pool(scales=None)), says=f"properties.agentPoolProfiles[0].{_SAYS}"),
    "count is not said": Bad(_cluster(_pool(least=None)), says="properties.agentPoolProfiles[0].minCount is absent"),
    "by itself": Bad(_ALONE, says=f"properties.{_SAYS}"),
    "scaling decided later": Bad(_cluster(_pool(scales=UNKNOWN)), says=f"properties.agentPoolProfiles[0].{_SAYS}"),
}
UNKNOWN_CASES: UnknownCases = {
    "size decided later": _cluster(_pool(UNKNOWN)),
    "count decided later": _cluster(_pool(least=UNKNOWN)),
    "environment decided later": _cluster(_pool(), environment=UNKNOWN),
    "pools decided later": {"properties": {"agentPoolProfiles": UNKNOWN}},
}
