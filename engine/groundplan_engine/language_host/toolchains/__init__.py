# SPDX-License-Identifier: Apache-2.0
"""How a project's dependencies are managed: pip, uv or Poetry."""

from groundplan_engine.language_host.children import Children
from groundplan_engine.language_host.options import Options
from groundplan_engine.language_host.toolchains.base import Toolchain, search_up
from groundplan_engine.language_host.toolchains.pip import Pip
from groundplan_engine.language_host.toolchains.poetry import Poetry
from groundplan_engine.language_host.toolchains.uv import Uv

__all__ = ["Toolchain", "resolve_toolchain"]


def resolve_toolchain(options: Options, children: Children) -> Toolchain:
    """Return the named toolchain; without a name, the one whose lock file lies in the program's folder or above."""
    name = options.toolchain
    if name == "auto":
        name = (
            "uv"
            if search_up(options.program, "uv.lock")
            else "poetry"
            if search_up(options.program, "poetry.lock")
            else "pip"
        )
    return {"pip": Pip, "poetry": Poetry, "uv": Uv}[name](options, children)
