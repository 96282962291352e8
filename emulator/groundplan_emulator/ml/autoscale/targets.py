# SPDX-License-Identifier: Apache-2.0
"""What autoscale settings scale: online deployments that are ready for it."""

from __future__ import annotations

from typing import Final

from groundplan_emulator.ml.metrics.definitions import DEPLOYMENTS
from groundplan_emulator.store import Resource, Store

SETTINGS: Final = "Microsoft.Insights/autoscalesettings"


def target_of(store: Store, setting: Resource) -> Resource | None:
    """The deployment that a setting scales; None where its target is no deployment, is not there, or is not ready."""
    found = store.get(str(setting.properties.get("targetResourceUri", "")))
    if found is None or found.type.lower() != DEPLOYMENTS.lower():
        return None
    return found if found.properties.get("provisioningState", "Succeeded") == "Succeeded" else None
