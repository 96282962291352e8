# SPDX-License-Identifier: Apache-2.0
"""Which monitors are taken. Names are those of the current api-version and of 2023-06-01-preview, which azure-ai-ml speaks."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoints
from groundplan_emulator.types.machine_learning_services.service import (
    check_duration,
    user_error,
    workspace_of,
)

DEFINITION: Final = "properties.action.monitorDefinition"
DRIFT: Final = {
    "Numerical": (
        "JensenShannonDistance",
        "PopulationStabilityIndex",
        "NormalizedWassersteinDistance",
        "TwoSampleKolmogorovSmirnovTest",
    ),
    "Categorical": ("JensenShannonDistance", "PopulationStabilityIndex", "PearsonsChiSquaredTest"),
}
QUALITY: Final = dict.fromkeys(DRIFT, ("NullValueRate", "DataTypeErrorRate", "OutOfBoundsRate"))
METRICS: Final = {"DataDrift": DRIFT, "PredictionDrift": DRIFT, "DataQuality": QUALITY}
"""Signal, kind of data, metrics."""
RUNTIMES: Final = ("3.4", "3.5")
WINDOWED: Final = ("Trailing", "Rolling", "Static")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def check(write: Write, action: dict[str, Any]) -> None:
    """Refuse a definition (raise ArmError)."""
    definition: dict[str, Any] = action.get("monitorDefinition") or {}
    workspace = workspace_of(write.ctx, write.id.id)
    runtime = str((definition.get("computeConfiguration") or {}).get("runtimeVersion") or "")
    if runtime not in RUNTIMES:
        raise user_error(
            f"The runtime version of the monitor's compute is '{runtime}'; allowed: {', '.join(RUNTIMES)}.",
            f"{DEFINITION}.computeConfiguration.runtimeVersion",
        )
    target: dict[str, Any] = definition.get("monitoringTarget") or {}
    deployment = str(target.get("deploymentId") or "").removeprefix("azureml:")
    if deployment and write.ctx.get(deployment) is None:
        raise user_error(
            f"The deployment '{deployment}' that is to be monitored does not exist.",
            f"{DEFINITION}.monitoringTarget.deploymentId",
        )
    if target.get("modelId"):
        endpoints.check_asset(
            write.ctx, f"{DEFINITION}.monitoringTarget.modelId", target["modelId"], kind="models", workspace=workspace
        )
    signals: dict[str, Any] = definition.get("signals") or {}
    if not signals:
        raise user_error("The monitor has no signals.", f"{DEFINITION}.signals")
    for name, signal in signals.items():
        _check_signal(write, workspace, f"{DEFINITION}.signals.{name}", signal)
    for mail in emails(definition):
        if _MAIL.fullmatch(mail) is None:
            raise user_error(f"'{mail}' is no email address.", f"{DEFINITION}.alertNotificationSettings")


def emails(definition: dict[str, Any]) -> list[str]:
    """Who is told of breached thresholds."""
    settings = definition.get("alertNotificationSettings") or definition.get("alertNotificationSetting") or {}
    mail = settings.get("emailNotificationSettings") or settings.get("emailNotificationSetting") or {}
    return [str(each) for each in mail.get("emails") or ()]


def thresholds(signal: dict[str, Any]) -> list[dict[str, Any]]:
    """`{"dataType", "metric", "value"}` of a signal, in the spelling of `METRICS`; `value` is None where there is none."""
    found: list[dict[str, Any]] = []
    for each in signal.get("metricThresholds") or ():
        given = cast("dict[str, Any]", each)
        metric = str(given.get("metric") or "")
        known = {name.lower(): name for names in (*DRIFT.values(), *QUALITY.values()) for name in names}
        # azure-ai-ml's own name of the metric lacks a letter
        metric = known.get(metric.lower().replace("outofboundrate", "outofboundsrate"), metric)
        value = (given.get("threshold") or {}).get("value")
        found.append({"dataType": str(given.get("dataType") or ""), "metric": metric, "value": value})
    return found


def _check_signal(write: Write, workspace: Resource, target: str, signal: dict[str, Any]) -> None:
    kind = str(signal.get("signalType"))
    if kind not in METRICS:
        raise user_error(
            f"Signals of type '{kind}' are not computed on the local Azure; those that are: {', '.join(METRICS)}.",
            f"{target}.signalType",
        )
    for name in ("productionData", "referenceData"):
        _check_data(write, workspace, f"{target}.{name}", signal.get(name))
    asked = thresholds(signal)
    if not asked:
        raise user_error("The signal has no metricThresholds.", f"{target}.metricThresholds")
    for each in asked:
        allowed = METRICS[kind].get(each["dataType"], ())
        if each["metric"] not in allowed:
            raise user_error(
                f"'{each['metric']}' is no metric of {kind} for data of type '{each['dataType']}';"
                f" allowed: {', '.join(allowed) or 'none'}.",
                f"{target}.metricThresholds",
            )
        if each["value"] is not None and each["value"] < 0:
            raise user_error(f"A threshold must not be negative, but is {each['value']}.", f"{target}.metricThresholds")
    features: dict[str, Any] = signal.get("features") or {}
    if features.get("filterType") == "TopNByAttribution":
        raise user_error(
            "The most important features of a model are not known on the local Azure: name the features, or take all.",
            f"{target}.features",
        )


def _check_data(write: Write, workspace: Resource, target: str, given: dict[str, Any] | None) -> None:
    if not given or not given.get("uri"):
        raise user_error("The signal does not say where its data is: set 'uri'.", target)
    uri = str(given["uri"])
    if references.parse(uri) is not None:
        endpoints.check_asset(write.ctx, target, uri, kind="data", workspace=workspace)
    else:
        try:
            files.place(write.ctx, uri, workspace)
        except NotFoundError as error:
            raise user_error(f"'{uri}' leads nowhere: {error}.", target) from None
    if given.get("inputDataType") in ("Trailing", "Rolling"):
        for name in ("windowSize", "windowOffset"):
            check_duration(f"{target}.{name}", given.get(name))
        if not given.get("windowSize"):
            raise user_error("A trailing window needs a windowSize such as 'P7D'.", f"{target}.windowSize")
