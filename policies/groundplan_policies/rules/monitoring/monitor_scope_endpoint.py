# SPDX-License-Identifier: Apache-2.0
"""A private link scope has the private endpoint that leads to it.

Whether the endpoint is registered in all five zones is asked by `private-endpoint-zones`. An endpoint to a scope that holds nothing
would cut its network off from Azure Monitor, so an empty one is left alone.
"""

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
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of

CONTENT = "Microsoft.Insights/privateLinkScopes/scopedResources"


def check(scope: Resource, stack: Stack) -> Found:
    """Any endpoint with the group `azuremonitor` that names the scope will do."""
    if stack.children(scope, CONTENT) and not any(endpoints_of(scope, stack, "azuremonitor")):
        yield Violation("", "no private endpoint of the stack leads to it; one with the group 'azuremonitor' is needed")


RULE = Rule(
    id="GP-MON-011",
    slug="monitor-scope-endpoint",
    title="A private link scope has the private endpoint that leads to it",
    severity="medium",
    types=("Microsoft.Insights/privateLinkScopes",),
    controls=("ampls-private-link",),
    rationale=(
        "A scope without an endpoint joins nothing: the network goes on sending logs over the internet, or, where that is "
        "closed, sends none."
    ),
    remediation="Pass `private_endpoint` to `MonitorPrivateLinkScope`, with the zones monitor, oms, ods, agentsvc and blob.",
    absent="A violation: no endpoint of the stack names the scope. Scopes that the stack puts nothing into are not looked at.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str = "azuremonitor") -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


_LOGS = {"type": CONTENT, "name": "ampls/logs"}
GOOD: GoodCases = {
    "endpoint of an existing scope": [{"name": "ampls"}, _LOGS, _endpoint(Id("ampls"))],
    "both are new": [
        {"name": "ampls", "new": True},
        {"type": CONTENT, "name": "logs", "parent": Later("ampls")},
        _endpoint(Later("ampls")),
    ],
    "nothing in it": {"name": "ampls"},
    "nothing in it but in another": [
        {"name": "ampls"},
        {"type": "Microsoft.Insights/privateLinkScopes", "name": "other"},
        {**_LOGS, "name": "other/logs"},
        _endpoint(Id("other")),
    ],
}
_SAYS = "no private endpoint of the stack leads to it; one with the group 'azuremonitor' is needed"
BAD: BadCases = {
    "none at all": Bad([{"name": "ampls"}, _LOGS], says=_SAYS),
    "none at all, and all are new": Bad(
        [{"name": "ampls", "new": True}, {"type": CONTENT, "name": "logs", "parent": Later("ampls")}], says=_SAYS
    ),
    "of another group": Bad([{"name": "ampls"}, _LOGS, _endpoint(Id("ampls"), "blob")], says=_SAYS),
    "of another scope": Bad(
        [
            {"name": "ampls"},
            _LOGS,
            {"type": "Microsoft.Insights/privateLinkScopes", "name": "other"},
            _endpoint(Later("other")),
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "ampls"},
        _LOGS,
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
