# SPDX-License-Identifier: Apache-2.0
"""Nothing is paid for that nothing uses."""

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
from groundplan_policies.subjects.mentions import is_mentioned

USERS = ("properties.ipConfiguration", "properties.natGateway", "properties.subnets", "properties.numberOfSites")
FREE = ("F1", "D1", "Y1", "FC1")


def check(found: Resource, stack: Stack) -> Found:
    """Used by something of the stack, or by what Azure says of a resource that exists. Plans that bill by use cost nothing idle."""
    free = found.is_a("Microsoft.Web/serverfarms") and found.equals("sku.name", *FREE)
    if not free and not is_mentioned(found, stack) and not any(_used(found, path) for path in USERS):
        yield Violation("", "nothing of the stack uses it, and it is paid for by the hour; use it or take it out")


def _used(found: Resource, path: str) -> bool:
    return found.has(path) and found.get(path) != 0


RULE = Rule(
    id="GP-COST-027",
    slug="idle-resources",
    title="Nothing is paid for that nothing uses",
    severity="low",
    types=("Microsoft.Network/publicIPAddresses", "Microsoft.Network/natGateways", "Microsoft.Web/serverfarms"),
    controls=("cost-idle-resources",),
    rationale=(
        "Public addresses, NAT gateways and plans of App Service cost by the hour, used or not; what was left behind by a change costs "
        "until somebody wonders."
    ),
    remediation="Take it out of the program. Where another stack uses it, exempt it by name.",
    absent="A violation: no other resource of the stack names it.",
    unknown="Decided by what the program passes, where ids are not known yet.",
    needs_stack=True,
    check=check,
)

_PLAN = {"type": "Microsoft.Web/serverfarms", "name": "asp", "sku": {"name": "P1v3"}}
_ADDRESS = {"name": "pip"}
_LOCK = {
    "type": "Microsoft.Authorization/locks",
    "name": "lock",
    "scope": Id("pip"),
    "properties": {"level": "CanNotDelete"},
}
_SAYS = "nothing of the stack uses it, and it is paid for by the hour; use it or take it out"


def _gateway(address: object) -> dict[str, object]:
    return {
        "type": "Microsoft.Network/natGateways",
        "name": "ng",
        "properties": {"publicIpAddresses": [{"id": address}]},
    }


GOOD: GoodCases = {
    "address of a gateway": [_ADDRESS, _gateway(Id("pip"))],
    "new address of a new gateway": [{**_ADDRESS, "new": True}, _gateway(Later("pip"))],
    "gateway of a subnet": [
        {"type": "Microsoft.Network/natGateways", "name": "ng"},
        {
            "type": "Microsoft.Network/virtualNetworks",
            "name": "vnet",
            "properties": {"subnets": [{"properties": {"natGateway": {"id": Id("ng")}}}]},
        },
    ],
    "plan of a site": [
        _PLAN,
        {"type": "Microsoft.Web/sites", "name": "app", "properties": {"serverFarmId": Id("asp")}},
    ],
    "address in use": {"properties": {"ipConfiguration": {"id": "/subscriptions/s/x"}}},
    "address of a gateway elsewhere": {"properties": {"natGateway": {"id": "/subscriptions/s/x"}}},
    "gateway in use": {
        "type": "Microsoft.Network/natGateways",
        "properties": {"subnets": [{"id": "/subscriptions/s/x"}]},
    },
    "plan in use": {**_PLAN, "properties": {"numberOfSites": 1}},
    **{f"plan {name}, which bills by use": {**_PLAN, "sku": {"name": name}} for name in ("F1", "D1", "Y1", "FC1")},
}
BAD: BadCases = {
    "address": Bad([_ADDRESS, _LOCK], says=_SAYS),
    "address beside a gateway of another": Bad([_ADDRESS, _gateway("/subscriptions/s/x")], says=_SAYS),
    "gateway": Bad(_gateway("/subscriptions/s/x"), says=_SAYS),
    "plan": Bad({**_PLAN, "properties": {"numberOfSites": 0}}, says=_SAYS),
    "address that is called like a free plan": Bad({**_ADDRESS, "sku": {"name": "F1"}}, says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "plan of a kind decided later": {**_PLAN, "sku": {"name": UNKNOWN}},
    "address whose use is not known": {"properties": {"ipConfiguration": UNKNOWN}},
}
