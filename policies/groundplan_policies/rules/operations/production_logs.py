# SPDX-License-Identifier: Apache-2.0
"""What runs in production sends its logs somewhere.

For types that have no rule of their own about logs; which types have logs at all is in `groundplan.diagnostics.SENDS`.
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
    Id,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged
from groundplan_policies.subjects.environments import PARAMETERS, is_production


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Any log will do, to any destination."""
    if found.is_a(*given["types"]) and all_of(
        lambda: not is_logged(found, stack),
        lambda: is_production(found, stack, given),
    ):
        yield Violation(
            "", "no diagnostic setting of the stack sends logs of it; one with the category group 'allLogs' is needed"
        )


RULE = Rule(
    id="GP-OPS-006",
    slug="production-logs",
    title="What runs in production sends its logs somewhere",
    severity="medium",
    types=("*",),
    controls=("ops-production-logs",),
    rationale="Azure keeps no logs of a service by itself. After an incident in production there is nothing to look at.",
    remediation="Pass `diagnostics` to the component, such as `Monitoring.diagnostics`.",
    absent="A violation for what is tagged as production: no setting of the stack sends logs of it. All else passes.",
    unknown="Undecided where the only settings that may do it are not known yet.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="types",
            default=[
                "Microsoft.ContainerInstance/containerGroups",
                "Microsoft.EventGrid/systemTopics",
                "Microsoft.Insights/autoscalesettings",
                "Microsoft.MachineLearningServices/registries",
                "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
                "Microsoft.Web/sites",
            ],
            description="ARM types that have logs.",
            schema={"type": "array", "items": {"type": "string", "pattern": "^[^/]+(/[^/]+)+$"}},
        ),
        *PARAMETERS,
    ),
    check=check,
)

_TYPES = (
    "Microsoft.ContainerInstance/containerGroups",
    "Microsoft.EventGrid/systemTopics",
    "Microsoft.Insights/autoscalesettings",
    "Microsoft.MachineLearningServices/registries",
    "Microsoft.Web/sites",
)
_ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"


def _endpoint(environment: object = "prod", **more: object) -> dict[str, object]:
    return {"type": _ENDPOINT, "name": "mlw/scoring", "tags": {"environment": environment}, **more}


def _setting(scope: object, logs: object = None) -> dict[str, object]:
    sent = [{"categoryGroup": "allLogs", "enabled": True}] if logs is None else logs
    return {"type": SETTING, "name": "d", "scope": scope, "properties": {"workspaceId": UNKNOWN, "logs": sent}}


_SAYS = "no diagnostic setting of the stack sends logs of it; one with the category group 'allLogs' is needed"
GOOD: GoodCases = {
    "logged": [_endpoint(), _setting(Id("mlw/scoring"))],
    "new and logged": [_endpoint(new=True), _setting(Later("mlw/scoring"))],
    "logged, environment decided later": [_endpoint(UNKNOWN), _setting(Id("mlw/scoring"))],
    "test": _endpoint("test"),
    "test, logs decided later": [_endpoint("test"), _setting(Id("mlw/scoring"), UNKNOWN)],
    "no environment": _endpoint(None),
    "of a type without logs": {"type": "Microsoft.Insights/workbooks", "tags": {"environment": "prod"}},
    "types in a company's words": Good(_endpoint(), given={"types": ["Microsoft.Web/sites"]}),
    "production in other words": Good(_endpoint(), given={"production": ["live"]}),
}
BAD: BadCases = {
    "endpoint": Bad(_endpoint(), says=_SAYS),
    "metrics only": Bad([_endpoint(), _setting(Id("mlw/scoring"), [])], says=_SAYS),
    **{each: Bad({"type": each, "tags": {"environment": "prod"}}, says=_SAYS) for each in _TYPES},
}
UNKNOWN_CASES: UnknownCases = {
    "logs decided later": [_endpoint(), _setting(Id("mlw/scoring"), UNKNOWN)],
    "environment decided later": _endpoint(UNKNOWN),
}
