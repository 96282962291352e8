# SPDX-License-Identifier: Apache-2.0
"""The logs of a production endpoint go somewhere."""

from collections.abc import Mapping
from typing import Any

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
from groundplan_policies.subjects.endpoints import ONLINE_ENDPOINT
from groundplan_policies.subjects.environments import PARAMETERS, is_production


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Any category will do: traffic, events or output."""
    if is_production(endpoint, stack, given) and not is_logged(endpoint, stack):
        yield Violation("", "no diagnostic setting of the stack sends any of its logs anywhere; one is needed")


RULE = Rule(
    id="GP-SRV-013",
    slug="endpoint-logs",
    title="The logs of a production endpoint go somewhere",
    severity="medium",
    types=(ONLINE_ENDPOINT,),
    controls=("srv-logs",),
    rationale="Who asked a model what, and which release broke it, is only in these logs, and Azure keeps none by itself.",
    remediation="Pass `diagnostics` to the endpoint.",
    absent="A violation where a tag says production. Passes elsewhere.",
    unknown="Decided by what the program passes to the setting, where the endpoint's id is not known yet.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _endpoint(environment: object = "prod", **more: object) -> dict[str, object]:
    return {"name": "mlw/scoring", "tags": {"environment": environment}, **more}


def _setting(scope: object, enabled: object = True) -> dict[str, object]:
    logs = [{"category": "AmlOnlineEndpointTrafficLog", "enabled": enabled}]
    return {
        "type": SETTING,
        "name": "logs",
        "scope": scope,
        "properties": {"workspaceId": UNKNOWN, "logs": logs},
    }


_SAYS = "no diagnostic setting of the stack sends any of its logs anywhere; one is needed"

GOOD: GoodCases = {
    "of an existing endpoint": [_endpoint(), _setting(Id("mlw/scoring"))],
    "both are new": [_endpoint(new=True), _setting(Later("mlw/scoring"))],
    "not in production": _endpoint("dev"),
}
BAD: BadCases = {
    "none": Bad(_endpoint(), says=_SAYS),
    "switched off": Bad([_endpoint(), _setting(Id("mlw/scoring"), enabled=False)], says=_SAYS),
    "of another one": Bad(
        [_endpoint(), {"type": ONLINE_ENDPOINT, "name": "mlw/other"}, _setting(Later("mlw/other"))], says=_SAYS
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "which logs": [_endpoint(), _setting(Id("mlw/scoring"), enabled=UNKNOWN)],
    "where": _endpoint(UNKNOWN),
}
