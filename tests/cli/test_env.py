# SPDX-License-Identifier: Apache-2.0
"""`groundplan local env`, evaluated by real shells."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan_workflows import shells
from groundplan_workflows.shells import Shell
from tests.cli.conftest import Cli

PRINTED = {
    "ARM_CLOUD_METADATA_URL",
    "REGISTRY_DISCOVERY_ENDPOINT_URL",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_TENANT_ID",
    "MLFLOW_TRACKING_TOKEN",
    "PATH",
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "GROUNDPLAN_SAVED_ENV",
}
PROXIED = PRINTED - {"ARM_CLOUD_METADATA_URL", "REGISTRY_DISCOVERY_ENDPOINT_URL"} | {
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
}
BIN = str(Path(sys.executable).parent)
GROUNDPLAN = f"'{sys.executable}' -m groundplan_cli"
DUMP = f"'{sys.executable}' -c 'import json, os; print(json.dumps(dict(os.environ)))'"
NO_PROXY = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "")


def in_sh(cli: Cli, script: str, **extra: str) -> list[dict[str, str]]:
    """Run a script in sh; the environments that it dumped."""
    done = cli.shell(script, **(NO_PROXY | extra))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def evaluate(arguments: str = "") -> str:
    """Shell code that evaluates what the command prints."""
    return f'eval "$({GROUNDPLAN} local env --shell sh {arguments})"'


def test_it_sets_what_is_documented_and_nothing_else(cli: Cli) -> None:
    """Exactly the documented variables, each leading to the server that was started."""
    before, after = in_sh(cli, f"{DUMP}; {evaluate()}; {DUMP}")
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)} - {"_"}

    assert changed == PRINTED
    assert after["ARM_CLOUD_METADATA_URL"].endswith("/metadata/endpoints?api-version=2019-05-01")
    assert Path(after["REQUESTS_CA_BUNDLE"]).exists()
    assert Path(after["PULUMI_CONFIG_PASSPHRASE_FILE"]).stat().st_mode & 0o777 == 0o600
    assert f"{cli.home}/local/bin/pulumi-resource-azure-native" == shutil.which(
        "pulumi-resource-azure-native", path=after["PATH"]
    )
    assert shutil.which("pulumi", path=after["PATH"])
    assert after["PATH"].endswith(before["PATH"])


def test_unset_restores_what_was_there_before(cli: Cli) -> None:
    """Even where it was evaluated twice, and where PATH grew in between."""
    own = {
        "REQUESTS_CA_BUNDLE": "/it's mine/ca.pem",
        "AZURE_TENANT_ID": "mine",
        "PULUMI_CONFIG_PASSPHRASE": "a $secret",
    }
    script = (
        f"{DUMP}; {evaluate()}; {evaluate()}; {DUMP}; PATH=/later:$PATH; PATH=$PATH:{BIN}; "
        f"{evaluate('--unset')}; {DUMP}"
    )
    before, between, after = in_sh(cli, script, **own)

    assert "PULUMI_CONFIG_PASSPHRASE" not in between
    assert after["PATH"].startswith("/later:")
    assert after["PATH"].endswith(BIN)
    assert str(cli.home) not in after["PATH"]
    ignored = {"PATH", "_"}
    assert {n: v for n, v in before.items() if n not in ignored} == {n: v for n, v in after.items() if n not in ignored}


def test_unset_without_set_prints_nothing(cli: Cli) -> None:
    """It may stand in a script that does not know."""
    assert not cli("local", "env", "--unset").stdout


def test_a_proxy_of_the_user_is_told_to_leave_localhost_alone(cli: Cli) -> None:
    """Else every client would look for our server behind the proxy."""
    (after,) = in_sh(cli, f"{evaluate()}; {DUMP}", HTTPS_PROXY="http://proxy.example:3128", NO_PROXY="intranet")

    assert after["NO_PROXY"] == "intranet,127.0.0.1,localhost"


def changes(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Names of the variables that differ."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)} - {"_"}


def test_a_proxy_for_code_whose_hosts_are_fixed(cli: Cli) -> None:
    """Exactly the documented variables; none of them names another host than the proxy, so that Azure's own names are used."""
    own = {"ARM_CLOUD_METADATA_URL": "https://elsewhere", "AZUREML_CURRENT_CLOUD": "Elsewhere"}
    before, after = in_sh(cli, f"{DUMP}; {evaluate('--proxy')}; {DUMP}", **own)

    assert changes(before, after) == PROXIED | set(own)
    assert not set(own) & set(after)
    record = json.loads((cli.home / "local" / "server.json").read_text())
    assert after["HTTPS_PROXY"] == after["https_proxy"] == f"http://127.0.0.1:{record['proxy_port']}"
    assert after["NO_PROXY"] == after["no_proxy"] == "127.0.0.1,localhost"
    assert after["AZURE_TOKEN_CREDENTIALS"] == "EnvironmentCredential"


def test_with_and_without_the_proxy_one_after_the_other(cli: Cli) -> None:
    """Each evaluation starts from what the shell was before the first; `--unset` takes back whichever it was."""
    script = f"{DUMP}; {evaluate()}; {evaluate('--proxy')}; {DUMP}; {evaluate()}; {DUMP}; {evaluate('--unset')}; {DUMP}"
    before, proxied, plain, after = in_sh(cli, script, AZURE_CLIENT_ID="mine")

    assert changes(before, proxied) == PROXIED
    assert changes(before, plain) == PRINTED | {"AZURE_CLIENT_ID"}
    assert not changes(before, after)


def test_the_users_own_proxy_goes_behind_ours(cli: Cli) -> None:
    """For what is not Azure's; and no entry of NO_PROXY leads Azure's hosts past it."""
    (after,) = in_sh(
        cli,
        f"{evaluate('--proxy')}; {evaluate('--proxy')}; {DUMP}",
        HTTPS_PROXY="http://user:word@proxy.example:3128",
        NO_PROXY="intranet,.azure.com,blob.core.windows.net,*",
    )

    assert after["NO_PROXY"] == "intranet,127.0.0.1,localhost"
    kept = cli.home / "local" / "proxy.json"
    assert json.loads(kept.read_text()) == {
        "proxy": "http://user:word@proxy.example:3128",
        "no_proxy": "intranet,.azure.com,blob.core.windows.net,*",
    }
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_client_behind_the_proxy_reaches_azure_by_its_own_name(cli: Cli) -> None:
    """Microsoft's client of the public cloud, with nothing but the environment."""
    code = (
        "import os; from azure.identity import DefaultAzureCredential;"
        "from azure.mgmt.resource.resources import ResourceManagementClient as Client;"
        "groups = Client(DefaultAzureCredential(), os.environ['AZURE_SUBSCRIPTION_ID']).resource_groups;"
        "groups.create_or_update('by-name', {'location': 'westeurope'}); print([group.name for group in groups.list()])"
    )
    done = cli.shell(f"{evaluate('--proxy')}; '{sys.executable}' -c \"{code}\"", **NO_PROXY)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "['by-name']\n"
    assert cli.resource_groups() == 1


def test_an_unknown_shell_is_a_usage_error(cli: Cli) -> None:
    """With the shells that are known."""
    assert "unknown shell 'tcsh'; allowed: sh, fish, pwsh" in cli("local", "env", "--shell", "tcsh", expect=2).stderr


def test_a_folder_with_blanks_and_quotes_works(cli: Cli) -> None:
    """Paths of users are not made for shells: the engine runs and answers all the same."""
    cli.home = cli.home.parent / 'it\'s a "home" $x'
    (after,) = in_sh(cli, f"{evaluate()}; pulumi whoami --non-interactive >&2; {DUMP}")

    assert str(cli.home / "local" / "bundle.pem") == after["SSL_CERT_FILE"]


VALUES = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\n\t'\"\\$`!*;&|# "), max_size=40)
NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{3,12}", fullmatch=True).map(lambda name: f"GP_{name}")


@settings(max_examples=25, deadline=None)
@given(values=st.dictionaries(NAMES, VALUES, min_size=1, max_size=20))
@pytest.mark.parametrize("shell", shells.SHELLS)
def test_any_value_arrives_in_a_shell_as_it_is(shell: Shell, values: dict[str, str]) -> None:
    """Quotes, blanks, dollars and line breaks, for each dialect that is installed here."""
    program = {"sh": ["sh", "-c"], "fish": ["fish", "-c"], "pwsh": ["pwsh", "-NoProfile", "-Command"]}[shell]
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed here")
    done = subprocess.run(
        [*program, shells.assignments(shell, dict(values)) + ("& " if shell == "pwsh" else "") + DUMP],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    after = json.loads(done.stdout)

    assert values == {name: after[name] for name in values}


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("fish", "set --export --global A 'it\\'s \\\\ $x'\nset --export --global PATH '/a b' '/c'\nset --erase B\n"),
        ("pwsh", "$env:A = 'it''s \\ $x'\n$env:PATH = '/a b:/c'\nRemove-Item -ErrorAction SilentlyContinue Env:B\n"),
    ],
)
def test_the_words_of_other_shells(shell: Shell, expected: str) -> None:
    """Their quoting rules, for machines without them."""
    assert expected == shells.assignments(shell, {"A": "it's \\ $x", "PATH": "/a b:/c", "B": None})


def test_the_users_shell_is_recognised() -> None:
    """From $SHELL; sh is the answer for all of its kind."""
    assert [shells.detect(path) for path in ("/usr/bin/fish", "/opt/pwsh", "/bin/zsh", "/bin/bash", None)] == [
        "fish",
        "pwsh",
        "sh",
        "sh",
        "sh",
    ]
