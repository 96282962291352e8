# SPDX-License-Identifier: Apache-2.0
"""An endpoint with two deployments, one of them sized by hand, and one that logs and is locked."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.KubernetesOnlineEndpoint(
        "full",
        gp.KubernetesOnlineEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="weld-full",
            compute_id=here.attached.id,
            deployments={
                "blue": gp.KubernetesDeployment(
                    model=here.model.id,
                    instance_type="gpu",
                    scale=gp.UtilizationScale(minimum=0, maximum=10, target_percent=60, polling_seconds=30),
                    requested=gp.ContainerSize(cpu="500m", memory="1Gi"),
                    limit=gp.ContainerSize(cpu="2", memory="4Gi", gpu="1"),
                    requests=gp.RequestSettings(timeout_seconds=240),
                    environment="azureml://registries/azureml/environments/sklearn-1.5/versions/10",
                    code="azureml://registries/azureml/codes/score/versions/1",
                    scoring_script="score.py",
                    model_mount_path="/mnt/model",
                    environment_variables={"WORKERS": "4"},
                    liveness_probe=gp.Probe(initial_delay_seconds=60),
                    readiness_probe=gp.Probe(initial_delay_seconds=60),
                    startup_probe=gp.Probe(failures=60),
                    data_collection=gp.DataCollection(sampling_rate=0.5),
                    application_insights=False,
                    description="the old one",
                    tags={"version": "1"},
                ),
                "green": gp.KubernetesDeployment(model=here.model.id, instance_count=2),
            },
            traffic={"blue": 80, "green": 20},
            key_authentication=True,
            description="on the line's own machines",
            extra_properties={"owner": "welding"},
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Tokens only, as an identity that was given its roles on purpose."""
    gp.KubernetesOnlineEndpoint(
        "locked-down",
        gp.KubernetesOnlineEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="weld-locked",
            authentication="AADToken",
            compute_id=here.attached.id,
            deployments={"blue": gp.KubernetesDeployment(model=here.model.id)},
            identity_ids=(here.identity.id,),
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    blue = found.one("machinelearningservices:OnlineDeployment", "full-blue")["properties"]
    assert blue["scaleSettings"] == {
        "maxInstances": 10,
        "minInstances": 0,
        "pollingInterval": "PT30S",
        "scaleType": "TargetUtilization",
        "targetUtilizationPercentage": 60,
    }
    assert blue["containerResourceRequirements"]["containerResourceLimits"] == {"cpu": "2", "gpu": "1", "memory": "4Gi"}
    live = found.outputs("machinelearningservices:OnlineEndpoint", "full")["properties"]
    assert live["traffic"] == {"blue": 80, "green": 20}
    assert live["compute"].endswith("/computes/base-attached")
    closed = found.one("machinelearningservices:OnlineEndpoint", "locked-down")
    assert closed["properties"]["authMode"] == "AADToken"
    assert closed["identity"]["type"] == "UserAssigned"
