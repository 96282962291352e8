# SPDX-License-Identifier: Apache-2.0
"""The workspace itself, its CPU cluster and the budget of the stage."""

from dependencies import Context, Dependencies
from pulumi import ResourceOptions

import groundplan as gp

CLUSTER = "cpu-cluster"


def declare_workspace(context: Context, needs: Dependencies) -> gp.Workspace:
    """A workspace that its private endpoint alone reaches, and that builds its images on the cluster."""
    settings, hub = context.settings, context.hub
    identity = needs.workspace_identity
    owner = {"owner": gp.RoleGrant(role="Contributor", principal_id=identity.principal_id)} if identity else {}
    own = None if hub else needs.neighbours
    return gp.Workspace(
        "workspace",
        gp.WorkspaceArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            workspace_name=context.name("machine_learning_workspace"),
            description=settings.description,
            kind=settings.kind,
            hub_id=hub.workspace_id if hub else None,
            identity_id=identity.id if identity else None,
            key_vault_id=own["key_vault_id"] if own else None,
            storage_account_id=own["storage_account_id"] if own else None,
            container_registry_id=own["container_registry_id"] if own else None,
            application_insights_id=context.foundation.application_insights_id if own else None,
            private_endpoint=context.private_endpoint if own else None,
            managed_network=settings.managed_network.network() if settings.managed_network else None,
            image_build_compute=CLUSTER if settings.cluster else settings.image_build_compute,
            serverless_compute=_serverless(context),
            customer_key=needs.customer_key,
            service_side_encryption=bool(settings.customer_key and settings.customer_key.service_side),
            high_business_impact=settings.high_business_impact,
            role_grants=owner,
            diagnostics=context.diagnostics,
            tags=settings.tags,
        ),
        # the identity needs its roles, and names must resolve privately, before the workspace first uses any of these
        ResourceOptions(depends_on=needs.components),
    )


def _serverless(context: Context) -> gp.ServerlessCompute | None:
    """Where jobs run that name no compute."""
    subnet = context.settings.serverless_subnet
    return gp.ServerlessCompute(subnet_id=context.foundation.subnet(subnet)) if subnet else None


def declare_cluster(context: Context, needs: Dependencies, workspace: gp.Workspace) -> gp.ComputeCluster | None:
    """CPU nodes for jobs and image builds, in the managed network or the foundation's training subnet."""
    settings = context.settings.cluster
    if settings is None:
        return None
    managed = context.settings.managed_network is not None
    return gp.ComputeCluster(
        "cluster",
        gp.ComputeClusterArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            workspace_name=workspace.name,
            compute_name=CLUSTER,
            vm_size=settings.vm_size,
            min_nodes=settings.min_nodes,
            max_nodes=settings.max_nodes,
            idle_minutes=settings.idle_minutes,
            low_priority=settings.low_priority,
            subnet_id=None if managed else context.foundation.subnet("training"),
            workspace_managed_network=managed,
            identity_ids=(needs.training_identity.id,),
            tags=context.settings.tags,
        ),
        ResourceOptions(depends_on=[workspace]),
    )


def declare_budget(context: Context) -> None:
    """What the stage's resource group may cost a month."""
    settings = context.settings.budget
    if settings is None:
        return
    gp.Budget(
        "budget",
        gp.BudgetArgs(
            scope=context.group.id,
            budget_name=context.name("budget"),
            amount=settings.monthly_amount,
            start_date=f"{settings.start_month}-01",
            contact_emails=tuple(settings.emails),
            action_group_ids=(context.foundation.action_group_id,),
        ),
    )
