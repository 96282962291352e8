# SPDX-License-Identifier: Apache-2.0
"""Arguments of workspaces, of what is in them and of registries that contradict each other or Azure's limits are refused."""

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import groundplan as gp

PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_zone_ids={"vault": "/zone", "aml-api": "/zone"})
APPROVED, INTERNET = "AllowOnlyApprovedOutbound", "AllowInternetOutbound"
SUBNET = gp.ServerlessCompute(subnet_id="/subnet")


def workspace(**changes: Any) -> gp.WorkspaceArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "key_vault_id": "/k",
        "storage_account_id": "/s",
        "private_endpoint": PLACE,
    }
    return gp.WorkspaceArgs(**(good | changes))


def connection(**changes: Any) -> gp.ConnectionArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "category": "AzureOpenAI",
        "target": "https://a.openai.azure.com/",
    }
    return gp.ConnectionArgs(**(good | changes))


def registry(*regions: str, **changes: Any) -> gp.MachineLearningRegistryArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "regions": {region: gp.RegistryRegion() for region in regions},
        "private_endpoint": PLACE,
    }
    return gp.MachineLearningRegistryArgs(**(good | changes))


CONTAINER = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/c"
)


def feature_store(**more: Any) -> gp.FeatureStoreArgs:
    return gp.FeatureStoreArgs(
        resource_group_name="rg", key_vault_id="/k", storage_account_id="/s", public_network_access=True, **more
    )


def entity(**columns: Any) -> gp.FeatureStoreEntityArgs:
    return gp.FeatureStoreEntityArgs(resource_group_name="rg", feature_store_name="fs", index_columns=columns)


def target(key: str) -> dict[str, gp.PrivateEndpointRule]:
    return {key: gp.PrivateEndpointRule(resource_id="/subscriptions/s/X", subresources=("blob",))}


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "workspace recovered": (
        lambda: workspace(soft_delete=gp.SoftDelete(on_create="recover")),
        "allowed are 'refuse' and 'purge'.*take it in with `groundplan import`",
    ),
    "workspace closed": (
        lambda: gp.WorkspaceArgs(resource_group_name="rg", key_vault_id="/k", storage_account_id="/s"),
        "pass one or set public_network_access=True",
    ),
    "workspace without vault": (
        lambda: gp.WorkspaceArgs(resource_group_name="rg", storage_account_id="/s", private_endpoint=PLACE),
        "key_vault_id is required",
    ),
    "workspace project without hub": (
        lambda: gp.WorkspaceArgs(resource_group_name="rg", kind="Project"),
        "hub_id is required for 'Project'",
    ),
    "workspace with hub": (
        lambda: gp.WorkspaceArgs(
            resource_group_name="rg", key_vault_id="/k", storage_account_id="/s", hub_id="/h", private_endpoint=PLACE
        ),
        "refused otherwise",
    ),
    "workspace principal without identity": (
        lambda: workspace(identity_principal_id="p"),
        "is the object id of identity_id; pass both",
    ),
    "workspace with features": (
        lambda: workspace(feature_store=gp.FeatureStoreSettings()),
        "feature_store is for kind 'FeatureStore'",
    ),
    "workspace service side without key": (
        lambda: workspace(service_side_encryption=True),
        "service_side_encryption needs customer_key",
    ),
    "workspace project with a network": (
        lambda: gp.WorkspaceArgs(resource_group_name="rg", kind="Project", hub_id="/h", managed_network=INTERNET),
        "set that on the hub",
    ),
    "workspace mode unknown": (lambda: workspace(managed_network="Open"), "isolation is 'Open'; allowed are Disabled"),
    "serverless in two networks": (
        lambda: workspace(managed_network=APPROVED, serverless_compute=SUBNET),
        "leave out either its subnet_id or managed_network",
    ),
    "serverless nowhere": (
        lambda: workspace(serverless_compute=gp.ServerlessCompute()),
        "without a public IP needs a network",
    ),
    "network off with rules": (
        lambda: gp.ManagedNetwork(isolation="Disabled", rules={"a": gp.ServiceTagRule(tag="DataFactory")}),
        "isolation is 'Disabled'",
    ),
    "network open with hosts": (
        lambda: gp.ManagedNetwork(isolation=INTERNET, rules={"a": gp.FqdnRule(host="a.example.com")}),
        "rules a name hosts.*but it is 'AllowInternetOutbound'",
    ),
    "network with a target twice": (
        lambda: gp.ManagedNetwork(rules={**target("a"), **target("b")}),
        "one PrivateEndpointRule all its subresources",
    ),
    "host with scheme": (lambda: gp.FqdnRule(host="https://example.com"), "without scheme, port or path"),
    "host is an address": (lambda: gp.FqdnRule(host="10.0.0.4"), "no IP address"),
    "host is everything": (lambda: gp.FqdnRule(host="*"), "a host name such as"),
    "host of storage": (lambda: gp.FqdnRule(host="st.blob.core.windows.net"), "use PrivateEndpointRule"),
    "endpoint to nothing": (
        lambda: gp.PrivateEndpointRule(resource_id="/r", subresources=()),
        "name at least one, and each once",
    ),
    "ports in words": (lambda: gp.ServiceTagRule(tag="A", ports="https"), "ports is 'https'"),
    "ports out of range": (lambda: gp.ServiceTagRule(tag="A", ports="443,70000"), "from 1 to 65535"),
    "connection unknown": (lambda: connection(category="AzureOpenAi"), "did you mean 'AzureOpenAI'"),
    "connection of keys without": (lambda: connection(category="CustomKeys"), r"CustomKeys\(keys="),
    "secret in plain text": (lambda: gp.ApiKey(key="k3y"), "ApiKey: key is plain text"),  # pyright: ignore[reportArgumentType]
    "one secret of many in plain text": (
        lambda: gp.CustomKeys(keys={"a": "k3y"}),  # pyright: ignore[reportArgumentType]
        "keys is plain text in the program; pass an output",
    ),
    "registry nowhere": (registry, "regions is empty"),
    "registry in a display name": (lambda: registry("West Europe"), "'West Europe' is no region's name"),
    "registry elsewhere": (
        lambda: registry("westeurope", location="northeurope"),
        "location is 'northeurope', but the first of regions is 'westeurope'",
    ),
    "registry of assets closed": (lambda: registry("westeurope", private_endpoint=None), "public_network_access=True"),
    "registry redundancy": (
        lambda: gp.RegistryRegion(redundancy="LRS"),  # pyright: ignore[reportArgumentType]
        "redundancy is 'LRS'; allowed are Standard_LRS",
    ),
    "registry storage name": (
        lambda: gp.RegistryRegion(storage_account_name="st-shared"),
        "'st-shared' .* cannot be the name of a storage account",
    ),
    "registry images name": (
        lambda: gp.RegistryRegion(container_registry_name="cr-shared"),
        "cannot be the name of a container registry",
    ),
    "feature store closed": (
        lambda: gp.FeatureStoreArgs(
            resource_group_name="rg", key_vault_id="/k", storage_account_id="/s", offline_account_name="st"
        ),
        "feature store: private_endpoint is required",
    ),
    "feature store without a place": (
        feature_store,
        "neither of offline_account_name and offline_container_id",
    ),
    "feature store with two places": (
        lambda: feature_store(offline_account_name="st", offline_container_id=CONTAINER),
        "both of offline_account_name and offline_container_id",
    ),
    "feature store in an account": (
        lambda: feature_store(offline_container_id=CONTAINER.rsplit("/", 4)[0]),
        "pass the ARM id of a blob container",
    ),
    "feature store online elsewhere": (
        lambda: feature_store(offline_account_name="st", online_store_id=CONTAINER),
        "pass the ARM id of an Azure Cache for Redis",
    ),
    "feature store that tells of another's account": (
        lambda: feature_store(
            offline_container_id=CONTAINER, offline_diagnostics=gp.Diagnostics(log_analytics_workspace_id="/law")
        ),
        "offline_diagnostics is of the account that offline_account_name makes",
    ),
    "feature store as half an identity": (
        lambda: feature_store(offline_account_name="st", identity_principal_id="p"),
        "feature store: identity_principal_id is the object id of identity_id; pass both",
    ),
    "entity without columns": (entity, "index_columns is empty"),
    "entity of a strange type": (lambda: entity(id="Text"), "type of index column 'id' is 'Text'; allowed are String"),
    "features of nothing": (
        lambda: gp.FeatureSetArgs(
            resource_group_name="rg", feature_store_name="fs", entities=(), specification_uri="azureml://x"
        ),
        "entities is empty",
    ),
    "materialization nowhere": (lambda: gp.Materialization(offline=False), "nothing would be kept"),
    "materialization never": (lambda: gp.Materialization(every=0), "every is 0; allowed are 1 and more"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right, and shows no secret."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message) as refused:
        make()
    assert "k3y" not in str(refused.value)


def test_credentials_do_not_show_themselves() -> None:
    async def shown() -> str:
        return repr(gp.ApiKey(key=pulumi.Output.secret("k3y")))

    assert asyncio.run(shown()) == "ApiKey()"
