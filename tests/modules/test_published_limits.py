# SPDX-License-Identifier: Apache-2.0
"""What Azure allows is not refused: the edges of each published range, and names as Azure's own examples have them.

The sources are beside the checks. Ranges of names are in `published_names.py`.
"""

from collections.abc import Callable

import pytest

import groundplan as gp

GUID = "0d6f3f6f-3a11-4d3a-9a55-7b4c9f0e8f7d"


def cluster(**changes: int) -> gp.ComputeClusterArgs:
    numbers: dict[str, int] = {"max_nodes": 1} | changes
    return gp.ComputeClusterArgs(
        resource_group_name="rg",
        workspace_name="mlw",
        vm_size="Standard_DS3_v2",
        subnet_id="/s",
        **numbers,  # pyright: ignore[reportArgumentType]
    )


def instance(idle_minutes: int) -> gp.ComputeInstanceArgs:
    return gp.ComputeInstanceArgs(
        resource_group_name="rg",
        workspace_name="mlw",
        vm_size="Standard_DS3_v2",
        subnet_id="/s",
        idle_minutes=idle_minutes,
    )


def managed(**changes: object) -> gp.ManagedDeployment:
    return gp.ManagedDeployment(model="/m", instance_type="Standard_DS3_v2", **changes)  # pyright: ignore[reportArgumentType]


def endpoint(deployments: int) -> gp.ManagedOnlineEndpointArgs:
    names = [f"blue{at}" for at in range(deployments)]
    return gp.ManagedOnlineEndpointArgs(
        resource_group_name="rg", workspace_name="mlw", deployments={name: managed() for name in names}
    )


def registry(**changes: object) -> gp.ContainerRegistryArgs:
    return gp.ContainerRegistryArgs(resource_group_name="rg", public_network_access=True, **changes)  # pyright: ignore[reportArgumentType]


def storage(**changes: object) -> gp.StorageArgs:
    return gp.StorageArgs(resource_group_name="rg", public_network_access=True, **changes)  # pyright: ignore[reportArgumentType]


def hub(**changes: object) -> gp.IotHubArgs:
    return gp.IotHubArgs(resource_group_name="rg", public_network_access=True, **changes)  # pyright: ignore[reportArgumentType]


def events(**changes: object) -> gp.EventHubsArgs:
    return gp.EventHubsArgs(resource_group_name="rg", public_network_access=True, **changes)  # pyright: ignore[reportArgumentType]


def role(name: str = "r", *actions: str) -> gp.CustomRoleArgs:
    return gp.CustomRoleArgs(
        scope="/s", role_name=name, description="d", actions=actions or ("Microsoft.Storage/read",), wildcards=True
    )


def deployment(runtime: str) -> gp.EdgeDeploymentArgs:
    return gp.EdgeDeploymentArgs(
        hub_name="h",
        modules={"model": gp.EdgeModule(image="r/m:1")},
        target_condition="*",
        runtime=runtime,
    )


def front_door(seconds: int) -> gp.FrontDoorArgs:
    origins = {"a": gp.Origin(host_name="a.example.com")}
    return gp.FrontDoorArgs(resource_group_name="rg", origins=origins, response_timeout_seconds=seconds)


ALLOWED: dict[str, Callable[[], object]] = {
    "cluster of 65000 nodes": lambda: cluster(max_nodes=65_000),
    "cluster that idles for days": lambda: cluster(idle_minutes=2880),
    "instance idle at least": lambda: instance(15),
    "instance idle at most": lambda: instance(3 * 24 * 60),
    "more instances, by exception": lambda: managed(instance_count=51),
    "more deployments, by exception": lambda: endpoint(21),
    "prompt flow": lambda: managed(requests=gp.RequestSettings(timeout_seconds=300)),
    "more scaled instances, by exception": lambda: gp.Autoscale(minimum=1, maximum=80),
    "metric window": lambda: gp.ScaleRule(metric="cpu", above=1, window_minutes=720, cooldown_minutes=10080),
    "mirror": lambda: gp.ManagedOnlineEndpointArgs(
        resource_group_name="rg",
        workspace_name="mlw",
        deployments={"blue": managed(), "green": managed()},
        traffic={"blue": 100},
        mirror_traffic={"green": 50},
    ),
    "soft delete in every tier": lambda: registry(sku="Basic", soft_delete_days=90, untagged_retention_days=0),
    "untagged images for a year": lambda: registry(untagged_retention_days=365),
    "SAS policy of years": lambda: storage(sas_days=1000),
    "blobs kept for a year": lambda: storage(delete_retention_days=365),
    "hub partitions": lambda: hub(partitions=128, retention_days=7),
    "hub units": lambda: hub(edition="S3", units=10),
    "hub route": lambda: gp.StorageRoute(
        blob_endpoint="https://a", container="c", batch_seconds=720, batch_megabytes=500
    ),
    "hub without weight": lambda: gp.LinkedHub(
        hub_name="h", host="h.azure-devices.net", location="westeurope", weight=0
    ),
    "events": lambda: events(sku="Premium", capacity=16, hubs={"a": gp.EventHub(partitions=100, retention_hours=2160)}),
    "capture": lambda: gp.Capture(container="c", minutes=15, megabytes=500),
    "role name": lambda: role("x" * 512),
    "actions with wildcards anywhere": lambda: role("r", "*/read", "Microsoft.Compute/*/read", "Microsoft.Support/*"),
    "managed user's repository": lambda: gp.GitHub(repository="octo_corp/platform", branch="main"),
    "GitHub's dots": lambda: gp.GitHub(repository="octo/a.b_c-d", environment="prod"),
    "new service connection": lambda: gp.AzureDevOps(tenant_id=GUID, subject_identifier="/eid1/c/pub/t/x/a/y/sc/z"),
    "old service connection": lambda: gp.AzureDevOps(
        organization="o", organization_id=GUID, project="p", service_connection="c"
    ),
    "edge runtime by its tag": lambda: deployment("1.5.19-linux-amd64"),
    "disk of the machine's size": lambda: gp.NodePool(vm_size="s", max_nodes=1000, os_disk_gb=0, max_pods=250),
    "shortest maintenance": lambda: gp.MaintenanceWindow(day="Sunday", start="00:00", hours=4, utc_offset="-07:00"),
    "longest maintenance": lambda: gp.MaintenanceWindow(day="Sunday", start="23:59", hours=24, utc_offset="+05:30"),
    "quantities": lambda: gp.InstanceType(cpu="2", memory="1Pi", cpu_request="0.5", memory_request="1e9"),
    "many learnt periods": lambda: gp.DynamicThreshold(failing_periods=(8, 10)),
    "key rotation": lambda: gp.VaultKey(rotate_days=7, expire_days=28),
    "log table": lambda: gp.LogTable(interactive_days=730, total_days=4383),
    "budget alert": lambda: gp.Alert(percent=1000),
    "entry that waits": lambda: front_door(240),
    "entry in a hurry": lambda: front_door(16),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_allowed(case: str) -> None:
    """Nothing is raised."""
    ALLOWED[case]()
