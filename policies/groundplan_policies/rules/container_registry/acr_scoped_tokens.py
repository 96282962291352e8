# SPDX-License-Identifier: Apache-2.0
"""No token of a container registry's own is in force."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases


def check(token: Resource) -> Found:
    """A token is in force until it is switched off."""
    if not token.equals("properties.status", "disabled"):
        yield token.wrong("properties.status", "'disabled' is needed")


RULE = Rule(
    id="GP-ACR-012",
    slug="acr-scoped-tokens",
    title="No token of a container registry's own is in force",
    severity="low",
    types=("Microsoft.ContainerRegistry/registries/tokens",),
    controls=("acr-scoped-tokens",),
    rationale=(
        "These tokens are passwords that Microsoft Entra ID knows nothing of: no conditional access, no sign-in logs, no owner who "
        "leaves. Devices that have no identity of their own are the one good reason; exempt their tokens by name."
    ),
    remediation="Delete the token, or set its `properties.status` to 'disabled', and grant AcrPull or AcrPush to an identity.",
    absent="A violation: Azure puts a token in force that does not say otherwise.",
    check=check,
)

GOOD: GoodCases = {"switched off": {"properties": {"status": "disabled"}}}
BAD: BadCases = {
    "in force": Bad({"properties": {"status": "enabled"}}, says="properties.status is 'enabled'; 'disabled' is needed"),
    "not said": Bad({"properties": {}}, says="properties.status is absent; 'disabled' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"status": UNKNOWN}}}
