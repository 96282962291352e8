# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage, and the policy file that it names, may hold."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML, YAMLError

from groundplan.config import Section, Settings
from groundplan.errors import ConfigError

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class PersonSettings(Section):
    """Who works in the workspace: a person, or better a group."""

    principal_id: str = Field(pattern=_GUID)
    """Object id in Microsoft Entra ID."""
    roles: list[str] = Field(min_length=1)
    """Names of built-in roles, on the workspace."""


class CiSettings(Section):
    """A pipeline that signs in without a secret."""

    issuer: str = Field(pattern=r"^https://")
    """Who issues the pipeline's tokens, e.g. `https://token.actions.githubusercontent.com`."""
    subject: str = Field(min_length=1)
    """Which pipeline: the subject of its tokens, e.g. `repo:contoso/models:environment:prod`."""
    roles: list[str] = Field(min_length=1)
    """Names of built-in roles, on the workspace."""


class Assignment(Section):
    """One Azure Policy on the workspace's resource group."""

    definition: str = Field(pattern=_GUID)
    """Id of a built-in definition."""
    title: str
    """Text shown in the portal."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Values of the definition's parameters."""
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
    people: dict[str, PersonSettings] = Field(default_factory=dict)
    """Who works in the workspace, by persona."""
    ci: dict[str, CiSettings] = Field(default_factory=dict)
    """Pipelines that work in the workspace, by name."""
    policy_file: str | None = None
    """File with Azure Policy assignments, relative to this folder."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
