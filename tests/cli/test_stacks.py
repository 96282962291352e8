# SPDX-License-Identifier: Apache-2.0
"""`groundplan up | preview | refresh | destroy | outputs` on the real engine, with the local provider and server."""

import json
import os
from pathlib import Path

import pytest

from groundplan_emulator import process
from groundplan_workflows.environment import interpreter_folder
from tests.cli.conftest import Cli, write_stack


def test_the_whole_life_of_two_stacks(project: Cli) -> None:
    """Up in order, no change, one change, outputs, refresh, down: each with its counts."""
    config = project.folder / "stacks" / "1-top" / "Pulumi.dev.yaml"
    before = config.read_text()

    preview = project("preview")
    first = project.json("up", "--yes")
    second = project.json("up", "--yes")
    outputs = project.json("outputs")
    secret = project.json("outputs", "base", "--show-secrets")
    config.write_text(before.replace("2", "3"))
    changed = project("preview", "top")
    refreshed = project.json("refresh", "top", "--yes")
    down = project.json("destroy", "--yes")

    assert preview.stdout.startswith("preview: target local (Azure on localhost, https://127.0.0.1:")
    assert "reads outputs of 0-base, which is not up yet" in preview.stdout
    assert [stack["stack"] for stack in first["stacks"]] == ["0-base", "1-top"]
    assert first["stacks"][0]["changes"] == {"create": 2}
    assert [step["type"] for step in first["stacks"][1]["steps"]].count("azure-native:resources:ResourceGroup") == 2
    assert (first["target"], first["environment"], first["state"]) == ("local", "dev", "succeeded")
    assert second["changed"] == 0
    assert outputs["stacks"]["0-base"] == {"contract": "hello", "password": "[secret]"}
    assert secret["stacks"]["0-base"] == {"contract": "hello", "password": "hunter2"}
    assert "+ create" in changed.stdout
    assert "group-2" in changed.stdout
    assert refreshed["state"] == "succeeded"
    assert [stack["stack"] for stack in down["stacks"]] == ["0-base", "1-top"]
    assert project.resource_groups() == 0
    assert config.read_text() == before.replace("2", "3"), "the configuration of the project is only read"
    assert "hunter2" not in "".join(log.read_text() for log in (project.home / "logs").glob("*.log"))


def test_a_plain_pulumi_works_on_the_same_stacks(project: Cli) -> None:
    """Same backend, same selection, with no command of ours in between; and the command goes on where it stopped."""
    script = (
        'eval "$(groundplan local env --shell sh)"; cd stacks/0-base; pulumi up --yes --skip-preview --non-interactive; '
        "cd ../1-top; pulumi preview --non-interactive; pulumi up --yes --skip-preview --non-interactive"
    )
    done = project.shell(script, PATH=f"{interpreter_folder()}:{os.environ['PATH']}")
    after = project.json("preview")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "made the empty stack 'dev' of 1-top" in done.stderr
    assert "3 to create" in done.stdout
    assert "3 created" in done.stdout
    assert after["changed"] == 0


def test_destroy_goes_backwards(project: Cli) -> None:
    """What needs others goes first."""
    project("up", "--yes")
    said = project("destroy", "--yes").stderr.splitlines()
    begun = [line.split("]")[0].lstrip("[") for line in said if line.endswith("destroy begins")]

    assert begun == ["1-top", "0-base"]


def test_destroy_of_what_never_was_is_no_error(project: Cli) -> None:
    """Nor does it create the stacks."""
    done = project.json("destroy", "--yes")

    assert [stack["state"] for stack in done["stacks"]] == ["succeeded", "succeeded"]
    assert not list((project.home / "state").glob(".pulumi/stacks/*/dev.json"))


def test_a_failed_stack_fails_the_command_and_those_that_need_it_are_skipped(project: Cli) -> None:
    """Exit code 4, the engine's message, the log; the rest is not begun."""
    (project.folder / "stacks" / "0-base" / "__main__.py").write_text("raise RuntimeError('no luck today')\n")
    done = project("up", "--yes", expect=4)

    assert "0-base failed: RuntimeError: no luck today" in done.stdout
    assert "1-top" in done.stdout
    assert "0-base did not succeed" in done.stdout
    log = next(line for line in done.stdout.splitlines() if line.startswith("log: ")).removeprefix("log: ")
    assert "no luck today" in Path(log).read_text()


def test_a_fault_of_azure_fails_the_command_with_azures_words(project: Cli) -> None:
    """And the next up goes on from there."""
    project("local", "start")
    project("local", "fault", "add", "resourceGroups/rg-1", "--status", "409", "--code", "Conflict", "--method", "PUT")
    failed = project("up", "--yes", expect=4)
    after = project.json("up", "--yes")

    assert "Conflict" in failed.stdout
    assert after["state"] == "succeeded"
    assert project.resource_groups() == 2


def test_configuration_that_a_program_refuses_is_a_usage_error(project: Cli) -> None:
    """Programs name the file first; the exit code is 2, as for every other configuration error."""
    program = (
        "import pulumi\nraise pulumi.RunError('Pulumi.dev.yaml: base:wrd is not a known key; did you mean word?')\n"
    )
    (project.folder / "stacks" / "0-base" / "__main__.py").write_text(program)
    done = project("up", "0-base", "--yes", expect=2)

    assert "0-base misconfigured: Pulumi.dev.yaml: base:wrd is not a known key" in done.stdout


BAD = [
    (["up", "3-none"], "unknown stack '3-none'", "has: 0-base, 1-top"),
    (["up", "--env", "prod"], "unknown environment 'prod'", "environments of 0-base: dev"),
    (["up", "--target", "mars"], "unknown target 'mars'", "allowed: local (Azure on localhost), azure"),
    (["up"], "not a terminal", "pass --yes"),
    (["destroy"], "not a terminal", "pass --yes"),
    (["outputs"], "stack 0-base does not exist for environment 'dev'", "groundplan up 0-base --env dev"),
]


@pytest.mark.parametrize(("arguments", "what", "fix"), BAD)
def test_bad_input_is_a_usage_error(project: Cli, arguments: list[str], what: str, fix: str) -> None:
    """What, the value, what is allowed."""
    said = project(*arguments, expect=2).stderr

    assert what in said
    assert fix in said


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("1-top/Pulumi.dev.yaml", "config: [1,\n", "Pulumi.dev.yaml:2:1 is not valid YAML"),
        ("1-top/Pulumi.dev.yaml", "config: 3\n", "key 'config' is 3; a mapping"),
        ("1-top/Pulumi.dev.yaml", "- 3\n", "holds list; a mapping with the key 'config'"),
        ("1-top/Pulumi.yaml", "runtime: python\n", "key 'name' is None"),
        (
            "1-top/Pulumi.yaml",
            "name: top\nruntime: python\ngroundplan: {requires: [nope]}\n",
            "names 'nope'; known stacks",
        ),
        ("0-base/Pulumi.yaml", "name: base\nruntime: python\ngroundplan: {requires: [top]}\n", "in a circle"),
    ],
)
def test_bad_configuration_is_found_before_anything_starts(project: Cli, file: str, text: str, expected: str) -> None:
    """With the file's name; nothing is started or written."""
    (project.folder / "stacks" / file).write_text(text)
    said = project("up", "--yes", expect=2).stderr

    assert expected in said
    assert not (project.home / "local").exists()


def test_outside_of_a_project_stacks_are_not_found(cli: Cli) -> None:
    """With where was looked."""
    assert f"neither {cli.folder} nor a folder above it has stacks/" in cli("up", "--yes", expect=2).stderr


def test_a_missing_passphrase_file_is_named(project: Cli) -> None:
    """State that was encrypted with it cannot be read without."""
    project("up", "0-base", "--yes")
    (project.home / "state" / "passphrase").unlink()
    said = project("up", "0-base", "--yes", expect=2).stderr

    assert f"the passphrase file {project.home / 'state' / 'passphrase'} is missing" in said
    assert "groundplan local reset --yes" in said


def test_a_wrong_passphrase_is_explained(project: Cli) -> None:
    """The engine's own words would be `incorrect passphrase` alone."""
    project("up", "0-base", "--yes")
    (project.home / "state" / "passphrase").write_text("another one")
    done = project("up", "0-base", "--yes", expect=2)

    assert "the passphrase does not open the encrypted values of 0-base" in done.stdout


def test_a_passphrase_that_others_may_read_is_closed(project: Cli) -> None:
    """Mode 0600, again."""
    project("up", "0-base", "--yes")
    path = project.home / "state" / "passphrase"
    path.chmod(0o644)
    project("preview", "0-base")

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_state_folder_that_cannot_be_written_is_named(project: Cli, tmp_path: Path) -> None:
    """Under a file, where not even root can write."""
    (tmp_path / "file").write_text("")
    done = project("up", "--yes", expect=2, GROUNDPLAN_HOME=str(tmp_path / "file" / "home"))

    assert str(tmp_path / "file" / "home") in done.stderr
    assert "GROUNDPLAN_HOME" in done.stderr or "permission" in done.stderr


def test_no_engine_and_no_go_is_code_6(project: Cli, tmp_path: Path) -> None:
    """Every way that was tried, and what to install."""
    empty = tmp_path / "empty"
    empty.mkdir()
    nowhere = {
        "PATH": str(empty),
        "GROUNDPLAN_ENGINE_CACHE": str(empty),
        "GROUNDPLAN_ENGINE_DOWNLOAD": "never",
        "GOROOT": "",
    }
    done = project("up", "--yes", expect=6, **nowhere)

    assert "no Pulumi engine" in done.stderr
    assert "install Go" in done.stderr
    assert "groundplan engine install" in project("engine", "info", expect=6, **nowhere).stderr
    failure = project.json("up", "--yes", expect=6, **nowhere)["error"]
    assert failure["exit_code"] == 6


def test_independent_stacks_go_up_at_the_same_time(cli: Cli) -> None:
    """Both wait for the other one to have begun: one after the other, neither would end."""
    program = """
import os, pathlib, time
import pulumi
mine, other = pathlib.Path(os.environ["MEET"], pulumi.get_project()), {"left": "right", "right": "left"}[pulumi.get_project()]
mine.touch()
deadline = time.monotonic() + 60
while not pathlib.Path(os.environ["MEET"], other).exists():
    assert time.monotonic() < deadline, "alone"
    time.sleep(0.05)
"""
    write_stack(cli.folder, "1-left", "left", program, "config: {}\n")
    write_stack(cli.folder, "1-right", "right", program, "config: {}\n")
    meet = cli.folder / "meet"
    meet.mkdir()

    assert cli.json("up", "--yes", MEET=str(meet))["state"] == "succeeded"


def test_the_server_is_started_by_itself(project: Cli) -> None:
    """And says so on standard error, where it does not disturb a program that reads the result."""
    done = project("up", "0-base", "--yes", "--json")

    assert "started Azure on localhost" in done.stderr
    assert json.loads(done.stdout)["target"] == "local"
    assert process.find(project.home / "local") is not None
