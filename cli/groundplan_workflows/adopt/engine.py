# SPDX-License-Identifier: Apache-2.0
"""The engine imports a file into a stack's state."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pulumi.automation.errors import CommandError

from groundplan_workflows import session as sessions
from groundplan_workflows.adopt import waves
from groundplan_workflows.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.adopt.scratch import Trial


def take(trial: Trial, chosen: Sequence[Declared]) -> None:
    """Import resources on the copy of the state. DeploymentError says why where one could not be read."""
    opened = trial.opened
    workspace = opened.engine.workspace
    file = trial.folder / "import.json"
    file.write_text(json.dumps(waves.file(chosen)), encoding="utf-8")
    arguments = ["import", "--file", str(file), "--generate-code=false", "--protect=false", "--yes"]
    arguments += ["--skip-preview", "--suppress-outputs", "--color", "never", "--stack", opened.engine.name]
    if opened.config_file:
        arguments += ["--config-file", opened.config_file]
    try:
        workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)
    except CommandError as error:
        said = dict.fromkeys(re.findall(r"^ +error: (.*)$", str(error), re.MULTILINE))
        raise DeploymentError(
            f"the engine could not import into {opened.stack.name}, and its state is as before: "
            + ("\n".join(said) or sessions.explain(error))
        ) from None
