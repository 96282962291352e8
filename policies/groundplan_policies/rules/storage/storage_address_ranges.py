# SPDX-License-Identifier: Apache-2.0
"""The firewall of a storage account lets in single networks, not large parts of the internet."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.network_rules import wide_ranges


def check(account: Resource, given: Mapping[str, Any]) -> Found:
    """Every range by itself; none where public access is off, since the rules do nothing then."""
    yield from wide_ranges(account, given["shortestPrefix"])


RULE = Rule(
    id="GP-ST-025",
    slug="storage-address-ranges",
    title="The firewall of a storage account lets in single networks, not large parts of the internet",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-address-ranges",),
    rationale=(
        "Ranges that hold all runners of a build service, or a whole cloud region, let in everybody who rents a machine there. Half of the "
        "internet is one rule, 0.0.0.0/1, and Azure takes it."
    ),
    remediation=(
        "Name the addresses that your own gateways have in `allowed_ip_ranges` of `Storage`, or use `private_endpoint`; lower "
        "`shortestPrefix` in the configuration of the pack where your network is larger."
    ),
    absent="Passes: without address rules nobody comes in by one.",
    parameters=(
        Parameter(
            name="shortestPrefix",
            default=24,
            description="The shortest prefix that a range of addresses may have: 24 allows up to 256 addresses.",
            schema={"type": "integer", "minimum": 1, "maximum": 32},
        ),
    ),
    check=check,
)


def _account(*ranges: object, access: object = "Enabled") -> dict[str, object]:
    rules = [{"value": each, "action": "Allow"} for each in ranges]
    return {"properties": {"publicNetworkAccess": access, "networkAcls": {"ipRules": rules}}}


GOOD: GoodCases = {
    "an address": _account("203.0.113.7"),
    "just small enough": _account("203.0.113.0/24"),
    "more was agreed": Good(_account("203.0.112.0/23"), given={"shortestPrefix": 23}),
    "rules that do nothing": _account("0.0.0.0/1", access="Disabled"),
}
BAD: BadCases = {
    "half of the internet": Bad(
        _account("203.0.113.7", "0.0.0.0/1"),
        says="properties.networkAcls.ipRules[1].value is '0.0.0.0/1'; a range of /24 or smaller is needed",
    ),
    "just too large": Bad(
        _account("203.0.112.0/23"),
        says="properties.networkAcls.ipRules[0].value is '203.0.112.0/23'; a range of /24 or smaller is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "range known later": _account(UNKNOWN),
    "access known later": _account("0.0.0.0/1", access=UNKNOWN),
}
