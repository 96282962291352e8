# SPDX-License-Identifier: Apache-2.0
"""Events of one Azure resource, such as a workspace or a storage account, and where they go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import eventgrid

from groundplan.attachments import attach, grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs, RoleGrant
from groundplan.naming import check_name

MAX_ATTEMPTS = 30
MAX_MINUTES = 1440
"""Source of both: Microsoft's "Event Grid message delivery and retry"."""


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


@dataclass(frozen=True, kw_only=True)
class EventGridSystemTopicArgs(ResourceArgs):
    """Arguments of `EventGridSystemTopic`."""

    source_id: Input[str]
    """Required. ARM id of the resource whose events they are; it has one system topic at most, in its own region."""
    topic_type: str
    """Required. Kind of that resource in Event Grid's words: `Microsoft.MachineLearningServices.Workspaces`,
    `Microsoft.Storage.StorageAccounts`, ..."""
    routes: Mapping[str, EventRoute] = field(default_factory=dict[str, EventRoute])
    """Optional. Where events go, by the name of the subscription. Default: nowhere."""
    storage_account_id: Input[str] | None = None
    """Conditional. ARM id of the storage account of queues and dead letters; the topic's identity gets its roles there. Required
    if a route has `queue` or `dead_letter_container`."""
    topic_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        for name, route in self.routes.items():
            check_name("event_grid_subscription", name)
            if self.storage_account_id is None and (route.queue or route.dead_letter_container):
                raise ArgumentError(
                    f"event route {name!r}: queue and dead_letter_container need the topic's storage_account_id"
                )


class EventGridSystemTopic(Component):
    """Events of a resource, delivered with the topic's own identity, so that receivers need no keys.

    Example:
        EventGridSystemTopic("runs", EventGridSystemTopicArgs(
            resource_group_name=group.name, source_id=workspace.id,
            topic_type="Microsoft.MachineLearningServices.Workspaces",
            routes={"finished": EventRoute(event_hub_id=events.hub_ids["runs"])}))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    principal_id: Output[str]
    """Object id of the system-assigned identity that delivers the events."""

    def __init__(self, name: str, args: EventGridSystemTopicArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        topic = eventgrid.SystemTopic(
            name,
            system_topic_name=check_name("event_grid_system_topic", args.topic_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            source=args.source_id,
            topic_type=args.topic_type,
            identity=eventgrid.IdentityInfoArgs(type="SystemAssigned"),
            tags=args.tags,
            opts=self.child(ResourceOptions(replace_on_changes=["source", "topicType"], delete_before_replace=True)),
        )
        principal = topic.identity.apply(lambda identity: (identity.principal_id or "") if identity else "")
        grants = self._grants(name, principal, args)
        routes = [self._subscription(f"{name}-{key}", key, topic, args, grants) for key in args.routes]
        attach(self, name, topic.id, args, arm_type="Microsoft.EventGrid/systemTopics", after=[*grants, *routes])
        self.id = topic.id
        self.name = topic.name
        self.principal_id = principal
        self.seal()

    def _grants(self, name: str, principal: Output[str], args: EventGridSystemTopicArgs) -> list[Resource]:
        """Event Grid checks at the subscription's creation that its identity may deliver."""
        made: list[Resource] = []
        storage = args.storage_account_id
        if storage is not None and any(route.queue for route in args.routes.values()):
            sender = RoleGrant(role="Storage Queue Data Contributor", principal_id=principal)
            made.append(grant_role(self, f"{name}-to-queues", storage, sender))
        if storage is not None and any(route.dead_letter_container for route in args.routes.values()):
            writer = RoleGrant(role="Storage Blob Data Contributor", principal_id=principal)
            made.append(grant_role(self, f"{name}-to-dead-letters", storage, writer))
        for key, route in args.routes.items():
            if route.event_hub_id is not None:
                sender = RoleGrant(role="Azure Event Hubs Data Sender", principal_id=principal)
                made.append(grant_role(self, f"{name}-to-{key}", route.event_hub_id, sender))
        return made

    def _subscription(
        self,
        name: str,
        key: str,
        topic: eventgrid.SystemTopic,
        args: EventGridSystemTopicArgs,
        after: list[Resource],
    ) -> Resource:
        route = args.routes[key]
        destination = _destination(route, args.storage_account_id)
        function = route.function_id is not None
        identity = eventgrid.EventSubscriptionIdentityArgs(type="SystemAssigned")
        return eventgrid.SystemTopicEventSubscription(
            name,
            event_subscription_name=key,
            system_topic_name=topic.name,
            resource_group_name=args.resource_group_name,
            # functions are called with their own key, whatever the topic's identity
            destination=destination if function else None,
            delivery_with_resource_identity=None
            if function
            else eventgrid.DeliveryWithResourceIdentityArgs(identity=identity, destination=destination),
            dead_letter_with_resource_identity=eventgrid.DeadLetterWithResourceIdentityArgs(
                identity=identity,
                dead_letter_destination=eventgrid.StorageBlobDeadLetterDestinationArgs(
                    endpoint_type="StorageBlob",
                    resource_id=args.storage_account_id,
                    blob_container_name=route.dead_letter_container,
                ),
            )
            if route.dead_letter_container
            else None,
            event_delivery_schema="EventGridSchema",
            filter=eventgrid.EventSubscriptionFilterArgs(
                included_event_types=[*route.event_types] or None,
                subject_begins_with=route.subject_begins_with,
                subject_ends_with=route.subject_ends_with,
            ),
            retry_policy=eventgrid.RetryPolicyArgs(
                max_delivery_attempts=route.attempts, event_time_to_live_in_minutes=route.minutes
            ),
            opts=self.child(
                # all types are spelt out by Azure when none is given
                ResourceOptions(
                    depends_on=after, ignore_changes=[] if route.event_types else ["filter.includedEventTypes"]
                )
            ),
        )


def _destination(
    route: EventRoute, storage_account_id: Input[str] | None
) -> (
    eventgrid.EventHubEventSubscriptionDestinationArgs
    | eventgrid.StorageQueueEventSubscriptionDestinationArgs
    | eventgrid.AzureFunctionEventSubscriptionDestinationArgs
):
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
