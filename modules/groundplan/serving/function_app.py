# SPDX-License-Identifier: Apache-2.0
"""Functions that score what events bring: the front of an endpoint for queues and hubs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import web

from groundplan.attachments import attach, grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs, RoleGrant
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.serving.function_settings import (
    EventHubSource,
    QueueSource,
    ScoringTarget,
    check_settings,
    settings_of,
)

MAX_INSTANCES = 100
"""Source: learn.microsoft.com/azure/azure-functions/functions-premium-plan, where Windows and some regions of Linux have it."""


@dataclass(frozen=True, kw_only=True)
class FunctionAppArgs(ResourceArgs):
    """Arguments of `FunctionApp`."""

    storage_account_id: Input[str]
    """Required. ARM id of the storage account that the runtime works with, as the app's identity; keys may be off there."""
    subnet_id: Input[str]
    """Required. ARM id of the subnet that all outbound traffic leaves through, delegated to `Microsoft.Web/serverFarms`."""
    public_network_access: bool = False
    """Optional. Reachable from the internet, or from `allowed_sources` if there are any. Default: no. Event hubs and queues
    need none: the app fetches from them."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the app's private endpoint. Required unless `public_network_access` is set."""
    allowed_sources: tuple[str, ...] = ()
    """Optional. CIDR blocks or service tags, such as `AzureEventGrid`, that may come in; nobody else then. Default: all, if
    `public_network_access` is set."""
    package_uri: Input[str] | None = None
    """Optional. Blob with the zipped code, read as the app's identity. Default: code comes by deployment later."""
    python_version: Literal["3.10", "3.11", "3.12", "3.13"] = "3.11"
    """Optional. Version of Python. Default: 3.11."""
    scoring: Mapping[str, ScoringTarget] = field(default_factory=dict[str, ScoringTarget])
    """Optional. Endpoints that the functions call, by the setting that gets the URI. Default: none."""
    events: Mapping[str, EventHubSource | QueueSource] = field(default_factory=dict[str, EventHubSource | QueueSource])
    """Optional. Where triggers get events from, by the name that the trigger calls its connection. Default: none."""
    settings: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. More settings, in plain text; secrets are refused. Default: none."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. URIs of secrets in Key Vault, by the setting that gets the secret. Default: none."""
    key_vault_id: Input[str] | None = None
    """Conditional. ARM id of the vault of `secrets`; the app becomes `Key Vault Secrets User` there. Required with `secrets`."""
    application_insights_connection_string: Input[str] | None = None
    """Optional. Where telemetry goes; kept as a secret. Default: nowhere."""
    application_insights_id: Input[str] | None = None
    """Optional. ARM id of that Application Insights, which gets telemetry by the app's identity, not by the key in the connection
    string. Needs the connection string. Default: by the key."""
    storage_roles: tuple[str, ...] = ("Storage Blob Data Owner",)
    """Optional. Roles of the app on the storage account. Blob triggers need `Storage Queue Data Contributor` as well, durable
    functions that and `Storage Table Data Contributor`. Default: `Storage Blob Data Owner`, the runtime's least."""
    sku: Literal["EP1", "EP2", "EP3"] = "EP1"
    """Optional. Size of an instance of the plan: 1, 2 or 4 cores, 3.5, 7 or 14 GB. Default: `EP1`."""
    min_instances: int = 1
    """Optional. Instances that always run and are paid for. Default: 1."""
    max_instances: int = 20
    """Optional. Instances that a rush of events may bring, up to 100. Default: 20."""
    zone_redundant: bool = False
    """Optional. Spread the plan's instances over zones; a change replaces the plan. Default: no."""
    plan_id: Input[str] | None = None
    """Optional. ARM id of an elastic premium plan that there is already; the arguments of the plan do nothing then.
    Default: a plan of its own."""
    identity_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of user-assigned identities beside the system-assigned one. Default: none."""
    app_name: str | None = None
    """Optional. Azure name of the app, unique over all of Azure. Default: the component's name."""
    plan_name: str | None = None
    """Optional. Azure name of the plan. Default: `<component's name>-plan`."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "function app: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if self.allowed_sources and not self.public_network_access:
            raise ArgumentError(
                "function app: allowed_sources does nothing while public_network_access is False; "
                "set public_network_access=True, which lets in only them"
            )
        if not 1 <= self.min_instances <= self.max_instances <= MAX_INSTANCES:
            raise ArgumentError(
                f"function app: min_instances is {self.min_instances} and max_instances is {self.max_instances}; "
                f"allowed are 1 to {MAX_INSTANCES}, the smaller first"
            )
        if self.secrets and self.key_vault_id is None:
            raise ArgumentError(
                f"function app: secrets {', '.join(self.secrets)} need key_vault_id, where they are read"
            )
        if self.application_insights_id is not None and self.application_insights_connection_string is None:
            raise ArgumentError("function app: application_insights_id needs application_insights_connection_string")
        check_settings(self.settings, self.secrets, self.scoring, self.events)


class FunctionApp(Component):
    """A function app without keys: storage, events, secrets and models are reached through its subnet, as its identity.

    Example:
        FunctionApp("scoring", FunctionAppArgs(
            resource_group_name=group.name, app_name="func-vision-dev-4f9a21", storage_account_id=data.id,
            subnet_id=network.subnet_ids["functions"], private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    host: Output[str]
    """Host name, e.g. `<name>.azurewebsites.net`."""
    principal_id: Output[str]
    """Object id of the system-assigned identity."""
    plan_id: Output[str]
    """ARM id of the plan, which more apps may share."""

    def __init__(self, name: str, args: FunctionAppArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("function_app", args.app_name or name)
        self.plan_id = Output.from_input(args.plan_id) if args.plan_id is not None else self._plan(name, args).id
        app = self._app(name, azure_name, args)
        self.principal_id = principal_of(app.identity)
        children: list[Resource | None] = [*self._close_publishing(name, app, args), *self._roles(name, args)]
        children.append(
            connect(self, f"{name}-link", app.id, "sites", args.private_endpoint, args, f"pep-{azure_name}")
        )
        attach(self, name, app.id, args, arm_type="Microsoft.Web/sites", after=children)
        self.id = app.id
        self.name = app.name
        self.host = app.default_host_name
        self.seal()

    def _plan(self, name: str, args: FunctionAppArgs) -> web.AppServicePlan:
        return web.AppServicePlan(
            f"{name}-plan",
            name=check_name("app_service_plan", args.plan_name or f"{name}-plan"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="elastic",
            reserved=True,
            sku=web.SkuDescriptionArgs(name=args.sku, tier="ElasticPremium", capacity=args.min_instances),
            maximum_elastic_worker_count=args.max_instances,
            zone_redundant=args.zone_redundant,
            tags=args.tags,
            # zones are chosen once
            opts=self.child(ResourceOptions(replace_on_changes=["zoneRedundant"], delete_before_replace=True)),
        )

    def _app(self, name: str, azure_name: str, args: FunctionAppArgs) -> web.WebApp:
        return web.WebApp(
            name,
            name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="functionapp,linux",
            reserved=True,
            server_farm_id=self.plan_id,
            https_only=True,
            client_affinity_enabled=False,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            virtual_network_subnet_id=args.subnet_id,
            outbound_vnet_routing=web.OutboundVnetRoutingArgs(all_traffic=True),
            identity=web.ManagedServiceIdentityArgs(
                type=web.ManagedServiceIdentityType.SYSTEM_ASSIGNED_USER_ASSIGNED
                if args.identity_ids
                else web.ManagedServiceIdentityType.SYSTEM_ASSIGNED,
                user_assigned_identities=[*args.identity_ids] or None,
            ),
            site_config=web.SiteConfigArgs(
                linux_fx_version=f"Python|{args.python_version}",
                min_tls_version="1.2",
                scm_min_tls_version="1.2",
                ftps_state=web.FtpsState.DISABLED,
                http20_enabled=True,
                remote_debugging_enabled=False,
                # without it the platform cannot see events of private sources, and does not scale
                functions_runtime_scale_monitoring_enabled=True,
                minimum_elastic_instance_count=args.min_instances,
                ip_security_restrictions=_restrictions(args.allowed_sources),
                ip_security_restrictions_default_action="Deny" if args.allowed_sources else None,
                scm_ip_security_restrictions_use_main=True,
                app_settings=[
                    web.NameValuePairArgs(name=key, value=value) for key, value in self._settings(args).items()
                ],
            ),
            tags=args.tags,
            opts=self.child(),
        )

    def _settings(self, args: FunctionAppArgs) -> dict[str, Input[str]]:
        account = Output.from_input(args.storage_account_id).apply(lambda id_: id_.rpartition("/")[2])
        found: dict[str, Input[str]] = {
            "AzureWebJobsStorage__accountName": account,
            "AzureWebJobsStorage__credential": "managedidentity",
            "FUNCTIONS_EXTENSION_VERSION": "~4",
            "FUNCTIONS_WORKER_RUNTIME": "python",
        }
        if args.package_uri is not None:
            found["WEBSITE_RUN_FROM_PACKAGE"] = args.package_uri
            found["WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"] = "SystemAssigned"
        if args.application_insights_connection_string is not None:
            found["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Output.secret(args.application_insights_connection_string)
        if args.application_insights_id is not None:
            found["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "Authorization=AAD"
        return found | settings_of(args.settings, args.secrets, args.scoring, args.events)

    def _close_publishing(self, name: str, app: web.WebApp, args: FunctionAppArgs) -> list[Resource]:
        """No user name and password for FTP or for deployments."""
        ftp = web.WebAppFtpAllowed(
            f"{name}-ftp",
            name=app.name,
            resource_group_name=args.resource_group_name,
            allow=False,
            opts=self.child(),
        )
        scm = web.WebAppScmAllowed(
            f"{name}-scm",
            name=app.name,
            resource_group_name=args.resource_group_name,
            allow=False,
            # Azure takes one change of a site at a time
            opts=self.child(ResourceOptions(depends_on=[ftp])),
        )
        return [ftp, scm]

    def _roles(self, name: str, args: FunctionAppArgs) -> list[Resource]:
        wanted: list[tuple[str, Input[str] | None, str]] = [
            (f"storage-{role.lower().replace(' ', '-')}", args.storage_account_id, role) for role in args.storage_roles
        ]
        wanted += [(f"scoring-{key}", each.endpoint_id, "AzureML Data Scientist") for key, each in args.scoring.items()]
        wanted += [(f"events-{key}", each.scope_id, each.role) for key, each in args.events.items()]
        wanted.append(("secrets", args.key_vault_id, "Key Vault Secrets User"))
        wanted.append(("telemetry", args.application_insights_id, "Monitoring Metrics Publisher"))
        return [
            grant_role(self, f"{name}-{key}", scope, RoleGrant(role=role, principal_id=self.principal_id))
            for key, scope, role in wanted
            if scope is not None
        ]


def _restrictions(sources: tuple[str, ...]) -> list[web.IpSecurityRestrictionArgs] | None:
    return [
        web.IpSecurityRestrictionArgs(
            name=f"allow-{at}",
            priority=100 + at,
            action="Allow",
            tag="Default" if "/" in source else "ServiceTag",
            ip_address=source,
        )
        for at, source in enumerate(sources)
    ] or None
