# SPDX-License-Identifier: Apache-2.0
"""Event Grid delivers to queues, hubs and storage with an identity.

Functions and web hooks are called in their own way, so they pass. So do subscriptions that are attached to a resource without a
topic: they have no identity to deliver with.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

PLACES = ("properties.destination", "properties.deadLetterDestination")
KINDS = ("EventHub", "ServiceBusQueue", "ServiceBusTopic", "StorageBlob", "StorageQueue")
"""What takes tokens of Microsoft Entra ID."""


def check(subscription: Resource) -> Found:
    """Receiver and dead letters; with an identity they stand below `deliveryWithResourceIdentity` and its like."""
    yield from each_of([subscription.view(place) for place in PLACES], _without_identity)


def _without_identity(destination: View) -> Found:
    if destination.equals("endpointType", *KINDS):
        yield destination.wrong("endpointType", "a destination with a resource identity is needed")


RULE = Rule(
    id="GP-DAT-015",
    slug="event-grid-delivery",
    title="Event Grid delivers to queues, hubs and storage with an identity",
    severity="low",
    types=(
        "Microsoft.EventGrid/topics/eventSubscriptions",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        "Microsoft.EventGrid/domains/eventSubscriptions",
        "Microsoft.EventGrid/domains/topics/eventSubscriptions",
    ),
    controls=("evgt-delivery-identity",),
    rationale=(
        "Without one Event Grid uses the receiver's keys. A receiver that takes none, or lets in trusted services only, gets no "
        "event any more."
    ),
    remediation="Deliver with `deliveryWithResourceIdentity`; `EventGridTopic` and `EventGridSystemTopic` do.",
    absent="Passes: there is no destination without an identity.",
    check=check,
)

_QUEUE = {"endpointType": "StorageQueue", "properties": {"queueName": "q"}}
GOOD: GoodCases = {
    "with an identity": {
        "properties": {"deliveryWithResourceIdentity": {"identity": {"type": "SystemAssigned"}, "destination": _QUEUE}}
    },
    "a function": {"properties": {"destination": {"endpointType": "AzureFunction"}}},
}
BAD: BadCases = {
    **{
        kind: Bad(
            {"properties": {"destination": {"endpointType": kind}}},
            says=(f"properties.destination.endpointType is '{kind}'; a destination with a resource identity is needed"),
        )
        for kind in ("EventHub", "ServiceBusQueue", "ServiceBusTopic", "StorageQueue")
    },
    "dead letters": Bad(
        {
            "properties": {
                "destination": {"endpointType": UNKNOWN},
                "deadLetterDestination": {"endpointType": "StorageBlob"},
            }
        },
        says="properties.deadLetterDestination.endpointType is 'StorageBlob'",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"destination": UNKNOWN}}}
