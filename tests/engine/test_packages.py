# SPDX-License-Identifier: Apache-2.0
"""Installed packages and the plugins they ask for; lock files and requirements."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_engine.language_host import probe
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.packages import Distribution, plugin_of, plugin_version
from groundplan_engine.language_host.toolchains.base import locked
from groundplan_engine.language_host.toolchains.poetry import pyproject


@pytest.mark.parametrize(
    ("python", "plugin"),
    [
        ("1.0", "1.0.0"),
        ("3.29.0", "3.29.0"),
        ("1.2.3a4", "1.2.3-alpha.4"),
        ("1.2.3b4", "1.2.3-beta.4"),
        ("1.2.3rc4", "1.2.3-rc.4"),
        ("1.2.3.post4", "1.2.3+post4"),
        ("1.2.3.dev5", "1.2.3+dev5"),
        ("1.2.3.post4.dev5", "1.2.3+post4dev5"),
        ("1!1.2.3", None),
        ("1.2.3+local", None),
        ("", None),
        ("one", None),
    ],
)
def test_plugin_version(python: str, plugin: str | None) -> None:
    """Versions are turned as the official host turns them; what it can not turn has no plugin."""
    assert plugin_version(python) == plugin


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=3), st.sampled_from(["", "a1", "b2", "rc3", ".post1"]))
def test_plugin_version_is_semantic(release: list[int], suffix: str) -> None:
    """Any release of up to three parts becomes three parts with the same numbers."""
    version = plugin_version(".".join(map(str, release)) + suffix)
    assert version is not None
    numbers = version.replace("-", "+").partition("+")[0].split(".")
    assert [int(number) for number in numbers] == release + [0] * (3 - len(release))


def distribution(folder: Path, name: str, version: str, description: object = None) -> Distribution:
    """Install a distribution that is nothing but its description."""
    (folder / f"{name.replace('-', '_')}-{version}.dist-info").mkdir(parents=True)
    if description is not None:
        module = folder / name.replace("-", "_")
        module.mkdir()
        (module / "pulumi-plugin.json").write_text(json.dumps(description))
    found = {its: (its, number, at) for its, number, at in probe.distributions([str(folder)])}
    its, number, at = found[name]
    return Distribution(its, number, Path(at))


@pytest.mark.parametrize(
    ("name", "version", "description", "plugin"),
    [
        ("pulumi-house", "1.2.3", {"resource": True, "name": "home", "version": "9.0.0"}, ("home", "v9.0.0", "")),
        ("pulumi-house", "1.2.3", {"resource": True, "server": "https://s"}, ("house", "v1.2.3", "https://s")),
        ("house", "1.2.3", {"resource": True, "name": "house"}, ("house", "v1.2.3", "")),
        ("pulumi-house", "1.2a1", None, ("house", "v1.2.0-alpha.1", "")),
        ("pulumi-house", "1.2.3", {"resource": False}, None),
        ("pulumi-policy", "1.2.3", None, None),
        ("house", "1.2.3", None, None),
        ("pulumi-house", "1!2", None, None),
    ],
)
def test_plugin_of(
    tmp_path: Path, name: str, version: str, description: object, plugin: tuple[str, str, str] | None
) -> None:
    """A package's own description counts first, then its name and version."""
    found = plugin_of(distribution(tmp_path, name, version, description))
    assert (found and (found.name, found.version, found.server)) == plugin


def test_parameterized_plugin(tmp_path: Path) -> None:
    """A package made from another provider's parameters passes them on."""
    parameter = {"name": "garden", "version": "0.1.0", "value": "aGVkZ2U="}
    described = {"resource": True, "name": "terraform-provider", "version": "1.0.0", "parameterization": parameter}
    found = plugin_of(distribution(tmp_path, "pulumi-garden", "0.1.0", described))
    assert found is not None
    assert (found.parameterization.name, found.parameterization.value) == ("garden", b"hedge")


@pytest.mark.parametrize("description", [[1], "text"])
def test_description_that_is_none(tmp_path: Path, description: object) -> None:
    """A broken description is named."""
    with pytest.raises(HostError, match=r"pulumi-plugin\.json must hold a JSON object"):
        plugin_of(distribution(tmp_path, "pulumi-house", "1.0", description))


def test_first_distribution_counts(tmp_path: Path) -> None:
    """Of two installations, Python imports the one that comes first on its path."""
    for number in ("1", "2"):
        (tmp_path / number / f"brick-{number}.0.dist-info").mkdir(parents=True)
    path = [str(tmp_path / "2"), str(tmp_path / "1"), str(tmp_path / "missing")]
    assert probe.distributions(path) == [("brick", "2.0", str(tmp_path / "2"))]


POETRY_LOCK = '[[package]]\nname = "Brick"\nversion = "2.1"\n\n[[package]]\nname = "clay_pit"\nversion = "0.3"\n'


@pytest.mark.parametrize(
    "project",
    [
        '[project]\nname = "house"\ndependencies = ["brick>=2"]\n',
        '[tool.poetry.dependencies]\npython = "^3.10"\nbrick = "^2.0"\n',
        '[tool.poetry.group.dev.dependencies]\nbrick = "*"\n',
        '[dependency-groups]\ndev = ["brick"]\n',
    ],
)
def test_locked(tmp_path: Path, project: str) -> None:
    """A lock file lists everything; pyproject.toml says what of it is direct."""
    (tmp_path / "poetry.lock").write_text(POETRY_LOCK)
    (tmp_path / "pyproject.toml").write_text(project)
    assert locked(tmp_path, "poetry.lock", transitive=True) == [("brick", "2.1"), ("clay-pit", "0.3")]
    assert locked(tmp_path, "poetry.lock", transitive=False) == [("brick", "2.1")]


def test_broken_lock(tmp_path: Path) -> None:
    """A lock file that can not be read is named."""
    (tmp_path / "uv.lock").write_text("[[package\n")
    with pytest.raises(HostError, match=r"uv\.lock can not be read"):
        locked(tmp_path, "uv.lock", transitive=True)


def test_requirements_for_poetry() -> None:
    """A requirements.txt becomes a pyproject.toml that Poetry reads."""
    lines = ["# walls", "brick>=2.0,<3.0  # red", "", "clay-pit==1.5", "mortar", "roof[slate, tile]~=1.0"]
    written = tomllib.loads(pyproject("house", lines))
    assert written["project"]["name"] == "house"
    assert written["tool"]["poetry"] == {
        "package-mode": False,
        "dependencies": {
            "python": "^3.10",
            "brick": ">=2.0,<3.0",
            "clay-pit": "1.5",
            "mortar": "*",
            "roof": {"version": "~=1.0", "extras": ["slate", "tile"]},
        },
    }
    with pytest.raises(HostError, match=r"-r other\.txt"):
        pyproject("house", ["-r other.txt"])
