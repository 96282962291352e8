# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage, and the policy file that it names, may hold."""

from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator
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

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        github = (self.repository, self.environment)
        devops = (self.organization, self.organization_id, self.project, self.service_connection)
        if not (all(github) and not any(devops)) and not (all(devops) and not any(github)):
            raise ValueError(
                "give repository and environment for GitHub, or organization, organizationId, project and serviceConnection "
                "for Azure DevOps"
            )
        return self

    def trusted(self) -> gp.GitHub | gp.AzureDevOps:
        """The component's argument."""
        if self.repository:
            return gp.GitHub(repository=self.repository, environment=self.environment)
        return gp.AzureDevOps(
            organization=self.organization or "",
            organization_id=self.organization_id or "",
            project=self.project or "",
            service_connection=self.service_connection or "",
        )


class CiSettings(Section):
    """A pipeline that signs in without a secret and gets the roles of the persona `ci`."""

    trusted: dict[str, TrustSettings] = Field(min_length=1)
    """Whose tokens open its identity, by the credential's Azure name."""


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
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
