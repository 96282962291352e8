# SPDX-License-Identifier: Apache-2.0
"""An open endpoint with keys and two deployments in a safe rollout, and a closed one that logs and is locked."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

BLUE = gp.Autoscale(
    minimum=2,
    maximum=8,
    default=3,
    rules={
        "slow": gp.ScaleRule(metric="latency", above=500, instances=2, window_minutes=10, cooldown_minutes=15),
        "busy": gp.ScaleRule(metric="requests", above=1000),
        "idle": gp.ScaleRule(metric="cpu", below=20),
    },
    schedules={
        "fridays": gp.ScaleSchedule(
            days=("Friday",),
            start="16:00",
            end="22:30",
            minimum=4,
            maximum=10,
            time_zone="W. Europe Standard Time",
        )
    },
    notify_emails=("oncall@example.com",),
)


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ManagedOnlineEndpoint(
        "full",
        gp.ManagedOnlineEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="churn-full",
            description="[blue] and green",
            deployments={
                "blue": gp.ManagedDeployment(
                    model=here.model.id,
                    environment="azureml://registries/azureml/environments/sklearn-1.5/versions/10",
                    code="azureml://registries/azureml/codes/score/versions/1",
                    scoring_script="score.py",
                    model_mount_path="/mnt/model",
                    environment_variables={
                        "WORKERS": "4",
                        "API_KEY": "${{keyvault:https://kv.vault.azure.net/secrets/api}}",
                    },
                    liveness_probe=gp.Probe(
                        initial_delay_seconds=60, period_seconds=20, timeout_seconds=5, failures=5, successes=1
                    ),
                    readiness_probe=gp.Probe(initial_delay_seconds=60),
                    startup_probe=gp.Probe(failures=60),
                    requests=gp.RequestSettings(timeout_seconds=30, concurrent_per_instance=4, queue_seconds=1.5),
                    data_collection=gp.DataCollection(
                        collections=("model_inputs",),
                        sampling_rate=0.1,
                        rolling="Day",
                        captured_headers=("X-Request-Id",),
                    ),
                    description="the old one",
                    tags={"version": "1"},
                    instance_type="Standard_DS3_v2",
                    autoscale=BLUE,
                    public_egress=True,
                ),
                "green": gp.ManagedDeployment(
                    model=here.model.id,
                    instance_type="Standard_F4s_v2",
                    instance_count=3,
                    application_insights=False,
                ),
            },
            traffic={"blue": 100, "green": 0},
            mirror_traffic={"green": 10},
            key_authentication=True,
            identity_ids=(here.identity.id,),
            extra_properties={"owner": "churn"},
            public_network_access=True,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
        ),
    )
    gp.ManagedOnlineEndpoint(
        "full-released",
        gp.ManagedOnlineEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="churn-released",
            authentication="AMLToken",
            workspace_managed_network=True,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """No way in but the workspace's private endpoint, no way out, logs kept, and nobody deletes it by mistake."""
    gp.ManagedOnlineEndpoint(
        "locked-down",
        gp.ManagedOnlineEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="churn-locked",
            deployments={
                "blue": gp.ManagedDeployment(
                    model=here.model.id, instance_type="Standard_DS3_v2", autoscale=gp.Autoscale(minimum=3, maximum=6)
                )
            },
            traffic={"blue": 100},
            identity_ids=(here.identity.id,),
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    closed = found.one("machinelearningservices:OnlineEndpoint", "locked-down")["properties"]
    assert (closed["authMode"], closed["publicNetworkAccess"]) == ("AADToken", "Disabled")
    deployment = found.one("machinelearningservices:OnlineDeployment", "locked-down-blue")
    assert deployment["properties"]["egressPublicNetworkAccess"] == "Disabled"
    assert deployment["sku"]["capacity"] == 3

    blue = found.one("machinelearningservices:OnlineDeployment", "full-blue")["properties"]
    assert blue["requestSettings"] == {
        "maxConcurrentRequestsPerInstance": 4,
        "maxQueueWait": "PT1.5S",
        "requestTimeout": "PT30S",
    }
    assert blue["dataCollector"]["collections"] == {
        "model_inputs": {"dataCollectionMode": "Enabled", "samplingRate": 0.1}
    }
    profiles = found.one("monitor:AutoscaleSetting", "full-blue-autoscale")["profiles"]
    assert [profile["name"] for profile in profiles] == ["default", "fridays", '{"name":"default","for":"fridays"}']
    assert profiles[0]["capacity"] == {"default": "3", "maximum": "8", "minimum": "2"}
    assert profiles[1]["recurrence"]["schedule"]["hours"] == [16]
    slow, _, idle = (rule["metricTrigger"] for rule in profiles[0]["rules"])
    assert slow["metricResourceUri"].endswith("/onlineEndpoints/churn-full")
    assert idle["metricResourceUri"].endswith("/onlineEndpoints/churn-full/deployments/blue")

    (written,) = (
        row for row in found.one("resources:Deployment", "full-traffic")["properties"]["template"]["resources"]
    )
    assert written["properties"]["traffic"] == {"blue": 100, "green": 0}
    assert written["properties"]["mirrorTraffic"] == {"green": 10}
    live = found.outputs("machinelearningservices:OnlineEndpoint", "full")["properties"]
    assert live["traffic"] == {"blue": 100, "green": 0}, "a refresh finds what the traffic resource wrote"
    assert live["scoringUri"].endswith("/score")
    released = found.under("ManagedOnlineEndpoint", "full-released")
    assert [row["type"] for row in released] == ["azure-native:machinelearningservices:OnlineEndpoint"]
