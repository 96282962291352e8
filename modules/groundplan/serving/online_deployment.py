# SPDX-License-Identifier: Apache-2.0
"""What a deployment of an online endpoint runs, wherever it runs: model, code, environment, probes, limits of requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pulumi import Input
from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError
from groundplan.serving.secret_values import refuse_secrets

REFERENCE: Final = r"\$\{\{(azureml://connections/|keyvault:)"
ADVICE: Final = (
    "Keep it in the workspace's key vault or in a connection, and pass ${{keyvault:https://<vault>.vault.azure.net/secrets/<name>}} "
    "or ${{azureml://connections/<name>/credentials/key}}"
)


@dataclass(frozen=True, kw_only=True)
class Probe:
    """How the service asks a container for its health. Azure's own values where nothing is given."""

    initial_delay_seconds: int = 10
    """Optional. Seconds until the first question; large models need more. Default: 10."""
    period_seconds: int = 10
    """Optional. Seconds between questions. Default: 10."""
    timeout_seconds: int = 2
    """Optional. Seconds to wait for an answer. Default: 2."""
    failures: int = 30
    """Optional. Wrong answers in a row until the container is taken for dead. Default: 30."""
    successes: int = 1
    """Optional. Right answers in a row until it is taken for well. Default: 1."""

    def __post_init__(self) -> None:
        for name in ("initial_delay_seconds", "period_seconds", "timeout_seconds", "failures", "successes"):
            if getattr(self, name) < 1:
                raise ArgumentError(f"probe: {name} is {getattr(self, name)}; allowed are 1 and more")


@dataclass(frozen=True, kw_only=True)
class RequestSettings:
    """Limits of the requests to one deployment."""

    timeout_seconds: float = 5
    """Optional. Seconds until a request is given up: at most 180 on a managed endpoint, 300 there for prompt flow and on
    Kubernetes. Default: 5."""
    concurrent_per_instance: int = 1
    """Optional. Requests that one instance works on at a time; more than its workers only wait. Default: 1."""
    queue_seconds: float = 0.5
    """Optional. Seconds that a request may wait for its turn. Default: 0.5."""

    def __post_init__(self) -> None:
        if self.timeout_seconds <= 0:
            raise ArgumentError(f"request settings: timeout_seconds is {self.timeout_seconds}; allowed is more than 0")
        if self.queue_seconds < 0:
            raise ArgumentError(f"request settings: queue_seconds is {self.queue_seconds}; allowed are 0 and more")
        if self.concurrent_per_instance < 1:
            raise ArgumentError(
                f"request settings: concurrent_per_instance is {self.concurrent_per_instance}; allowed are 1 and more"
            )


@dataclass(frozen=True, kw_only=True)
class DataCollection:
    """Keeps requests and answers in the workspace's storage, for monitoring of the model. They may hold personal data."""

    collections: tuple[str, ...] = ("model_inputs", "model_outputs")
    """Optional. What is kept, by the names that the scoring script uses. Default: inputs and outputs."""
    sampling_rate: float = 1.0
    """Optional. Share of the requests that is kept, above 0 to 1. Default: all."""
    rolling: Literal["Minute", "Hour", "Day", "Month", "Year"] = "Hour"
    """Optional. Time that one folder holds. Default: an hour."""
    captured_headers: tuple[str, ...] = ()
    """Optional. Request headers that are kept as well. Default: none."""

    def __post_init__(self) -> None:
        if not self.collections:
            raise ArgumentError(
                "data collection: collections is empty; name at least one, or leave data_collection out"
            )
        if not 0 < self.sampling_rate <= 1:
            raise ArgumentError(
                f"data collection: sampling_rate is {self.sampling_rate}; allowed are more than 0, up to 1"
            )


@dataclass(frozen=True, kw_only=True)
class OnlineDeployment:
    """A version of a model behind an online endpoint; the base of `ManagedDeployment` and `KubernetesDeployment`."""

    model: Input[str] | None = None
    """Conditional. ARM id or `azureml://registries/<registry>/models/<name>/versions/<version>`. Required unless the
    environment's image has the model inside."""
    environment: Input[str] | None = None
    """Conditional. ARM id or registry path of the environment. Required unless `model` is of MLflow."""
    code: Input[str] | None = None
    """Conditional. ARM id of the code version with the scoring script. Required with `scoring_script`."""
    scoring_script: Input[str] | None = None
    """Conditional. Path of the scoring script within the code. Required with `code`."""
    model_mount_path: Input[str] | None = None
    """Optional. Where the container finds the model. Default: Azure's, `/var/azureml-app/azureml-models/...`."""
    environment_variables: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Variables of the container, in plain text: secrets are refused, references to them are not. Default: none."""
    liveness_probe: Probe | None = None
    """Optional. Restarts a container that fails it. Default: Azure's."""
    readiness_probe: Probe | None = None
    """Optional. Keeps requests from a container that fails it. Default: Azure's."""
    startup_probe: Probe | None = None
    """Optional. Holds the other probes back until a slow container has started. Default: none."""
    requests: RequestSettings | None = None
    """Optional. Timeout, queue and concurrency. Default: 5 s, 0.5 s, one request for each instance."""
    data_collection: DataCollection | None = None
    """Optional. Keep requests and answers. Default: no."""
    application_insights: bool = True
    """Optional. Send the container's requests and output to the workspace's Application Insights. Default: yes."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags beside those of the endpoint. Default: none."""

    def __post_init__(self) -> None:
        if self.model is None and self.environment is None:
            raise ArgumentError(
                "online deployment: neither model nor environment is given; nothing could answer a request"
            )
        if (self.code is None) != (self.scoring_script is None):
            raise ArgumentError("online deployment: code and scoring_script belong together; give both or none")
        refuse_secrets("online deployment", self.environment_variables, reference=REFERENCE, advice=ADVICE)


def properties_of(deployment: OnlineDeployment) -> dict[str, Any]:
    """The properties that managed deployments and those on Kubernetes have in common."""
    return {
        "model": deployment.model,
        "environment_id": deployment.environment,
        "code_configuration": ml.CodeConfigurationArgs(
            code_id=deployment.code, scoring_script=deployment.scoring_script
        )
        if deployment.scoring_script is not None
        else None,
        "model_mount_path": deployment.model_mount_path,
        "environment_variables": deployment.environment_variables,
        "liveness_probe": _probe(deployment.liveness_probe),
        "readiness_probe": _probe(deployment.readiness_probe),
        "startup_probe": _probe(deployment.startup_probe),
        "request_settings": _requests(deployment.requests),
        "data_collector": _collector(deployment.data_collection),
        "app_insights_enabled": deployment.application_insights,
        "description": deployment.description,
    }


def _probe(probe: Probe | None) -> ml.ProbeSettingsArgs | None:
    if probe is None:
        return None
    return ml.ProbeSettingsArgs(
        initial_delay=f"PT{probe.initial_delay_seconds}S",
        period=f"PT{probe.period_seconds}S",
        timeout=f"PT{probe.timeout_seconds}S",
        failure_threshold=probe.failures,
        success_threshold=probe.successes,
    )


def _requests(requests: RequestSettings | None) -> ml.OnlineRequestSettingsArgs | None:
    if requests is None:
        return None
    return ml.OnlineRequestSettingsArgs(
        request_timeout=f"PT{requests.timeout_seconds:g}S",
        max_queue_wait=f"PT{requests.queue_seconds:g}S",
        max_concurrent_requests_per_instance=requests.concurrent_per_instance,
    )


def _collector(collection: DataCollection | None) -> ml.DataCollectorArgs | None:
    if collection is None:
        return None
    return ml.DataCollectorArgs(
        collections={
            name: ml.CollectionArgs(data_collection_mode="Enabled", sampling_rate=collection.sampling_rate)
            for name in collection.collections
        },
        rolling_rate=collection.rolling,
        request_logging=ml.RequestLoggingArgs(capture_headers=[*collection.captured_headers])
        if collection.captured_headers
        else None,
    )
