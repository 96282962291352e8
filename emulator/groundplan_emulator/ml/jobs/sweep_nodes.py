# SPDX-License-Identifier: Apache-2.0
"""What a sweep node of a pipeline says, as a sweep job has it."""

from __future__ import annotations

import re
from typing import Any, Final

from groundplan_emulator.ml.jobs.durations import iso
from groundplan_emulator.ml.jobs.node_settings import camel, pascal

_ARGUMENTS: Final = ("values", "upper", "min_value", "max_value", "mu", "sigma", "q")


def command(given: dict[str, Any], text: str) -> str:
    """The component's command, whose inputs come from the search space where that has them."""
    space = given.get("search_space") or {}
    return re.sub(
        r"\$\{\{\s*inputs\.([^{}\s]+)\s*\}\}",
        lambda match: f"${{{{search_space.{match[1]}}}}}" if match[1] in space else match[0],
        text,
    )


def settings(given: dict[str, Any]) -> dict[str, Any]:
    """All that a sweep job has besides its trial."""
    limits, objective = given.get("limits") or {}, given.get("objective") or {}
    return {
        "searchSpace": space(given),
        "samplingAlgorithm": algorithm(given),
        "earlyTermination": _policy(given.get("early_termination") or {}),
        "objective": {
            "goal": str(objective.get("goal", "minimize")).capitalize(),
            "primaryMetric": objective.get("primary_metric") or objective.get("primaryMetric"),
        },
        "limits": {
            "jobLimitsType": "Sweep",
            "maxTotalTrials": limits.get("max_total_trials"),
            "maxConcurrentTrials": limits.get("max_concurrent_trials"),
            "timeout": iso(limits["timeout"]) if limits.get("timeout") else None,
            "trialTimeout": iso(limits["trial_timeout"]) if limits.get("trial_timeout") else None,
        },
    }


def space(given: dict[str, Any]) -> dict[str, Any]:
    """The search space of a node."""
    return {name: _distributed(each) for name, each in (given.get("search_space") or {}).items()}


def _distributed(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return [str(given.get("type")), [given[name] for name in _ARGUMENTS if name in given]]


def algorithm(given: dict[str, Any]) -> dict[str, Any]:
    """How a node samples its space: a word, or a word with `seed`, `rule` and `logbase`."""
    said = given.get("sampling_algorithm") or "random"
    found = {"type": said} if isinstance(said, str) else camel(said)
    kind = found.pop("samplingAlgorithmType", None) or found.pop("type", "random")
    if "rule" in found:
        found["rule"] = pascal(found["rule"])
    return {"samplingAlgorithmType": pascal(kind), **found}


def _policy(given: dict[str, Any]) -> dict[str, Any] | None:
    if not given:
        return None
    found = camel(given)
    return {"policyType": pascal(found.pop("policyType", None) or found.pop("type", "")), **found}
