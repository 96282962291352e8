# SPDX-License-Identifier: Apache-2.0
"""Every component goes up in three scenarios on the real engine, changes nothing the second time, and leaves nothing behind.

Packs watch: the page's example passes `baseline`, the scenario for regulated platforms passes `regulated`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import groundplan
from groundplan.component import Component
from tests.fixtures.azure import RunningAzure
from tests.modules import scenario
from tests.modules.declared import Declared
from tests.modules.releases import PIP
from tests.policies.components import verdicts
from tests.provider.conftest import Stack

ROOT = Path(__file__).parents[2]
PAGES = scenario.index()
OPEN = ("base-", "full")
"""How the logical names of what may be open begin."""


@pytest.mark.parametrize("page", PAGES)
def test_up_twice_and_down(
    page: str, fresh_azure: RunningAzure, stack_on: Callable[[RunningAzure], Stack], tmp_path: Path
) -> None:
    """The scenarios deploy, a preview after a refresh finds nothing to do, and destroy removes all of it."""
    stack = stack_on(fresh_azure)
    options, watched = verdicts.looking(tmp_path / "record")
    stack.env |= {"PYTHONPATH": str(ROOT), **PIP, **watched}
    stack.write(f"from tests.modules import scenario\n\nscenario.run({page!r})\n")
    component = PAGES[page]

    stack.pulumi("up", "--yes", "--skip-preview", *options)
    # Azure fills in more once neighbours exist (DNS records of an endpoint, the gateway of an address): none of it is a change to make
    stack.refresh()
    stack.unchanged()

    found = Declared(stack.state())
    roots = {row["urn"].rpartition("::")[2] for row in found.rows if row["type"] == f"groundplan:index:{component}"}
    assert {"full", "locked-down"} < roots, (
        f"{component}s are {sorted(roots)}; an example, 'full' and 'locked-down' are needed"
    )
    # what a component of the surroundings or of `full` opens, it was asked to
    closed = [name for name in roots if not name.startswith(OPEN)]
    assert [opening for name in closed for opening in found.openings(component, name)] == []
    scenario.scenarios(page).check(found)
    seen = verdicts.said(tmp_path / "record")
    assert verdicts.told(seen, verdicts.under(seen, component, _is_example)) == []
    locked = verdicts.rooted(seen, "locked-down")
    assert bool(locked) == (page not in verdicts.NO_RESOURCES)
    assert verdicts.told(seen, locked, "regulated") == []
    group = stack.outputs()["group"]

    stack.destroy()
    assert fresh_azure.arm("GET", f"/resourceGroups/{group}").status_code == 404


def _is_example(name: str) -> bool:
    return not name.startswith((*OPEN, "locked-down"))


@pytest.mark.parametrize("page", PAGES)
def test_every_argument_is_given_somewhere(page: str) -> None:
    """The scenarios and the page's example use each argument of the component and of what only it takes."""
    component: type[Component] = getattr(groundplan, PAGES[page])
    module = inspect.getmodule(component)
    assert module is not None
    sources = [*scenario.examples(page), inspect.getsource(scenario.scenarios(page))]
    given: dict[str, set[str]] = {}
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).rpartition(".")[2]
                given.setdefault(called, set()).update(keyword.arg for keyword in node.keywords if keyword.arg)
    for name, public in vars(module).items():
        if is_dataclass(public) and isinstance(public, type) and public.__module__ == module.__name__:
            wanted = {each.name for each in fields(public)}
            assert wanted - given.get(name, set()) == set(), (
                f"{name}: give these in scenarios/{page.replace('-', '_')}.py"
            )
