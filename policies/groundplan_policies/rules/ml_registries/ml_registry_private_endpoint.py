# SPDX-License-Identifier: Apache-2.0
"""A registry has a private endpoint."""

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
from groundplan_policies.subjects.ml_registries import REGISTRY
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of

STATUS = "properties.registryPrivateLinkServiceConnectionState.status"


def check(registry: Resource, stack: Stack) -> Found:
    """An approved connection that Azure shows will do, and so will any endpoint with the group `amlregistry` that names it."""
    if any(each.equals(STATUS, "Approved") for each in registry.items("properties.registryPrivateEndpointConnections")):
        return
    if not any(endpoints_of(registry, stack, "amlregistry")):
        yield Violation("", "no private endpoint of the stack leads to it; one with the group 'amlregistry' is needed")


RULE = Rule(
    id="GP-MLR-002",
    slug="ml-registry-private-endpoint",
    title="A registry of machine learning assets has a private endpoint",
    severity="medium",
    types=(REGISTRY,),
    controls=("aml-registry-private-link",),
    rationale="A closed registry without an endpoint can not be used by anybody, an open one is reached over the internet.",
    remediation="Pass `private_endpoint` to `MachineLearningRegistry`.",
    absent="A violation: no endpoint in the stack names the registry, and Azure shows no approved one.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str = "amlregistry") -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


def _shown(status: str) -> dict[str, object]:
    state = {"properties": {"registryPrivateLinkServiceConnectionState": {"status": status}}}
    return {"properties": {"registryPrivateEndpointConnections": [state]}}


_SAYS = "no private endpoint of the stack leads to it; one with the group 'amlregistry' is needed"
GOOD: GoodCases = {
    "endpoint of an existing registry": [{"name": "mlr"}, _endpoint(Id("mlr"))],
    "both are new": [{"name": "mlr", "new": True}, _endpoint(Later("mlr"))],
    "Azure shows an approved one": _shown("Approved"),
}
BAD: BadCases = {
    "none at all": Bad({"name": "mlr"}, says=_SAYS),
    "one of another registry": Bad(
        [{"name": "mlr"}, {"name": "other", "type": REGISTRY}, _endpoint(Later("other"))], says=_SAYS
    ),
    "one of what Azure made for it": Bad([{"name": "mlr", "new": True}, _endpoint(Later("mlr"), "blob")], says=_SAYS),
    "Azure shows one that waits": Bad(_shown("Pending"), says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "mlr"},
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
