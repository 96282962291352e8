# SPDX-License-Identifier: Apache-2.0
"""Events of one's own, such as "model promoted", and where they go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import eventgrid

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.data.event_routes import EventRoute, check_routes, grant_delivery, subscription, subscription_options
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.propagation import once_granted


@dataclass(frozen=True, kw_only=True)
class EventGridTopicArgs(ResourceArgs):
    """Arguments of `EventGridTopic`."""

    public_network_access: bool = False
    """Optional. Takes events from the internet, or from `allowed_ip_ranges` if there are any. Default: no. Prefer
    `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the topic's private endpoint. Required unless `public_network_access` is set."""
    allowed_ip_ranges: tuple[str, ...] = ()
    """Optional. Public IPv4 addresses or CIDR blocks that may send; nobody else then. Default: all, if
    `public_network_access` is set."""
    local_authentication: bool = False
    """Optional. Accept the topic's keys, and SAS tokens signed with them. Default: no; senders use their identity, with `EventGrid
    Data Sender`."""
    event_schema: Literal["EventGridSchema", "CloudEventSchemaV1_0"] = "EventGridSchema"
    """Optional. Shape of events, sent and delivered; another replaces the topic. Default: Event Grid's own."""
    within_region: bool = False
    """Optional. Keep events and their metadata out of the paired region, and lose what waits if the region fails. Default:
    no, as Azure's."""
    routes: Mapping[str, EventRoute] = field(default_factory=dict[str, EventRoute])
    """Optional. Where events go, by the name of the subscription. Default: nowhere."""
    storage_account_id: Input[str] | None = None
    """Conditional. ARM id of the storage account of queues and dead letters; the topic's identity gets its roles there. Required
    if a route has `queue` or `dead_letter_container`."""
    topic_name: str | None = None
    """Optional. Azure name, unique within the region. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "event grid topic: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if self.allowed_ip_ranges and not self.public_network_access:
            raise ArgumentError(
                "event grid topic: allowed_ip_ranges does nothing while public_network_access is False; "
                "set public_network_access=True, which lets in only them"
            )
        check_routes(self.routes, self.storage_account_id)


class EventGridTopic(Component):
    """A topic for events of one's own, without keys, closed to the internet, that delivers with its own identity.

    Example:
        EventGridTopic("models", EventGridTopicArgs(
            resource_group_name=group.name, private_endpoint=placement, topic_name="evgt-vision-dev-4f9a21",
            routes={"promoted": EventRoute(event_hub_id=events.hub_ids["models"])}))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    endpoint: Output[str]
    """URL that events are sent to."""
    principal_id: Output[str]
    """Object id of the system-assigned identity that delivers the events."""

    def __init__(self, name: str, args: EventGridTopicArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("event_grid_topic", args.topic_name or name)
        topic = self._topic(name, azure_name, args)
        principal = principal_of(topic.identity)
        grants = grant_delivery(self, name, principal, args.routes, args.storage_account_id)
        topic_name = once_granted(self, topic.name, grants)
        routes = [
            eventgrid.TopicEventSubscription(
                f"{name}-{key}",
                event_subscription_name=key,
                topic_name=topic_name,
                resource_group_name=args.resource_group_name,
                event_delivery_schema=args.event_schema,
                **subscription(route, args.storage_account_id),
                opts=self.child(subscription_options(route, grants)),
            )
            for key, route in args.routes.items()
        ]
        link = connect(self, f"{name}-link", topic.id, "topic", args.private_endpoint, args, f"pep-{azure_name}")
        attach(self, name, topic.id, args, arm_type="Microsoft.EventGrid/topics", after=[*grants, *routes, link])
        self.id = topic.id
        self.name = topic.name
        self.endpoint = topic.endpoint
        self.principal_id = principal
        self.seal()

    def _topic(self, name: str, azure_name: str, args: EventGridTopicArgs) -> eventgrid.Topic:
        return eventgrid.Topic(
            name,
            topic_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=eventgrid.IdentityInfoArgs(type="SystemAssigned"),
            disable_local_auth=not args.local_authentication,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            inbound_ip_rules=[
                eventgrid.InboundIpRuleArgs(ip_mask=each, action="Allow") for each in args.allowed_ip_ranges
            ],
            input_schema=args.event_schema,
            minimum_tls_version_allowed="1.2",
            data_residency_boundary="WithinRegion" if args.within_region else "WithinGeopair",
            tags=args.tags,
            opts=self.child(ResourceOptions(replace_on_changes=["inputSchema"], delete_before_replace=True)),
        )
