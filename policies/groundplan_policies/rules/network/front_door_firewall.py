# SPDX-License-Identifier: Apache-2.0
"""A Front Door has a web application firewall."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)

POLICY = "Microsoft.Cdn/profiles/securityPolicies"


def check(profile: Resource, stack: Stack) -> Found:
    """A security policy puts the firewall in front of host names; profiles for content alone have none."""
    if not profile.equals("sku.name", "Standard_AzureFrontDoor", "Premium_AzureFrontDoor"):
        return
    if not stack.children(profile, POLICY):
        yield Violation("", "no security policy of the stack belongs to it; one that names a firewall policy is needed")


RULE = Rule(
    id="GP-NET-021",
    slug="front-door-firewall",
    title="A Front Door has a web application firewall",
    severity="high",
    types=("Microsoft.Cdn/profiles",),
    controls=("net-afd-waf",),
    rationale="Front Door takes requests from the whole internet. Without the firewall it brings every attack to the origin's door.",
    remediation="Add a `securityPolicies` resource for its host names; `FrontDoor` always does.",
    absent="A violation: no security policy of the stack belongs to the profile.",
    needs_stack=True,
    check=check,
)


def _profile(sku: object, **more: object) -> dict[str, object]:
    return {"name": "afd", "sku": {"name": sku}, **more}


_POLICY = {"type": "Microsoft.Cdn/profiles/securityPolicies", "name": "afd/firewall"}
GOOD: GoodCases = {
    "a policy": [_profile("Premium_AzureFrontDoor"), _POLICY],
    "both are new": [_profile("Standard_AzureFrontDoor", new=True), {**_POLICY, "parent": Later("afd")}],
    "content alone": _profile("Standard_Microsoft"),
}
_SAYS = "no security policy of the stack belongs to it; one that names a firewall policy is needed"
BAD: BadCases = {
    "premium": Bad(_profile("Premium_AzureFrontDoor"), says=_SAYS),
    "standard": Bad(_profile("Standard_AzureFrontDoor"), says=_SAYS),
    "of another profile": Bad(
        [
            _profile("Premium_AzureFrontDoor"),
            {"type": "Microsoft.Cdn/profiles", "name": "other"},
            {**_POLICY, "name": "other/firewall"},
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _profile(UNKNOWN)}
