# SPDX-License-Identifier: Apache-2.0
"""What the stages above the foundation refuse in their configuration: the key, the value, what is allowed, how to mend it."""

from typing import Any

import pytest

from groundplan.errors import ConfigError
from tests.stacks.test_settings import read

GUID = "0d6f8f3a-2a5b-4b0e-8a75-0f4c5e9f1a21"
VAULT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-central"
POOL = {"vmSize": "Standard_D4ds_v5", "maxNodes": 3}
MODEL = {"model": "azureml://registries/azureml/models/churn/versions/1", "instanceType": "Standard_DS3_v2"}


def aks(**keys: object) -> dict[str, Any]:
    return {"aksClusters": {"inference": {"pools": {"system": {**POOL, "system": True}}, **keys}}}


def deployment(**keys: object) -> dict[str, Any]:
    return {"onlineEndpoints": {"scoring": {"deployments": {"blue": {**MODEL, **keys}}}}}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "1-workspace",
        {"customerKey": {"keyVaultId": VAULT}},
        "keyVaultId and keyUri belong together; give both, or none",
    ),
    ("1-workspace", {"customerKey": {}, "vault": {"purgeProtection": False}}, "leave vault.purgeProtection on"),
    (
        "1-workspace",
        {"customerKey": {"keyVaultId": "kv", "keyUri": "https://kv/keys/k"}},
        "not an ARM id of Microsoft.KeyVault/vaults",
    ),
    (
        "1-workspace",
        {"cluster": {}, "imageBuildCompute": "cpu"},
        "imageBuildCompute is 'cpu', but the stage's own cluster builds",
    ),
    (
        "1-workspace",
        {"managedNetwork": {}, "serverlessSubnet": "training"},
        "but jobs run in the managed network .*; leave it out",
    ),
    (
        "1-workspace",
        {"managedNetwork": {"isolation": "AllowInternetOutbound", "presets": ["conda"]}},
        "isolation is 'AllowInternetOutbound', where every host is open; leave hosts and presets out",
    ),
    (
        "1-workspace",
        {"managedNetwork": {"presets": ["perl"]}},
        r"presets\.0 is .perl.: Input should be 'conda', 'docker'",
    ),
    ("1-workspace", {"managedNetwork": {"indexUrls": ["https://packages"]}}, "indexUrls are for the preset 'python'"),
    (
        "1-workspace",
        {"managedNetwork": {"hosts": {"a": {"host": "a.example"}}, "serviceTags": {"a": {"tag": "Storage"}}}},
        "the name 'a' is that of several rules; rename all but one",
    ),
    ("1-workspace", {"datastores": {"images": {}}}, r"datastores\.images is {}: give either container or filesystem"),
    (
        "1-workspace",
        {"datastores": {"images": {"container": "a", "writable": True}}},
        "are for another account; give accountId",
    ),
    (
        "1-workspace",
        {"kind": "Project", "hubStack": "dev-hub", "customerKey": {}},
        "its storage and key are its hub's; set customerKey on the hub",
    ),
    (
        "1-workspace",
        {"connections": {"a": {"category": "Git", "target": "x", "apiKey": "k", "customKeys": {"k": "v"}}}},
        "apiKey and customKeys exclude each other",
    ),
    ("2-compute", {"aksClusters": {"a": {"pools": {"gpu": POOL}}}}, r"none of the pools \(gpu\) has system: true"),
    ("2-compute", aks(attach={"instanceTypes": {}}), "instanceTypes is {}: Dictionary should have at least 1 item"),
    ("2-compute", aks(adminGroups=["admins"]), r"adminGroups\.0 is .admins.: not a GUID"),
    (
        "2-compute",
        aks(attach={"instanceTypes": {"s": {"cpu": "1", "memory": "1Gi"}}, "inference": {"domain": "a.example"}}),
        "give domain and tlsSecret, or insecureConnections: true for tests",
    ),
    (
        "2-compute",
        {
            "instances": {
                "ada": {"vmSize": "s", "ownerId": GUID, "schedules": {"x": {"action": "Pause", "cron": "0 1 * * *"}}}
            }
        },
        "action is .Pause.: Input should be 'Start' or 'Stop'",
    ),
    (
        "2-compute",
        {
            "sparkPools": {
                "spark": {"poolId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Synapse/workspaces/w"}
            }
        },
        r"write /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft\.Synapse/workspaces/<name>/bigDataPools/<name>",
    ),
    (
        "2-compute",
        {"quotas": {"standardDSv2Family": -1}},
        r"quotas\.standardDSv2Family is -1: Input should be greater than or equal",
    ),
    (
        "3-serving",
        {"onlineEndpoints": {"a": {}}, "batchEndpoints": {"a": {}}},
        "the key 'a' is that of several endpoints",
    ),
    (
        "3-serving",
        deployment(instanceCount=2, autoscale={"minimum": 1, "maximum": 2}),
        "instanceCount is 2 beside autoscale",
    ),
    (
        "3-serving",
        deployment(autoscale={"minimum": 3, "maximum": 2}),
        "minimum is 3 and maximum is 2; give minimum <= maximum",
    ),
    (
        "3-serving",
        deployment(autoscale={"minimum": 1, "maximum": 2, "addAboveCpu": 30}),
        "removeBelowCpu is 30 and addAboveCpu is 30: machines would come and go without end",
    ),
    (
        "3-serving",
        {"kubernetesEndpoints": {"edge": {}}},
        "give either compute, the key of a cluster of 2-compute, or computeId",
    ),
    ("3-serving", {"entry": {}}, "give either endpoint, the key of a public online endpoint, or privateOrigin"),
    (
        "3-serving",
        {"onlineEndpoints": {"a": {}}, "entry": {"endpoint": "b"}},
        "entry.endpoint is 'b', which is no key of onlineEndpoints; there are: a",
    ),
    (
        "3-serving",
        {"onlineEndpoints": {"a": {}}, "entry": {"endpoint": "a"}},
        "closed to the internet, .*: set onlineEndpoints.a.publicAccess, or give a privateOrigin",
    ),
    ("5-governance", {"locks": ["storage", "storage"]}, "storage stands there more than once; name each thing once"),
    ("5-governance", {"locks": ["vault"]}, r"locks\.0 is .vault.: Input should be 'workspace', 'storage', 'keyVault'"),
    (
        "5-governance",
        {"budgets": {"all": {"amount": 0, "startMonth": "2027-01"}}},
        "amount is 0: Input should be greater than 0",
    ),
    (
        "5-governance",
        {"budgets": {"all": {"amount": 1, "startMonth": "2027-13"}}},
        "startMonth is .2027-13.: String should match",
    ),
    (
        "5-governance",
        {"alerts": {"workspace": {"quotaPercent": 101}}},
        "quotaPercent is 101: Input should be less than or equal to 100",
    ),
    ("5-governance", {"roles": {"caller": {"actions": ["a/b"]}}}, "roles.caller.description is missing"),
]


@pytest.mark.parametrize(("stage", "given", "message"), REFUSED, ids=[message[:50] for _, _, message in REFUSED])
def test_refused(stage: str, given: dict[str, Any], message: str) -> None:
    """One sentence with the file, before an engine has anything to do."""
    with pytest.raises(ConfigError, match=message) as refused:
        read(stage, given)

    assert str(refused.value).startswith("Pulumi.dev.yaml: ")
