# SPDX-License-Identifier: Apache-2.0
"""A data factory: pipelines that bring data to the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import datafactory

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.data.keys import key_part
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Entry = Literal["dataFactory", "portal"]
_TYPES: Mapping[type, str] = {bool: "Bool", int: "Int", float: "Float", str: "String"}


@dataclass(frozen=True, kw_only=True)
class FactoryRepository:
    """The Git repository that pipelines are edited in; one branch of it is published."""

    account: str
    """Required. Organisation or owner."""
    repository: str
    """Required. Name of the repository."""
    branch: str = "main"
    """Optional. Branch that is published from. Default: `main`."""
    folder: str = "/"
    """Optional. Folder of the factory's files. Default: the root."""
    devops_project: str | None = None
    """Conditional. Project, if the repository is one of Azure DevOps. Default: a repository of GitHub."""
    github_host: str | None = None
    """Optional. URL of a GitHub Enterprise server. Default: github.com."""
    publish_from_portal: bool = False
    """Optional. Editors may publish from the portal. Default: no, a pipeline of the repository does."""

    def __post_init__(self) -> None:
        if self.devops_project is not None and self.github_host is not None:
            raise ArgumentError("factory repository: github_host cannot be combined with devops_project; choose one")


@dataclass(frozen=True, kw_only=True)
class DataFactoryArgs(ResourceArgs):
    """Arguments of `DataFactory`."""

    public_network_access: bool = False
    """Optional. Runtimes and callers reach the factory over the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the factory's private endpoints. Required unless `public_network_access` is
    set."""
    private_services: tuple[Entry, ...] = ("dataFactory", "portal")
    """Optional. What gets a private endpoint: the factory, and the studio in the browser (`portal`; its host is the same for
    all factories, so have it once in a network). Default: both."""
    identity_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of user-assigned identities beside the system-assigned one. Default: none."""
    repository: FactoryRepository | None = None
    """Optional. Git repository of the pipelines; only in the environment where they are edited. Default: none."""
    global_parameters: Mapping[str, str | float | bool] = field(default_factory=dict[str, str | float | bool])
    """Optional. Values that all pipelines read, by name; everybody who sees the factory sees them, so never a secret. Default:
    none."""
    purview_id: Input[str] | None = None
    """Optional. ARM id of the Microsoft Purview account that learns the lineage of what pipelines copy; the factory's identity
    needs the role Data Curator there, which Purview gives, not ARM. Default: none."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest; only while the factory is empty. Default: Microsoft's key."""
    factory_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "data factory: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        for name, value in self.global_parameters.items():
            if type(value) not in _TYPES:
                raise ArgumentError(
                    f"data factory: global parameter {name!r} is {value!r}; allowed are text, numbers and truth values"
                )


class DataFactory(Component):
    """A factory that works with its own identity and is closed to the internet.

    Example:
        DataFactory("ingest", DataFactoryArgs(
            resource_group_name=group.name, factory_name="adf-vision-dev-4f9a21", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    principal_id: Output[str]
    """Object id of the system-assigned identity, which pipelines read and write with."""

    def __init__(self, name: str, args: DataFactoryArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("data_factory", args.factory_name or name)
        factory = datafactory.Factory(
            name,
            factory_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            identity=_identity(args),
            encryption=_encryption(args.customer_key),
            repo_configuration=_repository(args.repository),
            global_parameters={
                key: datafactory.GlobalParameterSpecificationArgs(type=_TYPES[type(value)], value=value)
                for key, value in args.global_parameters.items()
            },
            purview_configuration=datafactory.PurviewConfigurationArgs(purview_resource_id=args.purview_id)
            if args.purview_id is not None
            else None,
            tags=args.tags,
            opts=self.child(),
        )
        links = [
            connect(
                self,
                f"{name}-{entry}-link",
                factory.id,
                entry,
                args.private_endpoint,
                args,
                f"pep-{azure_name}-{entry}"[:64],
            )
            for entry in args.private_services
        ]
        attach(self, name, factory.id, args, arm_type="Microsoft.DataFactory/factories", after=links)
        self.id = factory.id
        self.name = factory.name
        self.principal_id = principal_of(factory.identity)
        self.seal()


def _identity(args: DataFactoryArgs) -> datafactory.FactoryIdentityArgs:
    given = [*args.identity_ids, *([args.customer_key.identity_id] if args.customer_key else [])]
    return datafactory.FactoryIdentityArgs(
        type="SystemAssigned,UserAssigned" if given else "SystemAssigned",
        user_assigned_identities=Output.all(*given).apply(lambda ids: {each: {} for each in ids}) if given else None,
    )


def _encryption(key: CustomerKey | None) -> datafactory.EncryptionConfigurationArgs | None:
    if key is None:
        return None
    return datafactory.EncryptionConfigurationArgs(
        vault_base_url=key_part(key.key_identifier, 0),
        key_name=key_part(key.key_identifier, 1),
        key_version=key_part(key.key_identifier, 2),
        identity=datafactory.CMKIdentityDefinitionArgs(user_assigned_identity=key.identity_id),
    )


def _repository(
    repository: FactoryRepository | None,
) -> datafactory.FactoryGitHubConfigurationArgs | datafactory.FactoryVSTSConfigurationArgs | None:
    if repository is None:
        return None
    if repository.devops_project is not None:
        return datafactory.FactoryVSTSConfigurationArgs(
            type="FactoryVSTSConfiguration",
            account_name=repository.account,
            project_name=repository.devops_project,
            repository_name=repository.repository,
            collaboration_branch=repository.branch,
            root_folder=repository.folder,
            disable_publish=not repository.publish_from_portal,
        )
    return datafactory.FactoryGitHubConfigurationArgs(
        type="FactoryGitHubConfiguration",
        account_name=repository.account,
        repository_name=repository.repository,
        collaboration_branch=repository.branch,
        root_folder=repository.folder,
        host_name=repository.github_host,
        disable_publish=not repository.publish_from_portal,
    )
