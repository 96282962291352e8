# SPDX-License-Identifier: Apache-2.0
"""`groundplan doctor` and `groundplan engine`."""

from pathlib import Path

from tests.cli.conftest import Cli

NAMES = {"engine", "language host", "Python", "Go", "engine folder", "stacks", "disk", "ports", "credentials"}


def test_a_good_machine_is_ready(project: Cli) -> None:
    """Every part is named; nothing is started."""
    found = project.json("doctor")
    table = project("doctor").stdout

    assert found["ready"]
    assert {check["name"] for check in found["checks"]} == NAMES | {"Azure on localhost"}
    assert table.startswith("target local: ready")
    assert not (project.home / "local" / "server.json").exists()


def test_a_missing_engine_is_code_6_with_the_command_that_mends_it(project: Cli, tmp_path: Path) -> None:
    """The same for a machine without Go."""
    nowhere = {"PATH": str(tmp_path), "GROUNDPLAN_ENGINE_CACHE": str(tmp_path / "none"), "GOROOT": ""}
    found = project.json("doctor", expect=6, **nowhere)
    engine = next(check for check in found["checks"] if check["name"] == "engine")

    assert not found["ready"]
    assert engine["level"] == "fail"
    assert "groundplan engine install" in engine["mend"]


def test_a_missing_login_is_code_7(project: Cli) -> None:
    """Both logins of the azure target are looked at, whatever the first says."""
    found = project.json("doctor", "--target", "azure", expect=7, AZURE_TOKEN_CREDENTIALS="EnvironmentCredential")
    failed = {check["name"]: check["mend"] for check in found["checks"] if check["level"] == "fail"}

    assert failed == {
        "Pulumi login": "pulumi login",
        "credentials": "az login, or the variables of a service principal",
    }


def test_a_damaged_state_is_found(project: Cli) -> None:
    """With the command that mends it."""
    (project.home / "local").mkdir(parents=True)
    (project.home / "local" / "server.json").write_text("{")
    found = project.json("doctor", expect=5)

    assert any("is damaged" in check["found"] for check in found["checks"])


def test_the_engine_says_where_it_is(cli: Cli) -> None:
    """And installing it twice finds it."""
    info = cli.json("engine", "info")
    installed = cli.json("engine", "install")

    assert info == installed
    assert Path(info["pulumi"]).is_file()
    assert info["version"].startswith("3.")
    assert "Pulumi 3." in cli("engine", "info").stdout
