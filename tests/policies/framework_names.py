# SPDX-License-Identifier: Apache-2.0
"""All frameworks."""

from __future__ import annotations

import pytest

from groundplan_policies import controls
from groundplan_workflows.policy.frameworks import Coverage, Covered

EVERY = pytest.mark.parametrize("key", list(controls.FRAMEWORKS))


# -- statuses of real rules and lists --------------------------------------------------------------------------------


def row(found: Coverage, identifier: str) -> Covered:
    return next(each for each in found.rows if each.control.id == identifier)
