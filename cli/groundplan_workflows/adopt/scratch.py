# SPDX-License-Identifier: Apache-2.0
"""A copy of the state to try an import on: what is learned there costs nothing, and the real state is written once."""

from __future__ import annotations

import dataclasses
import os
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows import environment as environments
from groundplan_workflows import session

if TYPE_CHECKING:
    from collections.abc import Generator

    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.targets import Target


@contextmanager
def copy(project: Project, target: Target, environment: str, stack: Stack) -> Generator[tuple[Project, Target]]:
    """The same project and target with a state of their own, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="groundplan-import-") as folder:
        trial = dataclasses.replace(project, home=Path(folder))
        variables = target.variables | {"PULUMI_BACKEND_URL": environments.backend_url(trial.state)}
        if target.name == "local":
            shutil.copytree(project.state, trial.state, ignore=shutil.ignore_patterns("locks", "backups"))
            variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(environments.passphrase_file(trial))
            yield trial, dataclasses.replace(target, variables=variables)
            return
        trial.state.mkdir(mode=0o700)
        if not any(name in os.environ for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")):
            variables["PULUMI_CONFIG_PASSPHRASE"] = secrets.token_urlsafe(32)
        tried = dataclasses.replace(target, name="local", variables=variables)
        for each in (*project.needed_by(stack), stack):
            if before := session.find_stack(project, target, environment, each):
                content = before.engine.export_stack()
                after = session.open_stack(trial, tried, environment, each)
                after.beside.import_stack(after.engine.name, content)
        yield trial, tried
