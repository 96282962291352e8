# SPDX-License-Identifier: Apache-2.0
"""What Pulumi needs on a machine: the engine, and the Python language host.

    engine = groundplan_engine.find() or groundplan_engine.install(progress=print)
    directories = groundplan_engine.activate(engine, Path(".groundplan/local/bin"))

Put `directories` first on PATH, and `pulumi up` works on Python programs.
"""

from groundplan_engine.engine import ACCEPTED, Engine
from groundplan_engine.errors import EngineError, EngineNotFound
from groundplan_engine.launcher import activate
from groundplan_engine.toolchain import find, install

__all__ = ["ACCEPTED", "Engine", "EngineError", "EngineNotFound", "activate", "find", "install"]
