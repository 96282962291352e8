# SPDX-License-Identifier: Apache-2.0
"""A connection of a workspace to another service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name
from groundplan.workspace.credentials import (
    AccessKey,
    AccountKey,
    ApiKey,
    CustomKeys,
    ManagedIdentityLogin,
    PersonalAccessToken,
    SasToken,
    ServicePrincipal,
    UsernamePassword,
)

Credential = (
    AccessKey
    | AccountKey
    | ApiKey
    | CustomKeys
    | ManagedIdentityLogin
    | PersonalAccessToken
    | SasToken
    | ServicePrincipal
    | UsernamePassword
)


@dataclass(frozen=True, kw_only=True)
class ConnectionArgs:
    """Arguments of `Connection`."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Azure name of the workspace; a hub's connections may serve its projects."""
    category: str
    """Required. Kind of service, in Azure's words: `AzureOpenAI`, `AIServices`, `CognitiveSearch` (AI Search), `AzureBlob`, `ADLSGen2`,
    `ContainerRegistry`, `Git`, `PythonFeed`, `S3`, `Snowflake`, `CustomKeys`, ..."""
    target: Input[str]
    """Required. URL or ARM id of the service."""
    credential: Credential | None = None
    """Optional. What to log in with. Default: Microsoft Entra ID, as whoever uses the connection; that identity needs its roles on
    the service."""
    service_id: Input[str] | None = None
    """Optional. ARM id of the service, which the studio shows and deployments look up. Default: none."""
    metadata: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. What the category needs beside the target, e.g. `ApiVersion`, or `AccountName` and `ContainerName`. Default: `ApiType`
    for Azure OpenAI."""
    shared: bool = False
    """Optional. Everybody in the workspace, and in the projects of a hub, may use it. Default: its maker only."""
    connection_name: str | None = None
    """Optional. Azure name; a change replaces the connection. Default: the component's name."""

    def __post_init__(self) -> None:
        known = [str(each.value) for each in ml.ConnectionCategory]
        if self.category not in known:
            near = get_close_matches(self.category, known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ArgumentError(f"connection: no category {self.category!r}; {hint}allowed are {', '.join(known)}")
        if self.category == "CustomKeys" and not isinstance(self.credential, CustomKeys):
            raise ArgumentError("connection of category 'CustomKeys': credential has to be CustomKeys(keys={...})")


class Connection(Component):
    """A connection that logs in as its user: it holds no secret, unless it is given one.

    Example:
        Connection("openai", ConnectionArgs(
            resource_group_name=group.name, workspace_name=workspace.name, category="AzureOpenAI", target=openai.endpoint,
            service_id=openai.id))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: what deployments and flows give as their connection."""

    def __init__(self, name: str, args: ConnectionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        connection = ml.WorkspaceConnection(
            name,
            connection_name=check_name("connection", args.connection_name or name),
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            properties=_properties(args),
            # the name cannot be held by two connections; Azure does not change how one logs in
            opts=self.child(ResourceOptions(delete_before_replace=True, replace_on_changes=["properties.authType"])),
        )
        self.id = connection.id
        self.name = connection.name
        self.seal()


def _properties(args: ConnectionArgs) -> Any:
    metadata: dict[str, Input[str]] = {"ApiType": "Azure"} if args.category == "AzureOpenAI" else {}
    if args.service_id is not None:
        metadata["ResourceId"] = args.service_id
    shared: dict[str, Any] = {
        "category": args.category,
        "target": args.target,
        "is_shared_to_all": args.shared,
        "metadata": {**metadata, **args.metadata},
    }
    given = args.credential
    match given:
        case None:
            return ml.AADAuthTypeWorkspaceConnectionPropertiesArgs(auth_type="AAD", **shared)
        case ManagedIdentityLogin():
            login = ml.WorkspaceConnectionManagedIdentityArgs(resource_id=given.identity_id, client_id=given.client_id)
            return ml.ManagedIdentityAuthTypeWorkspaceConnectionPropertiesArgs(
                auth_type="ManagedIdentity", credentials=login, **shared
            )
        case AccountKey():
            account = ml.WorkspaceConnectionAccountKeyArgs(key=Output.secret(given.key))
            return ml.AccountKeyAuthTypeWorkspaceConnectionPropertiesArgs(
                auth_type="AccountKey", credentials=account, **shared
            )
        case ApiKey():
            api = ml.WorkspaceConnectionApiKeyArgs(key=Output.secret(given.key))
            return ml.ApiKeyAuthWorkspaceConnectionPropertiesArgs(auth_type="ApiKey", credentials=api, **shared)
        case CustomKeys():
            keys = ml.CustomKeysArgs(keys={key: Output.secret(value) for key, value in given.keys.items()})
            return ml.CustomKeysWorkspaceConnectionPropertiesArgs(auth_type="CustomKeys", credentials=keys, **shared)
        case PersonalAccessToken():
            token = ml.WorkspaceConnectionPersonalAccessTokenArgs(pat=Output.secret(given.token))
            return ml.PATAuthTypeWorkspaceConnectionPropertiesArgs(auth_type="PAT", credentials=token, **shared)
        case SasToken():
            sas = ml.WorkspaceConnectionSharedAccessSignatureArgs(sas=Output.secret(given.token))
            return ml.SASAuthTypeWorkspaceConnectionPropertiesArgs(auth_type="SAS", credentials=sas, **shared)
        case _:
            return _pair(given, shared)


def _pair(given: AccessKey | ServicePrincipal | UsernamePassword, shared: dict[str, Any]) -> Any:
    """Credentials of a public and a secret part."""
    match given:
        case AccessKey():
            keys = ml.WorkspaceConnectionAccessKeyArgs(
                access_key_id=given.access_key_id, secret_access_key=Output.secret(given.secret_access_key)
            )
            return ml.AccessKeyAuthTypeWorkspaceConnectionPropertiesArgs(
                auth_type="AccessKey", credentials=keys, **shared
            )
        case ServicePrincipal():
            principal = ml.WorkspaceConnectionServicePrincipalArgs(
                tenant_id=given.tenant_id, client_id=given.client_id, client_secret=Output.secret(given.client_secret)
            )
            return ml.ServicePrincipalAuthTypeWorkspaceConnectionPropertiesArgs(
                auth_type="ServicePrincipal", credentials=principal, **shared
            )
        case UsernamePassword():
            user = ml.WorkspaceConnectionUsernamePasswordArgs(
                username=given.username, password=Output.secret(given.password)
            )
            return ml.UsernamePasswordAuthTypeWorkspaceConnectionPropertiesArgs(
                auth_type="UsernamePassword", credentials=user, **shared
            )
