# SPDX-License-Identifier: Apache-2.0
"""Who may do what on a workspace, and which policies hold around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Output, Resource
from pulumi_azure_native import authorization
from settings import Assignment, CiSettings, CustomRoleSettings, PersonSettings

import groundplan as gp
from groundplan.access.personas import Persona
from groundplan.contracts import Foundation, WorkspaceStage
from groundplan.roles import role_assignment_name


@dataclass(frozen=True, kw_only=True)
class Context:
    """What everything of this stage is given."""

    foundation: Foundation
    workspace: WorkspaceStage
    names: gp.Names
    instance: str
    tags: Mapping[str, str]
    made: list[Resource] = field(default_factory=list[Resource])
    """What lies under the locks, which are made last and go first: Azure lets nobody delete a role under a lock."""

    def name(self, kind: str, role: str) -> str:
        """Azure name of a `kind` of resource of this instance."""
        return self.names(kind, "-".join(part for part in (role, self.instance) if part))

    @property
    def subscription_scope(self) -> str:
        """ARM id of the workspace's subscription."""
        return f"/subscriptions/{self.workspace.subscription_id}"

    @property
    def group_id(self) -> str:
        """ARM id of the workspace's resource group."""
        return str(self.workspace.workspace_id).partition("/providers/")[0]

    @property
    def scopes(self) -> gp.PersonaScopes:
        """What personas get their roles on."""
        return gp.PersonaScopes(
            workspace=self.workspace.workspace_id,
            registry=self.workspace.ml_registry_id or self.foundation.ml_registry_id,
            container_registry=self.workspace.container_registry_id,
            storage=self.workspace.storage_account_id,
            key_vault=self.workspace.key_vault_id,
            group=self.group_id,
        )


def declare_people(context: Context, people: Mapping[Persona, Mapping[str, PersonSettings]]) -> None:
    """The roles of people, by what they are on the platform."""
    if not people:
        return
    personas: dict[Persona, dict[str, gp.Principal]] = {
        persona: {key: gp.Principal(principal_id=each.principal_id) for key, each in groups.items()}
        for persona, groups in people.items()
    }
    context.made.append(gp.PersonaRoles("people", gp.PersonaRolesArgs(scopes=context.scopes, personas=personas)))


def declare_ci(context: Context, name: str, settings: CiSettings) -> gp.Identity:
    """An identity that a pipeline's own tokens open: there is no secret to keep or to lose."""
    identity = gp.Identity(
        f"ci-{name}",
        gp.IdentityArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            identity_name=context.name("identity", f"ci-{name}"),
            tags=context.tags,
        ),
    )
    credentials = gp.FederatedCredentials(
        f"ci-{name}-credentials",
        gp.FederatedCredentialsArgs(
            resource_group_name=context.workspace.resource_group_name,
            identity_name=identity.name,
            trusted={key: each.trusted() for key, each in settings.trusted.items()},
        ),
    )
    pipeline = gp.Principal(principal_id=identity.principal_id, principal_type="ServicePrincipal")
    given = gp.PersonaRolesArgs(scopes=context.scopes, personas={"ci": {name: pipeline}})
    context.made.extend([identity, credentials, gp.PersonaRoles(f"ci-{name}-roles", given)])
    return identity


def declare_role(context: Context, key: str, settings: CustomRoleSettings) -> gp.CustomRole:
    """A role that exists in this resource group alone, and who holds it."""
    placed = (context.foundation.project, context.foundation.environment, context.instance, key)
    role = gp.CustomRole(
        f"role-{key}",
        gp.CustomRoleArgs(
            scope=context.group_id,
            role_name=" ".join(part for part in placed if part),
            description=settings.description,
            actions=tuple(settings.actions),
            data_actions=tuple(settings.data_actions),
            not_actions=tuple(settings.not_actions),
            not_data_actions=tuple(settings.not_data_actions),
            wildcards=settings.wildcards,
        ),
    )
    for name, holder in settings.holders.items():
        grant = authorization.RoleAssignment(
            f"role-{key}-{name}",
            scope=context.group_id,
            principal_id=holder.principal_id,
            principal_type="Group",
            role_definition_id=role.id,
            role_assignment_name=role_assignment_name(context.group_id, holder.principal_id, role.role),
        )
        context.made.append(grant)
    context.made.append(role)
    return role


def declare_policies(
    context: Context, environment: str, assignments: Mapping[str, Assignment]
) -> dict[str, Output[str]]:
    """Policies on the workspace's resource group: each acts where it is enforced, and reports elsewhere."""
    if not assignments:
        return {}
    policies = {
        key: gp.Policy(
            policy=each.policy,
            effect=each.effect,
            parameters=each.parameters,
            enforce=environment in each.enforced,
            message=each.message,
        )
        for key, each in assignments.items()
    }
    made = gp.PolicyAssignments("policies", gp.PolicyAssignmentsArgs(scope=context.group_id, policies=policies))
    context.made.append(made)
    return {key: made.ids[key] for key in assignments}
