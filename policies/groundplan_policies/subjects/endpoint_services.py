# SPDX-License-Identifier: Apache-2.0
"""Private DNS zones of the services whose endpoints have no rules of their own.

Sources: learn.microsoft.com/azure/private-link/private-endpoint-dns; for Grafana the private link resource of the service itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final


def _in_clouds(*hosts: str) -> Sequence[str]:
    return tuple(f"privatelink.{host}" for host in hosts)


_SERVICE_BUS: Final = _in_clouds(
    "servicebus.windows.net", "servicebus.usgovcloudapi.net", "servicebus.chinacloudapi.cn"
)
_DATABRICKS: Final = _in_clouds("azuredatabricks.net", "databricks.azure.us", "databricks.azure.cn")
_EVENT_GRID: Final = _in_clouds("eventgrid.azure.net", "eventgrid.azure.us", "eventgrid.azure.cn")
_SYNAPSE_SQL: Final = _in_clouds("sql.azuresynapse.net", "sql.azuresynapse.usgovcloudapi.net")

ZONES: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    # AI services: the kind decides which of the three; Purview uses the same word
    "account": (
        _in_clouds(
            "cognitiveservices.azure.com",
            "cognitiveservices.azure.us",
            "cognitiveservices.azure.cn",
            "openai.azure.com",
            "openai.azure.us",
            "services.ai.azure.com",
            "purview.azure.com",
            "purview.azure.us",
        ),
    ),
    "azuremonitor": (
        _in_clouds("monitor.azure.com", "monitor.azure.us"),
        _in_clouds("oms.opinsights.azure.com", "oms.opinsights.azure.us"),
        _in_clouds("ods.opinsights.azure.com", "ods.opinsights.azure.us"),
        _in_clouds("agentsvc.azure-automation.net", "agentsvc.azure-automation.us"),
        _in_clouds("blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn"),
    ),
    "browser_authentication": (_DATABRICKS,),
    "cassandra": (_in_clouds("cassandra.cosmos.azure.com", "cassandra.cosmos.azure.cn"),),
    "databricks_ui_api": (_DATABRICKS,),
    "datafactory": (_in_clouds("datafactory.azure.net", "datafactory.azure.us", "datafactory.azure.cn"),),
    "dev": (_in_clouds("dev.azuresynapse.net", "dev.azuresynapse.usgovcloudapi.net"),),
    "domain": (_EVENT_GRID,),
    "grafana": (_in_clouds("grafana.azure.com"),),
    "gremlin": (_in_clouds("gremlin.cosmos.azure.com", "gremlin.cosmos.azure.cn"),),
    "iotdps": (
        _in_clouds("azure-devices-provisioning.net", "azure-devices-provisioning.us", "azure-devices-provisioning.cn"),
    ),
    "iothub": (_in_clouds("azure-devices.net", "azure-devices.us", "azure-devices.cn"), _SERVICE_BUS),
    "mongodb": (_in_clouds("mongo.cosmos.azure.com", "mongo.cosmos.azure.us", "mongo.cosmos.azure.cn"),),
    "namespace": (_SERVICE_BUS,),
    # the studio of Data Factory; that of Purview uses the same word
    "portal": (
        _in_clouds(
            "adf.azure.com", "adf.azure.us", "adf.azure.cn", "purviewstudio.azure.com", "purviewstudio.azure.us"
        ),
    ),
    "rediscache": (
        _in_clouds("redis.cache.windows.net", "redis.cache.usgovcloudapi.net", "redis.cache.chinacloudapi.cn"),
    ),
    "searchservice": (_in_clouds("search.windows.net", "search.azure.us", "search.windows.us"),),
    "sites": (_in_clouds("azurewebsites.net", "azurewebsites.us", "chinacloudsites.cn"),),
    # Cosmos DB for NoSQL uses the same word
    "sql": ((*_SYNAPSE_SQL, *_in_clouds("documents.azure.com", "documents.azure.us", "documents.azure.cn")),),
    "sqlondemand": (_SYNAPSE_SQL,),
    "topic": (_EVENT_GRID,),
}
"""Zones that a group id (in lower case) needs, each with its names in Azure's clouds, of which one will do; the first is shown."""
