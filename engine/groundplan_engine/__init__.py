# SPDX-License-Identifier: Apache-2.0
"""What Pulumi needs on a machine: the engine, and the Python language host.

    engine = groundplan_engine.find() or groundplan_engine.install(progress=print)
    directories = groundplan_engine.activate(engine, Path(".groundplan/local/bin"))

Put `directories` first on PATH, and `pulumi up` works on Python programs.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan_engine.engine import ACCEPTED, Engine
    from groundplan_engine.errors import EngineError, EngineNotFound
    from groundplan_engine.launcher import activate
    from groundplan_engine.toolchain import find, install

__all__ = ["ACCEPTED", "Engine", "EngineError", "EngineNotFound", "activate", "find", "install"]

_WHERE = {
    "ACCEPTED": "engine",
    "Engine": "engine",
    "EngineError": "errors",
    "EngineNotFound": "errors",
    "activate": "launcher",
    "find": "toolchain",
    "install": "toolchain",
}


def __getattr__(name: str) -> object:
    # The language host starts with each `pulumi` command and needs none of these: they are imported when asked for.
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
