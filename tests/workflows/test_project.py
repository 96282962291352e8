# SPDX-License-Identifier: Apache-2.0
"""Which stacks a folder has, and in which order they depend on each other."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_workflows import project
from groundplan_workflows.errors import UsageError


@pytest.fixture(autouse=True)
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state folder is beside the stacks."""
    monkeypatch.delenv("GROUNDPLAN_HOME", raising=False)


def write(root: Path, name: str, requires: str = "") -> None:
    """A stack whose Pulumi project is called like its folder, with a prefix."""
    folder = root / "stacks" / name
    folder.mkdir(parents=True)
    ours = f"groundplan:\n  requires: {requires}\n" if requires else ""
    (folder / "Pulumi.yaml").write_text(f"name: p-{name}\nruntime: python\n{ours}")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")


def names(root: Path) -> list[str]:
    """The stacks in their order."""
    return [stack.name for stack in project.here(root).stacks]


def test_the_number_is_the_level(tmp_path: Path) -> None:
    """Ten comes after two, and stacks of one level do not need each other."""
    for name in ("10-serving", "2-compute", "0-base", "2-data", "loose"):
        write(tmp_path, name)
    found = {stack.name: set(stack.requires) for stack in project.here(tmp_path).stacks}

    assert found == {
        "0-base": set(),
        "2-compute": {"0-base"},
        "2-data": {"0-base"},
        "10-serving": {"0-base", "2-compute", "2-data"},
        "loose": set(),
    }
    assert [name for name in names(tmp_path) if name != "loose"][0::3] == ["0-base", "10-serving"]


def test_what_is_declared_counts_instead_of_the_level(tmp_path: Path) -> None:
    """By folder, by folder without number, by project."""
    for name in ("0-a", "1-b", "2-c"):
        write(tmp_path, name)
    write(tmp_path, "3-d", "[b, 2-c, p-0-a]")
    write(tmp_path, "4-e", "[0-a]")
    found = {stack.name: stack.requires for stack in project.here(tmp_path).stacks}

    assert found["3-d"] == ("1-b", "2-c", "0-a")
    assert found["4-e"] == ("0-a",)


def test_a_project_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    """From a stack's own folder too."""
    write(tmp_path, "0-a")
    inner = tmp_path / "stacks" / "0-a" / "deeper"
    inner.mkdir()

    assert project.here(inner).root == tmp_path
    assert project.here(inner).home == tmp_path / ".groundplan"


def test_without_stacks_local_azure_has_a_folder_all_the_same(tmp_path: Path) -> None:
    """The folder itself, or the one above that has `.groundplan` already."""
    inner = tmp_path / "inner"
    inner.mkdir()

    assert project.here(inner).root == inner
    (tmp_path / ".groundplan").mkdir()
    assert project.here(inner).root == tmp_path
    with pytest.raises(UsageError, match="no stacks found"):
        project.with_stacks(inner)


def test_stacks_are_selected_in_their_order(tmp_path: Path) -> None:
    """Whatever the order and the words of who asks."""
    for name in ("0-a", "1-b", "2-c"):
        write(tmp_path, name)
    found = project.here(tmp_path)

    assert [stack.name for stack in found.select(["c", "p-0-a", "2-c/"])] == ["0-a", "2-c"]
    assert [stack.name for stack in found.select([])] == ["0-a", "1-b", "2-c"]
    with pytest.raises(UsageError, match=r"unknown stack 'x'; .* has: 0-a, 1-b, 2-c"):
        found.select(["x"])


@given(st.permutations(["0-a", "1-b", "2-c", "3-d"]), st.data())
def test_any_declared_graph_without_a_circle_is_ordered(
    tmp_path_factory: pytest.TempPathFactory, line: list[str], data: st.DataObject
) -> None:
    """Each stack comes after all that it requires."""
    root = tmp_path_factory.mktemp("graph")
    edges = {
        name: [other for other in line[:position] if data.draw(st.booleans())] for position, name in enumerate(line)
    }
    for name, requires in edges.items():
        write(root, name, f"[{', '.join(requires)}]")
    order = names(root)

    assert sorted(order) == sorted(line)
    assert all(order.index(needed) < order.index(name) for name, requires in edges.items() for needed in requires)


@pytest.mark.parametrize(
    ("requires", "message"),
    [
        ("[nope]", "names 'nope'; known stacks: 0-a, 1-b"),
        ("base", "is 'base'; a list of stacks is needed"),
        ("[1]", "names 1"),
    ],
)
def test_a_bad_requirement_names_file_and_value(tmp_path: Path, requires: str, message: str) -> None:
    """Before anything is done."""
    write(tmp_path, "0-a")
    write(tmp_path, "1-b", requires)

    with pytest.raises(UsageError, match=r"1-b/Pulumi\.yaml: key 'groundplan.requires'") as caught:
        project.here(tmp_path)
    assert message in str(caught.value)


def test_a_circle_is_refused(tmp_path: Path) -> None:
    """With the way around."""
    for name, other in itertools.pairwise(["0-a", "1-b", "0-a"]):
        write(tmp_path, name, f"[{other}]")

    with pytest.raises(UsageError, match=r"in a circle: .*0-a.*1-b|in a circle: .*1-b.*0-a"):
        project.here(tmp_path)


def test_the_state_folder_is_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GROUNDPLAN_HOME."""
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "elsewhere"))

    assert project.here(tmp_path).azure == tmp_path / "elsewhere" / "local"
