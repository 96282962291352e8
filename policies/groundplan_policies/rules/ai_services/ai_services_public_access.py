# SPDX-License-Identifier: Apache-2.0
"""An AI services account lets in private endpoints, or only the addresses that it lists."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import any_of, each_of
from groundplan_policies.subjects.address_prefixes import prefix_length

PUBLIC = "properties.publicNetworkAccess"
ACTION = "properties.networkAcls.defaultAction"


def check(account: Resource) -> Found:
    """Closed, or with a firewall whose list does not hold the whole internet."""
    if any_of(lambda: account.equals(PUBLIC, "Disabled"), lambda: account.equals(ACTION, "Deny")):
        rules = account.items("properties.networkAcls.ipRules")
        yield from each_of(rules, lambda rule: _whole_internet(account, rule))
    else:
        yield account.wrong(ACTION, f"'Deny' is needed unless {PUBLIC} is 'Disabled'")


def _whole_internet(account: Resource, rule: View) -> Found:
    harmless = any_of(lambda: prefix_length(rule.text("value")) != 0, lambda: account.equals(PUBLIC, "Disabled"))
    if not harmless:
        yield rule.wrong("value", "a block that is not the whole internet is needed")


RULE = Rule(
    id="GP-AI-001",
    slug="ai-services-public-access",
    title="An AI services account lets in private endpoints, or only the addresses that it lists",
    severity="high",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-public-access",),
    rationale=(
        "Whoever can reach the account can try tokens on it, use up its quota and ask its models; prompts and answers are often "
        "the most confidential data that a company has."
    ),
    remediation="Leave `public_network_access` of `AiServices` at False, or list who may come in with `allowed_ip_ranges`.",
    absent="A violation: Azure opens an account that does not say otherwise, for all addresses.",
    check=check,
)


def _account(public: object, action: object = None, *addresses: object) -> dict[str, object]:
    rules = [{"value": address} for address in addresses]
    return {"properties": {"publicNetworkAccess": public, "networkAcls": {"defaultAction": action, "ipRules": rules}}}


GOOD: GoodCases = {
    "closed": _account("Disabled", "Allow", "0.0.0.0/0"),
    "nobody is listed": _account("Enabled", "Deny"),
    "nobody is listed, whatever else": _account(UNKNOWN, "Deny"),
    "closed, so the list does not matter": _account("Disabled", UNKNOWN, UNKNOWN),
    "some are listed": _account("Enabled", "Deny", "203.0.113.0/24", "203.0.113.9"),
}
BAD: BadCases = {
    "open to all": Bad(
        _account("Enabled", "Allow"),
        says=(
            "properties.networkAcls.defaultAction is 'Allow'; "
            "'Deny' is needed unless properties.publicNetworkAccess is 'Disabled'"
        ),
    ),
    "nothing said": Bad({"properties": {}}, says="properties.networkAcls.defaultAction is absent"),
    "everybody is listed": Bad(
        _account("Enabled", "Deny", "203.0.113.9", "0.0.0.0/0"),
        says="properties.networkAcls.ipRules[1].value is '0.0.0.0/0'; a block that is not the whole internet is needed",
    ),
    "everybody is listed beside one decided later": Bad(
        _account("Enabled", "Deny", UNKNOWN, "0.0.0.0/0"), says="properties.networkAcls.ipRules[1].value is '0.0.0.0/0'"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _account(UNKNOWN, "Allow"),
    "everybody is listed, and whether it is open is decided later": _account(UNKNOWN, "Deny", "0.0.0.0/0"),
    "firewall decided later": _account("Enabled", UNKNOWN),
    "address decided later": _account("Enabled", "Deny", UNKNOWN),
}
