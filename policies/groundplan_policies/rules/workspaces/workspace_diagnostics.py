# SPDX-License-Identifier: Apache-2.0
"""The logs of a workspace are kept outside of it."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged
from groundplan_policies.subjects.workspaces import WORKSPACE


def check(workspace: Resource, stack: Stack) -> Found:
    """Any log to any place will do: what is worth its price differs from platform to platform."""
    if not is_logged(workspace, stack):
        yield Violation("", "no diagnostic setting of the stack sends a log of it anywhere; one is needed")


RULE = Rule(
    id="GP-AML-024",
    slug="workspace-diagnostics",
    title="A diagnostic setting keeps the logs of a workspace",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-diagnostics",),
    rationale=(
        "Who ran which job, and who read which model or datastore, is written nowhere else. After an incident it is too late to "
        "begin with it."
    ),
    remediation="Pass `diagnostics=Diagnostics(log_analytics_workspace_id=...)` to `Workspace`.",
    absent="A violation: Azure keeps no resource logs unless a setting says so.",
    unknown="Decided by what the program passes to the setting, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _setting(scope: object, *, enabled: object = True, **sinks: object) -> dict[str, object]:
    properties = {"logs": [{"categoryGroup": "audit", "enabled": enabled}], **sinks}
    return {"type": SETTING, "name": "logs", "scope": scope, "properties": properties}


_SINK = {"workspaceId": UNKNOWN}
_SAYS = "no diagnostic setting of the stack sends a log of it anywhere; one is needed"
GOOD: GoodCases = {
    "a setting on an existing workspace": [{"name": "mlw"}, _setting(Id("mlw"), storageAccountId="/x")],
    "both are new": [{"name": "mlw", "new": True}, _setting(Later("mlw"), **_SINK)],
}
BAD: BadCases = {
    "none": Bad({"name": "mlw"}, says=_SAYS),
    "one of another workspace": Bad(
        [{"name": "mlw"}, {"name": "x", "type": WORKSPACE}, _setting(Later("x"), **_SINK)], says=_SAYS
    ),
    "no log in it": Bad([{"name": "mlw"}, _setting(Id("mlw"), enabled=False, **_SINK)], says=_SAYS),
    "it leads nowhere": Bad([{"name": "mlw"}, _setting(Id("mlw"))], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {"decided later": [{"name": "mlw"}, _setting(Id("mlw"), enabled=UNKNOWN, **_SINK)]}
