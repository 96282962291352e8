# SPDX-License-Identifier: Apache-2.0
"""What a batch deployment deploys: a model, or a pipeline component."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoints
from groundplan_emulator.types.machine_learning_services.service import user_error

MODEL = "properties.model"


def configuration(properties: dict[str, Any]) -> dict[str, Any]:
    """The configuration of a pipeline component deployment; empty for a model deployment."""
    return properties.get("deploymentConfiguration") or {}


def component_of(properties: dict[str, Any]) -> str:
    """The reference of the component that is deployed; '' where it is a model."""
    return str((configuration(properties).get("componentId") or {}).get("assetId") or "")


def model_of(ctx: Context, workspace: Resource, properties: dict[str, Any]) -> tuple[Resource | None, str]:
    """The version of the model that is deployed (None for files that are no asset), and where its files are ('' for no model).

    Raises `ArmError` where the version does not exist.
    """
    given: dict[str, Any] = properties.get("model") or {}
    kind = given.get("referenceType")
    if kind == "DataPath":
        store = str(given.get("datastoreId") or "").rsplit("/", 1)[-1] or "workspaceblobstore"
        return None, f"azureml://datastores/{store}/paths/{str(given.get('path') or '').lstrip('/')}"
    if kind == "OutputPath":
        job = str(given.get("jobId") or "").rsplit("/", 1)[-1]
        return None, f"azureml://jobs/{job}/outputs/artifacts/paths/{str(given.get('path') or '').lstrip('/')}"
    version = endpoints.check_asset(ctx, MODEL, given.get("assetId"), kind="models", workspace=workspace)
    return version, str(version.properties.get("modelUri") or "") if version is not None else ""


def check_script(properties: dict[str, Any], model: Resource | None) -> None:
    """400 unless something says how to score: a scoring script with an environment, or an MLflow model."""
    code: dict[str, Any] = properties.get("codeConfiguration") or {}
    mlflow = model is not None and model.properties.get("modelType") == "mlflow_model"
    if not code and not mlflow:
        raise user_error(
            "A deployment without a scoring script needs an MLflow model (type mlflow_model): give it codeConfiguration with codeId and"
            " scoringScript, or such a model.",
            "properties.codeConfiguration",
        )
    if code and not code.get("scoringScript"):
        raise user_error("codeConfiguration names no scoringScript.", "properties.codeConfiguration.scoringScript")
    if code and not properties.get("environmentId"):
        raise user_error(
            "A deployment with a scoring script needs an environment: set environmentId.", "properties.environmentId"
        )
