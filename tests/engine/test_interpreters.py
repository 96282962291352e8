# SPDX-License-Identifier: Apache-2.0
"""Which Python runs a program: the environment of the project, the one on PATH, or ours."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.engine.conftest import Project

PROGRAM = 'import pulumi, sys\npulumi.export("python", sys.executable)\npulumi.export("prefix", sys.prefix)\n'


def options(project: Project, **values: str) -> None:
    """Set runtime options in Pulumi.yaml."""
    lines = "".join(f"    {name}: {value}\n" for name, value in values.items())
    project.configure(f"name: tiny\nruntime:\n  name: python\n  options:\n{lines}")


def outputs(project: Project) -> dict[str, str]:
    """Bring the stack up and return its outputs."""
    project.pulumi("up", "--yes", "--skip-preview")
    return json.loads(project.pulumi("stack", "output", "--json"))


@pytest.fixture(scope="session")
def shared_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment without pip that sees the packages of the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment") / "house venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    packages = next((folder / "lib").glob("python*/site-packages"))
    ours = [entry for entry in sys.path if "site-packages" in entry]
    (packages / "shared.pth").write_text("\n".join(ours) + "\n")
    return folder


def test_virtualenv_option(project: Project, shared_environment: Path) -> None:
    """The `virtualenv` option wins over PATH; a relative path counts from the project."""
    project.write(PROGRAM)
    (project.folder / "own").symlink_to(shared_environment)
    for value in (f'"{shared_environment}"', "own"):
        options(project, virtualenv=value)
        assert Path(outputs(project)["prefix"]).resolve() == shared_environment.resolve()


def test_virtualenv_that_is_none(project: Project) -> None:
    """A folder that is no virtual environment is named, with the commands that make one."""
    project.write(PROGRAM)
    (project.folder / "rooms").mkdir()
    project.write("", "rooms/readme.txt")
    options(project, virtualenv="rooms")
    said = project.pulumi("preview", code=1)
    assert "The 'virtualenv' option in Pulumi.yaml is set to 'rooms'" in said
    assert "doesn't appear to be a virtual environment" in said
    assert f"python3 -m venv {project.folder}/rooms" in said


def test_virtualenv_that_is_a_file(project: Project) -> None:
    """So is a file."""
    project.write(PROGRAM)
    project.write("", "rooms")
    options(project, virtualenv="rooms")
    assert "which is not a folder" in project.pulumi("preview", code=1)


def test_python_on_path(project: Project, shared_environment: Path) -> None:
    """Without an option, the Python on PATH runs the program, where it has the SDK."""
    project.write(PROGRAM)
    del project.env["PULUMI_PYTHON_CMD"]
    project.env["PATH"] = f"{shared_environment / 'bin'}:{project.env['PATH']}"
    assert Path(outputs(project)["prefix"]) == shared_environment


def test_python_on_path_without_the_sdk(project: Project, without_pulumi: Path) -> None:
    """A Python without the SDK gives way to ours, and the user is told."""
    project.write(PROGRAM)
    del project.env["PULUMI_PYTHON_CMD"]
    project.env["PATH"] = f"{without_pulumi}:{project.env['PATH']}"
    said = project.pulumi("up", "--yes", "--skip-preview")
    assert f"{without_pulumi / 'python3'} can not import the Pulumi SDK; running on {sys.executable}" in said
    assert json.loads(project.pulumi("stack", "output", "--json"))["python"] == sys.executable


def test_named_python_is_never_replaced(project: Project, without_pulumi: Path) -> None:
    """Who names a Python gets it: without the SDK, the program fails and says where it looked."""
    project.write(PROGRAM)
    project.env["PULUMI_PYTHON_CMD"] = str(without_pulumi / "python3")
    said = project.pulumi("preview", code=1)
    assert "The Pulumi SDK can not be imported on" in said
    project.env["PULUMI_PYTHON_CMD"] = "no-such-python"
    assert "PULUMI_PYTHON_CMD names 'no-such-python', which is not on PATH" in project.pulumi("preview", code=1)


def test_folder_called_pulumi(project: Project, without_pulumi: Path) -> None:
    """A folder `pulumi` in the project is not taken for the SDK."""
    (project.folder / "pulumi").mkdir()
    project.write(PROGRAM)
    del project.env["PULUMI_PYTHON_CMD"]
    project.env["PATH"] = f"{without_pulumi}:{project.env['PATH']}"
    assert "can not import the Pulumi SDK" in project.pulumi("preview")


def wheel(folder: Path, name: str, version: str) -> None:
    """Write a wheel with one module."""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", f'VERSION = "{version}"\n')
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def shelf(project: Project, tmp_path: Path) -> Path:
    """A folder of wheels that pip and uv install from, and nowhere else."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, version in (("brick", "2.1"), ("wheel", "99.0"), ("setuptools", "99.0")):
        wheel(folder, name, version)
    for name in list(project.env):
        if name.startswith(("PIP_", "UV_")):
            del project.env[name]
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": os.devnull}
    project.env |= {**nowhere, "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(folder), "UV_NO_CONFIG": "1", "UV_OFFLINE": "1"}
    return folder


def test_install_with_pip(project: Project, shelf: Path) -> None:
    """`pulumi install` makes the environment, brings requirements.txt into it, and shows what pip says, also of failures."""
    project.write("import pulumi\n")
    project.write("brick==2.1\n", "requirements.txt")
    options(project, toolchain="pip", virtualenv="venv")
    said = project.pulumi("install")
    assert "Creating virtual environment..." in said
    assert "Successfully installed brick-2.1" in said
    assert "Finished installing dependencies" in said
    python = project.folder / "venv" / "bin" / "python"
    told = subprocess.run(
        [python, "-c", "import brick; print(brick.VERSION)"], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "2.1"
    about = json.loads(project.pulumi("about", "--json").split("warning:")[0])
    assert {"name": "brick", "version": "2.1"} in about["dependencies"]

    project.write("brick==2.1\nmortar\n", "requirements.txt")
    said = project.pulumi("install", code=1)
    assert "No matching distribution found for mortar" in said
    assert "installing dependencies: `" in said
    assert "exit status 1" in said


def test_install_with_uv(project: Project, shelf: Path) -> None:
    """With uv, a requirements.txt becomes a project, and the lock file says what is there."""
    project.env["PATH"] = f"{Path(sys.executable).parent}:{project.env['PATH']}"
    project.write("import pulumi\n")
    project.write("brick\n", "requirements.txt")
    options(project, toolchain="uv")
    said = project.pulumi("install")
    assert "Deleted requirements.txt" in said
    assert not (project.folder / "requirements.txt").exists()
    assert "brick" in (project.folder / "pyproject.toml").read_text()
    assert (project.folder / ".venv" / "bin" / "python").exists()
    about = json.loads(project.pulumi("about", "--json").split("warning:")[0])
    assert about["dependencies"] == [{"name": "brick", "version": "2.1"}]


def test_missing_tool(project: Project) -> None:
    """A toolchain whose tool is not there says how to get it."""
    project.write("import pulumi\n")
    options(project, toolchain="poetry")
    project.env["PATH"] = ":".join(
        entry for entry in project.env["PATH"].split(":") if not (Path(entry) / "poetry").exists()
    )
    said = project.pulumi("preview", code=1)
    assert "Could not find `poetry` executable" in said
    assert "set the toolchain option in Pulumi.yaml to `pip`" in said


def test_typechecker(project: Project, shared_environment: Path, tmp_path: Path) -> None:
    """A typechecker runs before the program, and its findings stop the run."""
    checker = tmp_path / "site" / "pyright"
    checker.mkdir(parents=True)
    (checker / "__init__.py").touch()
    # the real one is a module of this name that exits with 1 on findings
    (checker / "__main__.py").write_text(
        'import sys\nprint("looked at", sys.argv[1])\nsys.exit("bad" in sys.argv[1])\n'
    )
    (checker.parent / "pyright-1.0.dist-info").mkdir()
    packages = next((shared_environment / "lib").glob("python*/site-packages"))
    (packages / "typechecker.pth").write_text(f"{checker.parent}\n")
    try:
        project.write(PROGRAM)
        options(project, virtualenv=f'"{shared_environment}"', typechecker="pyright")
        assert f"looked at {project.folder}" in project.pulumi("preview")
        bad = project.folder / "bad"
        bad.mkdir()
        project.write(PROGRAM, "bad/__main__.py")
        (project.folder / "Pulumi.yaml").write_text((project.folder / "Pulumi.yaml").read_text() + "main: bad\n")
        assert "pyright failed: exit status 1" in project.pulumi("preview", code=1)
    finally:
        (packages / "typechecker.pth").unlink()
