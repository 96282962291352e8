# SPDX-License-Identifier: Apache-2.0
"""A new rule is a rule whatever its title says, or nothing is written."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies import catalog
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy import authoring, testing

TITLES = [
    'No "public" vaults',
    '"Public" is no word',
    "It's said",
    "A path ends with \\",
    r"A path is C:\new\u00e9",
    'Three """ in a row',
    'Four """" in a row\\"""',
    "{{ title }} {% raw %}",
    "Größe <b>&amp;</b> 🗝",
]


@pytest.mark.parametrize("title", TITLES)
def test_any_title(title: str, tmp_path: Path) -> None:
    """It is the rule's and, as a sentence, its file's; the rule passes its own cases."""
    made = authoring.new_rule("closed-vaults", tmp_path / "own", title=title)

    entry = catalog.load_folder(tmp_path / "own" / "rules").get("closed-vaults")
    assert entry.rule.title == title
    assert ast.get_docstring(ast.parse(made.rule.read_text()), clean=False) == f"{title}."
    assert testing.run([entry])[0].failures == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "One\nTwo"}, r"the title is 'One\nTwo'; one line of characters that can be printed is needed"),
        ({"title": "One\u2028Two"}, r"the title is 'One\u2028Two'; one line"),
        ({"title": "Bytes \udcff"}, r"the title is 'Bytes \udcff'; one line"),
        ({"title": "It holds."}, "title: one sentence without a full stop is needed"),
        ({"type_": "vaults"}, "types ('vaults',): a tuple of ARM types such as"),
        ({"identifier": 'own"'}, "id: capital letters and digits in parts joined by '-' are needed"),
    ],
)
def test_what_no_rule_may_have(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    """The pack stays as it was: not made, or without the rule."""
    pack = tmp_path / "own"
    with pytest.raises(UsageError) as raised:
        authoring.new_rule("closed-vaults", pack, **given)
    assert said in str(raised.value)
    assert not pack.exists()

    authoring.new_rule("open-vaults", pack)
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    with pytest.raises(UsageError):
        authoring.new_rule("closed-vaults", pack, **given)
    after = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert after == {path: text for path, text in before.items() if path.suffix != ".pyc"}
