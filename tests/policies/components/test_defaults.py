# SPDX-License-Identifier: Apache-2.0
"""Components with their defaults pass the pack `baseline`, with no exemption."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

import groundplan
from groundplan.component import Component
from groundplan.errors import ArgumentError
from tests.modules import scenario
from tests.modules.releases import PIP
from tests.policies.components import verdicts
from tests.policies.components.minimal import CONDITIONAL, Build, builds
from tests.provider.conftest import Stack

ROOT = Path(__file__).parents[3]
PAGES = scenario.index()
BUILDS = builds()


def test_every_component_is_built() -> None:
    """A page without a build would be checked by nobody."""
    assert set(BUILDS) == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_the_baseline_finds_nothing(page: str, stack: Stack, tmp_path: Path) -> None:
    """In a preview by the real engine, of any level."""
    options, env = verdicts.looking(tmp_path / "record")
    stack.env |= {"PYTHONPATH": str(ROOT), **PIP, **env}
    stack.write(f"from tests.policies.components import program\n\nprogram.run({page!r})\n")

    stack.pulumi("preview", *options)

    seen = verdicts.said(tmp_path / "record")
    own = verdicts.under(seen, PAGES[page])
    assert bool(own) == (page not in verdicts.NO_RESOURCES)
    assert verdicts.told(seen, own) == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_given_that_has_a_default(page: str) -> None:
    """But for what a component refuses to do without: leaving out any of these is refused indeed."""
    conditional = CONDITIONAL.get(PAGES[page], {})
    given = [keyword for call in _calls(_tree(BUILDS[page])) for keyword in _with_defaults(call)]

    assert {keyword.arg for keyword in given} == set(conditional)
    _construct(BUILDS[page], leaving_out=None)
    for keyword in given:
        with pytest.raises(ArgumentError):
            _construct(BUILDS[page], leaving_out=keyword.arg)


def test_conditions_are_of_components_that_there_are() -> None:
    """A line that nobody reads explains nothing."""
    assert set(CONDITIONAL) <= set(PAGES.values())


def _tree(build: Build) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(build)))


def _calls(tree: ast.Module) -> list[tuple[type, ast.Call]]:
    """Calls of the classes of arguments, `gp.KeyVaultArgs(...)`."""
    found: list[tuple[type, ast.Call]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = getattr(groundplan, node.func.attr, None)
            if isinstance(called, type) and is_dataclass(called):
                found.append((called, node))
    return found


def _with_defaults(call: tuple[type, ast.Call]) -> list[ast.keyword]:
    called, node = call
    assert not node.args, "arguments are given by name"
    needed = {each.name for each in fields(called) if each.default is MISSING and each.default_factory is MISSING}
    return [keyword for keyword in node.keywords if keyword.arg not in needed]


def _construct(build: Build, *, leaving_out: str | None) -> None:
    """Make a build's arguments, all checks included, and no component."""
    tree = _tree(build)
    for _, node in _calls(tree):
        node.keywords = [keyword for keyword in node.keywords if keyword.arg != leaving_out]
    classes: dict[str, Any] = {name: getattr(groundplan, name) for name in groundplan.__all__}
    parts = {name: MagicMock() if _is_component(each) else each for name, each in classes.items()}
    names: dict[str, Any] = {**vars(inspect.getmodule(build)), "gp": SimpleNamespace(**parts), "pulumi": MagicMock()}
    exec(compile(tree, build.__name__, "exec"), names)  # noqa: S102 (a test's own source)
    names[build.__name__](MagicMock())


def _is_component(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, Component)
