# SPDX-License-Identifier: Apache-2.0
"""A container registry calls webhooks over HTTPS."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

URI = "properties.serviceUri"


def check(webhook: Resource) -> Found:
    """Azure never gives the address back, so a webhook that is there already has none."""
    if webhook.has(URI) and not webhook.text(URI).casefold().startswith("https://"):
        yield webhook.wrong(URI, "an address that starts with https:// is needed")


RULE = Rule(
    id="GP-ACR-020",
    slug="acr-webhook-https",
    title="A container registry calls webhooks over HTTPS",
    severity="medium",
    types=("Microsoft.ContainerRegistry/registries/webhooks",),
    controls=("acr-webhook-https",),
    rationale=(
        "A call tells which image was pushed, and often carries a password in its headers. Over HTTP anybody on the way reads it, and "
        "can start a deployment with a call of their own."
    ),
    remediation="Give `properties.serviceUri` of the webhook an address that starts with https://.",
    absent="Passes: Azure asks for an address when a webhook is made, and keeps it to itself later.",
    check=check,
)

GOOD: GoodCases = {
    "encrypted": {"properties": {"serviceUri": "HTTPS://deploy.example.com/hook"}},
    "kept by Azure": {"properties": {}},
}
BAD: BadCases = {
    "in the clear": Bad(
        {"properties": {"serviceUri": "http://deploy.example.com/hook"}},
        says="properties.serviceUri is 'http://deploy.example.com/hook'; an address that starts with https:// is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"serviceUri": UNKNOWN}}}
