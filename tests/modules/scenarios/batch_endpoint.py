# SPDX-License-Identifier: Apache-2.0
"""A model and a pipeline behind one endpoint, and an endpoint that only named principals may change."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.BatchEndpoint(
        "full",
        gp.BatchEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="churn-full",
            description="nightly and weekly",
            deployments={
                "forest": gp.BatchDeployment(
                    model=here.model.id,
                    compute_id=here.cluster.id,
                    environment="azureml://registries/azureml/environments/sklearn-1.5/versions/10",
                    code="azureml://registries/azureml/codes/score/versions/1",
                    scoring_script="batch.py",
                    environment_variables={"LEVEL": "3"},
                    instance_count=2,
                    mini_batch_size=25,
                    concurrency_per_instance=2,
                    retries=1,
                    timeout_seconds=300,
                    error_threshold=10,
                    output="SummaryOnly",
                    output_file_name="scores.csv",
                    logging="Debug",
                    description="a random forest",
                    tags={"version": "1"},
                ),
                "weekly": gp.BatchDeployment(
                    component="azureml://registries/azureml/components/train_and_score/versions/2",
                    compute_id=here.cluster.id,
                    settings={"continue_on_step_failure": "false"},
                ),
            },
            default_deployment="weekly",
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Nobody deletes it by mistake; releases bring deployments."""
    gp.BatchEndpoint(
        "locked-down",
        gp.BatchEndpointArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            endpoint_name="churn-locked",
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    forest = found.one("machinelearningservices:BatchDeployment", "full-forest")["properties"]
    assert forest["retrySettings"] == {"maxRetries": 1, "timeout": "PT300S"}
    assert forest["model"]["assetId"].endswith("/models/churn/versions/1")
    weekly = found.one("machinelearningservices:BatchDeployment", "full-weekly")["properties"]
    assert weekly["deploymentConfiguration"]["settings"] == {"continue_on_step_failure": "false"}
    live = found.outputs("machinelearningservices:BatchEndpoint", "full")["properties"]
    assert live["defaults"] == {"deploymentName": "weekly"}
    assert found.one("machinelearningservices:BatchEndpoint", "locked-down")["properties"]["authMode"] == "AADToken"
