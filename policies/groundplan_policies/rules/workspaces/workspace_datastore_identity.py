# SPDX-License-Identifier: Apache-2.0
"""The datastores that a workspace makes for itself are opened with identities.

A user delegation SAS is no key of the account, but it opens data for whoever has it, whatever their own roles; it has to be agreed.
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
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.workspaces import WORKSPACE, is_project

MODE = "properties.systemDatastoresAuthMode"


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """A project that says nothing has the mode of its hub."""
    if not workspace.has(MODE) and is_project(workspace):
        return
    if not workspace.equals(MODE, *given["modes"]):
        yield workspace.wrong(MODE, f"{' or '.join(map(repr, given['modes']))} is needed")


RULE = Rule(
    id="GP-AML-029",
    slug="workspace-datastore-identity",
    title="The datastores that come with a workspace are opened with identities",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-datastore-auth",),
    rationale=(
        "Otherwise the keys of the account lie in the workspace, and whoever may use a datastore has all of its data: roles on "
        "the account mean nothing, and its log shows a key instead of a person."
    ),
    remediation="Leave `datastore_access_keys` of `Workspace` at False; users and computes then need a role on the account's data.",
    absent="A violation: Azure uses the account's keys unless told otherwise. A project that says nothing passes.",
    parameters=(
        Parameter(
            name="modes",
            default=["Identity"],
            description="The modes that are allowed.",
            schema={
                "type": "array",
                "items": {"enum": ["Identity", "UserDelegationSAS"]},
                "minItems": 1,
                "uniqueItems": True,
            },
        ),
    ),
    check=check,
)


def _opened(mode: object, kind: str = "Default") -> dict[str, object]:
    return {"kind": kind, "properties": {"systemDatastoresAuthMode": mode}}


GOOD: GoodCases = {
    "identities": _opened("identity"),
    "a SAS that was agreed": Good(_opened("UserDelegationSAS"), given={"modes": ["Identity", "UserDelegationSAS"]}),
    "a project that says nothing": _opened(None, "Project"),
}
BAD: BadCases = {
    "keys": Bad(_opened("AccessKey"), says=f"{MODE} is 'AccessKey'; 'Identity' is needed"),
    "a SAS": Bad(_opened("UserDelegationSAS"), says=f"{MODE} is 'UserDelegationSAS'; 'Identity' is needed"),
    "not said": Bad(
        _opened(None),
        says=f"{MODE} is absent; 'Identity' or 'UserDelegationSAS' is needed",
        given={"modes": ["Identity", "UserDelegationSAS"]},
    ),
    "a project with keys": Bad(_opened("AccessKey", "Project"), says=f"{MODE} is 'AccessKey'; 'Identity' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _opened(UNKNOWN)}
