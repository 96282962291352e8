# SPDX-License-Identifier: Apache-2.0
"""Events of one Azure resource, such as a workspace or a storage account, and where they go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import eventgrid

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.data.event_routes import EventRoute, check_routes, grant_delivery, subscription, subscription_options
from groundplan.identities import principal_of
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.propagation import once_granted


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
        check_routes(self.routes, self.storage_account_id)


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
        principal = principal_of(topic.identity)
        grants = grant_delivery(self, name, principal, args.routes, args.storage_account_id)
        topic_name = once_granted(self, topic.name, grants)
        routes = [
            eventgrid.SystemTopicEventSubscription(
                f"{name}-{key}",
                event_subscription_name=key,
                system_topic_name=topic_name,
                resource_group_name=args.resource_group_name,
                event_delivery_schema="EventGridSchema",
                **subscription(route, args.storage_account_id),
                opts=self.child(subscription_options(route, grants)),
            )
            for key, route in args.routes.items()
        ]
        attach(self, name, topic.id, args, arm_type="Microsoft.EventGrid/systemTopics", after=[*grants, *routes])
        self.id = topic.id
        self.name = topic.name
        self.principal_id = principal
        self.seal()
