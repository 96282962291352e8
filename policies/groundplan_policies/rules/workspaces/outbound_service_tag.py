# SPDX-License-Identifier: Apache-2.0
"""No outbound rule opens a tag or a block of addresses that stands for half of the internet."""

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
    View,
)
from groundplan_policies.subjects.address_prefixes import prefix_length
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules

TAG, PREFIXES = "destination.serviceTag", "destination.addressPrefixes"


def check(resource: Resource, given: Mapping[str, Any]) -> Found:
    """Blocks of addresses count in place of the tag where there are any; a rule that closes may be as wide as it likes."""
    wide = {tag.casefold() for tag in given["tags"]}

    def of_rule(rule: View) -> Found:
        if rule.equals("destination.action", "Deny"):
            return
        prefixes = rule.items(PREFIXES)
        if not prefixes and rule.text(TAG).split(".")[0].casefold() in wide:
            yield rule.wrong(TAG, "the tag of one service is needed")
        for prefix in prefixes:
            length = prefix_length(prefix.text())
            if length is not None and length < given["shortestPrefix"]:
                yield prefix.wrong("", f"a block of /{given['shortestPrefix']} or smaller is needed")

    yield from check_rules(resource, "ServiceTag", of_rule)


RULE = Rule(
    id="GP-AML-012",
    slug="outbound-service-tag",
    title="An outbound rule for addresses opens one service, not a cloud or the internet",
    severity="high",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-service-tag",),
    rationale=(
        "`Internet` and `AzureCloud` approve every machine that a stranger may rent, `Storage` every account that a stranger may "
        "have: a network for approved traffic is none with one of them in it."
    ),
    remediation="Name a narrower tag in `ServiceTagRule(tag=...)`, or a `PrivateEndpointRule` for the one account that is meant.",
    absent="Passes: a rule without a tag, a workspace without outbound rules, rules of other types.",
    parameters=(
        Parameter(
            name="tags",
            default=["AzureCloud", "Internet", "Storage"],
            description="Service tags that are too wide, also with a region behind them.",
            schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ),
        Parameter(
            name="shortestPrefix",
            default=8,
            description="The widest block of addresses that may be opened, as the number behind its slash.",
            schema={"type": "integer", "minimum": 1, "maximum": 128},
        ),
    ),
    check=check,
)


def _rule(tag: object, *prefixes: object, action: object = "Allow") -> dict[str, object]:
    destination = {"serviceTag": tag, "action": action, "addressPrefixes": list(prefixes)}
    return {"properties": {"type": "ServiceTag", "destination": destination}}


_TAG, _BLOCK = "the tag of one service is needed", "a block of /8 or smaller is needed"
GOOD: GoodCases = {
    "one service": _rule("DataFactory"),
    "a tag that only begins alike": _rule("StorageSyncService"),
    "closed": _rule("Internet", action="deny"),
    "addresses in place of the tag": _rule("Internet", "10.0.0.0/8", "192.0.2.1"),
    "no addresses at all": _rule("DataFactory", "anything"),
    "a block that was agreed": Good(_rule("Internet", "10.0.0.0/7"), given={"shortestPrefix": 7}),
    "a tag that was agreed": Good(_rule("Storage"), given={"tags": ["Internet"]}),
    "a host": {"properties": {"type": "FQDN", "destination": "example.com"}},
}
BAD: BadCases = {
    "the internet": Bad(_rule("internet"), says=f"properties.destination.serviceTag is 'internet'; {_TAG}"),
    "all of Azure in a region": Bad(
        _rule("AzureCloud.WestEurope", action=None), says=f"serviceTag is 'AzureCloud.WestEurope'; {_TAG}"
    ),
    "any storage account": Bad(_rule("Storage"), says=f"serviceTag is 'Storage'; {_TAG}"),
    "a wide block": Bad(
        _rule("DataFactory", "192.0.2.0/24", "16.0.0.1/7"),
        says=f"properties.destination.addressPrefixes[1] is '16.0.0.1/7'; {_BLOCK}",
    ),
    "every address": Bad(
        _rule("DataFactory", "*"),
        says="addressPrefixes[0] is '*'; a block of /1 or smaller is needed",
        given={"shortestPrefix": 1},
    ),
    "every address of the newer kind": Bad(
        _rule("DataFactory", " ::/0"), says=f"addressPrefixes[0] is ' ::/0'; {_BLOCK}"
    ),
    "a tag of the platform's own list": Bad(_rule("Sql"), says=f"serviceTag is 'Sql'; {_TAG}", given={"tags": ["SQL"]}),
    "in a workspace": Bad(
        {
            "type": WORKSPACE,
            "properties": {"managedNetwork": {"outboundRules": {"r": _rule("Internet")["properties"]}}},
        },
        says=f"properties.managedNetwork.outboundRules.r.destination.serviceTag is 'Internet'; {_TAG}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the tag is decided later": _rule(UNKNOWN),
    "a block is decided later": _rule("DataFactory", UNKNOWN),
    "whether it opens is decided later": _rule("Internet", action=UNKNOWN),
}
