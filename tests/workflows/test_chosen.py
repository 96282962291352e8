# SPDX-License-Identifier: Apache-2.0
"""A check asks something: without a rule it would pass and have looked at nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy import chosen

FILE = "groundplan.policy.yaml"


@pytest.mark.parametrize(
    ("configuration", "pack", "said"),
    [
        ("packs: []", "{}", "there is nothing to check with: packs is [] in"),
        ("packs: [own]", "{}", "there is nothing to check with: own has no rule that is not disabled"),
        ("packs: [own]", "{GP-KV-001: disabled}", "there is nothing to check with: own"),
        ("packs: [own]\nrules: {GP-KV-001: disabled}", "{GP-KV-001: advisory}", "there is nothing to check with: own"),
    ],
)
def test_nothing_to_ask(configuration: str, pack: str, said: str, tmp_path: Path) -> None:
    """A check refuses it; previews and updates may go without."""
    what = chosen.choose(platform(tmp_path, configuration, pack))

    with pytest.raises(UsageError) as raised:
        what.load()

    assert str(raised.value).startswith(said)
    assert [each.enabled() for each in what.load(idle=True)] in ([], [[]])


def test_one_rule_is_enough(tmp_path: Path) -> None:
    what = chosen.choose(platform(tmp_path, "packs: [own, baseline]", "{}"))

    assert [bool(each.enabled()) for each in what.load()] == [False, True]


def platform(folder: Path, configuration: str, pack: str) -> Path:
    (folder / FILE).write_text(f"version: 1\n{configuration}\n")
    (folder / "own").mkdir()
    (folder / "own" / "pack.yaml").write_text(f"description: Ours\nrules: {pack}\n")
    return folder
