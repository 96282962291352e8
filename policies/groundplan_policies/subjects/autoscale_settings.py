# SPDX-License-Identifier: Apache-2.0
"""Autoscale settings of Azure Monitor on deployments of online endpoints."""

from __future__ import annotations

import re
from typing import Final

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT

SETTING: Final = "Microsoft.Insights/autoscaleSettings"
TARGET: Final = "properties.targetResourceUri"
_DEPLOYMENT: Final = re.compile(
    r".*/Microsoft\.MachineLearningServices/workspaces/[^/]+/onlineEndpoints/[^/]+/deployments/[^/]+", re.IGNORECASE
)


def settings_of(deployment: Resource, stack: Stack) -> list[Resource]:
    """The settings of the stack that are on and scale a deployment. Raises `Undecided` where nobody can tell."""
    return [each for each in stack.referring(deployment, SETTING, TARGET) if each.equals("properties.enabled", True)]


def scales_deployment(setting: Resource, stack: Stack) -> bool:
    """Whether a setting scales a deployment of an online endpoint, of this stack or another. Raises `Undecided`."""
    target = setting.view(TARGET).node
    if isinstance(target, str):
        return _DEPLOYMENT.fullmatch(target) is not None
    return stack.target(setting, TARGET, ONLINE_DEPLOYMENT) is not None
