# SPDX-License-Identifier: Apache-2.0
"""The plainest YAML is read as a parser of all of YAML reads it; the rest is left to that."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from groundplan_policies import flat_yaml, packs

PLAIN = {
    "texts": 'description: "What: it # is"\nrequires: ">=0.3,<0.5"   # for now\n',
    "words": "description: Our own pack (v1.2), such as it is/was\nruntime: python\nversion: 1.20.0\n",
    "levels": "# ours\n\nrules:\n  # more\n  OWN-001: mandatory # why\n  long-retention: disabled\n  A-1: remediate\n",
    "list first": "rules:\n  OWN-001: advisory\ndescription: Our own\n",
    "no text": 'description: ""\n',
}
NOT_PLAIN = {
    "empty": "",
    "nothing below": "description: Our own\nrules:\n",
    "twice": "description: Our own\ndescription: Our own\n",
    "rule twice": "rules:\n  OWN-001: advisory\n  OWN-001: disabled\n",
    "below a text": "description: Our own\n  OWN-001: advisory\n",
    "other level": "rules:\n  OWN-001: strict\n",
    "settings": "rules:\n  OWN-001: {level: advisory}\n",
    "other indent": "rules:\n   OWN-001: advisory\n",
    "list": "azurePolicy:\n- a.json\n",
    "escape": 'description: "a\\tb"\n',
    "true": "description: true\n",
    "number": "version: 1.2\n",
    "no space before a comment": "description: Our own#comment\nversion: 0.1.0#2\n",
    "unknown key": "descriptions: Our own\n",
    "no key": "Our own pack\n",
    "key alone": "rules:\n  advisory\n",
    "carriage return": "runtime: python\r\nversion: 0.1.0\r\n",
    "tab": "runtime: python\t# x\n",
    "letters beyond ASCII": "description: Größe zählt\n",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain(text: str) -> None:
    found = flat_yaml.read(text.encode())

    assert found == YAML(typ="safe").load(text)
    assert list(found or ()) == list(YAML(typ="safe").load(text))


@pytest.mark.parametrize("text", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_not_plain(text: str) -> None:
    assert flat_yaml.read(text.encode()) is None


@pytest.mark.parametrize("name", packs.NAMES)
@pytest.mark.parametrize("file", ["pack.yaml", "PulumiPolicy.yaml"])
def test_packs_are_plain(name: str, file: str) -> None:
    path = packs.folder_of(name) / file

    assert flat_yaml.read(path.read_bytes()) == YAML(typ="safe").load(path)
