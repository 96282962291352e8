# SPDX-License-Identifier: Apache-2.0
"""Whom an alert tells, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import monitor

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name
from groundplan.roles import role_guid


@dataclass(frozen=True, kw_only=True)
class WebhookReceiver:
    """A web address that is called, with a token of Microsoft Entra ID unless it is told to do without."""

    uri: Input[str]
    """Required. Address, https; kept as a secret, because some carry a key."""
    object_id: Input[str] | None = None
    """Conditional. Object id of the Entra application that stands for the address. Required unless `unauthenticated` is
    set."""
    identifier_uri: Input[str] | None = None
    """Optional. Identifier URI of that application, for which the token is made. Default: Azure looks it up."""
    tenant_id: Input[str] | None = None
    """Optional. Tenant of that application. Default: the subscription's."""
    unauthenticated: bool = False
    """Optional. Call without a token: whoever learns the address can call it too. Default: no."""

    def __post_init__(self) -> None:
        _https("webhook receiver: uri", self.uri)
        if (self.object_id is None) != self.unauthenticated:
            raise ArgumentError(
                "webhook receiver: give object_id, the Entra application that the address trusts, "
                "or set unauthenticated=True, not both"
            )


@dataclass(frozen=True, kw_only=True)
class LogicAppReceiver:
    """A workflow that is started."""

    logic_app_id: Input[str]
    """Required. ARM id of the logic app."""
    callback_url: Input[str]
    """Required. Address of its trigger, with its signature; kept as a secret."""


@dataclass(frozen=True, kw_only=True)
class FunctionReceiver:
    """A function that is called."""

    function_app_id: Input[str]
    """Required. ARM id of the function app."""
    function_name: Input[str]
    """Required. Function with an HTTP trigger."""
    trigger_url: Input[str]
    """Required. Address of that trigger, with its code; kept as a secret."""


@dataclass(frozen=True, kw_only=True)
class Receivers:
    """Who is told. The keys are the receivers' names, which differ over all kinds."""

    emails: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Mail addresses. Default: none."""
    app_pushes: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Accounts that the Azure mobile app notifies, as mail addresses. Default: none."""
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Built-in roles, or their GUIDs; everyone who holds the role on the subscription gets mail. Default:
    none."""
    webhooks: Mapping[str, WebhookReceiver] = field(default_factory=dict[str, WebhookReceiver])
    """Optional. Web addresses. Default: none."""
    logic_apps: Mapping[str, LogicAppReceiver] = field(default_factory=dict[str, LogicAppReceiver])
    """Optional. Logic apps. Default: none."""
    functions: Mapping[str, FunctionReceiver] = field(default_factory=dict[str, FunctionReceiver])
    """Optional. Functions. Default: none."""

    def __post_init__(self) -> None:
        for role in self.roles.values():
            role_guid(role)
        seen: set[str] = set()
        for key in (key for each in vars(self).values() for key in each):
            if key.lower() in seen:
                raise ArgumentError(
                    f"receivers: the name {key!r} is used twice; Azure wants one name for each receiver"
                )
            seen.add(key.lower())


@dataclass(frozen=True, kw_only=True)
class ActionGroupArgs:
    """Arguments of `ActionGroup`."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the action group."""
    receivers: Receivers
    """Required. Who is told."""
    short_name: str
    """Required. Sender of messages, 1 to 12 characters."""
    enabled: bool = True
    """Optional. Tell them; a group that is off stays silent. Default: yes."""
    location: Literal["global", "swedencentral", "germanywestcentral", "northcentralus", "southcentralus"] = "global"
    """Optional. Where notifications are processed; only some regions can promise that they stay there. Default:
    anywhere."""
    action_group_name: str | None = None
    """Optional. Azure name. Default: the component's name."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags. Default: none."""

    def __post_init__(self) -> None:
        check_short_sender("action group: short_name", self.short_name)


class ActionGroup(Component):
    """People and programs that alerts and budgets tell; programs prove who calls them with Entra ID.

    Example:
        ActionGroup("oncall", ActionGroupArgs(
            resource_group_name=group.name, short_name="ml-oncall", receivers=Receivers(emails={"team": "ml@example.com"})))
    """

    id: Output[str]
    """ARM id: what alerts and budgets take."""
    name: Output[str]
    """Azure name."""

    def __init__(self, name: str, args: ActionGroupArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        group = declare_action_group(
            self,
            name,
            action_group_name=args.action_group_name or name,
            short_name=args.short_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            receivers=args.receivers,
            enabled=args.enabled,
            tags=args.tags,
        )
        self.id = group.id
        self.name = group.name
        self.seal()


def declare_action_group(
    component: Component,
    name: str,
    *,
    action_group_name: str,
    short_name: str,
    resource_group_name: Input[str],
    location: str,
    receivers: Receivers,
    enabled: bool,
    tags: Mapping[str, Input[str]],
) -> monitor.ActionGroup:
    """The action group itself, as a child of `component`. Messages follow Azure's common schema."""
    return monitor.ActionGroup(
        name,
        action_group_name=check_name("action_group", action_group_name),
        group_short_name=short_name,
        resource_group_name=resource_group_name,
        location=location,
        enabled=enabled,
        email_receivers=[
            monitor.MicrosoftCommonEmailReceiverArgs(name=key, email_address=address, use_common_alert_schema=True)
            for key, address in receivers.emails.items()
        ],
        azure_app_push_receivers=[
            monitor.MicrosoftCommonAzureAppPushReceiverArgs(name=key, email_address=address)
            for key, address in receivers.app_pushes.items()
        ]
        or None,
        arm_role_receivers=[
            monitor.ArmRoleReceiverArgs(name=key, role_id=role_guid(role), use_common_alert_schema=True)
            for key, role in receivers.roles.items()
        ]
        or None,
        webhook_receivers=[_webhook(key, each) for key, each in receivers.webhooks.items()] or None,
        logic_app_receivers=[
            monitor.LogicAppReceiverArgs(
                name=key,
                resource_id=each.logic_app_id,
                callback_url=Output.secret(each.callback_url),
                use_common_alert_schema=True,
            )
            for key, each in receivers.logic_apps.items()
        ]
        or None,
        azure_function_receivers=[
            monitor.AzureFunctionReceiverArgs(
                name=key,
                function_app_resource_id=each.function_app_id,
                function_name=each.function_name,
                http_trigger_url=Output.secret(each.trigger_url),
                use_common_alert_schema=True,
            )
            for key, each in receivers.functions.items()
        ]
        or None,
        tags=tags,
        opts=component.child(),
    )


def check_short_sender(what: str, value: str) -> None:
    """Refuse a sender's name that messages cannot carry. Source: `groupShortName` in the specification of Microsoft.Insights."""
    if not 1 <= len(value) <= 12:
        raise ArgumentError(f"{what} is {value!r}; allowed are 1 to 12 characters")


def _webhook(key: str, receiver: WebhookReceiver) -> monitor.WebhookReceiverArgs:
    return monitor.WebhookReceiverArgs(
        name=key,
        service_uri=Output.secret(receiver.uri),
        use_aad_auth=not receiver.unauthenticated,
        object_id=receiver.object_id,
        identifier_uri=receiver.identifier_uri,
        tenant_id=receiver.tenant_id,
        use_common_alert_schema=True,
    )


def _https(what: str, value: Input[str]) -> None:
    # the address itself may carry a key, so the error does not show it
    if isinstance(value, str) and not value.lower().startswith("https://"):
        raise ArgumentError(f"{what} does not start with https://; Azure sends to nothing else")
