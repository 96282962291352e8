# SPDX-License-Identifier: Apache-2.0
"""`groundplan init`: a whole repository that works as it is, or nothing."""

import json
import runpy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from groundplan.config import Settings
from groundplan_workflows import blueprints, platform_file, repository
from tests.cli.conftest import Cli

ENVIRONMENTS = ["dev", "staging", "prod"]


def written(cli: Cli, blueprint: str) -> Path:
    """A platform of this blueprint."""
    cli("init", "platform", "--blueprint", blueprint, "--project", "vision", "--location", "northeurope")
    return cli.folder / "platform"


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize("name", blueprints.names())
def test_what_is_written_is_whole(cli: Cli, name: str) -> None:
    """Schema, configuration of every deployment for every environment as its own program reads it, and a picture."""
    root = written(cli, name)
    platform = load(root / "groundplan.yaml")

    assert (
        (root / "groundplan.yaml").read_text().startswith("# yaml-language-server: $schema=./groundplan.schema.json\n")
    )
    jsonschema_rs.validate(json.loads((root / "groundplan.schema.json").read_text()), platform)
    shared = ["shared"] if name == "cicd-registry" else []
    assert list(platform["environments"]) == shared + ENVIRONMENTS
    assert (platform["project"], platform["location"]) == ("vision", "northeurope")
    assert "```mermaid\nflowchart" in (root / "README.md").read_text()
    assert ".groundplan/" in (root / ".gitignore").read_text()
    assert load(root / "policy.yaml")["assignments"]
    for folder, entry in platform["stacks"].items():
        for environment in environments_of(platform, folder):
            for instance in (entry or {}).get("instances") or [""]:
                check_configuration(root / "stacks" / folder, f"{environment}-{instance}" if instance else environment)


def environments_of(platform: Any, folder: str) -> list[str]:
    """The environments that have a stack."""
    return [name for name, each in platform["environments"].items() if folder in (each or {}).get("stacks", [folder])]


def check_configuration(folder: Path, state: str) -> None:
    """The stack's settings take the file."""
    (settings,) = (
        each
        for each in runpy.run_path(str(folder / "settings.py")).values()
        if isinstance(each, type) and issubclass(each, Settings) and each is not Settings
    )
    prefix = f"{load(folder / 'Pulumi.yaml')['name']}:"
    config = load(folder / f"Pulumi.{state}.yaml")["config"]
    given = {
        key.removeprefix(prefix): value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
    }
    if "environment" in settings.model_fields:
        given |= {"environment": state}

    assert all(key.startswith(prefix) for key in config)
    assert settings.parse(given, file=f"Pulumi.{state}.yaml", prefix=prefix)


def test_the_command_at_its_end_previews_it_at_once(cli: Cli) -> None:
    """What can be previewed is; the others say what they wait for and how to bring it up."""
    done = cli("init", "new platform", "--blueprint", "centralized")
    last = done.stdout.splitlines()[-1].strip()
    assert last == "cd 'new platform' && groundplan preview"

    shown = Cli(cli.folder / "new platform", cli.home)("preview").stdout
    assert "+ create" in shown
    assert "rg-newplatform-dev-foundation" in shown or "azure-native:network:VirtualNetwork" in shown
    assert (
        "reads outputs of 0-foundation, which is not up yet: it can be previewed after "
        "groundplan up 0-foundation --env dev --target local" in shown
    )


def test_an_empty_folder_is_filled_where_it_is(cli: Cli) -> None:
    """Also the one that a shell is in."""
    done = cli("init", ".", "--blueprint", "serverless", "--project", "vision")

    assert done.stdout.splitlines()[-1].strip() == "groundplan preview"
    assert cli.json("init", "other", "--blueprint", "serverless")["environments"] == ENVIRONMENTS
    assert (cli.folder / "groundplan.yaml").is_file()
    assert [path.name for path in cli.folder.iterdir() if path.name.startswith(".") and path.is_dir()] == []


BAD = [
    (
        ["new", "--blueprint", "centralised"],
        "unknown blueprint 'centralised'; did you mean 'centralized'?",
        "team-workspaces: ",
    ),
    (["new"], "no blueprint was named", "serverless: Serverless"),
    (
        ["full", "--blueprint", "serverless"],
        "full is not empty (it has mine.txt); nothing was written",
        "an empty folder",
    ),
    (["full/mine.txt", "--blueprint", "serverless"], "mine.txt is not a folder", "nothing was written"),
    (
        ["new", "--blueprint", "serverless", "--project", "My-App"],
        "--project is 'My-App'",
        "2 to 12 lower case letters",
    ),
    (["7", "--blueprint", "serverless"], "no project name can be made of the folder's, '7'", "--project NAME"),
    (["new", "--blueprint", "serverless", "--location", "West Europe"], "--location is 'West Europe'", "westeurope"),
]


@pytest.mark.parametrize(("arguments", "what", "fix"), BAD)
def test_bad_input_writes_nothing(cli: Cli, arguments: list[str], what: str, fix: str) -> None:
    """What, the value, what is allowed; exit code 2."""
    (cli.folder / "full").mkdir()
    (cli.folder / "full" / "mine.txt").write_text("mine")
    said = cli("init", *arguments, expect=2).stderr

    assert what in said
    assert fix in said
    assert [path.name for path in cli.folder.iterdir()] == ["full"]
    assert (cli.folder / "full" / "mine.txt").read_text() == "mine"


def test_what_fails_on_the_way_leaves_nothing_behind(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, say, after half of the files."""
    plain = repository._write

    def failing(path: Path, text: str) -> None:
        if path.name == "README.md":
            raise OSError(28, "No space left on device", str(path))
        plain(path, text)

    monkeypatch.setattr(repository, "_write", failing)
    said = cli("init", "platform", "--blueprint", "serverless", expect=2).stderr

    assert "No space left on device" in said
    assert list(cli.folder.iterdir()) == []


def test_the_schema_is_the_models(cli: Cli) -> None:
    """What editors read, and what `groundplan schema` prints."""
    printed = json.loads(cli("schema").stdout)

    assert printed == platform_file.schema()
    assert printed["properties"]["environments"]["description"].startswith("Environments by name")
    assert jsonschema_rs.is_valid(printed, {"version": 1, "project": "a", "location": "x"}) is False


def test_contracts_are_printed(cli: Cli) -> None:
    """Both sides; outside of a project, of the stacks that come with Groundplan."""
    shown = cli("stack", "contract", "workspace").stdout
    found = {each["stack"]: each for each in cli.json("stack", "contract")["stacks"]}

    assert shown.startswith("1-workspace: needs 0-foundation; reads Foundation/2")
    assert found["0-foundation"]["exports"] == "Foundation/2"
    assert found["2-compute"]["reads"] == ["WorkspaceStage/1", "Foundation/2"]
    assert {
        "field": "workspace_id",
        "output": "workspaceId",
        "kind": "an ARM id",
        "optional": False,
        "empty": False,
    } in found["1-workspace"]["terms"]
    assert "unknown stack 'x'" in cli("stack", "contract", "x", expect=2).stderr
