# SPDX-License-Identifier: Apache-2.0
"""The firewall of a key vault lets in single networks, not large parts of the internet."""

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


def check(vault: Resource, given: Mapping[str, Any]) -> Found:
    """Every range by itself; none where public access is off, since the rules do nothing then."""
    yield from wide_ranges(vault, given["shortestPrefix"])


RULE = Rule(
    id="GP-KV-019",
    slug="vault-address-ranges",
    title="The firewall of a key vault lets in single networks, not large parts of the internet",
    severity="high",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-address-ranges",),
    rationale=(
        "A firewall with 0.0.0.0/0, or with all addresses of a cloud's region, is one in name only: whoever rents a machine there is "
        "inside."
    ),
    remediation=(
        "Name the addresses that your own gateways have in `allowed_addresses` of `KeyVault`, or use `private_endpoint`; lower "
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


def _vault(*ranges: object, access: object = "Enabled") -> dict[str, object]:
    return {
        "properties": {
            "publicNetworkAccess": access,
            "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": each} for each in ranges]},
        }
    }


GOOD: GoodCases = {
    "an address": _vault("203.0.113.7"),
    "just small enough": _vault("203.0.113.0/24"),
    "more was agreed": Good(_vault("203.0.112.0/23"), given={"shortestPrefix": 23}),
    "with bits of a host": Good(_vault("203.0.113.7/28"), given={"shortestPrefix": 28}),
    "what Azure refuses": _vault("everywhere"),
    "rules that do nothing": _vault("0.0.0.0/0", access="Disabled"),
    "no rules": {"properties": {}},
}
BAD: BadCases = {
    "everybody": Bad(
        _vault("203.0.113.7", "0.0.0.0/0"),
        says="properties.networkAcls.ipRules[1].value is '0.0.0.0/0'; a range of /24 or smaller is needed",
    ),
    "just too large": Bad(
        _vault("203.0.112.0/23"),
        says="properties.networkAcls.ipRules[0].value is '203.0.112.0/23'; a range of /24 or smaller is needed",
    ),
    "with bits of a host": Bad(
        _vault("203.0.113.7/16"),
        says="properties.networkAcls.ipRules[0].value is '203.0.113.7/16'; a range of /24 or smaller is needed",
    ),
    "another range is known later": Bad(
        _vault(UNKNOWN, "10.0.0.0/8"),
        says="properties.networkAcls.ipRules[1].value is '10.0.0.0/8'; a range of /24 or smaller is needed",
    ),
    "less was agreed": Bad(
        _vault("203.0.113.0/24"),
        says="properties.networkAcls.ipRules[0].value is '203.0.113.0/24'; a range of /32 or smaller is needed",
        given={"shortestPrefix": 32},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "range known later": _vault(UNKNOWN),
    "access known later": _vault("0.0.0.0/0", access=UNKNOWN),
}
