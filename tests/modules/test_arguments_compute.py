# SPDX-License-Identifier: Apache-2.0
"""Arguments of computes and Kubernetes clusters that contradict each other or Azure's limits."""

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp


def cluster(**changes: Any) -> gp.ComputeClusterArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "vm_size": "s",
        "max_nodes": 2,
        "subnet_id": "/subnet",
    }
    return gp.ComputeClusterArgs(**(good | changes))


def instance(**changes: Any) -> gp.ComputeInstanceArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "vm_size": "s",
        "subnet_id": "/subnet",
    }
    return gp.ComputeInstanceArgs(**(good | changes))


def pool(**changes: Any) -> gp.NodePool:
    good: dict[str, Any] = {"vm_size": "s", "max_nodes": 3}
    return gp.NodePool(**(good | changes))


def window(**changes: Any) -> gp.MaintenanceWindow:
    good: dict[str, Any] = {"day": "Sunday", "start": "01:00"}
    return gp.MaintenanceWindow(**(good | changes))


def aks(**changes: Any) -> gp.AksClusterArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "subnet_id": "/subnet",
        "node_pools": {"system": pool(system=True)},
    }
    return gp.AksClusterArgs(**(good | changes))


def extension(**changes: Any) -> gp.MachineLearningExtensionArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "cluster_id": "/aks", "cluster_name": "aks"}
    return gp.MachineLearningExtensionArgs(**(good | changes))


def attached(**changes: Any) -> gp.KubernetesComputeArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "cluster_id": "/aks",
        "instance_types": {"small": gp.InstanceType(cpu="1", memory="4Gi")},
    }
    return gp.KubernetesComputeArgs(**(good | changes))


def quotas(limits: dict[str, int]) -> gp.WorkspaceQuotasArgs:
    return gp.WorkspaceQuotasArgs(workspace_id="/mlw", limits=limits)


def databricks(**changes: Any) -> gp.DatabricksComputeArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "databricks_workspace_id": "/dbx",
        "workspace_url": "adb-1.2.azuredatabricks.net",
        "access_token": "t",
    }
    return gp.DatabricksComputeArgs(**(good | changes))


LARGE = gp.InstanceType(cpu="8", memory="32Gi")
KEY = gp.CustomerKey(key_vault_id="/vault", key_identifier="https://kv.vault.azure.net/keys/k/1", identity_id="/id")
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "cluster key without SSH": (lambda: cluster(ssh_public_key="ssh-rsa A"), "set ssh=True or leave the key out"),
    "instance idles briefly": (lambda: instance(idle_minutes=14), "is 14; allowed are 15 to 4320"),
    "instance idles for long": (lambda: instance(idle_minutes=4321), "is 4321; allowed are 15 to 4320"),
    "instance in two networks": (lambda: instance(workspace_managed_network=True), "pass one of them"),
    "instance nowhere": (lambda: instance(subnet_id=None), "node_public_ip=True"),
    "schedule of nothing": (lambda: gp.PowerSchedule(action="Stop"), "pass one of cron and recurrence"),
    "schedule of both": (
        lambda: gp.PowerSchedule(
            action="Stop", cron="0 19 * * *", recurrence=gp.Recurrence(frequency="Day", hours=(1,))
        ),
        "pass one of cron and recurrence",
    ),
    "schedule of six fields": (lambda: gp.PowerSchedule(action="Stop", cron="0 0 19 * * 1"), "five fields"),
    "schedule from someday": (
        lambda: gp.PowerSchedule(action="Stop", cron="0 19 * * *", start_time="tomorrow"),
        "start_time is 'tomorrow'; expected is yyyy-MM-ddTHH:mm:ss",
    ),
    "recurrence never": (lambda: gp.Recurrence(frequency="Day", hours=()), "at least one value"),
    "recurrence at 24": (lambda: gp.Recurrence(frequency="Day", hours=(24,)), r"hours has \[24\]; allowed are 0 to 23"),
    "recurrence of minutes": (lambda: gp.Recurrence(frequency="Day", hours=(1,), minutes=(60,)), "0 to 59"),
    "recurrence standing still": (lambda: gp.Recurrence(frequency="Day", interval=0, hours=(1,)), "1 or more"),
    "recurrence of no weekday": (lambda: gp.Recurrence(hours=(1,)), "week_days is required for 'Week'"),
    "recurrence of month days": (
        lambda: gp.Recurrence(frequency="Day", hours=(1,), month_days=(1,)),
        "month_days is required for 'Month' and refused otherwise",
    ),
    "script of nothing": (gp.SetupScript, "pass one of text and workspace_path"),
    "script with a password": (lambda: gp.SetupScript(text="x", arguments="--password hunter2"), "key vault"),
    "script with a token": (lambda: gp.SetupScript(text="x", arguments="--token=abc"), "key vault"),
    "script with a signature": (lambda: gp.SetupScript(text="x", arguments="https://a/b?sig=abc"), "key vault"),
    "script without time": (lambda: gp.SetupScript(text="x", timeout_minutes=0), "is 0; allowed is 1 or more"),
    "quotas of nothing": (lambda: quotas({}), "limits is empty; name at least one family"),
    "quotas below zero": (
        lambda: quotas({"standardDSv2Family": -1}),
        "'standardDSv2Family' = -1; allowed are 0 and more",
    ),
    "quotas by id": (lambda: quotas({"/quotas/a": 1}), "has a family '/quotas/a'; expected is e.g. standardDSv2Family"),
    "quotas twice": (
        lambda: quotas({"standardA": 1, "STANDARDA": 2}),
        r"names a family twice \(standardA, STANDARDA\)",
    ),
    "databricks URL": (lambda: databricks(workspace_url="https://adb-1.net/"), "expected is the host alone"),
    "databricks without token": (lambda: databricks(access_token=""), "access_token is empty"),
    "pool of nothing": (lambda: pool(max_nodes=0), "is 0; allowed are 1 to 1000"),
    "pool upside down": (lambda: pool(min_nodes=4), r"is 4; allowed are 0 to max_nodes \(3\)"),
    "pool without system node": (lambda: pool(system=True, min_nodes=0), "allowed are 1 to max_nodes"),
    "pool of system spots": (lambda: pool(system=True, spot=True), "add a second pool"),
    "pool of small disks": (lambda: pool(os_disk_gb=2049), "os_disk_gb is 2049; allowed are 0 to 2048"),
    "pool of many pods": (lambda: pool(max_pods=251), "max_pods is 251; allowed are 10 to 250"),
    "pool with half a taint": (lambda: pool(taints=("gpu=yes",)), "expected is key=value:NoSchedule"),
    "AKS without system pool": (lambda: aks(node_pools={"gpu": pool()}), r"none of the node pools \(gpu\)"),
    "AKS pool name": (lambda: aks(node_pools={"System": pool(system=True)}), "cannot be the name of a node pool"),
    "AKS without subnet": (lambda: aks(subnet_id=None), "required otherwise"),
    "AKS in two networks": (lambda: aks(outbound_type="managedNATGateway"), "refused with 'managedNATGateway'"),
    "AKS open to all": (lambda: aks(public_api_server=True), "authorized_ip_ranges is required"),
    "AKS private with ranges": (lambda: aks(authorized_ip_ranges=("10.0.0.0/8",)), "refused otherwise"),
    "AKS public with zone": (
        lambda: aks(public_api_server=True, authorized_ip_ranges=("203.0.113.0/24",), private_dns_zone_id="/zone"),
        "private API server",
    ),
    "AKS pods no CIDR": (lambda: aks(pod_cidr="10.1"), "pod_cidr is '10.1'"),
    "AKS overlapping": (lambda: aks(pod_cidr="172.16.0.0/12"), "overlap"),
    "AKS defended in the dark": (lambda: aks(defender=True), "defender needs log_analytics_workspace_id"),
    "AKS with two identities": (lambda: aks(identity_id="/id", customer_key=KEY), "pass one of them"),
    "AKS trusting a long name": (lambda: aks(trusted_workspace_ids={"x" * 25: "/mlw"}), "1 to 24 characters"),
    "AKS waiting for nothing": (
        lambda: aks(upgrade_channel="none", node_image_channel="Unmanaged", maintenance=window()),
        "maintenance has nothing to wait for, as upgrade_channel is 'none' and node_image_channel is 'Unmanaged'",
    ),
    "maintenance at no time": (lambda: window(start="24:00"), "start is '24:00'; write it as HH:MM"),
    "maintenance in a hurry": (lambda: window(hours=3), "hours is 3; allowed are 4 to 24"),
    "maintenance for days": (lambda: window(hours=25), "hours is 25; allowed are 4 to 24"),
    "maintenance nowhere": (lambda: window(utc_offset="CET"), r"utc_offset is 'CET'; write it as \+HH:MM or -HH:MM"),
    "extension for nothing": (lambda: extension(training=False), "nothing would run"),
    "extension on Arc without relay": (lambda: extension(cluster_type="Arc"), "required for 'Arc'"),
    "extension on AKS with relay": (lambda: extension(relay_id="/relay"), "refused otherwise"),
    "extension balancing Arc": (
        lambda: extension(
            cluster_type="Arc",
            relay_id="/r",
            relay_connection_string="s",
            inference=gp.InferenceRouter(insecure_connections=True),
        ),
        "internal load balancer exists on AKS only",
    ),
    "router without TLS": (lambda: gp.InferenceRouter(domain="a.example"), "pass one of certificate"),
    "router with half a key": (lambda: gp.InferenceRouter(domain="a.example", certificate="c"), "both or neither"),
    "router without name": (lambda: gp.InferenceRouter(tls_secret="s"), "domain is required with TLS"),
    "router public on a port": (
        lambda: gp.InferenceRouter(service_type="NodePort", public=True, insecure_connections=True),
        "public is for service_type 'LoadBalancer'",
    ),
    "instance type of words": (lambda: gp.InstanceType(cpu="two", memory="4Gi"), "cpu is 'two'"),
    "instance type of anti-GPUs": (lambda: gp.InstanceType(cpu="2", memory="4Gi", gpus=-1), "0 or more"),
    "kubernetes of no type": (lambda: attached(instance_types={}), "instance_types is empty"),
    "kubernetes of a loud type": (lambda: attached(instance_types={"BIG": LARGE}), r"has \['BIG'\]"),
    "kubernetes undecided": (
        lambda: attached(instance_types={"a": LARGE, "b": LARGE}),
        "default_instance_type is required with several instance types: one of a, b",
    ),
    "kubernetes of another type": (lambda: attached(default_instance_type="big"), "is 'big'; allowed are small"),
    "kubernetes namespace": (lambda: attached(namespace="My_Space"), "namespace is 'My_Space'"),
    "Arc nowhere": (
        lambda: gp.ArcClusterArgs(resource_group_name="rg", agent_public_key="k"),
        "pass one or set public_network_access=True",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right; Pulumi shows it without a traceback."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()


def test_a_databricks_token_is_not_shown() -> None:
    assert "dapi123" not in repr(databricks(access_token="dapi123"))  # the point is that it stays away
