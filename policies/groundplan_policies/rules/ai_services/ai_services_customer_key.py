# SPDX-License-Identifier: Apache-2.0
"""An AI services account encrypts what it stores with the customer's own key."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SOURCE = "properties.encryption.keySource"


def check(account: Resource) -> Found:
    """The key's name and address are Azure's to check."""
    if not account.equals(SOURCE, "Microsoft.KeyVault"):
        yield account.wrong(SOURCE, "'Microsoft.KeyVault' is needed")


RULE = Rule(
    id="GP-AI-005",
    slug="ai-services-customer-key",
    title="An AI services account encrypts what it stores with the customer's own key",
    severity="low",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-cmk",),
    rationale="Who holds the key can make fine-tuned models, uploaded files and stored prompts unreadable, whoever runs the disks.",
    remediation="Pass `customer_key` to `AiServices`; the vault needs purge protection.",
    absent="A violation: Azure takes Microsoft's key unless given another.",
    check=check,
)

GOOD: GoodCases = {"own key": {"properties": {"encryption": {"keySource": "Microsoft.KeyVault"}}}}
BAD: BadCases = {
    "Microsoft's key": Bad(
        {"properties": {"encryption": {"keySource": "Microsoft.CognitiveServices"}}},
        says="properties.encryption.keySource is 'Microsoft.CognitiveServices'; 'Microsoft.KeyVault' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.encryption.keySource is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"encryption": UNKNOWN}}}
