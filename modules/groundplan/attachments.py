# SPDX-License-Identifier: Apache-2.0
"""What any resource can carry: role grants, diagnostic settings and a lock. Each becomes a child of the component."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, monitor

from groundplan.component import Component
from groundplan.interfaces import Diagnostics, Lock, ResourceArgs, RoleGrant
from groundplan.roles import role_assignment_name, role_definition_id


def attach(
    component: Component,
    name: str,
    resource_id: Output[str],
    args: ResourceArgs,
    *,
    logs: bool = True,
    after: Sequence[Resource | None] = (),
) -> None:
    """Give a component's main resource what `args` asks for.

    `logs=False` is for a type that has metrics only. `after` names the component's other children: the lock comes last and
    goes first, because Azure lets nobody delete what lies under a lock, role assignments included.
    """
    attached: list[Resource] = [
        grant_role(component, f"{name}-{key}", resource_id, grant) for key, grant in args.role_grants.items()
    ]
    if args.diagnostics and (logs or args.diagnostics.metrics):
        attached.append(send_diagnostics(component, name, resource_id, args.diagnostics, logs=logs))
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
    component: Component, name: str, resource_id: Input[str], diagnostics: Diagnostics, *, logs: bool = True
) -> monitor.DiagnosticSetting:
    """Send a resource's logs and metrics to Log Analytics, as `<name>-diagnostics`."""
    return monitor.DiagnosticSetting(
        f"{name}-diagnostics",
        name="groundplan",
        resource_uri=resource_id,
        workspace_id=diagnostics.log_analytics_workspace_id,
        logs=[
            monitor.DiagnosticsLogSettingsArgs(category_group=group, enabled=True)
            for group in diagnostics.log_category_groups
        ]
        if logs
        else [],
        metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)]
        if diagnostics.metrics
        else [],
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
