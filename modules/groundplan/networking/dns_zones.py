# SPDX-License-Identifier: Apache-2.0
"""Names of the private DNS zones that private endpoints register in, by our key and Azure cloud.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns, with its tables of Azure Government and China. Not in the
version that was read, and from elsewhere: `ai-services`, `grafana` and `prometheus` (what their private link resources ask for, in
templates of Azure's own repositories), the zones of `aks` outside of the public cloud (Azure's AKS construction set), the Chinese
zones of `cognitiveservices`, `databricks` and `registry` (Azure China's edition of the page). A cloud without a zone is left out.
"""

from collections.abc import Mapping
from typing import Final, Literal

from groundplan.errors import ArgumentError

Cloud = Literal["public", "usgov", "china"]


def _three(public: str, usgov: str | None, china: str | None) -> Mapping[Cloud, str]:
    names: dict[Cloud, str | None] = {"public": public, "usgov": usgov, "china": china}
    return {cloud: f"privatelink.{name}" for cloud, name in names.items() if name}


def _storage(service: str) -> Mapping[Cloud, str]:
    return _three(
        f"{service}.core.windows.net", f"{service}.core.usgovcloudapi.net", f"{service}.core.chinacloudapi.cn"
    )


def _cosmos(api: str) -> Mapping[Cloud, str]:
    return _three(f"{api}.cosmos.azure.com", None, f"{api}.cosmos.azure.cn")


ZONES: Final[Mapping[str, Mapping[Cloud, str]]] = {
    "agentsvc": _three("agentsvc.azure-automation.net", "agentsvc.azure-automation.us", None),
    "ai-services": _three("services.ai.azure.com", None, None),
    "aks": _three(
        "{region}.azmk8s.io", "{region}.cx.aks.containerservice.azure.us", "{region}.cx.prod.service.azk8s.cn"
    ),
    "aml-api": _three("api.azureml.ms", "api.ml.azure.us", "api.ml.azure.cn"),
    "aml-notebooks": _three("notebooks.azure.net", "notebooks.usgovcloudapi.net", "notebooks.chinacloudapi.cn"),
    "app-configuration": _three("azconfig.io", "azconfig.azure.us", None),
    "arc-guest": _three("guestconfiguration.azure.com", None, None),
    "arc-his": _three("his.arc.azure.com", None, None),
    "arc-kubernetes": _three("dp.kubernetesconfiguration.azure.com", None, None),
    "arm": _three("azure.com", None, None),
    "blob": _storage("blob"),
    "cognitiveservices": _three(
        "cognitiveservices.azure.com", "cognitiveservices.azure.us", "cognitiveservices.azure.cn"
    ),
    "cosmos-cassandra": _cosmos("cassandra"),
    "cosmos-gremlin": _cosmos("gremlin"),
    "cosmos-mongo": _three("mongo.cosmos.azure.com", "mongo.cosmos.azure.us", "mongo.cosmos.azure.cn"),
    "cosmos-sql": _three("documents.azure.com", "documents.azure.us", "documents.azure.cn"),
    "cosmos-table": _cosmos("table"),
    "data-factory": _three("datafactory.azure.net", "datafactory.azure.us", "datafactory.azure.cn"),
    "data-factory-portal": _three("adf.azure.com", "adf.azure.us", "adf.azure.cn"),
    "databricks": _three("azuredatabricks.net", "databricks.azure.us", "databricks.azure.cn"),
    "dfs": _storage("dfs"),
    "event-grid": _three("eventgrid.azure.net", "eventgrid.azure.us", "eventgrid.azure.cn"),
    "file": _storage("file"),
    "grafana": _three("grafana.azure.com", None, None),
    "iot-dps": _three(
        "azure-devices-provisioning.net", "azure-devices-provisioning.us", "azure-devices-provisioning.cn"
    ),
    "iot-hub": _three("azure-devices.net", "azure-devices.us", "azure-devices.cn"),
    "managed-hsm": _three("managedhsm.azure.net", None, None),
    "monitor": _three("monitor.azure.com", "monitor.azure.us", None),
    "monitor-adx": {"usgov": "privatelink.adx.monitor.azure.us"},
    "ods": _three("ods.opinsights.azure.com", "ods.opinsights.azure.us", None),
    "oms": _three("oms.opinsights.azure.com", "oms.opinsights.azure.us", None),
    "openai": _three("openai.azure.com", "openai.azure.us", None),
    "postgres": _three(
        "postgres.database.azure.com", "postgres.database.usgovcloudapi.net", "postgres.database.chinacloudapi.cn"
    ),
    "prometheus": _three("{region}.prometheus.monitor.azure.com", None, None),
    "purview": _three("purview.azure.com", "purview.azure.us", None),
    "purview-portal": _three("purviewstudio.azure.com", "purviewstudio.azure.us", None),
    "queue": _storage("queue"),
    "redis": _three("redis.cache.windows.net", "redis.cache.usgovcloudapi.net", "redis.cache.chinacloudapi.cn"),
    "registry": _three("azurecr.io", "azurecr.us", "azurecr.cn"),
    "search": _three("search.windows.net", "search.azure.us", None),
    "servicebus": _three("servicebus.windows.net", "servicebus.usgovcloudapi.net", "servicebus.chinacloudapi.cn"),
    "sites": _three("azurewebsites.net", "azurewebsites.us", "chinacloudsites.cn"),
    "sql": _three("database.windows.net", "database.usgovcloudapi.net", "database.chinacloudapi.cn"),
    "synapse": _three("azuresynapse.net", "azuresynapse.usgovcloudapi.net", None),
    "synapse-dev": _three("dev.azuresynapse.net", "dev.azuresynapse.usgovcloudapi.net", None),
    "synapse-sql": _three("sql.azuresynapse.net", "sql.azuresynapse.usgovcloudapi.net", None),
    "table": _storage("table"),
    "vault": _three("vaultcore.azure.net", "vaultcore.usgovcloudapi.net", "vaultcore.azure.cn"),
    "web": _storage("web"),
}
"""Zone names by our key and Azure cloud; `{region}` stands for the region's name, in lower case and without spaces."""

GROUP_ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "Dev": ("synapse-dev",),
    "ResourceManagement": ("arm",),
    "Sql": ("synapse-sql",),
    "SqlOnDemand": ("synapse-sql",),
    "Web": ("synapse",),
    "account": ("cognitiveservices", "openai", "ai-services"),
    "amlregistry": ("aml-api",),
    "amlworkspace": ("aml-api", "aml-notebooks"),
    "azuremonitor": ("monitor", "oms", "ods", "agentsvc", "blob"),
    "blob": ("blob",),
    "blob_secondary": ("blob",),
    "browser_authentication": ("databricks",),
    "configurationStores": ("app-configuration",),
    "dataFactory": ("data-factory",),
    "databricks_ui_api": ("databricks",),
    "dfs": ("dfs",),
    "dfs_secondary": ("dfs",),
    "domain": ("event-grid",),
    "file": ("file",),
    "grafana": ("grafana",),
    "hybridcompute": ("arc-his", "arc-guest", "arc-kubernetes"),
    "iotDps": ("iot-dps",),
    "iotHub": ("iot-hub", "servicebus"),
    "managedhsm": ("managed-hsm",),
    "management": ("aks",),
    "namespace": ("servicebus",),
    "portal": ("data-factory-portal",),
    "postgresqlServer": ("postgres",),
    "prometheusMetrics": ("prometheus",),
    "queue": ("queue",),
    "queue_secondary": ("queue",),
    "redisCache": ("redis",),
    "registry": ("registry",),
    "searchService": ("search",),
    "sites": ("sites",),
    "sqlServer": ("sql",),
    "table": ("table",),
    "table_secondary": ("table",),
    "topic": ("event-grid",),
    "vault": ("vault",),
    "web": ("web",),
    "web_secondary": ("web",),
}
"""Keys of the zones that each private link group id needs; a workspace needs two.

Services share a few ids. `account`, `portal` and `Sql` mean Azure AI services, Data Factory and Synapse here; endpoints to Microsoft
Purview and Azure Cosmos DB name their zones (`PrivateLinkArgs.zones`).
"""

PLATFORM_ZONES: Final = ("aml-api", "aml-notebooks", "blob", "file", "registry", "vault")
"""What a workspace with its vault, storage account and container registry needs."""


def zone_name(key: str, cloud: Cloud = "public", region: str | None = None) -> str:
    """Azure name of a zone.

    Raises:
        ArgumentError: the key is unknown, the cloud has no such zone, or the zone is one of a region and no region is given.
    """
    names = ZONES.get(key)
    if names is None:
        raise ArgumentError(f"private DNS: unknown zone {key!r}; known: {', '.join(ZONES)}")
    name = names.get(cloud)
    if name is None:
        raise ArgumentError(f"private DNS: no zone {key!r} is known for cloud {cloud!r}; known for {', '.join(names)}")
    if "{region}" not in name:
        return name
    if region is None:
        raise ArgumentError(
            f"private DNS: zone {key!r} is one of a region ({name}); give region, e.g. region='westeurope'"
        )
    return name.replace("{region}", region.lower().replace(" ", ""))
