# SPDX-License-Identifier: Apache-2.0
"""Scoring of whole data sets, as jobs on a cluster of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import resources

from groundplan.attachments import attach
from groundplan.component import Component, child_id
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.serving.online_deployment import ADVICE, REFERENCE
from groundplan.serving.secret_values import refuse_secrets

API_VERSION: Final = "2025-12-01"
"""That of `machinelearningservices.BatchEndpoint`, so that both write the same endpoint."""


@dataclass(frozen=True, kw_only=True)
class BatchDeployment:
    """What a batch endpoint runs: a model over files in mini batches, or a pipeline component."""

    model: Input[str] | None = None
    """Conditional. ARM id or registry path of the model. Required unless `component` is given."""
    component: Input[str] | None = None
    """Conditional. ARM id of a pipeline component, run instead of a model. Required unless `model` is given."""
    compute_id: Input[str]
    """Required. ARM id of the cluster that runs the jobs."""
    settings: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Settings of the pipeline's job, with `component` only, e.g. `continue_on_step_failure`. Default: none."""
    environment: Input[str] | None = None
    """Conditional. ARM id or registry path of the environment. Required unless `model` is of MLflow."""
    code: Input[str] | None = None
    """Conditional. ARM id of the code version with the scoring script. Required with `scoring_script`."""
    scoring_script: Input[str] | None = None
    """Conditional. Path of the scoring script within the code. Required with `code`."""
    environment_variables: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Variables of the container, in plain text: secrets are refused, references to them are not. Default: none."""
    instance_count: int = 1
    """Optional. Nodes of the cluster for one job. Default: 1."""
    mini_batch_size: int = 10
    """Optional. Files that one call of the scoring script gets. Default: 10."""
    concurrency_per_instance: int = 1
    """Optional. Scoring scripts at a time on each node. Default: 1."""
    retries: int = 3
    """Optional. Further tries of a mini batch that failed or took too long. Default: 3."""
    timeout_seconds: int = 30
    """Optional. Seconds that one mini batch may take. Default: 30."""
    error_threshold: int = -1
    """Optional. Files that may fail until the job does; -1 is any number. Default: -1."""
    output: Literal["AppendRow", "SummaryOnly"] = "AppendRow"
    """Optional. `AppendRow` writes each prediction to one file, `SummaryOnly` leaves the output to the script. Default:
    `AppendRow`."""
    output_file_name: str = "predictions.csv"
    """Optional. File of `AppendRow`. Default: `predictions.csv`."""
    logging: Literal["Debug", "Info", "Warning"] = "Info"
    """Optional. What jobs log. Default: `Info`."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags beside those of the endpoint. Default: none."""

    def __post_init__(self) -> None:
        if (self.model is None) == (self.component is None):
            raise ArgumentError("batch deployment: give either model or component")
        if self.settings and self.component is None:
            raise ArgumentError("batch deployment: settings are of a pipeline's job; they need component")
        if (self.code is None) != (self.scoring_script is None):
            raise ArgumentError("batch deployment: code and scoring_script belong together; give both or none")
        smallest = {
            "instance_count": 1,
            "mini_batch_size": 1,
            "concurrency_per_instance": 1,
            "retries": 0,
            "timeout_seconds": 1,
            "error_threshold": -1,
        }
        for name, least in smallest.items():
            if getattr(self, name) < least:
                raise ArgumentError(f"batch deployment: {name} is {getattr(self, name)}; allowed are {least} and more")
        refuse_secrets("batch deployment", self.environment_variables, reference=REFERENCE, advice=ADVICE)


@dataclass(frozen=True, kw_only=True)
class BatchEndpointArgs(ResourceArgs):
    """Arguments of `BatchEndpoint`."""

    workspace_name: Input[str]
    """Required. Azure name of the workspace."""
    deployments: Mapping[str, BatchDeployment] = field(default_factory=dict[str, BatchDeployment])
    """Optional. Deployments by their Azure name. Default: none, for releases that bring them."""
    default_deployment: str | None = None
    """Optional. Deployment that runs when a caller names none. Default: not managed here."""
    endpoint_name: str | None = None
    """Optional. Azure name, unique within the region. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""

    def __post_init__(self) -> None:
        for key in self.deployments:
            check_name("batch_deployment", key)
        if self.default_deployment is not None and self.default_deployment not in self.deployments:
            raise ArgumentError(
                f"batch endpoint: default_deployment is {self.default_deployment!r}; "
                f"deployments: {', '.join(self.deployments) or 'none'}"
            )


class BatchEndpoint(Component):
    """A batch endpoint that callers start with a token of Microsoft Entra ID, with its deployments.

    Example:
        BatchEndpoint("nightly", BatchEndpointArgs(
            resource_group_name=group.name, workspace_name=workspace.name,
            deployments={"forest": BatchDeployment(model=model.id, compute_id=cluster.id)}, default_deployment="forest"))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    scoring_uri: Output[str]
    """Where jobs are started."""
    deployment_ids: Mapping[str, Output[str]]
    """ARM ids of the deployments by name."""

    def __init__(self, name: str, args: BatchEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        endpoint = ml.BatchEndpoint(
            name,
            endpoint_name=check_name("batch_endpoint", args.endpoint_name or name),
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            properties=ml.BatchEndpointPropertiesArgs(auth_mode="AADToken", description=args.description),
            tags=args.tags,
            opts=self.child(
                ResourceOptions(
                    # the resource below or a release sets them, once the deployments are there
                    ignore_changes=["properties.defaults"],
                    delete_before_replace=True,  # the name cannot be held twice
                )
            ),
        )
        children = [
            self._deployment(name, key, deployment, endpoint, args) for key, deployment in args.deployments.items()
        ]
        chosen = self._choose(name, endpoint, args, children)
        attach(
            self,
            name,
            endpoint.id,
            args,
            arm_type="Microsoft.MachineLearningServices/workspaces/batchEndpoints",
            after=[*children, chosen],
        )
        self.id = endpoint.id
        self.name = endpoint.name
        self.scoring_uri = endpoint.properties.scoring_uri
        self.deployment_ids = {key: child_id(endpoint.id, "deployments", key) for key in args.deployments}
        self.seal()

    def _deployment(
        self, name: str, key: str, deployment: BatchDeployment, endpoint: ml.BatchEndpoint, args: BatchEndpointArgs
    ) -> Resource:
        return ml.BatchDeployment(
            f"{name}-{key}",
            deployment_name=key,
            endpoint_name=endpoint.name,
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            properties=_properties(deployment),
            tags={**args.tags, **deployment.tags},
            opts=self.child(ResourceOptions(deleted_with=endpoint)),
        )

    def _choose(
        self, name: str, endpoint: ml.BatchEndpoint, args: BatchEndpointArgs, after: list[Resource]
    ) -> Resource | None:
        """Write the endpoint a second time with its default: Azure refuses the name of a deployment that is not there yet."""
        if args.default_deployment is None:
            return None
        properties: dict[str, Any] = {
            "authMode": "AADToken",
            "defaults": {"deploymentName": args.default_deployment},
        } | ({} if args.description is None else {"description": args.description})
        template = {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [
                {
                    "type": "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
                    "apiVersion": API_VERSION,
                    "name": Output.concat(args.workspace_name, "/", endpoint.name),
                    "location": endpoint.location,
                    "tags": args.tags,
                    "properties": properties,
                }
            ],
        }
        return resources.Deployment(
            f"{name}-default",
            deployment_name=f"{args.endpoint_name or name}-default",
            resource_group_name=args.resource_group_name,
            properties=resources.DeploymentPropertiesArgs(mode=resources.DeploymentMode.INCREMENTAL, template=template),
            opts=self.child(ResourceOptions(depends_on=after)),
        )


def _properties(deployment: BatchDeployment) -> ml.BatchDeploymentPropertiesArgs:
    if deployment.component is not None:
        return ml.BatchDeploymentPropertiesArgs(
            compute=deployment.compute_id,
            description=deployment.description,
            environment_variables=deployment.environment_variables,
            deployment_configuration=ml.BatchPipelineComponentDeploymentConfigurationArgs(
                deployment_configuration_type="PipelineComponent",
                component_id=ml.IdAssetReferenceArgs(reference_type="Id", asset_id=deployment.component),
                settings=deployment.settings,
            ),
        )
    assert deployment.model is not None  # noqa: S101  # __post_init__ saw to it
    return ml.BatchDeploymentPropertiesArgs(
        compute=deployment.compute_id,
        model=ml.IdAssetReferenceArgs(reference_type="Id", asset_id=deployment.model),
        environment_id=deployment.environment,
        code_configuration=ml.CodeConfigurationArgs(code_id=deployment.code, scoring_script=deployment.scoring_script)
        if deployment.scoring_script is not None
        else None,
        environment_variables=deployment.environment_variables,
        resources=ml.DeploymentResourceConfigurationArgs(instance_count=deployment.instance_count),
        mini_batch_size=deployment.mini_batch_size,
        max_concurrency_per_instance=deployment.concurrency_per_instance,
        retry_settings=ml.BatchRetrySettingsArgs(
            max_retries=deployment.retries, timeout=f"PT{deployment.timeout_seconds}S"
        ),
        error_threshold=deployment.error_threshold,
        output_action=deployment.output,
        output_file_name=deployment.output_file_name,
        logging_level=deployment.logging,
        description=deployment.description,
    )
