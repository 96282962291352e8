# SPDX-License-Identifier: Apache-2.0
"""Deployments can not take secrets out of a key vault."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

SWITCHES = ("properties.enabledForTemplateDeployment", "properties.enabledForDeployment")


def check(vault: Resource) -> Found:
    """Templates, and virtual machines that get certificates."""
    yield from each_of([vault.view(path) for path in SWITCHES], _off)


def _off(switch: View) -> Found:
    if switch.equals("", True):
        yield switch.wrong("", "false is needed")


RULE = Rule(
    id="GP-KV-018",
    slug="vault-deployment-access",
    title="Deployments can not take secrets out of a key vault",
    severity="medium",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-deployment-access",),
    rationale=(
        "These switches let Azure Resource Manager and virtual machines read secrets on behalf of whoever deploys. A contributor without "
        "any role on the vault's data gets its secrets by a template that passes them on."
    ),
    remediation="Use `KeyVault`, which leaves them off; give the identity that needs a secret a role on it.",
    absent="Passes: Azure leaves the switches off.",
    check=check,
)

GOOD: GoodCases = {
    "off": {"properties": {"enabledForTemplateDeployment": False, "enabledForDeployment": False}},
    "not said": {"properties": {}},
    "disks are encrypted by its keys": {"properties": {"enabledForDiskEncryption": True}},
}
BAD: BadCases = {
    "templates": Bad(
        {"properties": {"enabledForTemplateDeployment": True}},
        says="properties.enabledForTemplateDeployment is true; false is needed",
    ),
    "virtual machines": Bad(
        {"properties": {"enabledForTemplateDeployment": UNKNOWN, "enabledForDeployment": True}},
        says="properties.enabledForDeployment is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"enabledForTemplateDeployment": UNKNOWN}}}
