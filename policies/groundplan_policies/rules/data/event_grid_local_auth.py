# SPDX-License-Identifier: Apache-2.0
"""An Event Grid topic or domain takes no keys."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.disableLocalAuth"


def check(topic: Resource) -> Found:
    """Only an explicit true turns keys and signatures off."""
    if not topic.equals(LOCAL_AUTH, True):
        yield topic.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-DAT-013",
    slug="event-grid-local-auth",
    title="An Event Grid topic or domain takes no keys",
    severity="medium",
    types=(
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.EventGrid/partnerNamespaces",
    ),
    controls=("evgt-local-auth",),
    rationale="Whoever has the key can send events that start pipelines, and nothing tells them from the true ones.",
    remediation="Leave `local_authentication` of `EventGridTopic` at False and give senders `EventGrid Data Sender`.",
    absent="A violation: Azure takes keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"disableLocalAuth": True}}}
BAD: BadCases = {
    "on": Bad({"properties": {"disableLocalAuth": False}}, says="properties.disableLocalAuth is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"disableLocalAuth": UNKNOWN}}}
