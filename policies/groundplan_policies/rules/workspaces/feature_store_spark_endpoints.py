# SPDX-License-Identifier: Apache-2.0
"""Private endpoints in the managed network of a feature store serve Spark."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
)
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules, workspace_of

SPARK = "destination.sparkEnabled"


def check(resource: Resource, stack: Stack) -> Found:
    """All that a feature store runs is Spark, so an endpoint without it is of no use there."""
    workspace = workspace_of(resource, stack)
    if workspace is not None and workspace.equals("kind", "FeatureStore"):
        yield from check_rules(resource, "PrivateEndpoint", _of_rule)


def _of_rule(rule: View) -> Found:
    if not rule.equals(SPARK, True):
        yield rule.wrong(SPARK, "true is needed, as a feature store computes with Spark")


RULE = Rule(
    id="GP-AML-041",
    slug="feature-store-spark-endpoints",
    title="Private endpoints in the managed network of a feature store serve Spark",
    severity="low",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-featurestore-spark-endpoints",),
    rationale="Features are computed by serverless Spark, which uses only endpoints that are made for it; others lead jobs nowhere.",
    remediation="Set `spark=True` on the `PrivateEndpointRule`.",
    absent="A violation for a private endpoint rule of a feature store; other rules and other workspaces are not looked at.",
    needs_stack=True,
    check=check,
)


def _rule(spark: object, kind: str = "PrivateEndpoint", **more: object) -> dict[str, object]:
    destination = {"subresourceTarget": "dfs", "sparkEnabled": spark}
    return {"name": "fs/rule", "properties": {"type": kind, "destination": destination}, **more}


def _store(kind: str = "featurestore", **more: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": "fs", "kind": kind, **more}


_NEEDED = "true is needed, as a feature store computes with Spark"
GOOD: GoodCases = {
    "Spark": [_rule(True), _store()],
    "another type": [_rule(False, "ServiceTag"), _store()],
    "no feature store": [_rule(False), _store("Default")],
    "the workspace is elsewhere": _rule(False),
}
BAD: BadCases = {
    "no Spark": Bad([_rule(False), _store()], says=f"properties.{SPARK} is false; {_NEEDED}"),
    "not said, and both are new": Bad(
        [_rule(None, parent=Later("fs")), _store(new=True)], says=f"properties.{SPARK} is absent; {_NEEDED}"
    ),
    "in the workspace": Bad(
        _store(properties={"managedNetwork": {"outboundRules": {"r": _rule(False)["properties"]}}}),
        says=f"properties.managedNetwork.outboundRules.r.{SPARK} is false; {_NEEDED}",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": [_rule(UNKNOWN), _store()]}
