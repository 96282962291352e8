# SPDX-License-Identifier: Apache-2.0
"""Deployments of batch endpoints."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action
from groundplan_emulator.ml.batch import answers, invocations
from groundplan_emulator.ml.jobs import computes, placement
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import batch_models, endpoints
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    check_duration,
    user_error,
    workspace_of,
)

DEFAULTS: dict[str, Any] = {
    "errorThreshold": -1,
    "loggingLevel": "Info",
    "maxConcurrencyPerInstance": 1,
    "miniBatchSize": 10,
    "outputAction": "AppendRow",
    "outputFileName": "predictions.csv",
    "environmentVariables": {},
    "properties": {},
}


class BatchDeployments(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments: of a model, or of a pipeline component.

    Differs from Azure:
    - worker processes of a job are at most as many as this machine has cores, at least two, whatever nodes and concurrency say
    - rows of `predictions.csv` are in the order of the input's files
    - MLflow models without a scoring script read CSV files and images; images need Pillow among the model's requirements
    """

    type: ClassVar[str] = f"{WORKSPACES}/batchEndpoints/deployments"
    api_versions: ClassVar[tuple[str, ...]] = ("2020-09-01-dataplanepreview",)
    """Of the list of jobs."""
    name_rule: ClassVar[NameRule | None] = endpoints.NAME
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)

    def check(self, write: Write) -> None:
        """Compute and assets exist, something says how to score, the numbers make sense."""
        properties, workspace = write.properties, workspace_of(write.ctx, write.id.id)
        _check_compute(write)
        _check_numbers(properties)
        if component := batch_models.component_of(properties):
            target = "properties.deploymentConfiguration.componentId"
            endpoints.check_asset(write.ctx, target, component, kind="components", workspace=workspace)
            return
        if batch_models.configuration(properties).get("deploymentConfigurationType") == "PipelineComponent":
            raise user_error(
                "A pipeline component deployment needs the id of its component.",
                "properties.deploymentConfiguration.componentId",
            )
        if not properties.get("compute"):
            raise user_error(
                "A model deployment needs a compute: set 'compute' to the id of one.", "properties.compute"
            )
        model, _ = batch_models.model_of(write.ctx, workspace, properties)
        code = properties.get("codeConfiguration") or {}
        endpoints.check_asset(write.ctx, "properties.environmentId", properties.get("environmentId"))
        endpoints.check_asset(write.ctx, "properties.codeConfiguration.codeId", code.get("codeId"), kind="codes")
        batch_models.check_script(properties, model)

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        for name, value in DEFAULTS.items():
            write.properties.setdefault(name, value)
        write.properties["retrySettings"] = {
            "maxRetries": 3,
            "timeout": "PT30S",
            **write.properties.get("retrySettings", {}),
        }

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """It is no default any more."""
        endpoint = ctx.get(resource.id.rsplit("/", 2)[0])
        if endpoint is not None and (endpoint.properties.get("defaults") or {}).get("deploymentName") == resource.name:
            endpoint.properties["defaults"] = {}
            ctx.save(endpoint)

    @action("jobs", "GET")
    def jobs(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The jobs that it ran, newest first."""
        endpoint = ctx.linked("endpoint", resource.id.rsplit("/", 2)[0])
        found = invocations.jobs_of(ctx, endpoint, resource.name)
        return lifecycle.page(ctx, [answers.job(ctx, each) for each in found])


def _check_compute(write: Write) -> None:
    compute = computes.id_of(write.id.id, write.properties.get("compute"))
    if compute is None:
        return
    try:
        placement.usable(
            write.ctx, compute, 1
        )  # a cluster that is too small is told by the job: it may grow until then
    except JobError as error:
        raise user_error(error.message, "properties.compute") from None


def _check_numbers(properties: dict[str, Any]) -> None:
    retry: dict[str, Any] = properties.get("retrySettings") or {}
    for name, value, least in (
        ("miniBatchSize", properties.get("miniBatchSize"), 1),
        ("maxConcurrencyPerInstance", properties.get("maxConcurrencyPerInstance"), 1),
        ("errorThreshold", properties.get("errorThreshold"), -1),
        ("retrySettings.maxRetries", retry.get("maxRetries"), 0),
    ):
        if value is not None and value < least:
            raise user_error(f"{name} must be at least {least}, not {value}.", f"properties.{name}")
    check_duration("properties.retrySettings.timeout", retry.get("timeout"))
