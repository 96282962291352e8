# SPDX-License-Identifier: Apache-2.0
"""Serving: arguments that contradict each other or Azure's limits are refused before anything is declared."""

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp
from groundplan.serving.kubernetes_online_endpoint import _check_lengths
from groundplan.serving.online_deployment import ADVICE, REFERENCE
from groundplan.serving.secret_values import refuse_secrets


def managed(**changes: Any) -> gp.ManagedDeployment:
    return gp.ManagedDeployment(**(dict[str, Any]({"model": "/m", "instance_type": "Standard_DS3_v2"}) | changes))


def endpoint(*deployments: str, **changes: Any) -> gp.ManagedOnlineEndpointArgs:
    return gp.ManagedOnlineEndpointArgs(
        resource_group_name="rg", workspace_name="mlw", deployments={key: managed() for key in deployments}, **changes
    )


def batch(**changes: Any) -> gp.BatchDeployment:
    return gp.BatchDeployment(**(dict[str, Any]({"model": "/m", "compute_id": "/c"}) | changes))


def serverless(**changes: Any) -> gp.ServerlessEndpointArgs:
    good: dict[str, Any] = {
        "resource_group_name": "rg",
        "workspace_name": "mlw",
        "model": "azureml://registries/azureml/models/Phi-4",
    }
    return gp.ServerlessEndpointArgs(**(good | changes))


def schedule(**changes: Any) -> gp.ScaleSchedule:
    good: dict[str, Any] = {"days": ("Monday",), "start": "08:00", "end": "18:00", "minimum": 1, "maximum": 2}
    return gp.ScaleSchedule(**(good | changes))


def container(**changes: Any) -> gp.ContainerInstanceArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "image": "scorer:1", "subnet_id": "/s"}
    return gp.ContainerInstanceArgs(**(good | changes))


def functions(**changes: Any) -> gp.FunctionAppArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "storage_account_id": "/st", "subnet_id": "/s"}
    good["public_network_access"] = True
    return gp.FunctionAppArgs(**(good | changes))


def kubernetes(**changes: Any) -> gp.KubernetesDeployment:
    return gp.KubernetesDeployment(**(dict[str, Any]({"model": "/m"}) | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "rule of two": (lambda: gp.ScaleRule(metric="cpu", above=1, below=1), "give either above or below"),
    "rule unknown": (lambda: gp.ScaleRule(metric="cpus", above=1), "metric is 'cpus'; allowed are cpu, memory"),  # pyright: ignore[reportArgumentType]
    "rule window": (lambda: gp.ScaleRule(metric="cpu", above=1, window_minutes=4), "is 4; allowed are 5 to 720"),
    "rule cooldown": (lambda: gp.ScaleRule(metric="cpu", above=1, cooldown_minutes=0), "is 0; allowed are 1 to 10080"),
    "rule step": (lambda: gp.ScaleRule(metric="cpu", above=1, instances=0), "is 0; allowed are 1 and more"),
    "schedule time": (lambda: schedule(start="8:00"), "start is '8:00'; write it as HH:MM"),
    "schedule night": (lambda: schedule(end="07:00"), "split a night into two schedules"),
    "schedule never": (lambda: schedule(days=()), "name at least one day"),
    "scale limits": (lambda: gp.Autoscale(minimum=3, maximum=2), "minimum is 3 and maximum is 2"),
    "scale default": (lambda: gp.Autoscale(minimum=1, maximum=2, default=3), "default is 3; allowed are minimum"),
    "scale up only": (
        lambda: gp.Autoscale(minimum=1, maximum=2, rules={"up": gp.ScaleRule(metric="cpu", above=1)}),
        "no rule has below",
    ),
    "scale without rules": (lambda: gp.Autoscale(minimum=1, maximum=2, rules={}), "there are 0 rules"),
    "scale of many schedules": (
        lambda: gp.Autoscale(minimum=1, maximum=2, schedules={str(at): schedule() for at in range(10)}),
        "there are 10 schedules; allowed are at most 9",
    ),
    "deployment of nothing": (lambda: managed(model=None), "nothing could answer a request"),
    "code without script": (lambda: managed(code="/c"), "code and scoring_script belong together"),
    "many instances": (lambda: managed(instance_count=0), "is 0; allowed are 1 and more"),
    "count and autoscale": (
        lambda: managed(instance_count=2, autoscale=gp.Autoscale(minimum=1, maximum=2)),
        "drop instance_count and set Autoscale.minimum",
    ),
    "long request": (
        lambda: managed(requests=gp.RequestSettings(timeout_seconds=301)),
        "is 301; allowed are up to 300",
    ),
    "request without time": (lambda: gp.RequestSettings(timeout_seconds=0), "timeout_seconds is 0"),
    "request without queue": (lambda: gp.RequestSettings(queue_seconds=-1), "queue_seconds is -1"),
    "request alone": (lambda: gp.RequestSettings(concurrent_per_instance=0), "concurrent_per_instance is 0"),
    "probe": (lambda: gp.Probe(period_seconds=0), "period_seconds is 0; allowed are 1 and more"),
    "collect nothing": (lambda: gp.DataCollection(collections=()), "name at least one"),
    "collect more than all": (lambda: gp.DataCollection(sampling_rate=1.1), "sampling_rate is 1.1"),
    "traffic to nobody": (lambda: endpoint("blue", traffic={"green": 100}), "traffic names 'green'; deployments: blue"),
    "traffic in sum": (lambda: endpoint("blue", traffic={"blue": 99}), "99 percent in sum"),
    "traffic below zero": (lambda: endpoint("blue", "red", traffic={"blue": 110, "red": -10}), "shares of 0 to 100"),
    "mirror of nothing": (lambda: endpoint("blue", mirror_traffic={"blue": 5}), "mirror_traffic needs traffic"),
    "mirror twice": (
        lambda: endpoint("blue", "red", "tan", traffic={"blue": 100}, mirror_traffic={"red": 5, "tan": 5}),
        "one deployment only",
    ),
    "mirror too much": (
        lambda: endpoint("blue", "red", traffic={"blue": 100}, mirror_traffic={"red": 51}),
        "is 51; allowed are 1 to 50 percent",
    ),
    "mirror to nobody": (
        lambda: endpoint("blue", traffic={"blue": 100}, mirror_traffic={"red": 5}),
        "mirror_traffic names 'red'",
    ),
    "mirror and traffic": (
        lambda: endpoint("blue", traffic={"blue": 100}, mirror_traffic={"blue": 5}),
        "a deployment gets one of the two",
    ),
    "keys and tokens": (lambda: endpoint(key_authentication=True, authentication="AMLToken"), "choose one"),
    "deployment name": (lambda: endpoint("b"), "'b' (1 characters) cannot be the name of a online deployment"),
    "egress of a managed network": (
        lambda: gp.ManagedOnlineEndpointArgs(
            resource_group_name="rg",
            workspace_name="mlw",
            workspace_managed_network=True,
            deployments={"blue": managed(public_egress=True)},
        ),
        "add an outbound rule to the workspace",
    ),
    "kubernetes scale": (lambda: gp.UtilizationScale(minimum=3, maximum=2), "minimum is 3 and maximum is 2"),
    "kubernetes target": (lambda: gp.UtilizationScale(maximum=2, target_percent=0), "is 0; allowed are 1 to 100"),
    "kubernetes polling": (lambda: gp.UtilizationScale(maximum=2, polling_seconds=0), "polling_seconds is 0"),
    "kubernetes count": (lambda: kubernetes(instance_count=0), "instance_count is 0"),
    "kubernetes count and scale": (
        lambda: kubernetes(instance_count=2, scale=gp.UtilizationScale(maximum=2)),
        "set UtilizationScale.minimum",
    ),
    "kubernetes request": (
        lambda: kubernetes(requests=gp.RequestSettings(timeout_seconds=301)),
        "is 301; allowed are up to 300",
    ),
    "kubernetes names": (
        lambda: _check_lengths(
            "e" * 32,
            gp.KubernetesOnlineEndpointArgs(
                resource_group_name="rg", workspace_name="mlw", compute_id="/c", deployments={"d" * 31: kubernetes()}
            ),
        ),
        "have 63 characters together; allowed are 62",
    ),
    "batch of both": (lambda: batch(component="/p"), "give either model or component"),
    "batch settings": (lambda: batch(settings={"a": "b"}), "they need component"),
    "batch code": (lambda: batch(scoring_script="a.py"), "code and scoring_script belong together"),
    "batch size": (lambda: batch(mini_batch_size=0), "mini_batch_size is 0; allowed are 1 and more"),
    "batch default": (
        lambda: gp.BatchEndpointArgs(resource_group_name="rg", workspace_name="mlw", default_deployment="forest"),
        "default_deployment is 'forest'; deployments: none",
    ),
    "serverless version": (
        lambda: serverless(model="azureml://registries/azureml/models/Phi-4/versions/1"),
        "without a version",
    ),
    "container nowhere": (lambda: container(subnet_id=None), "give either subnet_id, or public_ip_address=True"),
    "container twice": (lambda: container(public_ip_address=True), "give either subnet_id, or public_ip_address=True"),
    "container label": (lambda: container(dns_label="a"), "dns_label names a public address"),
    "container dns": (
        lambda: container(subnet_id=None, public_ip_address=True, dns_servers=("10.0.0.4",)),
        "dns_servers needs subnet_id",
    ),
    "container pull": (lambda: container(registry_server="cr.azurecr.io"), "registry_server needs identity_id"),
    "container no ports": (lambda: container(ports=()), "ports is empty"),
    "container port": (lambda: container(ports=(80, 70000)), "ports has 70000; allowed are 1 to 65535"),
    "container cpu": (lambda: container(cpu=0), "cpu is 0; allowed is more than 0"),
    "container limit": (lambda: container(memory_limit_gb=1), "memory_limit_gb is 1; allowed are 2"),
    "container variable": (
        lambda: container(environment_variables={"A": "1"}, secret_environment_variables={"A": "1"}),
        "'A' is both a plain and a secret variable",
    ),
    "container secret": (
        lambda: container(environment_variables={"API_KEY": "1"}),
        "Pass it in secret_environment_variables",
    ),
    "probe path": (lambda: gp.HttpProbe(path="health"), "it starts with a slash"),
    "probe failures": (lambda: gp.HttpProbe(path="/health", failures=0), "failures is 0; allowed are 1 and more"),
    "functions closed": (lambda: functions(public_network_access=False), "private_endpoint is required"),
    "functions sources": (
        lambda: functions(
            public_network_access=False,
            private_endpoint=gp.PrivateEndpoint(subnet_id="/s", dns_managed_elsewhere=True),
            allowed_sources=("AzureEventGrid",),
        ),
        "allowed_sources does nothing while public_network_access is False",
    ),
    "functions instances": (lambda: functions(min_instances=30), "min_instances is 30 and max_instances is 20"),
    "functions vault": (lambda: functions(secrets={"A": "https://a"}), "secrets A need key_vault_id"),
    "functions telemetry": (lambda: functions(application_insights_id="/i"), "needs application_insights_connection"),
    "functions secret": (lambda: functions(settings={"API_KEY": "1"}), "Keep it in a key vault"),
    "functions reserved": (
        lambda: functions(settings={"FUNCTIONS_WORKER_RUNTIME": "node"}),
        "follows from other arguments; leave it out",
    ),
    "functions twice": (
        lambda: functions(settings={"A": "1"}, scoring={"A": gp.ScoringTarget(uri="https://a")}),
        "setting 'A' is given twice",
    ),
    "serverless keys": (lambda: serverless(authentication="KeyAndAAD", key_authentication=True), "choose one"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    make, sentence = REFUSED[case]
    with pytest.raises(gp.ArgumentError) as refused:
        make()
    assert sentence in str(refused.value)


SECRETS = {
    "DB_PASSWORD": "hunter2",
    "apiKey": "abc",
    "STORAGE": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGVsbG8=",
    "URL": "https://a.blob.core.windows.net/c?sv=1&sig=abc%3D",
    "PEM": "-----BEGIN RSA PRIVATE KEY-----",
}


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(gp.ArgumentError) as refused:
        managed(environment_variables={name: SECRETS[name]})

    assert repr(name) in str(refused.value)
    assert "key vault" in str(refused.value)
    assert SECRETS[name] not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_TOKENS", "512"),
        ("PARTITION_KEY", "id"),
        ("KEY_VAULT_URI", "https://kv.vault.azure.net"),
        ("API_KEY", "${{azureml://connections/openai/credentials/key}}"),
    ],
)
def test_what_is_no_secret_passes(name: str, value: str) -> None:
    refuse_secrets("test", {name: value}, reference=REFERENCE, advice=ADVICE)
