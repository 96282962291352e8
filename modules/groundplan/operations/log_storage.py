# SPDX-License-Identifier: Apache-2.0
"""How long the tables of a Log Analytics workspace keep what they hold, and where copies go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import operationalinsights

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name

TOTAL_DAYS = (4, 4383)
"""Days that Azure Monitor keeps data, at least and at most: twelve years.

Source of this and of `interactive_days`: operationalinsights:Table's documentation in azure-native."""


@dataclass(frozen=True, kw_only=True)
class LogTable:
    """How one table keeps its rows."""

    plan: Literal["Analytics", "Basic"] = "Analytics"
    """Optional. `Basic` costs less to fill, is kept 30 days, and is charged for each query; Azure allows it for some
    tables only. Default: `Analytics`."""
    interactive_days: int | None = None
    """Optional. Days that queries reach without extra, 4 to 730; refused with `Basic`. Default: the workspace's."""
    total_days: int | None = None
    """Optional. Days after which rows are gone; what is older than `interactive_days` is in the archive. Default: no
    archive."""

    def __post_init__(self) -> None:
        if self.plan == "Basic" and self.interactive_days is not None:
            raise ArgumentError("log table: interactive_days is refused with plan 'Basic', which keeps 30 days")
        if self.interactive_days is not None and not 4 <= self.interactive_days <= 730:
            raise ArgumentError(f"log table: interactive_days is {self.interactive_days}; allowed are 4 to 730")
        if self.total_days is None:
            return
        low, high = max(TOTAL_DAYS[0], self.interactive_days or 0), TOTAL_DAYS[1]
        if not low <= self.total_days <= high:
            raise ArgumentError(f"log table: total_days is {self.total_days}; allowed are {low} to {high}")


@dataclass(frozen=True, kw_only=True)
class LogExport:
    """A copy of what some tables receive, from now on."""

    tables: tuple[str, ...]
    """Required. Names of the tables."""
    destination_id: Input[str]
    """Required. ARM id of a storage account or an event hub namespace, in the workspace's region."""
    event_hub_name: Input[str] | None = None
    """Optional. Event hub for all tables. Default: Azure makes one for each table."""

    def __post_init__(self) -> None:
        if not self.tables:
            raise ArgumentError("log export: tables is empty; name the tables to copy")


def declare_log_storage(
    component: Component,
    name: str,
    resource_group_name: Input[str],
    workspace_name: Output[str],
    tables: Mapping[str, LogTable],
    exports: Mapping[str, LogExport],
) -> None:
    """The tables' settings and the exports of a workspace, as children of `component`."""
    for table, kept in tables.items():
        operationalinsights.Table(
            f"{name}-table-{table}",
            table_name=check_name("log_analytics_table", table),
            workspace_name=workspace_name,
            resource_group_name=resource_group_name,
            plan=kept.plan,
            retention_in_days=kept.interactive_days,
            total_retention_in_days=kept.total_days,
            # Azure lets nobody delete its own tables: they go with the workspace
            opts=component.child(ResourceOptions(retain_on_delete=True)),
        )
    for key, export in exports.items():
        operationalinsights.DataExport(
            f"{name}-export-{key}",
            data_export_name=check_name("data_export", key),
            workspace_name=workspace_name,
            resource_group_name=resource_group_name,
            resource_id=export.destination_id,
            event_hub_name=export.event_hub_name,
            table_names=[*export.tables],
            enable=True,
            opts=component.child(),
        )
