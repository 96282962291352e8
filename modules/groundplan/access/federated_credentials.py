# SPDX-License-Identifier: Apache-2.0
"""Pipelines that act as an identity without a secret: GitHub and Azure DevOps prove who runs, and Entra ID believes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import managedidentity

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
DEVOPS_ISSUER = "https://vstoken.dev.azure.com/"
ENTRA_ISSUER = "https://login.microsoftonline.com/{}/v2.0"
AUDIENCE = "api://AzureADTokenExchange"
LIMIT = 20
"""Azure's limit of federated credentials for one identity.

Source: learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations."""


@dataclass(frozen=True, kw_only=True)
class GitHub:
    """Workflow runs of one repository, for one branch, tag, environment, or all pull requests."""

    repository: str
    """Required. `owner/name`, in the spelling that GitHub shows: Entra ID minds case."""
    branch: str | None = None
    """Conditional. Runs for this branch. Exactly one of `branch`, `tag`, `environment` and `pull_requests` is
    required."""
    tag: str | None = None
    """Conditional. Runs for this tag. See `branch`."""
    environment: str | None = None
    """Conditional. Jobs that name this environment, which can ask for a reviewer first. See `branch`."""
    pull_requests: bool = False
    """Conditional. Runs for pull requests: whoever may open one acts as the identity. See `branch`."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+", self.repository):
            raise ArgumentError(f"github: repository is {self.repository!r}; give owner/name")
        given = [each for each in (self.branch, self.tag, self.environment) if each is not None]
        if len(given) + self.pull_requests != 1:
            raise ArgumentError(
                f"github {self.repository!r}: give exactly one of branch, tag, environment and pull_requests=True"
            )
        if bad := [each for each in given if not each or "*" in each or each.startswith("refs/")]:
            raise ArgumentError(
                f"github {self.repository!r}: {bad[0]!r} is no name of a branch, tag or environment; "
                "give it without refs/ and without wildcards, which Entra ID does not know"
            )

    @property
    def issuer(self) -> str:
        """Who signs the token."""
        return GITHUB_ISSUER

    @property
    def subject(self) -> str:
        """What the token says of the run."""
        if self.environment is not None:
            return f"repo:{self.repository}:environment:{self.environment}"
        if self.branch is not None:
            return f"repo:{self.repository}:ref:refs/heads/{self.branch}"
        if self.tag is not None:
            return f"repo:{self.repository}:ref:refs/tags/{self.tag}"
        return f"repo:{self.repository}:pull_request"


@dataclass(frozen=True, kw_only=True)
class AzureDevOps:
    """Pipelines that use one service connection of an Azure DevOps project."""

    tenant_id: str | None = None
    """Conditional. GUID of the tenant whose Microsoft Entra ID signs the tokens, as it does for connections made today; the
    connection's page shows it in the issuer. Required with `subject_identifier`."""
    subject_identifier: str | None = None
    """Conditional. Subject as the connection's page shows it, `/eid1/...`. Required unless Azure DevOps itself signs."""
    organization: str | None = None
    """Conditional. Name of the organization. Required, with the three below, where Azure DevOps itself signs the tokens."""
    organization_id: str | None = None
    """Conditional. GUID of the organization, which the address of its tokens' issuer ends in. See `organization`."""
    project: str | None = None
    """Conditional. Name of the project. See `organization`."""
    service_connection: str | None = None
    """Conditional. Name of the service connection, made with workload identity federation. See `organization`."""

    def __post_init__(self) -> None:
        by_entra = (self.tenant_id, self.subject_identifier)
        by_devops = (self.organization, self.organization_id, self.project, self.service_connection)
        if any(each is not None for each in by_entra) == any(each is not None for each in by_devops):
            raise ArgumentError(
                "azure devops: give either tenant_id and subject_identifier, or organization, organization_id, project and "
                "service_connection; the issuer that the service connection's page shows says which"
            )
        if missing := [name for name in self._names() if not (getattr(self, name) or "").strip()]:
            raise ArgumentError(f"azure devops: {missing[0]} is missing; the service connection's page shows it")
        guid = "tenant_id" if self.organization_id is None else "organization_id"
        try:
            UUID(getattr(self, guid))
        except ValueError:
            raise ArgumentError(
                f"azure devops: {guid} is {getattr(self, guid)!r}, not a GUID; "
                "the service connection's page shows it in the issuer"
            ) from None
        for name in ("organization", "project", "service_connection"):
            value: str = getattr(self, name) or ""
            if "/" in value:
                raise ArgumentError(f"azure devops: {name} is {value!r}; give its name alone")

    def _names(self) -> tuple[str, ...]:
        if self.tenant_id is not None or self.subject_identifier is not None:
            return ("tenant_id", "subject_identifier")
        return ("organization", "organization_id", "project", "service_connection")

    @property
    def issuer(self) -> str:
        """Who signs the token. Source: learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity."""
        if self.tenant_id is not None:
            return ENTRA_ISSUER.format(self.tenant_id)
        return f"{DEVOPS_ISSUER}{self.organization_id}"

    @property
    def subject(self) -> str:
        """What the token says of the pipeline."""
        if self.subject_identifier is not None:
            return self.subject_identifier
        return f"sc://{self.organization}/{self.project}/{self.service_connection}"


@dataclass(frozen=True, kw_only=True)
class FederatedCredentialsArgs:
    """Arguments of `FederatedCredentials`."""

    resource_group_name: Input[str]
    """Required. Resource group of the identity."""
    identity_name: Input[str]
    """Required. Azure name of the user-assigned identity that pipelines act as."""
    trusted: Mapping[str, GitHub | AzureDevOps]
    """Required. Who may act as the identity, by the credential's Azure name; one to 20."""
    allow_pull_requests: bool = False
    """Optional. Take `GitHub(pull_requests=True)`: code that nobody reviewed then acts as the identity. Give such an
    identity read access only. Default: refused."""
    cloud: Literal["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"] = "AzureCloud"
    """Optional. Cloud of the identity, which the token is made for. Default: the public one."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.trusted) <= LIMIT:
            raise ArgumentError(
                f"federated credentials: {len(self.trusted)} given; Azure takes 1 to {LIMIT} for an identity"
            )
        seen: dict[tuple[str, str], str] = {}
        for key, who in self.trusted.items():
            other = seen.setdefault((who.issuer, who.subject), key)
            if other != key:
                raise ArgumentError(
                    f"federated credentials: {other!r} and {key!r} both trust {who.subject!r}; Azure refuses the second"
                )
            if isinstance(who, GitHub) and who.pull_requests and not self.allow_pull_requests:
                raise ArgumentError(
                    f"federated credentials: {key!r} trusts every pull request of {who.repository}; "
                    "trust an environment, or set allow_pull_requests=True for an identity that only reads"
                )


class FederatedCredentials(Component):
    """Trust in pipelines, one after another: Azure refuses to write two credentials of an identity at once.

    Example:
        FederatedCredentials("ci", FederatedCredentialsArgs(
            resource_group_name=group.name, identity_name=identity.name,
            trusted={"deploy": GitHub(repository="example/platform", environment="prod")}))
    """

    ids: Output[dict[str, str]]
    """ARM ids by key."""
    subjects: Output[dict[str, str]]
    """What the tokens must say, by key: for comparing with what a pipeline is refused for."""

    def __init__(self, name: str, args: FederatedCredentialsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        ids: dict[str, Output[str]] = {}
        before: Resource | None = None
        for key, who in args.trusted.items():
            before = managedidentity.FederatedIdentityCredential(
                f"{name}-{key}",
                federated_identity_credential_resource_name=check_name("federated_credential", key),
                resource_name_=args.identity_name,
                resource_group_name=args.resource_group_name,
                issuer=who.issuer,
                subject=who.subject,
                audiences=[_AUDIENCES[args.cloud]],
                opts=self.child(ResourceOptions(depends_on=[before] if before else [])),
            )
            ids[key] = before.id
        self.ids = Output.all(**ids)
        self.subjects = Output.from_input({key: who.subject for key, who in args.trusted.items()})
        self.seal()


_AUDIENCES = {
    "AzureCloud": AUDIENCE,
    "AzureUSGovernment": "api://AzureADTokenExchangeUSGov",
    "AzureChinaCloud": "api://AzureADTokenExchangeChina",
}
