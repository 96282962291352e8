# SPDX-License-Identifier: Apache-2.0
"""What an instance of a deployment may use here: what its size has, and never more than this machine has."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any, Final

from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import vm_sizes

_QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<suffix>m|[kKMGTPE]i?)?")
_SUFFIXES: Final = {"": 1.0, "m": 1e-3, "k": 1e3, **{letter: 1000.0 ** (at + 1) for at, letter in enumerate("KMGTPE")}}
_BINARY: Final = {f"{letter}i": 1024.0 ** (at + 1) for at, letter in enumerate("KMGTPE")}


@dataclass(frozen=True, slots=True)
class Limits:
    """Cores, and bytes of memory."""

    cores: float
    memory: float


def of(deployment: Resource) -> Limits:
    """The limits of each instance: of its VM size, or of its container on Kubernetes."""
    import psutil  # only where something serves

    cores, memory = float(os.cpu_count() or 1), float(psutil.virtual_memory().total)
    properties = deployment.properties
    size = vm_sizes.sizes().get(str(properties.get("instanceType", "")).lower())
    if properties.get("endpointComputeType") == "Managed" and size is not None:
        return Limits(min(cores, size.cores), min(memory, size.memory * 1024**3))
    wanted: dict[str, Any] = properties.get("containerResourceRequirements") or {}
    container: dict[str, Any] = wanted.get("containerResourceLimits") or wanted.get("containerResourceRequests") or {}
    return Limits(
        min(cores, _amount(container.get("cpu"), cores)), min(memory, _amount(container.get("memory"), memory))
    )


def _amount(quantity: object, otherwise: float) -> float:
    """A quantity as Kubernetes writes it (`500m`, `0.5Gi`), or `otherwise` where there is none."""
    match = _QUANTITY.fullmatch(str(quantity or ""))
    if match is None:
        return otherwise
    return float(match["number"]) * {**_SUFFIXES, **_BINARY}[match["suffix"] or ""] or otherwise
