# SPDX-License-Identifier: Apache-2.0
"""The logs of a registry are kept outside of it."""

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
from groundplan_policies.subjects.ml_registries import REGISTRY


def check(registry: Resource, stack: Stack) -> Found:
    """Any log to any place will do."""
    if not is_logged(registry, stack):
        yield Violation("", "no diagnostic setting of the stack sends a log of it anywhere; one is needed")


RULE = Rule(
    id="GP-MLR-008",
    slug="ml-registry-diagnostics",
    title="A diagnostic setting keeps the logs of a registry of machine learning assets",
    severity="medium",
    types=(REGISTRY,),
    controls=("aml-registry-diagnostics",),
    rationale="Who put which model or environment into the registry, and who took it, is what an investigation asks first.",
    remediation="Pass `diagnostics=Diagnostics(log_analytics_workspace_id=...)` to `MachineLearningRegistry`.",
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
    "a setting on an existing registry": [{"name": "mlr"}, _setting(Id("mlr"), storageAccountId="/x")],
    "both are new": [{"name": "mlr", "new": True}, _setting(Later("mlr"), **_SINK)],
}
BAD: BadCases = {
    "none": Bad({"name": "mlr"}, says=_SAYS),
    "one of another registry": Bad(
        [{"name": "mlr"}, {"name": "x", "type": REGISTRY}, _setting(Later("x"), **_SINK)], says=_SAYS
    ),
    "no log in it": Bad([{"name": "mlr"}, _setting(Id("mlr"), enabled=False, **_SINK)], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {"decided later": [{"name": "mlr"}, _setting(Id("mlr"), enabled=UNKNOWN, **_SINK)]}
