# SPDX-License-Identifier: Apache-2.0
"""A container registry has a private endpoint."""

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
from groundplan_policies.subjects.container_registry import REGISTRY
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of


def check(registry: Resource, stack: Stack) -> Found:
    """Any endpoint with the group `registry` that names it will do."""
    if not any(endpoints_of(registry, stack, "registry")):
        yield Violation("", "no private endpoint of the stack leads to it; one with the group 'registry' is needed")


RULE = Rule(
    id="GP-ACR-007",
    slug="acr-private-link",
    title="A container registry has a private endpoint",
    severity="high",
    types=(REGISTRY,),
    controls=("acr-private-link",),
    rationale=(
        "A closed registry without an endpoint serves nobody: jobs wait for images until they time out. An open one is reached over "
        "the internet. Where another stack makes the endpoint, exempt the registry."
    ),
    remediation="Pass `private_endpoint` to `ContainerRegistry`.",
    absent="A violation: no endpoint in the stack names the registry.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str = "registry") -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


GOOD: GoodCases = {
    "endpoint of an existing registry": [{"name": "cr"}, _endpoint(Id("cr"))],
    "both are new": [{"name": "cr", "new": True}, _endpoint(Later("cr"))],
}
BAD: BadCases = {
    "none at all": Bad(
        {"name": "cr"},
        says="no private endpoint of the stack leads to it; one with the group 'registry' is needed",
    ),
    "one of another registry": Bad(
        [{"name": "cr"}, {"name": "other", "type": REGISTRY}, _endpoint(Later("other"))],
        says="no private endpoint of the stack leads to it",
    ),
    "another group": Bad([{"name": "cr"}, _endpoint(Id("cr"), "blob")], says="one with the group 'registry' is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "cr"},
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
