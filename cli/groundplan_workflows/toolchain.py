# SPDX-License-Identifier: Apache-2.0
"""The engine of this machine, ready to run for a project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows.errors import EngineMissingError

if TYPE_CHECKING:
    from groundplan_engine import Engine
    from groundplan_workflows.project import Project

Progress = Callable[[str], None]


def find() -> Engine | None:
    """The engine on PATH or in the cache, if there is one."""
    import groundplan_engine

    try:
        return groundplan_engine.find()
    except groundplan_engine.EngineError as error:
        raise EngineMissingError(str(error)) from None


def install(progress: Progress) -> Engine:
    """The engine of this machine, downloaded or built where there is none."""
    import groundplan_engine

    try:
        return groundplan_engine.find() or groundplan_engine.install(progress=progress)
    except groundplan_engine.EngineError as error:
        raise EngineMissingError(str(error)) from None


def need() -> Engine:
    """The engine; EngineMissingError where it has to be installed first."""
    engine = find()
    if engine is None:
        raise EngineMissingError("no accepted Pulumi engine on this machine; get one: groundplan engine install")
    return engine


def folders(project: Project, engine: Engine) -> list[Path]:
    """What must be first on PATH for the engine to run Python programs; writes the launchers that it needs."""
    import groundplan_engine

    try:
        return groundplan_engine.activate(engine, project.engine_bin)
    except groundplan_engine.EngineError as error:
        raise EngineMissingError(str(error)) from None


def describe(project: Project, engine: Engine) -> dict[str, str]:
    """Where the engine and its language host are, and where they come from."""
    host = engine.language_host or project.engine_bin / "pulumi-language-python"
    return {
        "version": engine.version,
        "source": engine.source,
        "pulumi": str(engine.pulumi),
        "language_host": f"{host} ({'of Pulumi' if engine.language_host else 'of Groundplan'})",
    }
