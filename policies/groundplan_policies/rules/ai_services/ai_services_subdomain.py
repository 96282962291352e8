# SPDX-License-Identifier: Apache-2.0
"""An AI services account has a host name of its own."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SUBDOMAIN = "properties.customSubDomainName"


def check(account: Resource) -> Found:
    """The shared host names of a region know neither tokens of Microsoft Entra ID nor private endpoints."""
    if not account.has(SUBDOMAIN):
        yield account.wrong(SUBDOMAIN, "a name is needed")


RULE = Rule(
    id="GP-AI-012",
    slug="ai-services-subdomain",
    title="An AI services account has a host name of its own",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-subdomain",),
    rationale="Without one nobody can call the account with an identity, and no private endpoint can lead to it: only keys are left.",
    remediation="Set `customSubDomainName`, which can be done once; `AiServices` takes the account's name.",
    absent="A violation: the account answers under the host name of its region.",
    check=check,
)

GOOD: GoodCases = {"named": {"properties": {"customSubDomainName": "ais-vision-dev"}}}
BAD: BadCases = {
    "not named": Bad({"properties": {}}, says="properties.customSubDomainName is absent; a name is needed"),
    "empty": Bad({"properties": {"customSubDomainName": ""}}, says="properties.customSubDomainName is ''"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"customSubDomainName": UNKNOWN}}}
