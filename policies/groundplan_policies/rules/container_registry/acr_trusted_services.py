# SPDX-License-Identifier: Apache-2.0
"""Azure's own services pass the firewall of a container registry.

Some teams switch the bypass off. This rule does not: those services still have to sign in with an identity that has a role on the
registry, and without the bypass image builds of workspaces and scans by Defender stop.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_closed

BYPASS = "properties.networkRuleBypassOptions"


def check(registry: Resource) -> Found:
    """A registry that lets everybody in has nothing to pass."""
    if not registry.has(BYPASS) or registry.equals(BYPASS, "AzureServices"):
        return
    if is_closed(registry) or registry.equals("properties.networkRuleSet.defaultAction", "Deny"):
        yield registry.wrong(BYPASS, "'AzureServices' is needed while the registry has a firewall")


RULE = Rule(
    id="GP-ACR-005",
    slug="acr-trusted-services",
    title="Azure's own services pass the firewall of a container registry",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-trusted-services",),
    rationale=(
        "A workspace builds its environments through the registry's tasks, and Defender scans images: both come from Azure's own "
        "addresses, with an identity. Shut out, builds fail at the first job and scans stop without a word."
    ),
    remediation="Leave `trusted_services` of `ContainerRegistry` at True.",
    absent="Passes: Azure lets its services pass unless told otherwise.",
    check=check,
)


def _closed(bypass: object, **more: object) -> dict[str, object]:
    return {"properties": {"publicNetworkAccess": "Disabled", "networkRuleBypassOptions": bypass, **more}}


_DENIES = {"publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny"}}

GOOD: GoodCases = {
    "let pass": _closed("AzureServices"),
    "not said": {"properties": {"publicNetworkAccess": "Disabled"}},
    "no firewall to pass": {
        "properties": {"networkRuleBypassOptions": "None", "networkRuleSet": {"defaultAction": "Allow"}}
    },
}
BAD: BadCases = {
    "closed": Bad(
        _closed("None"),
        says="properties.networkRuleBypassOptions is 'None'; 'AzureServices' is needed while the registry has a firewall",
    ),
    "behind a firewall": Bad(
        {"properties": {**_DENIES, "networkRuleBypassOptions": "None"}},
        says="properties.networkRuleBypassOptions is 'None'",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _closed(UNKNOWN),
    "firewall decided later": {"properties": {"networkRuleBypassOptions": "None", "networkRuleSet": UNKNOWN}},
}
