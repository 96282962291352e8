# SPDX-License-Identifier: Apache-2.0
"""The stages above a workspace, each with everything that its configuration can ask for."""

from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

ADA, CALLERS = "0d6f8f3a-2a5b-4b0e-8a75-0f4c5e9f1a21", "f5b7a0c4-9c0f-4d5e-9b9f-7b8f5e0d2c33"

FOUNDATION: Mapping[str, Any] = {
    "network": {
        "addressSpace": "10.20.0.0/16",
        "subnets": {
            "endpoints": {"prefix": "10.20.0.0/24", "purpose": "endpoints"},
            "training": {"prefix": "10.20.8.0/21", "purpose": "training"},
            "aks": {"prefix": "10.20.16.0/22", "purpose": "aks"},
        },
    },
    "modelRegistry": {},
}
WORKSPACE: Mapping[str, Any] = {
    "registryStack": "dev",
    "serverlessSubnet": "training",
    "highBusinessImpact": True,
    "customerKey": {"serviceSide": True},
    "vault": {"retentionDays": 7},
    "connections": {
        "search": {"category": "CognitiveSearch", "target": "https://srch-vision.search.windows.net", "shared": True},
    },
    "datastores": {"images": {"container": "images", "description": "Photographs of welds"}},
}
COMPUTE: Mapping[str, Any] = {
    "quotas": {"standardDSv2Family": 24, "standardNCSv3Family": 0},
    "instances": {
        "ada": {
            "vmSize": "Standard_DS3_v2",
            "ownerId": ADA,
            "idleMinutes": 30,
            "schedules": {"evening": {"action": "Stop", "cron": "0 19 * * 1-5", "timeZone": "W. Europe Standard Time"}},
        }
    },
    "aksClusters": {
        "inference": {
            "pools": {
                "system": {"vmSize": "Standard_D4ds_v5", "maxNodes": 5, "system": True, "zones": ["1", "2"]},
                "gpu": {
                    "vmSize": "Standard_NC4as_T4_v3",
                    "maxNodes": 2,
                    "machineLearningOnly": True,
                    "labels": {"gpu": "t4"},
                },
            },
            "adminGroups": [ADA],
            "attach": {
                "instanceTypes": {
                    "small": {"cpu": "1", "memory": "4Gi"},
                    "t4": {"cpu": "3", "memory": "20Gi", "gpus": 1, "nodeLabels": {"gpu": "t4"}},
                },
                "defaultInstanceType": "small",
                "inference": {"domain": "scoring.example.com", "tlsSecret": "scoring-tls"},
            },
        }
    },
}
SERVING: Mapping[str, Any] = {
    "onlineEndpoints": {
        "scoring": {
            "publicAccess": True,
            "deployments": {
                "blue": {
                    "model": "azureml://registries/azureml/models/churn/versions/1",
                    "instanceType": "Standard_DS3_v2",
                    "autoscale": {"minimum": 2, "maximum": 6, "addAboveCpu": 60},
                }
            },
            "traffic": {"blue": 100},
        }
    },
    "kubernetesEndpoints": {"edge": {"compute": "inference", "description": "On our own machines"}},
    "entry": {"endpoint": "scoring", "firewall": {"allowedAddresses": ["203.0.113.0/24"], "requestsPerMinute": 300}},
}
GOVERNANCE: Mapping[str, Any] = {
    "people": {"data_scientist": {"vision": {"principalId": ADA}}},
    "roles": {
        "caller": {
            "description": "Applications that send requests",
            "actions": ["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"],
            "holders": {"shop": {"principalId": CALLERS}},
        }
    },
    "alerts": {"workspace": {"failedRuns": 3}, "endpoints": {"latencyMs": 250}, "subscription": True},
    "budgets": {
        "center": {
            "amount": 3000,
            "startMonth": "2026-11",
            "countTags": {"owner": ["ml-platform"]},
            "thresholds": {"late": {"percent": 120, "forecast": True}},
        }
    },
    "locks": ["workspace", "storage", "keyVault", "containerRegistry"],
}


def configure(stack: Stack, keys: Mapping[str, Any]) -> None:
    """Set whole keys of `Pulumi.dev.yaml`."""
    yaml, path = YAML(), stack.folder / "Pulumi.dev.yaml"
    content: Any = yaml.load(path)
    project = YAML(typ="safe").load(stack.folder / "Pulumi.yaml")["name"]
    content["config"] |= {f"{project}:{key}": value for key, value in keys.items()}
    yaml.dump(content, path)


def live_and_go(stage: Callable[[str], Stack], azure: RunningAzure, workspace: Stack) -> None:
    """Up, unchanged, what Azure has of it, down; what is locked cannot go before the locks."""
    later: list[Stack] = []
    for name, keys in (("2-compute", COMPUTE), ("3-serving", SERVING), ("5-governance", GOVERNANCE)):
        later.append(stage(name))
        configure(later[-1], keys)
        later[-1].up()
        later[-1].refresh()
        later[-1].unchanged()
    compute, serving, governance = (each.outputs() for each in later)
    _assert_compute(azure, compute)
    _assert_serving(azure, serving, compute)
    _assert_governance(azure, governance)
    storage = workspace.outputs()["storageAccountId"]
    refused = azure.arm("DELETE", storage, api_version="2024-01-01")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "ScopeLocked")
    for each in reversed(later):
        each.destroy()


def _assert_compute(azure: RunningAzure, outputs: Mapping[str, Any]) -> None:
    attached = azure.arm("GET", outputs["kubernetesIds"]["inference"], api_version="2025-12-01").json()["properties"]
    cluster = azure.arm("GET", attached["resourceId"], api_version="2024-09-01").json()["properties"]
    instance = azure.arm("GET", outputs["instanceIds"]["ada"], api_version="2025-12-01").json()["properties"]

    assert cluster["apiServerAccessProfile"]["enablePrivateCluster"] is True
    assert sorted(attached["properties"]["instanceTypes"]) == ["small", "t4"]
    assert instance["properties"]["idleTimeBeforeShutdown"] == "PT30M"
    assert instance["properties"]["schedules"]["computeStartStop"][0]["cron"]["expression"] == "0 19 * * 1-5"


def _assert_serving(azure: RunningAzure, outputs: Mapping[str, Any], compute: Mapping[str, Any]) -> None:
    scoring, edge = (
        azure.arm("GET", outputs["onlineEndpointIds"][key], api_version="2025-12-01").json()["properties"]
        for key in ("scoring", "edge")
    )

    assert (scoring["authMode"], scoring["traffic"]) == ("AADToken", {"blue": 100})
    assert edge["compute"].lower() == compute["kubernetesIds"]["inference"].lower()
    assert outputs["entryHostName"].endswith(".azurefd.net")


def _assert_governance(azure: RunningAzure, outputs: Mapping[str, Any]) -> None:
    rules = outputs["alertRuleIds"]
    budget = azure.arm("GET", outputs["budgetIds"]["center"], api_version="2024-08-01").json()

    assert {"quota-used", "scoring-latency-p95", "edge-server-errors", "service-health"} <= set(rules)
    assert budget["id"].lower().startswith(f"/subscriptions/{azure.subscription_id}/providers/")
    assert budget["properties"]["notifications"]["late"]["thresholdType"] == "Forecasted"
    assert list(outputs["roleDefinitionIds"]) == ["caller"]
