# SPDX-License-Identifier: Apache-2.0
"""A workspace that is tagged for confidential data is marked as one of high business impact."""

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

FLAG = "properties.hbiWorkspace"


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """The tag says what the data is; a workspace without it is not looked at."""
    for name, value in workspace.entries("tags"):
        confidential = name.casefold() == given["tag"].casefold() and value.equals("", *given["classes"])
        if confidential and not workspace.equals(FLAG, True):
            yield workspace.wrong(FLAG, f"true is needed, as tag {name!r} is {value.text()!r}")


RULE = Rule(
    id="GP-AML-026",
    slug="workspace-hbi",
    title="A workspace for confidential data is marked as one of high business impact",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-hbi",),
    rationale=(
        "The mark keeps diagnostic data from Microsoft and encrypts the scratch disks of clusters. It can not be set later, so it is "
        "the tag at the first preview that has to remind of it."
    ),
    remediation="Set `high_business_impact=True` on `Workspace`; an existing workspace has to be made anew.",
    absent="Passes without the tag; a violation where the tag says that data is confidential and the mark is not there.",
    parameters=(
        Parameter(
            name="tag",
            default="data-classification",
            description="The tag that says how confidential the data of a workspace is.",
            schema={"type": "string", "minLength": 1},
        ),
        Parameter(
            name="classes",
            default=["confidential", "highly confidential", "restricted", "secret"],
            description="Values of the tag from which on the mark is needed.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _tagged(value: object, flag: object = None, tag: str = "data-classification") -> dict[str, object]:
    return {"tags": {"team": "ml", tag: value}, "properties": {"hbiWorkspace": flag}}


GOOD: GoodCases = {
    "marked": _tagged("confidential", flag=True),
    "data for everybody": _tagged("public", flag=False),
    "no tag": {"properties": {}},
    "another tag": Good(_tagged("confidential"), given={"tag": "class"}),
    "other classes": Good(_tagged("confidential"), given={"classes": ["secret"]}),
}
BAD: BadCases = {
    **{
        value: Bad(_tagged(value), says=f"{FLAG} is absent; true is needed, as tag 'data-classification' is {value!r}")
        for value in ("confidential", "highly confidential", "restricted", "secret")
    },
    "explicitly not": Bad(
        _tagged("C4", flag=False, tag="Class"),
        says=f"{FLAG} is false; true is needed, as tag 'Class' is 'C4'",
        given={"tag": "class", "classes": ["c3", "c4"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the tag is decided later": _tagged(UNKNOWN),
    "the mark is decided later": _tagged("confidential", flag=UNKNOWN),
}
