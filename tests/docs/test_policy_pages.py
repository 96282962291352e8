# SPDX-License-Identifier: Apache-2.0
"""The pages about governance do what they say: each is played in a folder of its own, with one preview in the engine for all of them."""

from __future__ import annotations

import datetime
import importlib
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from groundplan_policies import configuration
from tests.cli.conftest import Cli, cli
from tests.docs.pages import ROOT, check_command, commands, examples, play

__all__ = ["cli"]

PAGES = ROOT / "docs" / "policies"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("2026-11-27-*.md"))
TODAY = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)
MODELS = {configuration.FILE: configuration.PolicyFile, configuration.PACK_FILE: configuration.PackFile}


class _Clock(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> _Clock:
        return cls.fromtimestamp(TODAY.timestamp(), tz)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the pages were written: exemptions in them end some day."""
    examine = importlib.import_module("groundplan_policies.examine")
    monkeypatch.setattr(examine, "datetime", SimpleNamespace(datetime=_Clock, UTC=datetime.UTC))
    azure_policy = importlib.import_module(
        "groundplan_policies.azure_policy.rules"
    )  # the package has a function of this name
    monkeypatch.setattr(azure_policy, "datetime", _Clock)


@pytest.mark.parametrize("names", [["README", "configuration"], ["write-a-rule"], ["azure-policy"]], ids=" ".join)
def test_the_examples_hold(cli: Cli, names: list[str]) -> None:
    """Those of one folder; the second of two pages goes on where the first ends."""
    for name in names:
        assert play(PAGES / f"{name}.md", cli) != []


@pytest.mark.parametrize("name", sorted(MODELS))
def test_editors_and_commands_agree(tmp_path: Path, name: str) -> None:
    """The schema that editors read takes the very files of the pages that the reader takes."""
    schema = configuration.schema(MODELS[name])
    found = [each for page in PAGES.glob("*.md") for each in examples(page) if Path(each.file).name == name]
    taken = 0
    for each in found:
        path = tmp_path / name
        path.write_text(each.text)
        content: Any = json.loads(json.dumps(YAML(typ="safe").load(each.text), default=str))
        valid = jsonschema_rs.is_valid(schema, content)
        assert valid == _is_read(path), each
        taken += valid
    assert taken >= 1


def _is_read(path: Path) -> bool:
    try:
        if path.name == configuration.FILE:
            configuration.read(path)
        else:
            configuration.read_pack(path)
    except configuration.ConfigurationError:
        return False
    return True


@pytest.mark.parametrize(
    "page", [ROOT / "docs" / "cli.md", ROOT / "policies" / "README.md", *DECISIONS], ids=lambda page: page.stem
)
def test_scripts_of_other_pages_have_commands_that_exist(page: Path) -> None:
    for each in examples(page):
        if each.kind == "sh":
            for line in commands(each.text):
                check_command(line, f"{page.name}:{each.line}")


@pytest.mark.parametrize(
    "page", [*PAGES.glob("*.md"), *DECISIONS, ROOT / "policies" / "README.md"], ids=lambda page: page.stem
)
def test_links_lead_somewhere(page: Path) -> None:
    """To files that are there, and to headings that they have."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        assert not heading or heading in _headings(path), target


def _headings(page: Path) -> list[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
