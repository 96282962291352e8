# SPDX-License-Identifier: Apache-2.0
"""Somebody has agreed to every GPU."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT
from groundplan_policies.subjects.environments import tag_of
from groundplan_policies.subjects.machine_sizes import fits, size_path
from groundplan_policies.subjects.workspaces import COMPUTE


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """The tag is on the very compute or deployment."""
    path = size_path(found)
    if path and fits(found.text(path), given["sizes"]) and not tag_of(found, given["tag"]):
        yield found.wrong(path, f"the tag {given['tag']!r} is needed for such a size")


RULE = Rule(
    id="GP-COST-006",
    slug="gpu-approval",
    title="A tag says who agreed to machines with GPUs",
    severity="medium",
    types=(COMPUTE, ONLINE_DEPLOYMENT),
    controls=("aml-compute-gpu-guard",),
    rationale="A node with GPUs costs as much an hour as a day of a usual one, and its quota is missed by others.",
    remediation="Have the cost agreed and set the tag, as in `tags={'gpu-approved-by': 'ada'}`, or choose a size without GPUs.",
    absent="A violation where the size has GPUs. Passes without a size.",
    parameters=(
        Parameter(
            name="sizes",
            default=["Standard_NC*", "Standard_ND*", "Standard_NG*", "Standard_NV*"],
            description="Sizes that need the tag; `*` stands for anything.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
        Parameter(
            name="tag",
            default="gpu-approved-by",
            description="The tag that says who agreed; any value will do.",
            schema={"type": "string", "minLength": 1},
        ),
    ),
    check=check,
)


def _compute(size: object, **tags: object) -> dict[str, object]:
    return {"tags": tags, "properties": {"computeType": "AmlCompute", "properties": {"vmSize": size}}}


_T4 = "Standard_NC4as_T4_v3"

GOOD: GoodCases = {
    "agreed": _compute(_T4) | {"tags": {"GPU-approved-by": "ada"}},
    "without GPUs": _compute("Standard_DS3_v2"),
    "not said": _compute(None),
    "of no weight to you": Good(_compute(_T4), given={"sizes": ["Standard_ND*"]}),
    "another tag": Good(_compute(_T4, costCenter="42"), given={"tag": "costCenter"}),
    "Kubernetes": {
        "type": ONLINE_DEPLOYMENT,
        "properties": {"endpointComputeType": "Kubernetes", "instanceType": _T4},
    },
}
BAD: BadCases = {
    "nobody agreed": Bad(
        _compute(_T4, team="vision"),
        says="properties.properties.vmSize is 'Standard_NC4as_T4_v3'; the tag 'gpu-approved-by' is needed for such a size",
    ),
    "nobody is named": Bad(
        _compute("standard_nd96asr_v4") | {"tags": {"gpu-approved-by": ""}}, says="standard_nd96asr_v4"
    ),
    "for games": Bad(_compute("Standard_NG8ads_V620_v1"), says="Standard_NG8ads_V620_v1"),
    "for screens, behind an endpoint": Bad(
        {
            "type": ONLINE_DEPLOYMENT,
            "properties": {"endpointComputeType": "Managed", "instanceType": "Standard_NV6ads_A10_v5"},
        },
        says="properties.instanceType is 'Standard_NV6ads_A10_v5'; the tag 'gpu-approved-by' is needed for such a size",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the size": _compute(UNKNOWN),
    "the tag": _compute(_T4) | {"tags": {"gpu-approved-by": UNKNOWN}},
}
