# SPDX-License-Identifier: Apache-2.0
"""Settings of a pipeline's node, `snake_case` as azure-ai-ml writes nodes, in the spelling of jobs."""

from __future__ import annotations

import re
from typing import Any, Final

_TIERS: Final = {"spot": "Spot", "basic": "Basic", "standard": "Standard", "premium": "Premium"}
_PRIORITIES: Final = {"low": 1, "medium": 2, "high": 3}
_DISTRIBUTIONS: Final = {"pytorch": "PyTorch", "mpi": "Mpi", "tensorflow": "TensorFlow"}


def camel(given: dict[str, Any]) -> dict[str, Any]:
    """The names in camel case, without what is None."""
    return {
        re.sub(r"_(\w)", lambda match: match[1].upper(), name): value
        for name, value in given.items()
        if value is not None
    }


def pascal(given: object) -> str:
    """A word of an enumeration: `median_stopping` is `MedianStopping`."""
    return "".join(part[:1].upper() + part[1:] for part in str(given).split("_"))


def of_job(given: dict[str, Any]) -> dict[str, Any]:
    """Identity, queue settings and services of a node, those that it has."""
    services = {name: _service(each) for name, each in (given.get("services") or {}).items() if each}
    found = {
        "identity": _identity(given.get("identity") or {}),
        "queueSettings": _queue(given.get("queue_settings") or {}),
        "services": services,
    }
    return {name: value for name, value in found.items() if value}


def _identity(given: dict[str, Any]) -> dict[str, Any]:
    found = camel(given)
    if "type" in found:
        kinds = {"managed": "Managed", "managed_identity": "Managed", "aml_token": "AMLToken"}
        kind = found.pop("type")
        found["identityType"] = kinds.get(str(kind), pascal(kind))
    return found


def _queue(given: dict[str, Any]) -> dict[str, Any]:
    """A sweep's node has words where a command's has what jobs have."""
    found = camel(given)
    for name, words in (("jobTier", _TIERS), ("priority", _PRIORITIES)):
        if name in found:
            found[name] = words.get(str(found[name]).lower(), found[name])
    return found


def _service(given: dict[str, Any]) -> dict[str, Any]:
    found = camel(given)
    if "nodes" in found:
        found["nodes"] = camel(found["nodes"])
    return found


def distribution(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """How the processes of a program find each other; None for kinds that jobs do not have."""
    if not given:
        return None
    found = camel(given)
    kind = str(found.pop("distributionType", None) or found.pop("type", "")).lower()
    return {"distributionType": _DISTRIBUTIONS[kind], **found} if kind in _DISTRIBUTIONS else None
