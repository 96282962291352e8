# SPDX-License-Identifier: Apache-2.0
"""Where the events of a topic go, and with which rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, eventgrid

from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import RoleGrant
from groundplan.naming import check_name

if TYPE_CHECKING:  # the SDK's classes load on first use
    Destination = (
        eventgrid.EventHubEventSubscriptionDestinationArgs
        | eventgrid.StorageQueueEventSubscriptionDestinationArgs
        | eventgrid.AzureFunctionEventSubscriptionDestinationArgs
    )

MAX_ATTEMPTS = 30
MAX_MINUTES = 1440
"""Source of both: learn.microsoft.com/azure/event-grid/delivery-and-retry."""


@dataclass(frozen=True, kw_only=True)
class EventRoute:
    """Which events go to which receiver; one of `event_hub_id`, `queue` and `function_id`."""

    event_hub_id: Input[str] | None = None
    """Conditional. ARM id of an event hub; the topic's identity gets its role there, so each hub is named by one route only."""
    queue: str | None = None
    """Conditional. Name of a queue of the topic's `storage_account_id`."""
    function_id: Input[str] | None = None
    """Conditional. ARM id of a function: `<function app>/functions/<name>`; Event Grid calls it with the function's own key."""
    event_types: tuple[str, ...] = ()
    """Optional. Types, e.g. `Microsoft.Storage.BlobCreated` or `Microsoft.MachineLearningServices.RunCompleted`. Default:
    all that the resource has by default."""
    subject_begins_with: str | None = None
    """Optional. Start of the subject, e.g. `/blobServices/default/containers/raw/`. Default: any."""
    subject_ends_with: str | None = None
    """Optional. End of the subject, e.g. `.parquet`. Default: any."""
    dead_letter_container: str | None = None
    """Optional. Container of the topic's `storage_account_id` that receives what could not be delivered. Default: it is lost."""
    attempts: int = MAX_ATTEMPTS
    """Optional. Most attempts to deliver an event, 1 to 30. Default: 30."""
    minutes: int = MAX_MINUTES
    """Optional. Minutes after which an event is given up, 1 to 1440. Default: a day."""

    def __post_init__(self) -> None:
        receivers = ("event_hub_id", "queue", "function_id")
        given = [each for each in receivers if getattr(self, each) is not None]
        if len(given) != 1:
            raise ArgumentError(
                f"event route: {' and '.join(given) or 'no receiver'} given; pass one of {', '.join(receivers)}"
            )
        for argument, most in (("attempts", MAX_ATTEMPTS), ("minutes", MAX_MINUTES)):
            if not 1 <= (value := getattr(self, argument)) <= most:
                raise ArgumentError(f"event route: {argument} is {value}; allowed are 1 to {most}")


def check_routes(routes: Mapping[str, EventRoute], storage_account_id: Input[str] | None) -> None:
    """Refuse names that Azure refuses, and queues and containers of no account."""
    for name, route in routes.items():
        check_name("event_grid_subscription", name)
        if storage_account_id is None and (route.queue or route.dead_letter_container):
            raise ArgumentError(
                f"event route {name!r}: queue and dead_letter_container need the topic's storage_account_id"
            )


def grant_delivery(
    component: Component,
    name: str,
    principal_id: Output[str],
    routes: Mapping[str, EventRoute],
    storage_account_id: Input[str] | None,
) -> list[authorization.RoleAssignment]:
    """Event Grid checks at a subscription's creation that the topic's identity may deliver."""
    made: list[authorization.RoleAssignment] = []
    if storage_account_id is not None and any(route.queue for route in routes.values()):
        sender = RoleGrant(role="Storage Queue Data Contributor", principal_id=principal_id)
        made.append(grant_role(component, f"{name}-to-queues", storage_account_id, sender))
    if storage_account_id is not None and any(route.dead_letter_container for route in routes.values()):
        writer = RoleGrant(role="Storage Blob Data Contributor", principal_id=principal_id)
        made.append(grant_role(component, f"{name}-to-dead-letters", storage_account_id, writer))
    for key, route in routes.items():
        if route.event_hub_id is not None:
            sender = RoleGrant(role="Azure Event Hubs Data Sender", principal_id=principal_id)
            made.append(grant_role(component, f"{name}-to-{key}", route.event_hub_id, sender))
    return made


class Subscription(TypedDict):
    """What the subscriptions of all kinds of topics have in common."""

    destination: Destination | None
    delivery_with_resource_identity: eventgrid.DeliveryWithResourceIdentityArgs | None
    dead_letter_with_resource_identity: eventgrid.DeadLetterWithResourceIdentityArgs | None
    filter: eventgrid.EventSubscriptionFilterArgs
    retry_policy: eventgrid.RetryPolicyArgs


def subscription(route: EventRoute, storage_account_id: Input[str] | None) -> Subscription:
    """A route in Azure's words."""
    destination = _destination(route, storage_account_id)
    function = route.function_id is not None
    identity = eventgrid.EventSubscriptionIdentityArgs(type="SystemAssigned")
    return Subscription(
        # functions are called with their own key, whatever the topic's identity
        destination=destination if function else None,
        delivery_with_resource_identity=None
        if function
        else eventgrid.DeliveryWithResourceIdentityArgs(identity=identity, destination=destination),
        dead_letter_with_resource_identity=eventgrid.DeadLetterWithResourceIdentityArgs(
            identity=identity,
            dead_letter_destination=eventgrid.StorageBlobDeadLetterDestinationArgs(
                endpoint_type="StorageBlob",
                resource_id=storage_account_id,
                blob_container_name=route.dead_letter_container,
            ),
        )
        if route.dead_letter_container
        else None,
        filter=eventgrid.EventSubscriptionFilterArgs(
            included_event_types=[*route.event_types] or None,
            subject_begins_with=route.subject_begins_with,
            subject_ends_with=route.subject_ends_with,
        ),
        retry_policy=eventgrid.RetryPolicyArgs(
            max_delivery_attempts=route.attempts, event_time_to_live_in_minutes=route.minutes
        ),
    )


def subscription_options(route: EventRoute, after: Sequence[Resource]) -> ResourceOptions:
    """After the rights; all types are spelt out by Azure when none is given."""
    return ResourceOptions(
        depends_on=[*after], ignore_changes=[] if route.event_types else ["filter.includedEventTypes"]
    )


def _destination(route: EventRoute, storage_account_id: Input[str] | None) -> Destination:
    if route.event_hub_id is not None:
        return eventgrid.EventHubEventSubscriptionDestinationArgs(
            endpoint_type="EventHub", resource_id=route.event_hub_id
        )
    if route.queue is not None:
        return eventgrid.StorageQueueEventSubscriptionDestinationArgs(
            endpoint_type="StorageQueue", resource_id=storage_account_id, queue_name=route.queue
        )
    return eventgrid.AzureFunctionEventSubscriptionDestinationArgs(
        endpoint_type="AzureFunction", resource_id=route.function_id
    )
