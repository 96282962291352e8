# SPDX-License-Identifier: Apache-2.0
"""The workspace itself, its CPU cluster and the budget of the stage."""

from dependencies import Context, Dependencies
from pulumi import ResourceOptions

import groundplan as gp

CLUSTER = "cpu-cluster"


def declare_workspace(context: Context, needs: Dependencies) -> gp.Workspace:
    """A workspace that its private endpoint alone reaches, and that builds its images on the cluster."""
    owner = gp.RoleGrant(role="Contributor", principal_id=needs.workspace_identity.principal_id)
    return gp.Workspace(
        "workspace",
        gp.WorkspaceArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            workspace_name=context.names("machine_learning_workspace"),
            description=context.settings.description,
            identity_id=needs.workspace_identity.id,
            key_vault_id=needs.vault.id,
            storage_account_id=needs.storage.id,
            container_registry_id=needs.registry.id,
            application_insights_id=context.foundation.application_insights_id,
            private_endpoint=context.private_endpoint,
            image_build_compute=CLUSTER,
            role_grants={"owner": owner},
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
        # the identity needs its roles, and names must resolve privately, before the workspace first uses any of these
        ResourceOptions(depends_on=[needs.workspace_identity, needs.vault, needs.storage, needs.registry]),
    )


def declare_cluster(context: Context, needs: Dependencies, workspace: gp.Workspace) -> gp.ComputeCluster:
    """CPU nodes in the foundation's training subnet, for jobs and image builds."""
    settings = context.settings.cluster
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
            subnet_id=context.foundation.training_subnet_id,
            identity_ids=(needs.training_identity.id,),
            tags=context.settings.tags,
        ),
        ResourceOptions(depends_on=[workspace]),
    )


def declare_budget(context: Context) -> gp.Budget:
    """What the stage's resource group may cost a month."""
    settings = context.settings.budget
    return gp.Budget(
        "budget",
        gp.BudgetArgs(
            scope=context.group.id,
            budget_name=context.names("budget"),
            amount=settings.monthly_amount,
            start_date=f"{settings.start_month}-01",
            contact_emails=tuple(settings.emails),
            action_group_ids=(context.foundation.action_group_id,),
        ),
    )
