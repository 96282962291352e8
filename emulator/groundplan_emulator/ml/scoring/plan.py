# SPDX-License-Identifier: Apache-2.0
"""What the processes of a deployment depend on, taken from its body and the assets that it names."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.iso_durations import seconds_or
from groundplan_emulator.ml import environments, files, references
from groundplan_emulator.ml.environments import Needs, UnsolvableError
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.ml.scoring import settings
from groundplan_emulator.ml.scoring.amounts import bytes_of
from groundplan_emulator.ml.scoring.failures import DeploymentError
from groundplan_emulator.ml.scoring.injection import injected
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import asset_files, vm_sizes
from groundplan_emulator.types.machine_learning_services.service import workspace_of

DEPLOYMENTS: Final = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
INCARNATION: Final = "incarnation"
"""In `private`: tells a deployment from one of the same name that was deleted before."""
SERVING: Final = "serving"
"""In `private`: `properties` and `sku` with which the deployment last came up, and the versions of assets that they meant then."""
NO_CODE: Final = "it has neither a scoring script nor an MLflow model, and the emulator starts no containers of images"


@dataclass(frozen=True, slots=True)
class Probe:
    """Seconds, but for the thresholds."""

    delay: float
    period: float
    timeout: float
    successes: int
    failures: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `model_name`: 'NAME/VERSION', '' without a model; `needs` is None where only the model's files say it."""

    id: str
    endpoint: str
    name: str
    workspace: str
    kubernetes: bool
    capacity: int
    fingerprint: str
    code: Place | None
    script: str
    model: Place | None
    model_name: str
    mlflow: bool
    environment: str
    needs: Needs | None
    variables: dict[str, str] = field(repr=False)
    readiness: Probe
    liveness: Probe
    timeout: float
    memory: int
    assets: dict[str, str]
    collector: dict[str, Any] = field(default_factory=dict[str, Any])
    """`dataCollector`, as it was given."""

    @property
    def workers(self) -> int:
        """How many processes of an instance serve."""
        asked = self.variables.get("WORKER_COUNT", "1")
        return max(int(asked), 1) if asked.isdigit() else 1


def runs(ctx: Context, deployment: Resource) -> str:
    """Why nothing runs for a deployment, in words; '' where its processes run here."""
    properties = deployment.properties
    code = properties.get("codeConfiguration") or {}
    if code.get("codeId") and code.get("scoringScript"):
        return _elsewhere(ctx, str(code["codeId"]))
    model = _model(ctx, deployment)
    if model is None or str(model.properties.get("modelType", "")).lower() != "mlflow_model":
        return NO_CODE
    return _elsewhere(ctx, str(model.properties.get("modelUri", "")))


def _elsewhere(ctx: Context, reference: str) -> str:
    """Assets of registries that are not here, such as Microsoft's, and files of other hosts cannot be had."""
    if reference.lower().startswith("https://"):
        found = asset_files.place_of(ctx, reference, None)
        local = found is not None and any(ctx.store.of_type(asset_files.ACCOUNTS, name=found.account))
        return "" if local else f"'{reference}' is outside of the local Azure"
    registry = reference.removeprefix("azureml://registries/").partition("/")[0]
    if registry == reference.partition("/")[0] or references.registry(ctx, registry) is not None:
        return ""
    return f"'{reference}' is in a registry that the emulator does not hold"


def _model(ctx: Context, deployment: Resource) -> Resource | None:
    reference = deployment.properties.get("model")
    if not reference:
        return None
    try:
        return references.version(ctx, str(reference), kind="models", workspace=workspace_of(ctx, deployment.id))
    except NotFoundError:
        return None


def capacity(deployment: Resource) -> int:
    """How many instances a deployment is to have."""
    wanted = int((deployment.body.get("sku") or {}).get("capacity") or 1)
    scale: dict[str, Any] = deployment.properties.get("scaleSettings") or {}
    if scale.get("scaleType") == "TargetUtilization":
        low, high = int(scale.get("minInstances") or 0), int(scale.get("maxInstances") or 1)
        return max(low, min(wanted, high), 1)
    return wanted


def left(ctx: Context, key: str) -> int:
    """How many instances a deployment may have: what the emulator runs at most, less what all others want."""
    others = (each for each in ctx.store.of_type(DEPLOYMENTS) if each.key != key and not runs(ctx, each))
    return settings.processes(ctx.store) - sum(capacity(each) for each in others)


def snapshot(deployment: Resource, came_up: Plan) -> dict[str, Any]:
    """What to keep of a deployment that came up: a label may mean another version later."""
    return {"properties": deployment.properties, "sku": deployment.body.get("sku"), "assets": came_up.assets}


def as_it_served(deployment: Resource) -> Resource | None:
    """The deployment as it last came up, or None where it never did."""
    kept = deployment.private.get(SERVING)
    if not kept:
        return None
    properties: dict[str, Any] = {**kept["properties"]}
    for name, version in kept["assets"].items():
        if name == "codeId":
            properties["codeConfiguration"] = {**properties["codeConfiguration"], name: version}
        else:
            properties[name] = version
    before = copy.copy(deployment)
    before.body = {**deployment.body, "properties": properties, "sku": kept["sku"]}
    return before


def serves(deployment: Resource) -> bool:
    """Whether a deployment wants what it last came up with, scale apart."""
    kept = deployment.private.get(SERVING) or {"properties": {}}
    return {**deployment.properties, "provisioningState": ""} == {**kept["properties"], "provisioningState": ""}


def of(ctx: Context, deployment: Resource) -> Plan:
    """The plan of a deployment that runs here. Raises `DeploymentError` where an asset is not there or cannot be read."""
    properties = deployment.properties
    workspace = workspace_of(ctx, deployment.id)
    segments = deployment.id.split("/")
    code_settings: dict[str, Any] = properties.get("codeConfiguration") or {}
    model = _model(ctx, deployment)
    try:
        model_place = files.place(ctx, str(model.properties.get("modelUri")), workspace) if model else None
        code = code_place = None
        if code_settings.get("codeId"):
            code = references.version(ctx, str(code_settings["codeId"]), kind="codes", workspace=workspace)
            code_place = files.place(ctx, str(code.properties.get("codeUri")), workspace)
        environment = None
        if properties.get("environmentId"):
            environment = references.version(
                ctx, str(properties["environmentId"]), kind="environments", workspace=workspace
            )
    except NotFoundError as error:
        raise DeploymentError("BadArgument", f"Unable to download user model or code: {error}.") from None
    try:
        needs = Needs() if settings.shared(ctx.store) else environments.needs_of(environment)
    except UnsolvableError as error:
        raise DeploymentError(
            "ImageBuildFailure", f"{error}", "Mend the conda file and make a new version of the environment."
        ) from None
    mlflow = code_place is None
    asked = mlflow and environment is None and not settings.shared(ctx.store)
    model_name = "/".join(model.id.split("/")[-3::2]) if model else ""
    requests: dict[str, Any] = properties.get("requestSettings") or {}
    return Plan(
        id=deployment.id,
        endpoint=segments[-3],
        name=deployment.name,
        workspace=workspace.name,
        kubernetes=properties.get("endpointComputeType") == "Kubernetes",
        capacity=capacity(deployment),
        fingerprint=_fingerprint(ctx, properties, (code_place, model_place, model_name, environment)),
        code=code_place,
        script=str(PurePosixPath(str(code_settings.get("scoringScript") or "score.py"))),
        model=model_place,
        model_name=model_name,
        mlflow=mlflow,
        environment="/".join(environment.id.split("/")[-3::2]) if environment else "",
        needs=None if asked else needs,
        variables=injected(ctx, workspace, properties.get("environmentVariables") or {}),
        readiness=_probe(properties.get("readinessProbe") or {}),
        liveness=_probe(properties.get("livenessProbe") or {}),
        timeout=seconds_or(requests.get("requestTimeout"), 5.0),
        memory=_memory(ctx, properties),
        assets={
            name: found.id
            for name, found in (("model", model), ("environmentId", environment), ("codeId", code))
            if found is not None and ctx.store.exists(found.id)
        },
        collector=properties.get("dataCollector") or {},
    )


def _probe(asked: dict[str, Any]) -> Probe:
    return Probe(
        seconds_or(asked.get("initialDelay"), 10.0),
        seconds_or(asked.get("period"), 10.0),
        seconds_or(asked.get("timeout"), 2.0),
        int(asked.get("successThreshold") or 1),
        int(asked.get("failureThreshold") or 30),
    )


def _memory(ctx: Context, properties: dict[str, Any]) -> int:
    """The least of what the emulator, the virtual machine and the container's limit allow."""
    allowed = [settings.memory(ctx.store)]
    size = vm_sizes.sizes().get(str(properties.get("instanceType", "")).lower())
    if size is not None:
        allowed.append(int(size.memory * 2**30))
    limits = (properties.get("containerResourceRequirements") or {}).get("containerResourceLimits") or {}
    if (limit := bytes_of(limits.get("memory"))) is not None:
        allowed.append(limit)
    return min(allowed)


_OF_PROCESSES: Final = (
    "environmentVariables",
    "requestSettings",
    "readinessProbe",
    "livenessProbe",
    "modelMountPath",
    "instanceType",
    "containerResourceRequirements",
    "dataCollector",
)


def _fingerprint(ctx: Context, properties: dict[str, Any], resolved: tuple[object, ...]) -> str:
    """Changes exactly when new processes are needed."""
    *places, environment = resolved
    asked = environment.properties.get("condaFile") if isinstance(environment, Resource) else None
    said = {name: properties.get(name) for name in _OF_PROCESSES}
    script = (properties.get("codeConfiguration") or {}).get("scoringScript")
    text = json.dumps([said, script, [str(each) for each in places], asked, settings.shared(ctx.store)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
