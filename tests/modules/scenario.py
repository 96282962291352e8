# SPDX-License-Identifier: Apache-2.0
"""The Pulumi program of one page: its own example, then its `full` and its `locked_down` scenario."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pulumi

from tests.modules.surroundings import Surroundings

PAGES = Path(__file__).parents[2] / "docs" / "modules"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDEX = re.compile(r"^\| \[([a-z0-9-]+)\]\(\1\.md\) \| `(\w+)` \|", re.MULTILINE)


def index() -> dict[str, str]:
    """Name of each page in the index, and the component that it is about."""
    return dict(INDEX.findall((PAGES / "README.md").read_text(encoding="utf-8")))


def examples(page: str) -> list[str]:
    """The page's Python blocks."""
    return BLOCK.findall((PAGES / f"{page}.md").read_text(encoding="utf-8"))


def scenarios(page: str) -> ModuleType:
    """The module with the page's other two scenarios."""
    return importlib.import_module(f"tests.modules.scenarios.{page.replace('-', '_')}")


class Names(dict[str, Any]):
    """The names of an example: its own, those of the index page, and the surroundings for all others."""

    surroundings: Surroundings | None = None

    def __missing__(self, name: str) -> object:
        if self.surroundings is None or not hasattr(type(self.surroundings), name):
            raise KeyError(name)  # Python goes on to the builtins
        return getattr(self.surroundings, name)


def run(page: str) -> None:
    """Declare everything."""
    names = Names()
    _execute(names, "README")
    names.surroundings = Surroundings(names["names"], names["group"], names["client"])
    _execute(names, page)
    module = scenarios(page)
    module.full(names.surroundings)
    module.locked_down(names.surroundings)
    pulumi.export("group", names["group"].name)


def _execute(names: Names, page: str) -> None:
    for block in examples(page):
        exec(compile(block, str(PAGES / f"{page}.md"), "exec"), names)  # noqa: S102  # that the page's code runs is the point
