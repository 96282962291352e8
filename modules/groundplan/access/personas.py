# SPDX-License-Identifier: Apache-2.0
"""What each kind of person, and a pipeline, may do on a machine learning platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal

from pulumi import Input, Output, ResourceOptions

from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrincipalType, RoleGrant

Persona = Literal["data_scientist", "ml_engineer", "operator", "auditor", "ci"]

PERSONAS: Final[Mapping[Persona, Mapping[str, tuple[str, ...]]]] = {
    # trains and registers, starts and stops computes that exist, reads and writes data
    "data_scientist": {
        "workspace": ("AzureML Data Scientist", "AzureML Compute Operator"),
        "registry": ("AzureML Registry User",),
        "storage": ("Storage Blob Data Contributor", "Storage File Data Privileged Contributor"),
    },
    # the same, builds images, and sees how what was deployed is doing
    "ml_engineer": {
        "workspace": ("AzureML Data Scientist", "AzureML Compute Operator"),
        "registry": ("AzureML Registry User",),
        "container_registry": ("AcrPush",),
        "storage": ("Storage Blob Data Contributor", "Storage File Data Privileged Contributor"),
        "group": ("Monitoring Reader",),
    },
    # watches, silences alerts, stops what runs away; touches no data and no models
    "operator": {
        "workspace": ("AzureML Compute Operator",),
        "group": ("Reader", "Monitoring Contributor"),
    },
    # sees how everything is set up and who did what, and neither data nor secrets
    "auditor": {
        "key_vault": ("Key Vault Reader",),
        "group": ("Reader", "Log Analytics Reader"),
    },
    # submits jobs, registers models, deploys endpoints, pushes images
    "ci": {
        "workspace": ("AzureML Data Scientist",),
        "registry": ("AzureML Registry User",),
        "container_registry": ("AcrPush",),
        "storage": ("Storage Blob Data Contributor",),
    },
}
"""Built-in roles of each persona, by what they are on. Nobody is Owner or Contributor, and nobody can give roles."""


@dataclass(frozen=True, kw_only=True)
class PersonaScopes:
    """What the roles are on; a persona gets nothing on what is left out."""

    workspace: Input[str] | None = None
    """Optional. ARM id of the workspace. Default: none."""
    registry: Input[str] | None = None
    """Optional. ARM id of the machine learning registry. Default: none."""
    container_registry: Input[str] | None = None
    """Optional. ARM id of the container registry. Default: none."""
    storage: Input[str] | None = None
    """Optional. ARM id of the workspace's storage account. Default: none."""
    key_vault: Input[str] | None = None
    """Optional. ARM id of the vault; an auditor sees the names of secrets there, never their values. Default: none."""
    group: Input[str] | None = None
    """Optional. ARM id of the resource group or subscription. Default: none."""


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Someone, or a group of people, who is given a persona."""

    principal_id: Input[str]
    """Required. Object id in Microsoft Entra ID; never a client id."""
    principal_type: PrincipalType = "Group"
    """Optional. Kind of principal; `ServicePrincipal` for identities of pipelines. Default: a group, whose members
    change without a deployment."""


@dataclass(frozen=True, kw_only=True)
class PersonaRolesArgs:
    """Arguments of `PersonaRoles`."""

    scopes: PersonaScopes
    """Required. What the roles are on."""
    personas: Mapping[Persona, Mapping[str, Principal]]
    """Required. Who is what: principals by a key that becomes part of their grants' logical names."""
    individual_users: bool = False
    """Optional. Take users beside groups and service principals: who leaves has to be taken out here. Default:
    refused."""

    def __post_init__(self) -> None:
        if all(getattr(self.scopes, each.name) is None for each in fields(self.scopes)):
            raise ArgumentError("persona roles: scopes is empty; give what the roles are on, e.g. workspace")
        for persona, people in self.personas.items():
            if persona not in PERSONAS:
                raise ArgumentError(f"persona roles: unknown persona {persona!r}; known: {', '.join(PERSONAS)}")
            if not any(getattr(self.scopes, where) is not None for where in PERSONAS[persona]):
                raise ArgumentError(
                    f"persona roles: {persona!r} would get nothing; give one of the scopes "
                    f"{', '.join(PERSONAS[persona])}"
                )
            for key, who in people.items():
                if who.principal_type == "User" and not self.individual_users:
                    raise ArgumentError(
                        f"persona roles: {key!r} ({persona}) is a single user; "
                        "give a group, or set individual_users=True"
                    )


class PersonaRoles(Component):
    """The least that each persona needs, as built-in roles; nobody becomes Owner.

    Example:
        PersonaRoles("people", PersonaRolesArgs(
            scopes=PersonaScopes(workspace=workspace.id, storage=data.id),
            personas={"data_scientist": {"vision": Principal(principal_id="<object id of the group>")}}))
    """

    assignment_ids: Output[dict[str, str]]
    """ARM ids of the role assignments, by `persona-principal-scope-role`."""

    def __init__(self, name: str, args: PersonaRolesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        ids: dict[str, Output[str]] = {}
        for persona, people in args.personas.items():
            for key, who in people.items():
                for where, role, scope in _held(args.scopes, persona):
                    label = "-".join((persona, key, where, role)).replace("_", "-").replace(" ", "-").lower()
                    grant = RoleGrant(
                        role=role,
                        principal_id=who.principal_id,
                        principal_type=who.principal_type,
                        description=f"Persona {persona.replace('_', ' ')}",
                    )
                    ids[label] = grant_role(self, f"{name}-{label}", scope, grant).id
        self.assignment_ids = Output.all(**ids)
        self.seal()


def _held(scopes: PersonaScopes, persona: Persona) -> Iterator[tuple[str, str, Input[str]]]:
    """Each role of a persona on a scope that is given: name of the scope, role, ARM id."""
    for where, roles in PERSONAS[persona].items():
        scope: Input[str] | None = getattr(scopes, where)
        if scope is not None:
            for role in roles:
                yield where, role, scope
