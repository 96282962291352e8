# SPDX-License-Identifier: Apache-2.0
"""What any resource can carry: role grants, diagnostic settings and a lock. Each becomes a child of the component."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, monitor

from groundplan.component import Component
from groundplan.diagnostics import log_groups, sends
from groundplan.interfaces import Diagnostics, Lock, ResourceArgs, RoleGrant
from groundplan.roles import role_assignment_name, role_definition_id


def attach(
    component: Component,
    name: str,
    resource_id: Output[str],
    args: ResourceArgs,
    *,
    arm_type: str | None = None,
    logs: bool = True,
    after: Sequence[Resource | None] = (),
) -> None:
    """Give a component's main resource what `args` asks for.

    `arm_type`, e.g. `Microsoft.KeyVault/vaults`, says what the resource can send (`diagnostics.SENDS`); `logs=False` says
    itself that it has metrics only. `after` names the component's other children: the lock comes last and
    goes first, because Azure lets nobody delete what lies under a lock, role assignments included.
    """
    attached: list[Resource] = [
        grant_role(component, f"{name}-{key}", resource_id, grant) for key, grant in args.role_grants.items()
    ]
    if args.diagnostics:
        setting = send_diagnostics(component, name, resource_id, args.diagnostics, arm_type=arm_type, logs=logs)
        attached += [setting] if setting else []
    if args.lock:
        lock(component, name, resource_id, args.lock, [*attached, *(each for each in after if each)])


def grant_role(component: Component, name: str, scope: Input[str], grant: RoleGrant) -> authorization.RoleAssignment:
    """Assign one role on `scope`; the assignment's Azure name follows from scope, principal and role."""
    where = Output.from_input(scope)
    return authorization.RoleAssignment(
        name,
        scope=where,
        principal_id=grant.principal_id,
        principal_type=grant.principal_type,
        role_definition_id=where.apply(lambda scope: role_definition_id(scope, grant.role)),
        role_assignment_name=Output.all(where, grant.principal_id).apply(
            lambda pair: role_assignment_name(pair[0], pair[1], grant.role)
        ),
        description=grant.description,
        opts=component.child(),
    )


def send_diagnostics(
    component: Component,
    name: str,
    resource_id: Input[str],
    diagnostics: Diagnostics,
    *,
    arm_type: str | None = None,
    logs: bool = True,
) -> monitor.DiagnosticSetting | None:
    """Send a resource's logs and metrics to where `diagnostics` says, as `<name>-diagnostics`; None if it has neither."""
    groups = diagnostics.log_category_groups if logs else ()
    metrics = diagnostics.metrics
    if arm_type is not None:
        groups = log_groups(arm_type, groups)
        metrics = metrics and sends(arm_type).metrics
    if not (groups or metrics):
        return None
    return monitor.DiagnosticSetting(
        f"{name}-diagnostics",
        name="groundplan",
        resource_uri=resource_id,
        workspace_id=diagnostics.log_analytics_workspace_id,
        log_analytics_destination_type="Dedicated" if diagnostics.dedicated_tables else None,
        storage_account_id=diagnostics.storage_account_id,
        event_hub_authorization_rule_id=diagnostics.event_hub_rule_id,
        event_hub_name=diagnostics.event_hub_name,
        logs=[monitor.DiagnosticsLogSettingsArgs(category_group=group, enabled=True) for group in groups],
        metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)] if metrics else [],
        opts=component.child(),
    )


def lock(
    component: Component, name: str, resource_id: Input[str], lock: Lock, after: Sequence[Resource]
) -> authorization.ManagementLockByScope:
    """Lock a resource, as `<name>-lock`, once everything else on it is in place."""
    return authorization.ManagementLockByScope(
        f"{name}-lock",
        lock_name="groundplan",
        scope=resource_id,
        level=lock.level,
        notes=lock.notes,
        opts=component.child(ResourceOptions(depends_on=[*after])),
    )
