# SPDX-License-Identifier: Apache-2.0
"""A key vault has a private endpoint."""

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

VAULT = "Microsoft.KeyVault/vaults"


def check(vault: Resource, stack: Stack) -> Found:
    """Any endpoint with the group `vault` that names it will do."""
    if not any(endpoints_of(vault, stack, "vault")):
        yield Violation("", "no private endpoint of the stack leads to it; one with the group 'vault' is needed")


RULE = Rule(
    id="GP-KV-007",
    slug="vault-private-endpoint",
    title="A key vault has a private endpoint",
    severity="high",
    types=(VAULT,),
    controls=("kv-private-link",),
    rationale="Without one a closed vault is out of the platform's own reach, and an open one is reached over the internet.",
    remediation="Pass `private_endpoint` to `KeyVault`.",
    absent="A violation: no endpoint in the stack names the vault.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str = "vault") -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


_NONE = "no private endpoint of the stack leads to it; one with the group 'vault' is needed"

GOOD: GoodCases = {
    "endpoint of an existing vault": [{"name": "kv"}, _endpoint(Id("kv"))],
    "both are new": [{"name": "kv", "new": True}, _endpoint(Later("kv"))],
}
BAD: BadCases = {
    "none at all": Bad({"name": "kv"}, says=_NONE),
    "one of another vault": Bad([{"name": "kv"}, {"name": "other", "type": VAULT}, _endpoint(Id("other"))], says=_NONE),
    "one of another new vault": Bad(
        [{"name": "kv", "new": True}, {"name": "other", "type": VAULT, "new": True}, _endpoint(Later("other"))],
        says=_NONE,
    ),
    "one of another group": Bad([{"name": "kv"}, _endpoint(Id("kv"), "managedhsm")], says=_NONE),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "kv"},
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
