# SPDX-License-Identifier: Apache-2.0
"""How a failing program looks: the user's own words and lines, once, and nothing of the machinery."""

import textwrap

import pytest

from tests.engine.conftest import Project


def shown(project: Project) -> str:
    """Return the diagnostics of a preview that fails."""
    said = project.pulumi("preview", code=1)
    assert "language_host" not in said
    assert "runpy" not in said
    return textwrap.dedent(said.partition("Diagnostics:")[2])


def test_exception(project: Project) -> None:
    """A traceback begins in the program and is shown once."""
    project.write('def build():\n    raise ValueError("no bricks")\n\nbuild()\n')
    diagnostics = shown(project)
    assert "Program failed with an unhandled exception:" in diagnostics
    assert f'File "{project.folder}/__main__.py", line 4, in <module>' in diagnostics
    assert diagnostics.count("ValueError: no bricks") == 1
    assert "exit code" not in diagnostics


def test_exception_in_apply(project: Project) -> None:
    """So does one from a callback that runs later."""
    project.write('import pulumi\npulumi.export("o", pulumi.Output.from_input(0).apply(lambda n: 1 / n))\n')
    diagnostics = shown(project)
    assert f'File "{project.folder}/__main__.py", line 2, in <lambda>' in diagnostics
    assert "ZeroDivisionError" in diagnostics


def test_syntax_error(project: Project) -> None:
    """A syntax error names its place and nothing else."""
    project.write("import pulumi\nrooms = (1,\n")
    diagnostics = shown(project)
    assert f'File "{project.folder}/__main__.py", line 2' in diagnostics
    assert "SyntaxError: '(' was never closed" in diagnostics
    assert "Traceback" not in diagnostics


def test_missing_module(project: Project) -> None:
    """A missing module comes with the interpreter that misses it."""
    project.write("import no_such_module\n")
    diagnostics = shown(project)
    assert "ModuleNotFoundError: No module named 'no_such_module'" in diagnostics
    assert f"(the program runs on {project.env['PULUMI_PYTHON_CMD']})" in diagnostics


def test_missing_program(project: Project) -> None:
    """A folder without a program is named."""
    assert f"unable to find main python program `__main__.py` in `{project.folder}`" in shown(project)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ('import pulumi\nraise pulumi.RunError("no such plot")\n', "error: no such plot"),
        ('import pulumi\npulumi.Config().require("plot")\n', "Missing required configuration variable 'tiny:plot'"),
    ],
)
def test_run_error(project: Project, program: str, words: str) -> None:
    """An error meant for the user is shown as it is."""
    project.write(program)
    diagnostics = shown(project)
    assert words in diagnostics
    assert "Traceback" not in diagnostics
    assert "unhandled" not in diagnostics


def test_exit_code(project: Project) -> None:
    """A program that ends itself is reported with its code."""
    project.write("import sys\nsys.exit(3)\n")
    assert "program exited with non-zero exit code: 3" in shown(project)


def test_killed_program(project: Project) -> None:
    """A program that the system ends is reported with the signal."""
    project.write("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert "program was ended by SIGKILL" in shown(project)


def test_bad_runtime_options(project: Project) -> None:
    """A value that no host knows is named, with what is allowed."""
    project.write("import pulumi\n")
    for option, words in {
        "toolchain: conda": "unsupported toolchain option: conda; allowed are pip, poetry, uv",
        "typechecker: pytype": "unsupported typechecker option: pytype; allowed are mypy, pyright",
        "virtualenv: 3": "virtualenv option must be a string, got 3",
        "typechecker: mypy": "mypy is not installed",
    }.items():
        project.configure(f"name: tiny\nruntime:\n  name: python\n  options:\n    {option}\n")
        said = project.pulumi("preview", code=1)
        assert words in said
        assert "Traceback" not in said


def test_registration_after_the_end(project: Project) -> None:
    """A program whose engine has given up already ends without an error of its own."""
    project.write("import pulumi\nraise Exception('resource monitor shut down')\n")
    said = project.pulumi("preview", code=1)
    assert "Traceback" not in said
    assert "monitor" not in said
