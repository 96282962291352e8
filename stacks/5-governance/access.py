# SPDX-License-Identifier: Apache-2.0
"""Who may do what on a workspace, and which policies hold around it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ResourceOptions
from pulumi_azure_native import authorization, managedidentity
from settings import Assignment, CiSettings, PersonSettings

import groundplan as gp
from groundplan.contracts import WorkspaceStage
from groundplan.roles import role_assignment_name, role_definition_id

_AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True, kw_only=True)
class Context:
    """What everything of this stage is given."""

    workspace: WorkspaceStage
    environment: str
    names: gp.Names
    instance: str
    tags: Mapping[str, str]

    @property
    def workspace_id(self) -> str:
        """ARM id of the workspace."""
        return str(self.workspace.workspace_id)


def declare_person(context: Context, persona: str, settings: PersonSettings) -> None:
    """The roles of a persona."""
    for role in settings.roles:
        authorization.RoleAssignment(
            f"{persona}-{role.lower().replace(' ', '-')}",
            scope=context.workspace_id,
            role_assignment_name=role_assignment_name(context.workspace_id, settings.principal_id, role),
            role_definition_id=role_definition_id(context.workspace_id, role),
            principal_id=settings.principal_id,
            principal_type="Group",
        )


def declare_ci(context: Context, name: str, settings: CiSettings) -> gp.Identity:
    """An identity that a pipeline's own tokens open: there is no secret to keep or to lose."""
    roles = {
        role.lower().replace(" ", "-"): gp.RoleOn(role=role, scope=context.workspace_id) for role in settings.roles
    }
    azure_name = context.names("identity", "-".join(part for part in ("ci", name, context.instance) if part))
    identity = gp.Identity(
        f"ci-{name}",
        gp.IdentityArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            identity_name=azure_name,
            roles=roles,
            tags=context.tags,
        ),
    )
    managedidentity.FederatedIdentityCredential(
        f"ci-{name}-credential",
        resource_group_name=context.workspace.resource_group_name,
        resource_name_=azure_name,
        federated_identity_credential_resource_name=name,
        issuer=settings.issuer,
        subject=settings.subject,
        audiences=[_AUDIENCE],
        opts=ResourceOptions(depends_on=[identity]),
    )
    return identity


def declare_policy(context: Context, key: str, settings: Assignment) -> authorization.PolicyAssignment:
    """A policy on the workspace's resource group: it acts where it is enforced, and reports elsewhere."""
    return authorization.PolicyAssignment(
        key,
        policy_assignment_name=key,
        scope=context.workspace_id.partition("/providers/")[0],
        display_name=settings.title,
        policy_definition_id=f"/providers/Microsoft.Authorization/policyDefinitions/{settings.definition}",
        parameters={name: {"value": value} for name, value in settings.parameters.items()},
        enforcement_mode="Default" if context.environment in settings.enforced else "DoNotEnforce",
    )
