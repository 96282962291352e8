# SPDX-License-Identifier: Apache-2.0
"""An Event Hubs namespace takes no connection strings."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.disableLocalAuth"


def check(namespace: Resource) -> Found:
    """Only an explicit true turns keys and signatures off."""
    if not namespace.equals(LOCAL_AUTH, True):
        yield namespace.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-DAT-006",
    slug="event-hubs-local-auth",
    title="An Event Hubs namespace takes no connection strings",
    severity="medium",
    types=("Microsoft.EventHub/namespaces",),
    controls=("eh-local-auth",),
    rationale="A connection string is copied from setting to setting, opens every hub of the namespace and names nobody in the log.",
    remediation=(
        "Leave `local_authentication` of `EventHubs` at False and give callers `Azure Event Hubs Data Sender` or "
        "`Azure Event Hubs Data Receiver`."
    ),
    absent="A violation: Azure takes keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"disableLocalAuth": True}}}
BAD: BadCases = {
    "on": Bad({"properties": {"disableLocalAuth": False}}, says="properties.disableLocalAuth is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"disableLocalAuth": UNKNOWN}}}
