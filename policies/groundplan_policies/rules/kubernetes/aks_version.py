# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster has a version that is still patched.

The limits move on: each minor version has patches for a year after its release on AKS, and for two with long-term support.
Source of the defaults: the release calendar in Microsoft's "Supported Kubernetes versions in Azure Kubernetes Service (AKS)".
"""

import re
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
from groundplan_policies.subjects.kubernetes import CLUSTER

VERSION = "properties.kubernetesVersion"
_MINOR = re.compile(r"(\d+)\.(\d+)(\.\d+)?")


def check(cluster: Resource, given: Mapping[str, Any]) -> Found:
    """A version without a patch level stands for the newest one."""
    if not cluster.has(VERSION):
        return
    found = _minor(cluster.text(VERSION))
    if found >= _minor(given["minimum"]):
        return
    long = cluster.equals("properties.supportPlan", "AKSLongTermSupport")
    least = given["minimumLongTerm"] if long else given["minimum"]
    if found < _minor(least):
        yield cluster.wrong(VERSION, f"{least} or newer is needed")


def _minor(version: str) -> tuple[int, ...]:
    """1.33.2 is (1, 33); what is no version is older than all."""
    found = _MINOR.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else ()


RULE = Rule(
    id="GP-AKS-019",
    slug="aks-version",
    title="A Kubernetes cluster has a version that is still patched",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-version",),
    rationale="Holes in a version without patches stay open, and Azure upgrades the cluster one day without asking when it suits.",
    remediation="Leave `kubernetes_version` of `AksCluster` away, or raise it one minor version at a time.",
    absent="Passes: Azure takes its default, which is patched.",
    parameters=(
        Parameter(
            name="minimum",
            default="1.34",
            description="The oldest minor version that is agreed.",
            schema={"type": "string", "pattern": r"^\d+\.\d+$"},
        ),
        Parameter(
            name="minimumLongTerm",
            default="1.32",
            description="The oldest one for clusters with long-term support, if that is older.",
            schema={"type": "string", "pattern": r"^\d+\.\d+$"},
        ),
    ),
    check=check,
)


def _cluster(version: object, plan: object = "KubernetesOfficial") -> dict[str, object]:
    return {"properties": {"kubernetesVersion": version, "supportPlan": plan}}


GOOD: GoodCases = {
    "oldest": _cluster("1.34"),
    "with a patch level": _cluster("1.34.0"),
    "next major version": _cluster("2.0"),
    "not said": {"properties": {}},
    "oldest with long-term support": _cluster("1.32.9", "AKSLongTermSupport"),
    "new enough, whatever the plan": _cluster("1.34", UNKNOWN),
    "older was agreed": Good(_cluster("1.31"), given={"minimum": "1.31"}),
    "much older was agreed": Good(_cluster("1.9"), given={"minimum": "1.9"}),
}
BAD: BadCases = {
    "too old": Bad(_cluster("1.33.7"), says="properties.kubernetesVersion is '1.33.7'; 1.34 or newer is needed"),
    "one digit": Bad(_cluster("1.9"), says="properties.kubernetesVersion is '1.9'; 1.34 or newer is needed"),
    "too old even with long-term support": Bad(
        _cluster("1.31", "AKSLongTermSupport"), says="properties.kubernetesVersion is '1.31'; 1.32 or newer is needed"
    ),
    "no version": Bad(_cluster("latest"), says="properties.kubernetesVersion is 'latest'; 1.34 or newer is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "plan decided later": _cluster("1.33", UNKNOWN),
}
