# SPDX-License-Identifier: Apache-2.0
"""An AI services account has a private endpoint."""

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


def check(account: Resource, stack: Stack) -> Found:
    """Any endpoint with the group `account` that names it will do."""
    if not any(endpoints_of(account, stack, "account")):
        yield Violation("", "no private endpoint of the stack leads to it; one with the group 'account' is needed")


RULE = Rule(
    id="GP-AI-003",
    slug="ai-services-private-endpoint",
    title="An AI services account has a private endpoint",
    severity="high",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-private-link",),
    rationale="Without one the platform's own calls, prompts included, leave its network and need the account to be open.",
    remediation="Pass `private_endpoint` to `AiServices`.",
    absent="A violation: no endpoint of the stack names the account.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str = "account") -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


GOOD: GoodCases = {
    "endpoint of an existing account": [{"name": "ais"}, _endpoint(Id("ais"))],
    "both are new": [{"name": "ais", "new": True}, _endpoint(Later("ais"))],
}
_SAYS = "no private endpoint of the stack leads to it; one with the group 'account' is needed"
BAD: BadCases = {
    "none at all": Bad({"name": "ais"}, says=_SAYS),
    "of another group": Bad([{"name": "ais"}, _endpoint(Id("ais"), "portal")], says=_SAYS),
    "of another account": Bad(
        [
            {"name": "ais", "new": True},
            {"type": "Microsoft.CognitiveServices/accounts", "name": "other"},
            _endpoint(Later("other")),
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "ais"},
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
