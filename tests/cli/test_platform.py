# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a platform is told in a sentence before anything starts."""

from pathlib import Path

import pytest

from groundplan_workflows import project
from tests.cli.conftest import BASE, Cli, write_stack


@pytest.fixture
def platform(cli: Cli) -> Cli:
    """The command line in a platform with teams."""
    cli("init", "platform", "--blueprint", "team-workspaces", "--project", "vision")
    return Cli(cli.folder / "platform", cli.home)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


BAD = [
    ("  2-compute:", "  2-computer:", "unknown stack '2-computer'; did you mean '2-compute'?"),
    (
        "        - 1-workspace/hub",
        "        - 1-workspace/hob",
        "unknown stack '1-workspace/hob'; did you mean '1-workspace/hub'?",
    ),
    ("      hub:", "      hub: {needs: [1-workspace/fraud]}", "stacks require each other in a circle: "),
    (
        "    target: azure\n  prod:",
        "    target: azure\n    state: dev\n  prod:",
        "environments 'dev' and 'staging' share the state name 'dev'",
    ),
    ("target: local", "target: mars", "environments.dev.target is 'mars': input should be 'local' or 'azure'"),
    ("target: local", "traget: local", "environments.dev.traget is not a known key; did you mean 'target'?"),
    ("project: vision", "project: My-App", "project is 'My-App'; 2 to 12 lower case letters and digits"),
    ("project: vision", "project: audio", "groundplan-foundation:project is 'vision', but groundplan.yaml has 'audio'"),
    (
        "  staging:",
        "  central: {stacks: [0-fundation]}\n  staging:",
        "environments.central.stacks names '0-fundation'; did you mean '0-foundation'?",
    ),
    ("version: 1", "version: 2", "version is 2: input should be 1"),
    ("version: 1\n", "", "version is missing; it is needed: Version of this file's format."),
    ("  staging:", "  dev:", "duplicate key"),
    ("  staging:", "  sta-ging:", "environments.sta-ging is 'sta-ging'; 2 to 12 lower case letters and digits"),
    (
        "        - 0-foundation\n        - 1-workspace/hub",
        "        - 1-workspace/hub",
        "reads the contract Foundation/2, which no stack",
    ),
    ("environments:", "environments: [", "is not valid YAML"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=[message[:40] for _, _, message in BAD])
def test_a_bad_file_is_a_usage_error(platform: Cli, old: str, new: str, message: str) -> None:
    """With the file; nothing is started."""
    replace(platform.folder / "groundplan.yaml", old, new)
    said = platform("up", "--yes", expect=2).stderr

    assert message in said
    assert "groundplan.yaml" in said
    assert "Traceback" not in said
    assert not (platform.home / "local").exists()


def test_a_mistake_is_found_at_its_line_and_column(platform: Cli) -> None:
    """Of the value, of a key where the key is wrong; all of them at once."""
    path = platform.folder / "groundplan.yaml"
    replace(path, "target: local", "target: mars")
    replace(path, "location: westeurope", "lokation: westeurope")
    said = platform("up", "--yes", expect=2).stderr
    lines = path.read_text().splitlines()
    mars = next(number for number, line in enumerate(lines, 1) if "mars" in line)
    wrong = next(number for number, line in enumerate(lines, 1) if "lokation" in line)

    assert f"{path}:{mars}:13: environments.dev.target is 'mars'" in said
    assert f"{path}:{wrong}:1: lokation is not a known key; did you mean 'location'?" in said


def test_two_programs_of_one_pulumi_project_share_their_state(platform: Cli) -> None:
    """One would overwrite the other."""
    replace(platform.folder / "stacks" / "2-compute" / "Pulumi.yaml", "groundplan-compute", "groundplan-workspace")
    said = platform("up", "--yes", expect=2).stderr

    assert "stacks '1-workspace/fraud' and '2-compute/fraud' share their state" in said


def test_a_missing_configuration_file_is_named(platform: Cli) -> None:
    """With the environments that there are."""
    (platform.folder / "stacks" / "1-workspace" / "Pulumi.dev-churn.yaml").unlink()
    said = platform("up", "--yes", expect=2).stderr

    assert "stacks/1-workspace/Pulumi.dev-churn.yaml does not exist" in said
    assert "environments of 1-workspace/churn: staging, prod" in said
    assert "unknown environment 'test'" in platform("up", "--env", "test", expect=2).stderr


def test_an_unknown_contract_is_named(platform: Cli) -> None:
    """With the nearest."""
    replace(platform.folder / "stacks" / "2-compute" / "Pulumi.yaml", "[WorkspaceStage", "[WorkspaceStages")
    said = platform("up", "--yes", expect=2).stderr

    assert "unknown contract 'WorkspaceStages'; did you mean 'WorkspaceStage'?" in said


def test_stacks_are_ordered_and_named_by_instance(platform: Cli) -> None:
    """A namesake is needed alone; a stack without one needs all."""
    found = project.here(platform.folder)
    needs = {stack.name: set(stack.requires) for stack in found.stacks}

    assert needs["2-compute/fraud"] == {"0-foundation", "1-workspace/fraud"}
    assert needs["1-workspace/hub"] == {"0-foundation"}
    assert next(stack.name for stack in found.select(["compute", "workspace/hub"])) == "1-workspace/hub"
    assert {stack.name for stack in found.select(["2-compute"])} == {"2-compute/fraud", "2-compute/churn"}
    assert found.select(["compute/fraud"])[0].config("prod").name == "Pulumi.prod-fraud.yaml"


def test_the_target_is_the_environments_unless_another_is_named(platform: Cli) -> None:
    """`prod` is on Azure, where a login is missing here; with --target it is on localhost."""
    refused = platform("preview", "--env", "prod", expect=7)

    assert "pulumi login" in refused.stderr
    assert not (platform.home / "local").exists()


def test_an_environment_has_the_stacks_that_it_names(platform: Cli) -> None:
    """Commands take no others; a contract that it has nobody for is missing at once."""
    path = platform.folder / "groundplan.yaml"
    replace(path, "  staging:", "  central: {stacks: [2-compute]}\n  half: {stacks: [0-foundation]}\n  staging:")
    config = platform.folder / "stacks" / "0-foundation" / "Pulumi.half.yaml"
    config.write_text((config.parent / "Pulumi.dev.yaml").read_text())
    for team in ("fraud", "churn"):
        (platform.folder / "stacks" / "2-compute" / f"Pulumi.central-{team}.yaml").write_text("config: {}\n")
    found = project.here(platform.folder)

    assert [stack.name for stack in found.select([], "half")] == ["0-foundation"]
    assert len(found.select([], "dev")) == len(found.stacks)
    refused = platform("up", "2-compute", "--env", "half", "--yes", expect=2).stderr
    assert "environment 'half' does not have the stack 2-compute/" in refused
    assert (
        "it has: 0-foundation; choose another one with --env, or add 2-compute to environments.half.stacks" in refused
    )
    said = platform("up", "--env", "central", "--yes", expect=2).stderr
    assert "reads the contract WorkspaceStage/1, which no stack that it needs exports" in said
    assert not (platform.home / "local").exists()


def test_outputs_that_a_stack_did_not_export_are_named_before_an_engine_starts(cli: Cli) -> None:
    """First it is not up at all, then it lacks what its contract promises."""
    said = 'pulumi.export("contract", "Foundation/2")\npulumi.export("location", "westeurope")'
    base = write_stack(cli.folder, "0-base", "base", f"import pulumi\n{said}\n", "config: {}\n")
    top = write_stack(cli.folder, "1-top", "top", BASE, "config:\n  top:word: hello\n")
    (base / "Pulumi.yaml").write_text("name: base\nruntime: python\ngroundplan: {exports: Foundation}\n")
    (top / "Pulumi.yaml").write_text("name: top\nruntime: python\ngroundplan: {reads: [Foundation]}\n")

    early = cli("up", "top", "--yes", expect=2).stdout
    cli("up", "base", "--yes")
    late = cli("up", "top", "--yes", expect=2).stdout
    shown = cli("preview", "top", expect=2).stdout

    assert "1-top reads what 0-base exports, which is not up yet; bring it up first: groundplan up 0-base" in early
    for each in (late, shown):
        assert "1-top cannot read 0-base: stack '0-base' breaks contract Foundation/2: project is missing" in each
        assert "actionGroupId is missing" in each
