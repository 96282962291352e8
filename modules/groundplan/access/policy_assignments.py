# SPDX-License-Identifier: Apache-2.0
"""Azure Policy on a scope: what it audits, denies or mends, and what is exempt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal
from uuid import UUID

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import authorization

from groundplan.access.built_in_policies import POLICIES
from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import RoleGrant
from groundplan.naming import check_name
from groundplan.roles import role_guid


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """Something that a policy does not count, with a reason and, better, an end."""

    scope: Input[str]
    """Required. ARM id of what is exempt: a resource, or a resource group."""
    reason: str
    """Required. Why, and who agreed."""
    category: Literal["Waiver", "Mitigated"] = "Waiver"
    """Optional. The risk is accepted, or the aim is met in another way. Default: accepted."""
    expires: str | None = None
    """Optional. Last day, `YYYY-MM-DD`. Default: never."""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ArgumentError("exemption: reason is empty; say why, and who agreed")
        if self.expires is None:
            return
        try:
            date.fromisoformat(self.expires)
        except ValueError:
            raise ArgumentError(f"exemption: expires is {self.expires!r}, not a day of the form YYYY-MM-DD") from None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One policy or initiative, with its parameters."""

    policy: str
    """Required. Purpose of a built-in policy (`built_in_policies.POLICIES`), the GUID of any built-in one, or the ARM id
    of a definition of your own."""
    initiative: bool = False
    """Optional. `policy` is a GUID of an initiative, a set of policies. Default: of a single policy."""
    effect: str | None = None
    """Optional. What happens, e.g. `Audit` or `Deny`. Default: the policy's own, mostly `Audit`."""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Optional. Other parameters of the policy. Default: its own defaults."""
    enforce: bool = True
    """Optional. Deny and change; without, Azure only reports. Default: yes."""
    not_scopes: tuple[Input[str], ...] = ()
    """Optional. ARM ids below the scope that are left out. Default: none."""
    message: str | None = None
    """Optional. Told to who is denied. Default: the policy's name."""
    remediation_roles: tuple[str, ...] = ()
    """Conditional. Roles on the scope for the identity that changes resources. Required for policies that change or
    deploy something."""
    exemptions: Mapping[str, Exemption] = field(default_factory=dict[str, Exemption])
    """Optional. What is exempt, by the exemption's Azure name. Default: nothing."""

    def __post_init__(self) -> None:
        for role in self.remediation_roles:
            role_guid(role)
        if "effect" in self.parameters:
            raise ArgumentError(f"policy {self.policy!r}: give effect as an argument of its own, not in parameters")
        definition_id(self.policy, initiative=self.initiative)
        known = POLICIES.get(self.policy)
        if known is None:
            return
        if self.effect is not None and self.effect not in known.effects:
            raise ArgumentError(
                f"policy {self.policy!r}: effect is {self.effect!r}; allowed are {', '.join(known.effects)}"
            )
        if known.remediates and not self.remediation_roles:
            raise ArgumentError(
                f"policy {self.policy!r} changes resources ({known.effects[0]}): "
                "give remediation_roles, what its identity may do on the scope, e.g. ('Contributor',)"
            )


@dataclass(frozen=True, kw_only=True)
class PolicyAssignmentsArgs:
    """Arguments of `PolicyAssignments`."""

    scope: Input[str]
    """Required. ARM id of the resource group, subscription or management group."""
    policies: Mapping[str, Policy]
    """Required. Policies by the assignment's Azure name: 1 to 64 characters, 24 on a management group."""
    location: Input[str] | None = None
    """Conditional. Region of the identities. Required if a policy has `remediation_roles`."""

    def __post_init__(self) -> None:
        if not self.policies:
            raise ArgumentError("policy assignments: policies is empty; give at least one")
        if self.location is None:
            for key, each in self.policies.items():
                if each.remediation_roles:
                    raise ArgumentError(
                        f"policy assignments: {key!r} has remediation_roles, so its identity needs a location; give it"
                    )


class PolicyAssignments(Component):
    """Policies on a scope, each with its parameters, its identity's roles and its exemptions.

    Example:
        PolicyAssignments("guardrails", PolicyAssignmentsArgs(scope=group.id, policies={
            "no-public-workspace": Policy(policy="workspace-public-access", effect="Deny")}))
    """

    ids: Output[dict[str, str]]
    """ARM ids of the assignments, by key."""
    principal_ids: Output[dict[str, str]]
    """Object ids of the identities that change resources, by key; only of policies that do."""

    def __init__(self, name: str, args: PolicyAssignmentsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        ids: dict[str, Output[str]] = {}
        principals: dict[str, Output[str]] = {}
        for key, policy in args.policies.items():
            assignment = self._assign(f"{name}-{key}", key, policy, args)
            ids[key] = assignment.id
            if policy.remediation_roles:
                principals[key] = principal_of(assignment.identity)
            for role in policy.remediation_roles:
                grant_role(
                    self,
                    f"{name}-{key}-{role_guid(role)}",
                    args.scope,
                    RoleGrant(role=role, principal_id=principals[key], description=f"Remediation of policy {key}"),
                )
            for label, exemption in policy.exemptions.items():
                self._exempt(f"{name}-{key}-{label}", label, exemption, assignment)
        self.ids = Output.all(**ids)
        self.principal_ids = Output.all(**principals) if principals else Output.from_input(dict[str, str]())
        self.seal()

    def _assign(
        self, name: str, key: str, policy: Policy, args: PolicyAssignmentsArgs
    ) -> authorization.PolicyAssignment:
        values = {**({"effect": policy.effect} if policy.effect else {}), **policy.parameters}
        known = POLICIES.get(policy.policy)
        return authorization.PolicyAssignment(
            name,
            policy_assignment_name=check_name("policy_assignment", key),
            scope=args.scope,
            policy_definition_id=definition_id(policy.policy, initiative=policy.initiative),
            display_name=known.title if known else key,
            enforcement_mode="Default" if policy.enforce else "DoNotEnforce",
            parameters={
                parameter: authorization.ParameterValuesValueArgs(value=value) for parameter, value in values.items()
            },
            not_scopes=[*policy.not_scopes],
            non_compliance_messages=[authorization.NonComplianceMessageArgs(message=policy.message)]
            if policy.message
            else None,
            identity=authorization.IdentityArgs(type=authorization.ResourceIdentityType.SYSTEM_ASSIGNED)
            if policy.remediation_roles
            else None,
            location=args.location if policy.remediation_roles else None,
            opts=self.child(),
        )

    def _exempt(
        self, name: str, label: str, exemption: Exemption, assignment: authorization.PolicyAssignment
    ) -> authorization.PolicyExemption:
        return authorization.PolicyExemption(
            name,
            policy_exemption_name=check_name("policy_exemption", label),
            scope=exemption.scope,
            policy_assignment_id=assignment.id,
            exemption_category=exemption.category,
            display_name=label,
            description=exemption.reason,
            expires_on=f"{exemption.expires}T23:59:59Z" if exemption.expires else None,
            opts=self.child(),
        )


def definition_id(policy: str, *, initiative: bool = False) -> str:
    """ARM id of a definition given by purpose, GUID or ARM id; `ArgumentError` with the nearest purpose for anything else."""
    if re.search(r"/providers/Microsoft\.Authorization/policy(Set)?Definitions/[^/]+$", policy, re.IGNORECASE):
        return policy
    if policy in POLICIES and not initiative:
        return f"/providers/Microsoft.Authorization/policyDefinitions/{POLICIES[policy].guid}"
    try:
        guid = UUID(policy)
    except ValueError:
        near = get_close_matches(policy, POLICIES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known purposes: {', '.join(POLICIES)}"
        raise ArgumentError(
            f"policy {policy!r} is neither a known purpose nor a GUID nor the ARM id of a definition; {hint}"
        ) from None
    return f"/providers/Microsoft.Authorization/{'policySetDefinitions' if initiative else 'policyDefinitions'}/{guid}"
