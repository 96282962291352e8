# SPDX-License-Identifier: Apache-2.0
"""What a private endpoint can connect to: group ids, their members, and the names that each member answers to.

Source of groups and zones: Microsoft's "Azure Private Endpoint private DNS zone values". The workspace's names are those of "How to use
your workspace with a custom DNS server". Names of services that answer to more than one host (Azure Monitor, Data Factory) and the
groups of managed Grafana and Azure Monitor workspaces are from general knowledge.

Differs from Azure: a private link scope of Azure Monitor registers its own name in the zones of Log Analytics; Azure registers the
customer id of each linked workspace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from groundplan_emulator.store import Resource


@dataclass(frozen=True, slots=True)
class Host:
    """A name inside a private zone: the record's name, the zone, and the suffix of the public name."""

    label: str
    public: str
    zone: str

    @property
    def fqdn(self) -> str:
        """The public name, which clients ask for."""
        return f"{self.label}.{self.public}"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group: it gets one address."""

    name: str
    hosts: tuple[Host, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group id of a type, with templates of members and hosts; `{name}`, `{location}`, `{id}`, `{domain}` are the target's."""

    type: str
    id: str
    members: tuple[Member, ...]


def _one(type_: str, group: str, public: str, zone: str = "", *, label: str = "{name}", member: str = "") -> Group:
    host = Host(label, public, zone or f"privatelink.{public}")
    return Group(type_, group, (Member(member or group, (host,)),))


AML_API, AML_NOTEBOOKS = "api.azureml.ms", "notebooks.azure.net"
AML_ZONE = f"privatelink.{AML_API}"
WORKSPACE = (
    Member(
        "default",
        (
            Host("{id}.workspace.{location}", AML_API, AML_ZONE),
            Host("{id}.workspace.{location}.cert", AML_API, AML_ZONE),
        ),
    ),
    Member("notebook", (Host("{notebook}", AML_NOTEBOOKS, f"privatelink.{AML_NOTEBOOKS}"),)),
    Member("inference", (Host("*.{id}.inference.{location}", AML_API, AML_ZONE),)),
    Member("models", (Host("*.{id}.models.{location}", AML_API, AML_ZONE),)),
)
REGISTRY = (
    Member("registry", (Host("{name}", "azurecr.io", "privatelink.azurecr.io"),)),
    Member("registry_data_{location}", (Host("{name}.{location}.data", "azurecr.io", "privatelink.azurecr.io"),)),
)
ACCOUNT = (
    Member(
        "default",
        tuple(
            Host("{domain}", public, f"privatelink.{public}")
            for public in ("cognitiveservices.azure.com", "openai.azure.com", "services.ai.azure.com")
        ),
    ),
)
MONITOR = tuple(
    Member(label, (Host(label, "monitor.azure.com", "privatelink.monitor.azure.com"),))
    for label in ("api", "global.in.ai", "profiler", "live", "diagservices-query", "snapshot")
) + tuple(
    Member(zone.partition(".")[0], (Host(label, zone, f"privatelink.{zone}"),))
    for label, zone in (
        ("{name}", "oms.opinsights.azure.com"),
        ("{name}", "ods.opinsights.azure.com"),
        ("{name}", "agentsvc.azure-automation.net"),
        ("scadvisorcontentpl", "blob.core.windows.net"),
    )
)
ARC = tuple(
    Member(member, (Host(label, zone, f"privatelink.{zone}"),))
    for member, label, zone in (
        ("his", "gbl", "his.arc.azure.com"),
        ("guestconfiguration", "agentserviceapi", "guestconfiguration.azure.com"),
        ("kubernetesconfiguration", "{location}", "dp.kubernetesconfiguration.azure.com"),
    )
)
IOT_HUB = (
    Member("iotHub", (Host("{name}", "azure-devices.net", "privatelink.azure-devices.net"),)),
    Member("eventHubs", (Host("{name}", "servicebus.windows.net", "privatelink.servicebus.windows.net"),)),
)
SITES = (
    Member(
        "sites",
        tuple(Host(label, "azurewebsites.net", "privatelink.azurewebsites.net") for label in ("{name}", "{name}.scm")),
    ),
)
STORAGE = tuple(
    _one(
        "Microsoft.Storage/storageAccounts",
        service + suffix,
        f"{service}.core.windows.net",
        label="{name}" + suffix.replace("_", "-"),
    )
    for service in ("blob", "file", "queue", "table", "dfs", "web")
    for suffix in ("", "_secondary")
)
COSMOS = tuple(
    _one("Microsoft.DocumentDB/databaseAccounts", group, public)
    for group, public in (
        ("Sql", "documents.azure.com"),
        ("MongoDB", "mongo.cosmos.azure.com"),
        ("Cassandra", "cassandra.cosmos.azure.com"),
        ("Gremlin", "gremlin.cosmos.azure.com"),
        ("Table", "table.cosmos.azure.com"),
    )
)
GROUPS: tuple[Group, ...] = (
    Group("Microsoft.MachineLearningServices/workspaces", "amlworkspace", WORKSPACE),
    _one(
        "Microsoft.MachineLearningServices/registries",
        "amlregistry",
        AML_API,
        label="{id}.registry.{location}",
        member="default",
    ),
    Group("Microsoft.ContainerRegistry/registries", "registry", REGISTRY),
    _one("Microsoft.KeyVault/vaults", "vault", "vault.azure.net", "privatelink.vaultcore.azure.net", member="default"),
    _one("Microsoft.KeyVault/managedHSMs", "managedhsm", "managedhsm.azure.net", member="default"),
    *STORAGE,
    _one(
        "Microsoft.ContainerService/managedClusters",
        "management",
        "{location}.azmk8s.io",
        "privatelink.{location}.azmk8s.io",
    ),
    Group("Microsoft.Insights/privateLinkScopes", "azuremonitor", MONITOR),
    Group("Microsoft.CognitiveServices/accounts", "account", ACCOUNT),
    _one("Microsoft.Search/searchServices", "searchService", "search.windows.net"),
    _one("Microsoft.EventHub/namespaces", "namespace", "servicebus.windows.net"),
    _one("Microsoft.ServiceBus/namespaces", "namespace", "servicebus.windows.net"),
    *COSMOS,
    _one("Microsoft.Sql/servers", "sqlServer", "database.windows.net"),
    _one("Microsoft.Databricks/workspaces", "databricks_ui_api", "azuredatabricks.net"),
    _one(
        "Microsoft.Databricks/workspaces", "browser_authentication", "azuredatabricks.net", label="{location}.pl-auth"
    ),
    _one("Microsoft.DataFactory/factories", "dataFactory", "datafactory.azure.net", label="{name}.{location}"),
    _one("Microsoft.DataFactory/factories", "portal", "adf.azure.com", label="adf"),
    _one("Microsoft.EventGrid/topics", "topic", "eventgrid.azure.net", label="{name}.{location}-1"),
    _one("Microsoft.EventGrid/domains", "domain", "eventgrid.azure.net", label="{name}.{location}-1"),
    Group("Microsoft.Devices/IotHubs", "iotHub", IOT_HUB),
    _one("Microsoft.Devices/ProvisioningServices", "iotDps", "azure-devices-provisioning.net"),
    _one("Microsoft.Synapse/workspaces", "Sql", "sql.azuresynapse.net"),
    _one("Microsoft.Synapse/workspaces", "SqlOnDemand", "sql.azuresynapse.net", label="{name}-ondemand"),
    _one("Microsoft.Synapse/workspaces", "Dev", "dev.azuresynapse.net"),
    _one("Microsoft.Synapse/privateLinkHubs", "Web", "azuresynapse.net", label="web"),
    Group("Microsoft.Web/sites", "sites", SITES),
    _one("Microsoft.Dashboard/grafana", "grafana", "grafana.azure.com", label="{name}.{location}"),
    _one(
        "Microsoft.Monitor/accounts",
        "prometheusMetrics",
        "{location}.prometheus.monitor.azure.com",
        "privatelink.{location}.prometheus.monitor.azure.com",
    ),
    Group("Microsoft.HybridCompute/privateLinkScopes", "hybridcompute", ARC),
    _one("Microsoft.Cache/Redis", "redisCache", "redis.cache.windows.net"),
    _one("Microsoft.DBforPostgreSQL/flexibleServers", "postgresqlServer", "postgres.database.azure.com"),
    _one("Microsoft.AppConfiguration/configurationStores", "configurationStores", "azconfig.io"),
    _one("Microsoft.Purview/accounts", "account", "purview.azure.com"),
    _one("Microsoft.Purview/accounts", "portal", "purviewstudio.azure.com", label="web"),
    _one(
        "Microsoft.Authorization/resourceManagementPrivateLinks", "ResourceManagement", "azure.com", label="management"
    ),
    # the rest of the platform's own: no group ids, no names
    Group("Microsoft.Network/privateLinkServices", "", (Member("", ()),)),
)


@cache
def groups(type_: str) -> dict[str, Group]:
    """The groups of a target type by lower-case id; empty when a private endpoint cannot connect to it."""
    return {group.id.lower(): group for group in GROUPS if group.type.lower() == type_.lower()}


def types() -> list[str]:
    """Every type that a private endpoint can connect to."""
    return sorted({group.type for group in GROUPS})


def members(target: Resource, group: Group) -> Sequence[Member]:
    """The members of a group with the names that one target answers to."""
    values = _values(target)
    return [
        Member(
            member.name.format_map(values),
            tuple(
                Host(host.label.format_map(values), host.public.format_map(values), host.zone.format_map(values))
                for host in member.hosts
            ),
        )
        for member in group.members
    ]


def _values(target: Resource) -> dict[str, Any]:
    properties, name = target.properties, target.name.lower()
    notebook = str((properties.get("notebookInfo") or {}).get("fqdn", f"ml-{name}.{AML_NOTEBOOKS}"))
    return {
        "name": name,
        "location": target.body.get("location", "global"),
        "id": properties.get("workspaceId") or properties.get("registryId") or name,
        "domain": str(properties.get("customSubDomainName") or name).lower(),
        "notebook": notebook.removesuffix(f".{AML_NOTEBOOKS}"),
    }
