# SPDX-License-Identifier: Apache-2.0
"""A virtual machine that stops every day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import devtestlab

from groundplan.component import Component
from groundplan.errors import ArgumentError

_TIME: Final = re.compile(r"([01]\d|2[0-3])[0-5]\d")
NOTICE_MINUTES = (15, 120)
"""Shortest and longest; source: `notification_settings.time_in_minutes` of azurerm_dev_test_global_vm_shutdown_schedule."""


@dataclass(frozen=True, kw_only=True)
class ShutdownNotice:
    """A message before the machine stops, with links to put that off or skip it."""

    email: Input[str] | None = None
    """Conditional. Mail addresses, with semicolons between. Required unless `webhook_url` is given."""
    webhook_url: Input[str] | None = None
    """Conditional. HTTPS URL that gets the message; a secret, since it may carry a key. Required unless `email` is given."""
    minutes: int = 30
    """Optional. Minutes before the machine stops, 15 to 120. Default: 30."""
    locale: str = "en"
    """Optional. Language of the mail. Default: English."""

    def __post_init__(self) -> None:
        if self.email is None and self.webhook_url is None:
            raise ArgumentError("shutdown notice: nobody would be told; give email or webhook_url")
        # the address itself may carry a key, so the error does not show it
        if isinstance(self.webhook_url, str) and not self.webhook_url.lower().startswith("https://"):
            raise ArgumentError("shutdown notice: webhook_url does not start with https://; give one that does")
        low, high = NOTICE_MINUTES
        if not low <= self.minutes <= high:
            raise ArgumentError(f"shutdown notice: minutes is {self.minutes}; allowed are {low} to {high}")


@dataclass(frozen=True, kw_only=True)
class AutoShutdownArgs:
    """Arguments of `AutoShutdown`."""

    resource_group_name: Input[str]
    """Required. Resource group of the machine."""
    virtual_machine_id: Input[str]
    """Required. ARM id of the machine; it has one such schedule at most."""
    time: str
    """Required. When it stops each day, `HHMM` in `time_zone`, e.g. `1900`."""
    time_zone: str = "UTC"
    """Optional. Time zone by its Windows name, e.g. `W. Europe Standard Time`. Default: UTC."""
    notice: ShutdownNotice | None = None
    """Optional. Who is told before. Default: nobody."""
    enabled: bool = True
    """Optional. Off keeps the schedule without acting on it. Default: on."""
    location: Input[str] | None = None
    """Optional. Region of the machine. Default: the resource group's region."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags of the schedule. Default: none."""

    def __post_init__(self) -> None:
        if _TIME.fullmatch(self.time) is None:
            raise ArgumentError(f"auto shutdown: time is {self.time!r}; expected is HHMM, 0000 to 2359, e.g. '1900'")
        if not self.time_zone.strip():
            raise ArgumentError("auto shutdown: time_zone is empty; give a Windows name, e.g. 'UTC'")


class AutoShutdown(Component):
    """A virtual machine that stops, and costs no compute, from a time of day on, after a warning.

    Example:
        AutoShutdown("jumpbox-nights", AutoShutdownArgs(
            resource_group_name=group.name, virtual_machine_id=jumpbox.id, time="1900",
            notice=ShutdownNotice(email="ml-platform@example.com")))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: `shutdown-computevm-<machine>`."""

    def __init__(self, name: str, args: AutoShutdownArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        machine = Output.from_input(args.virtual_machine_id)
        schedule = devtestlab.GlobalSchedule(
            name,
            # Azure refuses every other name
            name=machine.apply(lambda path: f"shutdown-computevm-{path.rpartition('/')[2]}"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            target_resource_id=machine,
            task_type="ComputeVmShutdownTask",
            status=_status(args.enabled),
            daily_recurrence=devtestlab.DayDetailsArgs(time=args.time),
            time_zone_id=args.time_zone,
            notification_settings=_notification(args.notice),
            tags=args.tags,
            opts=self.child(
                ResourceOptions(
                    additional_secret_outputs=["notificationSettings"]
                    if args.notice and args.notice.webhook_url is not None
                    else None
                )
            ),
        )
        self.id = schedule.id
        self.name = schedule.name
        self.seal()


def _status(on: bool) -> devtestlab.EnableStatus:
    return devtestlab.EnableStatus.ENABLED if on else devtestlab.EnableStatus.DISABLED


def _notification(notice: ShutdownNotice | None) -> devtestlab.NotificationSettingsArgs:
    if notice is None:
        return devtestlab.NotificationSettingsArgs(status=_status(False))
    return devtestlab.NotificationSettingsArgs(
        status=_status(True),
        email_recipient=notice.email,
        webhook_url=None if notice.webhook_url is None else Output.secret(notice.webhook_url),
        time_in_minutes=notice.minutes,
        notification_locale=notice.locale,
    )
