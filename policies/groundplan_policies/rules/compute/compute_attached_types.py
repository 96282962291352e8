# SPDX-License-Identifier: Apache-2.0
"""Nothing is attached to a workspace that it signs in to with a password."""

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
from groundplan_policies.subjects.computes import KIND


def check(compute: Resource, given: Mapping[str, Any]) -> Found:
    """By the type alone."""
    if compute.equals(KIND, *given["refused"]):
        yield compute.wrong(KIND, f"anything but {', '.join(given['refused'])} is allowed")


RULE = Rule(
    id="GP-CMP-007",
    slug="compute-attached-types",
    title="A workspace runs on computes of agreed types",
    severity="low",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-attached-guard",),
    rationale=(
        "The workspace keeps a password or a private key of what it reaches over SSH, and who patches and watches such a machine "
        "is nobody's business of the platform."
    ),
    remediation="Use `ComputeCluster`, `KubernetesCompute` or `SynapseSparkCompute`, or take the type out of `refused`.",
    absent="Passes: Azure refuses a compute without a type.",
    parameters=(
        Parameter(
            name="refused",
            default=["VirtualMachine", "HDInsight", "DataLakeAnalytics"],
            description="Types of computes, by `computeType`, that a workspace may not have.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)

GOOD: GoodCases = {
    "a cluster": {"properties": {"computeType": "AmlCompute"}},
    "agreed": Good({"properties": {"computeType": "HDInsight"}}, given={"refused": ["VirtualMachine"]}),
    "no type": {"properties": {}},
}
BAD: BadCases = {
    "a machine": Bad(
        {"properties": {"computeType": "VirtualMachine"}},
        says="properties.computeType is 'VirtualMachine'; anything but VirtualMachine, HDInsight, DataLakeAnalytics is allowed",
    ),
    "Hadoop": Bad({"properties": {"computeType": "HDInsight"}}, says="properties.computeType is 'HDInsight'"),
    "analytics": Bad({"properties": {"computeType": "DataLakeAnalytics"}}, says="is 'DataLakeAnalytics'"),
    "refused by you": Bad(
        {"properties": {"computeType": "Databricks"}},
        says="properties.computeType is 'Databricks'; anything but Databricks is allowed",
        given={"refused": ["Databricks"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"computeType": UNKNOWN}}}
