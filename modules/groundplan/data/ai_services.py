# SPDX-License-Identifier: Apache-2.0
"""An account of Azure AI services or Azure OpenAI, and the models that it serves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import cognitiveservices

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.data.keys import key_part
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs, SoftDelete
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.soft_delete import keeping

Upgrade = Literal["OnceCurrentVersionExpired", "OnceNewDefaultVersionAvailable", "NoAutoUpgrade"]


@dataclass(frozen=True, kw_only=True)
class ModelDeployment:
    """A model that an account serves, under the name that callers ask for."""

    model: str
    """Required. Name of the model, e.g. `gpt-4o`; a change replaces the deployment."""
    version: str | None = None
    """Optional. Version of the model, e.g. `2024-08-06`. Default: Azure's default version of the day."""
    publisher_format: str = "OpenAI"
    """Optional. Format of the model in Azure's catalog: `OpenAI`, `Microsoft`, `Meta`, ... Default: `OpenAI`."""
    sku: str = "Standard"
    """Optional. Where and how it runs: `Standard` stays in the account's region, `DataZoneStandard` in its data zone,
    `GlobalStandard` may go anywhere, `ProvisionedManaged` is reserved. Default: `Standard`."""
    capacity: int = 10
    """Optional. Thousands of tokens per minute, or provisioned units; counts against the subscription's quota. Default: 10."""
    content_filter: str | None = None
    """Optional. Name of the content filter (`raiPolicies`) that requests and answers pass. Default: Microsoft's."""
    upgrade: Upgrade = "OnceCurrentVersionExpired"
    """Optional. When Azure moves it to a newer version by itself. Default: not before the version retires."""

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise ArgumentError(f"model deployment: capacity is {self.capacity}; allowed are 1 and more")
        if self.upgrade == "NoAutoUpgrade" and self.version is None:
            raise ArgumentError("model deployment: upgrade 'NoAutoUpgrade' needs the version that it stays on")


@dataclass(frozen=True, kw_only=True)
class AiServicesArgs(ResourceArgs):
    """Arguments of `AiServices`."""

    kind: str = "AIServices"
    """Optional. What it offers: `AIServices` (models of many publishers, speech, vision, language), `OpenAI`,
    `FormRecognizer`, `ContentSafety`, ...; a change replaces the account. Default: `AIServices`."""
    sku: str = "S0"
    """Optional. Default: `S0`, the paid tier of most kinds."""
    public_network_access: bool = False
    """Optional. Reachable from the internet, or from `allowed_ip_ranges` if there are any. Default: no. Prefer
    `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the account's private endpoint. Required unless `public_network_access` is
    set."""
    allowed_ip_ranges: tuple[str, ...] = ()
    """Optional. Public IPv4 addresses or CIDR blocks that may come in; nobody else then. Default: all, if
    `public_network_access` is set."""
    unrestricted_outbound: bool = False
    """Optional. The service may fetch from any host that a request names. Default: no, only from `allowed_hosts`."""
    allowed_hosts: tuple[str, ...] = ()
    """Optional. Hosts that the service may fetch from, e.g. `stvision.blob.core.windows.net`. Default: none."""
    local_authentication: bool = False
    """Optional. Accept the account's keys. Default: no; callers use their identity, with `Cognitive Services OpenAI User` or
    `Cognitive Services User`."""
    deployments: Mapping[str, ModelDeployment] = field(default_factory=dict[str, ModelDeployment])
    """Optional. Models by the name that callers ask for. Azure refuses two changes at a time, so they are made one after the
    other, in this order. Default: none."""
    project_management: bool = False
    """Optional. Projects of Azure AI Foundry can be made in the account; only of kind `AIServices`. Default: no."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of a user-assigned identity that the account acts as. Default: a system-assigned identity."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest. Default: Microsoft's key."""
    soft_delete: SoftDelete | None = None
    """Optional. What to do with a deleted account of this name, and whether to purge this one when it is destroyed. Default:
    Azure refuses a name that a deleted account holds, and keeps what is destroyed for 48 hours."""
    restore: bool = False
    """Optional. Bring back the deleted account of this name, which has to be there; `soft_delete` looks first. Default: no."""
    account_name: str | None = None
    """Optional. Azure name, and the custom subdomain of its endpoint, unique over all of Azure. Default: the component's
    name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "AI services: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if self.allowed_ip_ranges and not self.public_network_access:
            raise ArgumentError(
                "AI services: allowed_ip_ranges does nothing while public_network_access is False; "
                "set public_network_access=True, which lets in only them"
            )
        if self.allowed_hosts and self.unrestricted_outbound:
            raise ArgumentError("AI services: allowed_hosts cannot be combined with unrestricted_outbound; choose one")
        if self.project_management and self.kind != "AIServices":
            raise ArgumentError(f"AI services: project_management needs kind 'AIServices', but kind is {self.kind!r}")
        if self.customer_key and self.customer_key.identity_client_id is None:
            raise ArgumentError("AI services: customer_key needs identity_client_id")
        if self.restore and self.soft_delete is not None:
            raise ArgumentError("AI services: restore and soft_delete say the same; leave out restore")
        for deployment in self.deployments:
            check_name("cognitive_deployment", deployment)


class AiServices(Component):
    """An account that takes no keys, fetches from nowhere by itself and is closed to the internet, with its models.

    Example:
        AiServices("llm", AiServicesArgs(
            resource_group_name=group.name, account_name="ais-vision-dev-4f9a21", private_endpoint=placement,
            deployments={"chat": ModelDeployment(model="gpt-4o", version="2024-08-06")}))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    endpoint: Output[str]
    """URL that requests go to."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with a user-assigned one."""

    def __init__(self, name: str, args: AiServicesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("cognitive_account", args.account_name or name)
        kept = keeping(self, name, "cognitive_account", (args.resource_group_name, azure_name), args.soft_delete)
        account = cognitiveservices.Account(
            name,
            account_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=args.kind,
            sku=cognitiveservices.SkuArgs(name=args.sku),
            identity=_identity(args),
            properties=_properties(azure_name, args, kept.recover),
            tags=args.tags,
            opts=self.child(
                ResourceOptions.merge(
                    kept.options,
                    ResourceOptions(
                        replace_on_changes=["kind"],
                        delete_before_replace=True,
                        # whether one was brought back is about its creation only
                        ignore_changes=None if kept.recover is None else ["properties.restore"],
                    ),
                )
            ),
        )
        deployments = self._deployments(name, account, args)
        link = connect(self, f"{name}-link", account.id, "account", args.private_endpoint, args, f"pep-{azure_name}")
        attach(
            self, name, account.id, args, arm_type="Microsoft.CognitiveServices/accounts", after=[*deployments, link]
        )
        self.id = account.id
        self.name = account.name
        self.endpoint = account.properties.apply(lambda properties: properties.endpoint)
        self.principal_id = principal_of(account.identity)
        self.seal()

    def _deployments(self, name: str, account: cognitiveservices.Account, args: AiServicesArgs) -> list[Resource]:
        made: list[Resource] = []
        for key, deployment in args.deployments.items():
            made.append(
                cognitiveservices.Deployment(
                    f"{name}-{key}",
                    deployment_name=key,
                    account_name=account.name,
                    resource_group_name=args.resource_group_name,
                    sku=cognitiveservices.SkuArgs(name=deployment.sku, capacity=deployment.capacity),
                    properties=cognitiveservices.DeploymentPropertiesArgs(
                        model=cognitiveservices.DeploymentModelArgs(
                            format=deployment.publisher_format, name=deployment.model, version=deployment.version
                        ),
                        rai_policy_name=deployment.content_filter,
                        version_upgrade_option=deployment.upgrade,
                    ),
                    tags=args.tags,
                    opts=self.child(
                        ResourceOptions(
                            depends_on=made[-1:],
                            replace_on_changes=["properties.model.name", "properties.model.format"],
                            delete_before_replace=True,
                        )
                    ),
                )
            )
        return made


def _properties(
    azure_name: str, args: AiServicesArgs, recover: Output[bool] | None
) -> cognitiveservices.AccountPropertiesArgs:
    key = args.customer_key
    return cognitiveservices.AccountPropertiesArgs(
        # tokens of Microsoft Entra ID and private endpoints need a name of the account's own; a host name takes dashes only
        custom_sub_domain_name=re.sub(r"[._]", "-", azure_name).rstrip("-"),
        disable_local_auth=not args.local_authentication,
        public_network_access="Enabled" if args.public_network_access else "Disabled",
        network_acls=cognitiveservices.NetworkRuleSetArgs(
            default_action="Allow" if args.public_network_access and not args.allowed_ip_ranges else "Deny",
            ip_rules=[cognitiveservices.IpRuleArgs(value=each) for each in args.allowed_ip_ranges] or None,
        ),
        restrict_outbound_network_access=not args.unrestricted_outbound,
        allowed_fqdn_list=[*args.allowed_hosts] or None,
        allow_project_management=True if args.project_management else None,
        restore=(True if args.restore else None) if recover is None else recover,
        encryption=cognitiveservices.EncryptionArgs(
            key_source="Microsoft.KeyVault",
            key_vault_properties=cognitiveservices.KeyVaultPropertiesArgs(
                key_vault_uri=key_part(key.key_identifier, 0),
                key_name=key_part(key.key_identifier, 1),
                key_version=key_part(key.key_identifier, 2),
                identity_client_id=key.identity_client_id,
            ),
        )
        if key
        else None,
    )


def _identity(args: AiServicesArgs) -> cognitiveservices.IdentityArgs:
    given = [args.identity_id] if args.identity_id is not None else []
    if args.customer_key:
        given.append(args.customer_key.identity_id)
    kinds = cognitiveservices.ResourceIdentityType
    if not given:
        return cognitiveservices.IdentityArgs(type=kinds.SYSTEM_ASSIGNED)
    both = kinds.USER_ASSIGNED if args.identity_id is not None else kinds.SYSTEM_ASSIGNED_USER_ASSIGNED
    return cognitiveservices.IdentityArgs(type=both, user_assigned_identities=given)
