# SPDX-License-Identifier: Apache-2.0
"""The hours in which Azure upgrades a Kubernetes cluster by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Resource
from pulumi_azure_native import containerservice as aks

from groundplan.component import Component
from groundplan.compute.schedules import WeekDay
from groundplan.errors import ArgumentError

# the names that AKS looks for: learn.microsoft.com/azure/aks/planned-maintenance
_SCHEDULES: Final = {"upgrades": "aksManagedAutoUpgradeSchedule", "node-images": "aksManagedNodeOSUpgradeSchedule"}
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_OFFSET: Final = re.compile(rf"[+-]{_TIME.pattern}")


@dataclass(frozen=True, kw_only=True)
class MaintenanceWindow:
    """Hours of each week in which an `AksCluster` may be upgraded."""

    day: WeekDay
    """Required. Day on which the window opens, e.g. `Saturday`."""
    start: str
    """Required. Time at which it opens, `HH:MM`."""
    hours: int = 8
    """Optional. How long it is open, 4 to 24 hours. Default: 8."""
    utc_offset: str = "+00:00"
    """Optional. Where `start` is told, as hours before or behind UTC, e.g. `+02:00`; it knows no summer time. Default: UTC."""

    def __post_init__(self) -> None:
        if not _TIME.fullmatch(self.start):
            raise ArgumentError(f"maintenance window: start is {self.start!r}; write it as HH:MM, 00:00 to 23:59")
        # Source: durationHours in the specification of Microsoft.ContainerService
        if not 4 <= self.hours <= 24:
            raise ArgumentError(f"maintenance window: hours is {self.hours}; allowed are 4 to 24")
        if not _OFFSET.fullmatch(self.utc_offset):
            raise ArgumentError(
                f"maintenance window: utc_offset is {self.utc_offset!r}; write it as +HH:MM or -HH:MM, e.g. +02:00"
            )


def keep_hours(
    component: Component,
    name: str,
    cluster_name: Input[str],
    resource_group_name: Input[str],
    window: MaintenanceWindow | None,
) -> list[Resource]:
    """Both kinds of upgrades in one window, Kubernetes' own and those of the nodes' system; nothing without a window."""
    if window is None:
        return []
    return [
        aks.MaintenanceConfiguration(
            f"{name}-{key}",
            config_name=config_name,
            resource_name_=cluster_name,
            resource_group_name=resource_group_name,
            maintenance_window=aks.MaintenanceWindowArgs(
                schedule=aks.ScheduleArgs(
                    weekly=aks.WeeklyScheduleArgs(day_of_week=window.day, interval_weeks=1),
                ),
                start_time=window.start,
                duration_hours=window.hours,
                utc_offset=window.utc_offset,
            ),
            opts=component.child(),
        )
        for key, config_name in _SCHEDULES.items()
    ]
