# SPDX-License-Identifier: Apache-2.0
"""Hosts by purpose; those of Python packages are what pip is configured with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import groundplan as gp
from groundplan.workspace.outbound_presets import HOSTS, Purpose
from groundplan.workspace.package_index import package_hosts


def test_a_preset_is_rules_by_name() -> None:
    rules = gp.outbound_preset("conda", "pytorch")

    assert rules["any-anaconda-org"] == gp.FqdnRule(host="*.anaconda.org")
    assert list(rules)[-2:] == ["pytorch-org", "any-pytorch-org"]


def test_a_host_of_two_purposes_comes_once() -> None:
    hosts = [rule.host for rule in gp.outbound_preset("docker", "hugging-face").values()]

    assert len(hosts) == len(set(hosts))
    assert set(hosts) == {*HOSTS["docker"], *HOSTS["hugging-face"]}


@given(st.lists(st.sampled_from(sorted(HOSTS)), unique=True))
def test_every_host_is_a_rule_that_azure_takes(purposes: list[Purpose]) -> None:
    rules = gp.outbound_preset(*purposes)

    assert all(re.fullmatch(r"[\w-]{3,33}", name) for name in rules)
    assert {rule.host for rule in rules.values()} == {host for purpose in purposes for host in HOSTS[purpose]}


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A pip configuration of its own, and nothing else."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    return tmp_path / "pip.conf"


def test_hosts_of_the_configuration_file(pip: Path) -> None:
    pip.write_text(
        "[global]\nindex-url = https://user:pa%20ss@packages.example.com/simple\n"
        "extra-index-url =\n  https://more.example.com/a\n  https://less.example.com/b\n"
    )

    assert package_hosts() == ("packages.example.com", "more.example.com", "less.example.com")
    assert set(gp.outbound_preset("python")) == {"packages-example-com", "more-example-com", "less-example-com"}


def test_the_environment_wins(pip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip.write_text("[global]\nindex-url = https://packages.example.com/simple\n")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.org/simple")

    assert package_hosts() == ("mirror.example.org",)


def test_pips_own_index_beside_an_extra_one(pip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip.write_text("")
    built_in = package_hosts()
    assert len(built_in) == 2

    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://more.example.com/a")
    assert package_hosts() == (*built_in, "more.example.com")


@pytest.mark.parametrize(
    "url", ["http://10.0.0.4/simple", "https://localhost/simple", "https://u:s3cret@a.example.com:8443/"]
)
def test_an_index_that_no_rule_opens(url: str) -> None:
    with pytest.raises(gp.ArgumentError, match="cannot be let through") as refused:
        gp.outbound_preset("python", index_urls=(url,))
    assert "s3cret" not in str(refused.value)


def test_an_index_in_a_folder_needs_no_host() -> None:
    assert package_hosts(("file:///srv/wheels", "https://a.example.com/")) == ("a.example.com",)


def test_unknown_purpose() -> None:
    with pytest.raises(gp.ArgumentError, match="no purpose 'vscod'; did you mean 'vscode'"):
        gp.outbound_preset("vscod")  # pyright: ignore[reportArgumentType]
    with pytest.raises(gp.ArgumentError, match="index_urls are for the purpose 'python'"):
        gp.outbound_preset("r", index_urls=("https://a.example.com",))
