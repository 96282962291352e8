# SPDX-License-Identifier: Apache-2.0
"""A service that is closed to the internet can be reached through a private endpoint.

Workspaces, registries, vaults, storage accounts, AI services and private link scopes have rules of their own for this. An Azure
Monitor workspace can be reached through a private link scope as well, so it is not asked.
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
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of


def check(service: Resource, stack: Stack) -> Found:
    """Any endpoint that names it will do."""
    reachable = any_of(
        lambda: any(endpoints_of(service, stack)),
        lambda: not service.equals("properties.publicNetworkAccess", "Disabled"),
    )
    if not reachable:
        yield Violation(
            "", "it is closed to the internet and no private endpoint of the stack leads to it; one is needed"
        )


RULE = Rule(
    id="GP-NET-011",
    slug="closed-service-endpoint",
    title="A service that is closed to the internet can be reached through a private endpoint",
    severity="medium",
    types=(
        "Microsoft.Search/searchServices",
        "Microsoft.DocumentDB/databaseAccounts",
        "Microsoft.EventHub/namespaces",
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.EventGrid/namespaces",
        "Microsoft.Databricks/workspaces",
        "Microsoft.DataFactory/factories",
        "Microsoft.Synapse/workspaces",
        "Microsoft.Purview/accounts",
        "Microsoft.Devices/IotHubs",
        "Microsoft.Devices/provisioningServices",
        "Microsoft.Dashboard/grafana",
        "Microsoft.Cache/redis",
        "Microsoft.Web/sites",
    ),
    controls=("net-closed-reachable",),
    rationale="Nobody reaches such a service. What follows is usually that somebody opens it, for one day that does not end.",
    remediation="Pass `private_endpoint` to the component.",
    absent="Passes where public access is not given: the service is open then, which other rules are about.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _service(public: object, **more: object) -> dict[str, object]:
    return {"name": "srch", "properties": {"publicNetworkAccess": public}, **more}


def _endpoint(target: object) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": ["searchService"]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


GOOD: GoodCases = {
    "endpoint of an existing service": [_service("disabled"), _endpoint(Id("srch"))],
    "both are new": [_service(UNKNOWN, new=True), _endpoint(Later("srch"))],
    "open": _service("Enabled"),
    "not said": _service(None),
}
_SAYS = "it is closed to the internet and no private endpoint of the stack leads to it; one is needed"
BAD: BadCases = {
    "none at all": Bad(_service("Disabled"), says=_SAYS),
    "of another service": Bad(
        [
            _service("Disabled", new=True),
            {"type": "Microsoft.Search/searchServices", "name": "other"},
            _endpoint(Later("other")),
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _service(UNKNOWN),
    "endpoints made later": [
        _service("Disabled"),
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ],
}
