# SPDX-License-Identifier: Apache-2.0
"""Arguments of data services that contradict each other or Azure's limits are refused before anything is declared."""

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp
from groundplan.data.keys import key_parts

PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_zone_ids={"vault": "/zone"})
KEY = gp.CustomerKey(key_vault_id="/vault", key_identifier="https://kv.vault.azure.net/keys/k", identity_id="/identity")

GOOD: dict[str, Any] = {"resource_group_name": "rg", "private_endpoint": PLACE}


def storage(**changes: Any) -> gp.StorageArgs:
    return gp.StorageArgs(**(GOOD | changes))


def registry(**changes: Any) -> gp.ContainerRegistryArgs:
    return gp.ContainerRegistryArgs(**(GOOD | changes))


def ai(**changes: Any) -> gp.AiServicesArgs:
    return gp.AiServicesArgs(**(GOOD | changes))


def search(**changes: Any) -> gp.AiSearchArgs:
    return gp.AiSearchArgs(**(GOOD | changes))


def events(**changes: Any) -> gp.EventHubsArgs:
    return gp.EventHubsArgs(**(GOOD | changes))


def databricks(**changes: Any) -> gp.DatabricksWorkspaceArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "managed_resource_group_id": "/g",
        "virtual_network_id": "/v",
        "host_subnet_name": "host",
        "container_subnet_name": "container",
        "private_endpoint": PLACE,
    }
    return gp.DatabricksWorkspaceArgs(**(good | changes))


def synapse(**changes: Any) -> gp.SynapseWorkspaceArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "lake_account_id": "/s",
        "lake_url": "https://s",
        "file_system": "synapse",
        "private_endpoint": PLACE,
    }
    return gp.SynapseWorkspaceArgs(**(good | changes))


def vault(**changes: Any) -> gp.KeyVaultArgs:
    return gp.KeyVaultArgs(tenant_id="t", **(GOOD | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "vault recovered twice": (
        lambda: vault(recover_deleted=True, soft_delete=gp.SoftDelete(on_create="recover")),
        "leave out recover_deleted",
    ),
    "vault purged in spite of protection": (
        lambda: vault(soft_delete=gp.SoftDelete(on_destroy="purge")),
        "on_destroy is 'purge', which nobody may while there is purge_protection",
    ),
    "AI restored twice": (
        lambda: ai(restore=True, soft_delete=gp.SoftDelete()),
        "restore and soft_delete say the same; leave out restore",
    ),
    "storage firewall shut": (lambda: storage(allowed_ip_ranges=("203.0.113.1",)), "lets in only them"),
    "storage resource tenant": (lambda: storage(allowed_resource_ids=("/w",)), "needs allowed_tenant_id"),
    "storage SAS": (lambda: storage(sas_days=0), "sas_days is 0; allowed are 1 and more"),
    "storage feed": (lambda: storage(change_feed_days=-1), "change_feed_days is -1"),
    "storage restore alone": (lambda: storage(restore_days=3), "needs blob_versioning=True and change_feed_days"),
    "storage restore too far": (
        lambda: storage(restore_days=7, blob_versioning=True, change_feed_days=7),
        "is 7; allowed are 1 to 6",
    ),
    "storage archive in zones": (
        lambda: storage(lifecycle={"old": gp.LifecycleRule(archive_after_days=1)}),
        "no archive tier in accounts of redundancy 'Standard_ZRS'",
    ),
    "storage many rules": (
        lambda: storage(lifecycle={str(n): gp.LifecycleRule(delete_after_days=1) for n in range(101)}),
        "101 rules; an account has at most 100",
    ),
    "storage immutable nowhere": (lambda: storage(immutable_days={"raw": 1}), "not one of containers: none"),
    "storage immutable for no time": (
        lambda: storage(containers=("raw",), immutable_days={"raw": 0}),
        "of 'raw' is 0; allowed are 1 to 146000",
    ),
    "storage share": (lambda: storage(file_shares={"big": 102401}), "102401 GiB; allowed are 1 to 102400"),
    "storage container name": (lambda: storage(containers=("Raw",)), "'Raw'"),
    "lifecycle of nothing": (gp.LifecycleRule, "nothing would happen; give one of cool_after_days"),
    "lifecycle before birth": (lambda: gp.LifecycleRule(delete_after_days=-1), "delete_after_days is -1"),
    "lifecycle backwards": (
        lambda: gp.LifecycleRule(cool_after_days=30, archive_after_days=30),
        r"archive_after_days is 30, not after cool_after_days \(30\)",
    ),
    "registry firewall shut": (lambda: registry(allowed_ip_ranges=("203.0.113.1",)), "lets in only them"),
    "registry soft delete": (lambda: registry(soft_delete_days=91), "is 91; allowed are 0 to 90"),
    "registry two retentions": (lambda: registry(soft_delete_days=7), "which is 7; set it to 0"),
    "registry soft delete of replicas": (
        lambda: registry(soft_delete_days=7, untagged_retention_days=0, replicas={"northeurope": gp.Replica()}),
        "choose one",
    ),
    "registry replicas not premium": (
        lambda: gp.ContainerRegistryArgs(
            resource_group_name="rg",
            sku="Standard",
            public_network_access=True,
            replicas={"northeurope": gp.Replica()},
        ),
        "replicas needs sku 'Premium'",
    ),
    "cache rule half open": (
        lambda: gp.CacheRule(source="mcr.microsoft.com/azureml/*", target="azureml"),
        "both end in",
    ),
    "AI closed": (lambda: gp.AiServicesArgs(resource_group_name="rg"), "public_network_access=True"),
    "AI firewall shut": (lambda: ai(allowed_ip_ranges=("203.0.113.1",)), "lets in only them"),
    "AI hosts and all hosts": (lambda: ai(allowed_hosts=("a",), unrestricted_outbound=True), "choose one"),
    "AI projects elsewhere": (lambda: ai(kind="OpenAI", project_management=True), "but kind is 'OpenAI'"),
    "AI key identity": (lambda: ai(customer_key=KEY), "needs identity_client_id"),
    "AI deployment name": (lambda: ai(deployments={"a b": gp.ModelDeployment(model="gpt-4o")}), "'a b'"),
    "model without capacity": (lambda: gp.ModelDeployment(model="gpt-4o", capacity=0), "capacity is 0"),
    "model of no version stays": (lambda: gp.ModelDeployment(model="gpt-4o", upgrade="NoAutoUpgrade"), "the version"),
    "search closed": (lambda: gp.AiSearchArgs(resource_group_name="rg"), "public_network_access=True"),
    "search firewall shut": (lambda: search(allowed_ip_ranges=("203.0.113.1",)), "lets in only them"),
    "search replicas": (lambda: search(replicas=4), "is 4; allowed for 'basic' are 1 to 3"),
    "search partitions": (
        lambda: search(sku="standard", partitions=5),
        "is 5; allowed for 'standard' are 1, 2, 3, 4, 6",
    ),
    "search units": (lambda: search(sku="standard", replicas=4, partitions=12), "48 units; allowed are at most 36"),
    "events closed": (lambda: gp.EventHubsArgs(resource_group_name="rg"), "public_network_access=True"),
    "events capacity": (lambda: events(capacity=41), "is 41; allowed for 'Standard' are 1 to 40"),
    "events growth": (lambda: events(capacity=4, max_capacity=3), r"is 3 .* allowed are capacity \(4\) to 40"),
    "events key": (lambda: events(customer_key=KEY), "needs sku 'Premium', but sku is 'Standard'"),
    "events basic private": (lambda: events(sku="Basic"), "private_endpoint needs sku 'Standard' or 'Premium'"),
    "hub partitions": (lambda: events(hubs={"a": gp.EventHub(partitions=33)}), "partitions is 33; allowed"),
    "hub retention": (lambda: events(hubs={"a": gp.EventHub(retention_hours=169)}), "are 1 to 168"),
    "hub capture nowhere": (
        lambda: events(hubs={"a": gp.EventHub(capture=gp.Capture(container="c"))}),
        "needs the namespace's capture_storage_id",
    ),
    "hub of basic": (
        lambda: gp.EventHubsArgs(
            resource_group_name="rg",
            sku="Basic",
            public_network_access=True,
            hubs={"a": gp.EventHub(consumer_groups=("b",))},
        ),
        "but sku is 'Basic'",
    ),
    "capture minutes": (lambda: gp.Capture(container="c", minutes=16), "is 16; allowed are 1 to 15"),
    "capture size": (lambda: gp.Capture(container="c", megabytes=9), "is 9; allowed are 10 to 500"),
    "factory closed": (lambda: gp.DataFactoryArgs(resource_group_name="rg"), "public_network_access=True"),
    "factory parameter": (
        lambda: gp.DataFactoryArgs(
            resource_group_name="rg",
            private_endpoint=PLACE,
            global_parameters={"a": None},  # pyright: ignore[reportArgumentType]
        ),
        "'a' is None; allowed are text, numbers",
    ),
    "factory in two repositories": (
        lambda: gp.FactoryRepository(account="a", repository="r", devops_project="p", github_host="h"),
        "choose one",
    ),
    "route to nobody": (gp.EventRoute, "no receiver given; pass one of event_hub_id, queue, function_id"),
    "route to two": (lambda: gp.EventRoute(event_hub_id="/h", queue="q"), "event_hub_id and queue given"),
    "route tries": (lambda: gp.EventRoute(event_hub_id="/h", attempts=31), "attempts is 31; allowed are 1 to 30"),
    "route for days": (
        lambda: gp.EventRoute(event_hub_id="/h", minutes=1441),
        "minutes is 1441; allowed are 1 to 1440",
    ),
    "route to a queue nowhere": (
        lambda: gp.EventGridSystemTopicArgs(
            resource_group_name="rg", source_id="/w", topic_type="t", routes={"scores": gp.EventRoute(queue="q")}
        ),
        "'scores': queue and dead_letter_container need the topic's storage_account_id",
    ),
    "topic closed": (lambda: gp.EventGridTopicArgs(resource_group_name="rg"), "public_network_access=True"),
    "topic of some, of nobody": (
        lambda: gp.EventGridTopicArgs(**GOOD, allowed_ip_ranges=("203.0.113.0/24",)),
        "allowed_ip_ranges does nothing",
    ),
    "topic to a queue nowhere": (
        lambda: gp.EventGridTopicArgs(**GOOD, routes={"scores": gp.EventRoute(queue="q")}),
        "'scores': queue and dead_letter_container need",
    ),
    "topic to a bad name": (
        lambda: gp.EventGridTopicArgs(**GOOD, routes={"a_b": gp.EventRoute(event_hub_id="/h")}),
        "'a_b'",
    ),
    "synapse closed": (lambda: synapse(private_endpoint=None), "public_network_access=True"),
    "synapse out and not": (lambda: synapse(allowed_tenant_ids=("t",), unrestricted_outbound=True), "choose one"),
    "synapse pool name": (
        lambda: synapse(spark_pools={"a-b": gp.SparkPool(spark_version="3.4", max_nodes=3)}),
        "'a-b'",
    ),
    "spark pool of two": (lambda: gp.SparkPool(spark_version="3.4", max_nodes=2), "max_nodes 2; allowed are 3 to 200"),
    "spark pool restless": (
        lambda: gp.SparkPool(spark_version="3.4", max_nodes=3, idle_minutes=4),
        "is 4; allowed are 5 and more",
    ),
    "databricks closed": (lambda: databricks(private_endpoint=None), "public_network_access=True"),
    "databricks in two networks": (lambda: databricks(azure_managed_network=True), "one of them"),
    "databricks without subnet": (
        lambda: databricks(host_subnet_name=None),
        "virtual_network_id needs host_subnet_name",
    ),
    "databricks out of reach": (
        lambda: databricks(virtual_network_id=None, azure_managed_network=True),
        "pass it with its subnets",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("https://kv.vault.azure.net/keys/k", ("https://kv.vault.azure.net", "k", "")),
        ("https://kv.vault.azure.net/keys/k/0a1b", ("https://kv.vault.azure.net", "k", "0a1b")),
    ],
)
def test_key_identifier(identifier: str, parts: tuple[str, str, str]) -> None:
    """Without a version the key's rotation is followed."""
    assert key_parts(identifier) == parts


def test_key_identifier_of_another_form() -> None:
    with pytest.raises(gp.ArgumentError, match="https://<vault>/keys/<name>"):
        key_parts("https://kv.vault.azure.net/secrets/k")
