# SPDX-License-Identifier: Apache-2.0
"""Starts jobs of batch endpoints.

The job of a model deployment is a pipeline with one step, `batchscoring`, whose output is `score`: as in Azure, either name leads to the
predictions. The job of a pipeline component deployment is a pipeline job of that component.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.ml.batch import bodies, plans
from groundplan_emulator.ml.batch.bodies import Invocation
from groundplan_emulator.ml.batch.plans import ENTRY, OUTPUT
from groundplan_emulator.ml.jobs.submit import submit
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import batch_models
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, user_error, workspace_of

DEPLOYMENTS: Final = f"{WORKSPACES}/batchEndpoints/deployments"
STEP: Final = "batchscoring"
_MLFLOW: Final = "azureml://registries/azureml/environments/mlflow-py311-inference/versions/1"
"""What a step shows as its environment whose model brings its own."""


def start(
    ctx: Context,
    endpoint: Resource,
    deployment_name: str,
    body: dict[str, Any],
    *,
    name: str = "",
    private: dict[str, Any] | None = None,
) -> Resource:
    """Start a job: of the deployment that is named, or of the default one. Raises `ArmError`.

    `name` and `private` are for jobs that the service starts itself.
    """
    deployment = _deployment(ctx, endpoint, deployment_name)
    asked = bodies.understand(body)
    name = name or asked.name or f"batchjob-{uuid.uuid4()}"
    kept: dict[str, Any] = {**(private or {}), "endpoint": endpoint.name, "deployment": deployment.name}
    kept["notes"] = {
        **kept.get("notes", {}),
        "azureml.endpointName": endpoint.name,
        "azureml.deploymentName": deployment.name,
    }
    if component := batch_models.component_of(deployment.properties):
        return _pipeline(ctx, endpoint, deployment, component, asked, name, kept)
    return _scoring(ctx, endpoint, deployment, asked, name, kept)


def jobs_of(ctx: Context, endpoint: Resource, deployment_name: str = "") -> list[Resource]:
    """The jobs of an endpoint, or of one deployment of it, newest first."""
    workspace = workspace_of(ctx, endpoint.id)
    found = [
        job
        for job in ctx.children(workspace.id, f"{WORKSPACES}/jobs")
        if job.private.get("endpoint") == endpoint.name
        and (not deployment_name or job.private.get("deployment") == deployment_name)
    ]
    return sorted(found, key=lambda job: -job.private.get("at", {}).get("NotStarted", 0.0))


def _deployment(ctx: Context, endpoint: Resource, name: str) -> Resource:
    chosen = name or str((endpoint.properties.get("defaults") or {}).get("deploymentName") or "")
    there = [each.name for each in ctx.children(endpoint.id, DEPLOYMENTS)]
    if not chosen:
        raise user_error(
            "No valid deployments to route to. Please check that the endpoint has at least one deployment with positive weight values or"
            f" use a deployment specific header to route. Deployments of '{endpoint.name}': {', '.join(there) or 'none'}; set"
            " defaults.deployment_name, or send the header 'azureml-model-deployment'."
        )
    found = ctx.get(f"{endpoint.id}/deployments/{chosen}")
    if found is None:
        raise ArmError(
            404,
            "ResourceNotFound",
            f"Endpoint '{endpoint.name}' has no deployment '{chosen}'. Its deployments: {', '.join(there) or 'none'}.",
        )
    if found.properties.get("provisioningState") not in ("Succeeded", "Updating"):
        raise user_error(f"Deployment '{chosen}' is not ready: it is '{found.properties.get('provisioningState')}'.")
    return found


def _scoring(
    ctx: Context, endpoint: Resource, deployment: Resource, asked: Invocation, name: str, private: dict[str, Any]
) -> Resource:
    data = _only(asked.inputs, "input")
    if data is None or data["jobInputType"] not in ("uri_file", "uri_folder"):
        raise user_error(
            f"Deployment '{deployment.name}' is a model deployment: it takes exactly one data input, a UriFile or UriFolder.",
            "inputData",
        )
    workspace = workspace_of(ctx, endpoint.id)
    properties = deployment.properties
    step_name = str(ctx.guid("batch step", workspace.key, name))
    output = _only(asked.outputs, "output") or {"jobOutputType": "uri_folder"}
    output.setdefault("uri", f"azureml://datastores/workspaceblobstore/paths/azureml/{step_name}/{OUTPUT}/")
    model, uri = batch_models.model_of(ctx, workspace, properties)
    plan = plans.plan_of(deployment, asked.changes, model, uri)
    count = asked.compute.get("instancecount") or (properties.get("resources") or {}).get("instanceCount") or 1
    experiment = asked.experiment or endpoint.name
    step = {
        "jobType": "Command",
        "displayName": STEP,
        "experimentName": experiment,
        "command": f"python driver.py  # {plan.script or 'the MLflow model'} in mini-batches of {plan.size}",
        "computeId": asked.compute.get("target") or properties.get("compute"),
        "environmentId": properties.get("environmentId") or _MLFLOW,
        "codeId": (properties.get("codeConfiguration") or {}).get("codeId"),
        "environmentVariables": properties.get("environmentVariables") or {},
        "inputs": {ENTRY: data},
        "outputs": {OUTPUT: output},
        "resources": {"instanceCount": int(count)},
    }
    job = {
        "jobType": "Pipeline",
        "displayName": name,
        "experimentName": experiment,
        "inputs": {"run_settings_input": data},
        "outputs": {OUTPUT: output},
        "jobs": {},
        "settings": {},
    }
    places = {OUTPUT: {"uri": output["uri"], "type": output["jobOutputType"]}}
    made = submit(
        ctx, workspace, name, job, private={**private, "executor": "Batch", "step": step_name, "outputs": places}
    )
    kept = {"executor": "BatchScoring", "parent": name, "plan": asdict(plan), "outputs": places}
    submit(ctx, workspace, step_name, {key: value for key, value in step.items() if value is not None}, private=kept)
    return made


def _only(entries: dict[str, dict[str, Any]], what: str) -> dict[str, Any] | None:
    if len(entries) > 1:
        raise user_error(f"A model deployment has one {what}, not {len(entries)}: {', '.join(entries)}.", f"{what}Data")
    return next((dict(entry) for entry in entries.values()), None)


def _pipeline(
    ctx: Context,
    endpoint: Resource,
    deployment: Resource,
    component: str,
    asked: Invocation,
    name: str,
    private: dict[str, Any],
) -> Resource:
    settings: dict[str, Any] = batch_models.configuration(deployment.properties).get("settings") or {}
    job = {
        "jobType": "Pipeline",
        "displayName": name,
        "experimentName": asked.experiment or endpoint.name,
        "componentId": component,
        "computeId": asked.compute.get("target") or settings.get("default_compute") or settings.get("defaultCompute"),
        "inputs": asked.inputs,
        "outputs": asked.outputs,
        "settings": settings,
    }
    given = {key: value for key, value in job.items() if value is not None}
    return submit(ctx, workspace_of(ctx, endpoint.id), name, given, private={**private, "executor": "Pipeline"})
