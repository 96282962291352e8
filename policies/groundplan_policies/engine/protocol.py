# SPDX-License-Identifier: Apache-2.0
"""The generated modules of the analyzer protocol, without the SDK around them.

Their packages import the whole SDK, which takes a third of a pack's start; rules have no use for it. What asks for it later gets
it whole, with these very modules in it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto import analyzer_pb2 as wire
    from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

_PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


def _loaded(*names: str) -> list[ModuleType]:
    """Modules of the protocol; empty packages stand around them while they load, unless the SDK is there already."""
    stand_ins = {} if "pulumi" in sys.modules else _stand_ins()
    sys.modules.update(stand_ins)
    try:
        return [importlib.import_module(f"pulumi.runtime.proto.{name}") for name in names]
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _stand_ins() -> dict[str, ModuleType]:
    """Packages that have their folder and nothing else."""
    real = importlib.util.find_spec("pulumi")
    if real is None or not real.submodule_search_locations:
        return {}  # the import that follows fails with the right words
    found: dict[str, ModuleType] = {}
    for name in _PACKAGES:
        module = found[name] = ModuleType(name)
        module.__path__ = ["/".join((real.submodule_search_locations[0], *name.split(".")[1:]))]
        module.__spec__ = ModuleSpec(name, None, is_package=True)
    return found


if not TYPE_CHECKING:
    wire, analyzer_pb2_grpc, plugin_pb2 = _loaded("analyzer_pb2", "analyzer_pb2_grpc", "plugin_pb2")

__all__ = ["analyzer_pb2_grpc", "plugin_pb2", "wire"]
