# SPDX-License-Identifier: Apache-2.0
"""An Event Grid topic, domain or namespace is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(topic: Resource) -> Found:
    """A network security perimeter closes it as well."""
    if not topic.equals(PUBLIC, "Disabled", "SecuredByPerimeter"):
        yield topic.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-012",
    slug="event-grid-public-access",
    title="An Event Grid topic, domain or namespace is closed to the internet",
    severity="medium",
    types=(
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.EventGrid/namespaces",
        "Microsoft.EventGrid/partnerNamespaces",
    ),
    controls=("evgt-public-access",),
    rationale=(
        "Events start pipelines. Whoever can send one from the internet chooses when, and with which names in them."
    ),
    remediation="Leave `public_network_access` of `EventGridTopic` at False and give it a `private_endpoint`.",
    absent="A violation: Azure opens what does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
