# SPDX-License-Identifier: Apache-2.0
"""The components' pages say what the code says."""

import re
import runpy
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path

import pytest

import groundplan
from groundplan.component import Component, outputs_of

PAGES = Path(__file__).parents[2] / "docs" / "modules"
PUBLIC = {name: getattr(groundplan, name) for name in groundplan.__all__}
ARGUMENTS = [each for each in PUBLIC.values() if is_dataclass(each)]
COMPONENTS = [each for each in PUBLIC.values() if isinstance(each, type) and issubclass(each, Component)]


REFERENCE = runpy.run_path(str(PAGES / "reference.py"))


def test_tables_are_up_to_date() -> None:
    rewritten = REFERENCE["rewritten"]
    stale = [page.name for page in sorted(PAGES.glob("*.md")) if (text := page.read_text("utf-8")) != rewritten(text)]

    assert stale == [], "run: python docs/modules/reference.py"


def test_every_component_has_a_page_in_the_index() -> None:
    index = (PAGES / "README.md").read_text("utf-8")
    for component in COMPONENTS:
        page = re.sub(r"(?<!^)(?=[A-Z])", "-", component.__name__).lower()
        assert f"| [{page}]({page}.md) | `{component.__name__}` |" in index
        assert f"outputs of {component.__module__.removeprefix('groundplan.')}.{component.__name__} " in (
            PAGES / f"{page}.md"
        ).read_text("utf-8")


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda each: each.__name__)
def test_arguments_say_whether_they_are_needed(arguments: type) -> None:
    """Each field's docstring starts with its necessity, and that agrees with its default."""
    table = REFERENCE["_table"]("arguments", f"{arguments.__module__.removeprefix('groundplan.')}.{arguments.__name__}")
    rows = {row[1]: row[2] for row in re.finditer(r"^\| `(\w+)` \| .*? \| (\w+)\. ", table, re.MULTILINE)}
    required = {each.name for each in fields(arguments) if each.default is MISSING and each.default_factory is MISSING}

    assert {each.name for each in fields(arguments)} == set(rows)
    assert required == {name for name, need in rows.items() if need == "Required"}
    assert set(rows.values()) <= {"Required", "Optional", "Conditional"}


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_components_have_an_example_and_outputs(component: type[Component]) -> None:
    assert "Example:" in (component.__doc__ or "")
    assert outputs_of(component)


def test_public_names_are_sorted() -> None:
    assert sorted(groundplan.__all__, key=lambda name: (name[0].islower(), name)) == groundplan.__all__
