# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage, and the policy file that it names, may hold."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML, YAMLError

import groundplan as gp
from groundplan.access.personas import Persona
from groundplan.config import Section, Settings
from groundplan.errors import ConfigError

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class PersonSettings(Section):
    """A group of people who share a persona."""

    principal_id: str = Field(pattern=_GUID)
    """Object id of the group in Microsoft Entra ID."""


class TrustSettings(Section):
    """Whose tokens open the identity: runs of a GitHub repository, or an Azure DevOps service connection."""

    repository: str | None = None
    """GitHub repository, `owner/name`."""
    environment: str | None = None
    """Environment of the GitHub repository."""
    organization: str | None = None
    """Azure DevOps organization."""
    organization_id: str | None = Field(default=None, pattern=_GUID)
    """Id of that organization."""
    project: str | None = None
    """Azure DevOps project."""
    service_connection: str | None = None
    """Service connection of that project."""
    tenant_id: str | None = Field(default=None, pattern=_GUID)
    """Tenant in the issuer that the service connection's page shows, where that is Microsoft Entra ID."""
    subject_identifier: str | None = None
    """Subject that the page shows, then."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        github = (self.repository, self.environment)
        devops = (self.organization, self.organization_id, self.project, self.service_connection)
        entra = (self.tenant_id, self.subject_identifier)
        ways = [way for way in (github, devops, entra) if any(way)]
        if len(ways) != 1 or not all(ways[0]):
            raise ValueError(
                "give repository and environment for GitHub, or organization, organizationId, project and serviceConnection "
                "for Azure DevOps, or tenantId and subjectIdentifier where Entra ID signs for it"
            )
        return self

    def trusted(self) -> gp.GitHub | gp.AzureDevOps:
        """The component's argument."""
        if self.repository:
            return gp.GitHub(repository=self.repository, environment=self.environment)
        return gp.AzureDevOps(
            organization=self.organization,
            organization_id=self.organization_id,
            project=self.project,
            service_connection=self.service_connection,
            tenant_id=self.tenant_id,
            subject_identifier=self.subject_identifier,
        )


class CiSettings(Section):
    """A pipeline that signs in without a secret and gets the roles of the persona `ci`."""

    trusted: dict[str, TrustSettings] = Field(min_length=1)
    """Whose tokens open its identity, by the credential's Azure name."""


class CustomRoleSettings(Section):
    """A role of one's own on the workspace's resource group."""

    description: str
    """Who needs the role, and for what."""
    actions: list[str] = Field(default_factory=list)
    """Operations on resources."""
    data_actions: list[str] = Field(default_factory=list)
    """Operations on what resources hold."""
    not_actions: list[str] = Field(default_factory=list)
    """What is taken away from `actions`."""
    not_data_actions: list[str] = Field(default_factory=list)
    """What is taken away from `data_actions`."""
    wildcards: bool = False
    """Take `*`: operations that Azure adds later are then included."""
    holders: dict[str, PersonSettings] = Field(default_factory=dict)
    """Groups that hold the role, by name."""


class WorkspaceAlertSettings(Section):
    """When the workspace raises an alarm."""

    quota_percent: float = Field(default=90, gt=0, le=100)
    """Share of the quota in use."""
    unusable_nodes: int = Field(default=0, ge=0)
    """Nodes that do not come up."""
    failed_runs: int = Field(default=10, ge=0)
    """Runs that fail in an hour."""


class EndpointAlertSettings(Section):
    """When an online endpoint of `3-serving` raises an alarm."""

    latency_ms: float = Field(default=1000, gt=0)
    """Milliseconds within which 95 of 100 requests are answered."""
    errors_per_minute: float = Field(default=1, ge=0)
    """Answers that are errors of the server."""


class AlertSettings(Section):
    """What the action group of the foundation hears of."""

    workspace: WorkspaceAlertSettings | None = None
    """Quota, nodes and runs of the workspace; not watched unless set."""
    endpoints: EndpointAlertSettings | None = None
    """Latency and errors of every online endpoint of `3-serving`; not watched unless set."""
    subscription: bool = False
    """Azure's health, denials by policy and deleted workspaces of the whole subscription."""


class ThresholdSettings(Section):
    """A message about a budget."""

    percent: float = Field(gt=0, le=1000)
    """Share of the amount."""
    forecast: bool = False
    """Of what Azure expects to be spent by the end of the period, not of what was spent."""


class BudgetSettings(Section):
    """What something may cost in a period."""

    scope: Literal["subscription", "resourceGroup"] = "subscription"
    """What counts: everything in the subscription, or in the workspace's resource group."""
    amount: float = Field(gt=0)
    """Limit per period, in the currency of the billing account."""
    period: Literal["Monthly", "Quarterly", "Annually"] = "Monthly"
    """Length of a period; cannot change later."""
    start_month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    """Month from which it counts, `YYYY-MM`; Azure refuses a new budget that starts in a past period."""
    count_tags: dict[str, list[str]] = Field(default_factory=dict)
    """Count only what carries each of these tags with one of its values, such as a cost center."""
    emails: list[str] = Field(default_factory=list)
    """Mail addresses that are told beside the action group of the foundation."""
    thresholds: dict[str, ThresholdSettings] | None = Field(default=None, min_length=1, max_length=5)
    """When they are told, by name; 50 and 90 percent spent and 100 percent expected unless set."""


Lockable = Literal["workspace", "storage", "keyVault", "containerRegistry", "resourceGroup"]


class Assignment(Section):
    """One Azure Policy on the workspace's resource group."""

    policy: str
    """Name of a built-in policy that Groundplan knows, or the id of a definition."""
    effect: str | None = None
    """What it does, e.g. `Deny`; the definition's default unless set."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Values of the definition's other parameters."""
    message: str | None = None
    """Text for who is refused."""
    enforced: list[str] = Field(default_factory=list)
    """Environments in which it acts; in the others it only reports."""


class PolicyFile(Section):
    """The policy file."""

    assignments: dict[str, Assignment]
    """Policies by a key that becomes their Azure name."""

    @classmethod
    def read(cls, name: str) -> dict[str, Assignment]:
        """The assignments of a file, relative to this folder; `ConfigError` for whatever is wrong with it."""
        path = (Path(__file__).parent / name).resolve()
        try:
            return cls.model_validate(YAML(typ="safe").load(path)).assignments
        except OSError as error:
            raise ConfigError(f"policyFile is {name!r}: {path}: {error.strerror}") from None
        except YAMLError as error:
            raise ConfigError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
        except ValidationError as error:
            said = [f"{path}: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            raise ConfigError("\n".join(said)) from None


class GovernanceSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    workspace_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 1; the stack of this environment and instance unless set."""
    people: dict[Persona, dict[str, PersonSettings]] = Field(default_factory=dict)
    """Who works in the workspace: groups by name, by persona."""
    ci: dict[str, CiSettings] = Field(default_factory=dict)
    """Pipelines that work in the workspace, by name."""
    policy_file: str | None = None
    """File with Azure Policy assignments, relative to this folder."""
    serving_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 3, where `alerts.endpoints` is set."""
    roles: dict[str, CustomRoleSettings] = Field(default_factory=dict)
    """Roles of one's own, by a key that ends their name."""
    alerts: AlertSettings = AlertSettings()
    budgets: dict[str, BudgetSettings] = Field(default_factory=dict)
    """Budgets beside that of `1-workspace`, by a key that becomes part of their Azure name."""
    locks: list[Lockable] = Field(default_factory=list)
    """What nobody can delete before this stack is destroyed or the entry is taken out."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""

    @field_validator("locks")
    @classmethod
    def _once(cls, locks: list[Lockable]) -> list[Lockable]:
        if twice := sorted({each for each in locks if locks.count(each) > 1}):
            raise ValueError(f"{', '.join(twice)} stands there more than once; name each thing once")
        return locks
