# SPDX-License-Identifier: Apache-2.0
"""A feature store computes features with a Spark runtime that is still supported."""

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
from groundplan_policies.subjects.workspaces import WORKSPACE

VERSION = "properties.featureStoreSettings.computeRuntime.sparkRuntimeVersion"


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """Numbers are compared part by part: 3.10 is newer than 3.4."""
    if not workspace.has(VERSION):
        return
    if _numbers(workspace.text(VERSION)) < _numbers(given["minimum"]):
        yield workspace.wrong(VERSION, f"{given['minimum']} or newer is needed")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version))


RULE = Rule(
    id="GP-AML-040",
    slug="feature-store-spark-runtime",
    title="A feature store computes features with a supported Spark runtime",
    severity="low",
    types=(WORKSPACE,),
    controls=("aml-featurestore-spark-runtime",),
    rationale="A runtime out of support gets no fixes, and one day materialization stops with it, and every model that it feeds.",
    remediation="Leave `spark_version` of `FeatureStore` out, or name a newer one.",
    absent="Passes: Azure takes the runtime that it supports.",
    parameters=(
        Parameter(
            name="minimum",
            default="3.4",
            description="The oldest runtime that is allowed.",
            schema={"type": "string", "pattern": r"^\d+(\.\d+)*$"},
        ),
    ),
    check=check,
)


def _store(version: object) -> dict[str, object]:
    runtime = {"computeRuntime": {"sparkRuntimeVersion": version}}
    return {"kind": "FeatureStore", "properties": {"featureStoreSettings": runtime}}


GOOD: GoodCases = {
    "the oldest": _store("3.4"),
    "with a third part": _store("3.4.0"),
    "a newer one": _store("3.10"),
    "no feature store": {"kind": "Default"},
    "older ones are allowed": Good(_store("3.3"), given={"minimum": "3.2"}),
}
BAD: BadCases = {
    "just too old": Bad(_store("3.3.9"), says=f"{VERSION} is '3.3.9'; 3.4 or newer is needed"),
    "no version": Bad(_store("latest"), says=f"{VERSION} is 'latest'; 3.4 or newer is needed"),
    "newer ones are wanted": Bad(
        _store("3.4.0"), says=f"{VERSION} is '3.4.0'; 3.5 or newer is needed", given={"minimum": "3.5"}
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _store(UNKNOWN)}
