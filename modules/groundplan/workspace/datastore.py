# SPDX-License-Identifier: Apache-2.0
"""A datastore: a place for data that jobs name instead of its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.naming import check_name
from groundplan.workspace.credentials import AccountKey, SasToken, ServicePrincipal

StudioIdentity = Literal["None", "WorkspaceSystemAssignedIdentity", "WorkspaceUserAssignedIdentity"]


@dataclass(frozen=True, kw_only=True)
class BlobContainer:
    """A container of a storage account."""

    account_id: Input[str]
    """Required. ARM id of the storage account."""
    container: Input[str]
    """Required. Name of the container."""


@dataclass(frozen=True, kw_only=True)
class DataLakeFilesystem:
    """A container of a storage account with a hierarchical namespace (ADLS Gen2)."""

    account_id: Input[str]
    """Required. ARM id of the storage account."""
    filesystem: Input[str]
    """Required. Name of the container."""


@dataclass(frozen=True, kw_only=True)
class FileShare:
    """A file share of a storage account."""

    account_id: Input[str]
    """Required. ARM id of the storage account."""
    share: Input[str]
    """Required. Name of the share."""


@dataclass(frozen=True, kw_only=True)
class OneLake:
    """A lakehouse in Microsoft Fabric."""

    fabric_workspace: Input[str]
    """Required. Name or GUID of the Fabric workspace."""
    lakehouse: Input[str]
    """Required. Name or GUID of the lakehouse."""
    endpoint: Input[str] | None = None
    """Optional. Host of OneLake. Default: Azure's."""


@dataclass(frozen=True, kw_only=True)
class DatastoreArgs:
    """Arguments of `Datastore`."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Azure name of the workspace."""
    source: BlobContainer | DataLakeFilesystem | FileShare | OneLake
    """Required. Where the data is; another kind of place replaces the datastore."""
    credential: AccountKey | SasToken | ServicePrincipal | None = None
    """Optional. What to open it with. Default: none is kept; whoever runs a job, or its compute, uses its identity."""
    studio_identity: StudioIdentity = "None"
    """Optional. Identity of the workspace with which the studio shows data behind a private network. Default: `None`: the user's."""
    datastore_name: str | None = None
    """Optional. Azure name: lower case letters, digits and underscores. Default: the component's name with underscores for
    dashes."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Tags of the datastore. Default: none."""


class Datastore(Component):
    """A datastore without credentials: data is read with the identity of the job.

    Example:
        Datastore("images", DatastoreArgs(
            resource_group_name=group.name, workspace_name=workspace.name,
            source=BlobContainer(account_id=data.id, container="images")))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    uri: Output[str]
    """What jobs put before a path: `azureml://datastores/<name>/paths/`."""

    def __init__(self, name: str, args: DatastoreArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        store = ml.Datastore(
            name,
            name=check_name("datastore", args.datastore_name or name.replace("-", "_")),
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            properties=_properties(args),
            opts=self.child(
                ResourceOptions(
                    # Azure does not change the kind, and the name cannot be held by two
                    replace_on_changes=["properties.datastoreType"],
                    delete_before_replace=True,
                )
            ),
        )
        self.id = store.id
        self.name = store.name
        self.uri = Output.concat("azureml://datastores/", store.name, "/paths/")
        self.seal()


def _properties(args: DatastoreArgs) -> Any:
    shared: dict[str, Any] = {
        "credentials": _credentials(args.credential),
        "service_data_access_auth_identity": args.studio_identity,
        "description": args.description,
        "tags": args.tags,
    }
    source = args.source
    match source:
        case BlobContainer():
            return ml.AzureBlobDatastoreArgs(
                datastore_type="AzureBlob",
                container_name=source.container,
                **_account(source.account_id),
                **shared,
            )
        case DataLakeFilesystem():
            return ml.AzureDataLakeGen2DatastoreArgs(
                datastore_type="AzureDataLakeGen2",
                filesystem=source.filesystem,
                **_account(source.account_id),
                **shared,
            )
        case FileShare():
            return ml.AzureFileDatastoreArgs(
                datastore_type="AzureFile", file_share_name=source.share, **_account(source.account_id), **shared
            )
        case OneLake():
            return ml.OneLakeDatastoreArgs(
                datastore_type="OneLake",
                one_lake_workspace_name=source.fabric_workspace,
                artifact=ml.LakeHouseArtifactArgs(artifact_type="LakeHouse", artifact_name=source.lakehouse),
                endpoint=source.endpoint,
                **shared,
            )


def _account(account_id: Input[str]) -> dict[str, Output[str]]:
    """Subscription, resource group and name of a storage account: identity-based access looks it up by them."""
    parts = Output.from_input(account_id).apply(lambda given: given.split("/"))
    return {
        "subscription_id": parts.apply(lambda found: found[2]),
        "resource_group": parts.apply(lambda found: found[4]),
        "account_name": parts.apply(lambda found: found[-1]),
    }


def _credentials(given: AccountKey | SasToken | ServicePrincipal | None) -> Any:
    match given:
        case None:
            return ml.NoneDatastoreCredentialsArgs(credentials_type="None")
        case AccountKey():
            key = ml.AccountKeyDatastoreSecretsArgs(secrets_type="AccountKey", key=Output.secret(given.key))
            return ml.AccountKeyDatastoreCredentialsArgs(credentials_type="AccountKey", secrets=key)
        case SasToken():
            token = ml.SasDatastoreSecretsArgs(secrets_type="Sas", sas_token=Output.secret(given.token))
            return ml.SasDatastoreCredentialsArgs(credentials_type="Sas", secrets=token)
        case ServicePrincipal():
            secret = ml.ServicePrincipalDatastoreSecretsArgs(
                secrets_type="ServicePrincipal", client_secret=Output.secret(given.client_secret)
            )
            return ml.ServicePrincipalDatastoreCredentialsArgs(
                credentials_type="ServicePrincipal",
                tenant_id=given.tenant_id,
                client_id=given.client_id,
                secrets=secret,
            )
