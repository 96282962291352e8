# SPDX-License-Identifier: Apache-2.0
"""A storage account with a firewall lets in the Azure services that need it."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.network_rules import PUBLIC, has_firewall

BYPASS = "properties.networkAcls.bypass"


def check(account: Resource) -> Found:
    """All trusted services, or the resources that rules name. Only where there is a firewall to pass."""
    if not any_of(
        lambda: not account.has(BYPASS) or "azureservices" in account.text(BYPASS).casefold(),
        lambda: account.has("properties.networkAcls.resourceAccessRules"),
        lambda: account.equals(PUBLIC, "SecuredByPerimeter"),
        lambda: not has_firewall(account),
    ):
        yield account.wrong(BYPASS, "'AzureServices', or a rule in resourceAccessRules, is needed")


RULE = Rule(
    id="GP-ST-003",
    slug="storage-trusted-services",
    title="A storage account with a firewall lets in the Azure services that need it",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-trusted-services",),
    rationale=(
        "A workspace validates and profiles data, and Azure Monitor archives logs, as trusted services with an identity that needs a role. "
        "Rules that name single resources are the narrower way. An account that no service uses wants an exemption."
    ),
    remediation="Leave `trusted_services` of `Storage` at True, or name the resources in `allowed_resource_ids`.",
    absent="Passes: Azure lets its trusted services in unless told not to.",
    check=check,
)

GOOD: GoodCases = {
    "let in": {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"}}},
    "among others": {
        "properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "Logging, Metrics, AzureServices"}}
    },
    "not said": {"properties": {"publicNetworkAccess": "Disabled"}},
    "named": {
        "properties": {
            "publicNetworkAccess": "Disabled",
            "networkAcls": {"bypass": "None", "resourceAccessRules": [{"resourceId": "/w", "tenantId": "0"}]},
        }
    },
    "nothing to pass": {"properties": {"networkAcls": {"defaultAction": "Allow", "bypass": "None"}}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter", "networkAcls": {"bypass": "None"}}},
}
BAD: BadCases = {
    "kept out by the firewall": Bad(
        {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "Logging, Metrics"}}},
        says="properties.networkAcls.bypass is 'Logging, Metrics'; 'AzureServices', or a rule in resourceAccessRules, is needed",
    ),
    "kept out of a closed account": Bad(
        {
            "properties": {
                "publicNetworkAccess": "Disabled",
                "networkAcls": {"bypass": "None", "resourceAccessRules": []},
            }
        },
        says="properties.networkAcls.bypass is 'None'; 'AzureServices', or a rule in resourceAccessRules, is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "bypass known later": {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": UNKNOWN}}},
    "rules known later": {
        "properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "None", "resourceAccessRules": UNKNOWN}}
    },
}
