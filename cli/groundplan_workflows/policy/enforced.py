# SPDX-License-Identifier: Apache-2.0
"""The packs that the engine runs with every preview and update of a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groundplan_workflows.policy.in_engine import EnginePacks

if TYPE_CHECKING:
    from groundplan_workflows.project import Project


def packs(project: Project, names: Sequence[str]) -> EnginePacks | None:
    """The packs of these names, else those of `groundplan.policy.yaml`; None where there is neither. UsageError."""
    from groundplan_policies.configuration import find
    from groundplan_workflows.policy import chosen

    if not names and find(project.root) is None:
        return None
    what = chosen.choose(project.root, names)
    what.load(idle=True)  # what is wrong with them is told in words, before an engine starts
    return EnginePacks(folders=what.folders, configuration=what.configuration)
