# SPDX-License-Identifier: Apache-2.0
"""Policies are found in the forms in which people keep them, and problems are told with their place, all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import PolicyError, load
from tests.policies.azure_policy.definitions import RULE, write
from tests.policies.azure_policy.making import assignment, initiative, library, policy

BARE = {"displayName": "Bare", "mode": "All", "policyRule": RULE}


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (BARE, ["some"]),
        ({"properties": BARE}, ["some"]),
        ({"properties": BARE, "name": "n"}, ["n"]),
        ({"properties": BARE, "id": "/providers/Microsoft.Authorization/policyDefinitions/i"}, ["i"]),
        ({**BARE, "id": "/x/y", "name": "shown", "type": "t", "policyType": "Custom", "systemData": {}}, ["shown"]),
        ([BARE, {**BARE, "name": "second"}], ["some-1", "second"]),
        ({"value": [{"properties": BARE, "name": "a"}, {"properties": BARE, "name": "b"}]}, ["a", "b"]),
        ([], []),
    ],
)
def test_forms(content: Any, names: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "some.json", content)
    for asked in (path, [path], str(path), [tmp_path]):
        assert [each.name for each in load(asked).definitions] == names


def test_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(BARE).encode())
    assert load(path).definitions[0].title == "Bare"


def test_samples(tmp_path: Path) -> None:
    """A folder for each, with the rule and the parameters once more beside the whole."""
    write(tmp_path / "whole/azurepolicy.json", {"properties": BARE})
    write(tmp_path / "whole/azurepolicy.rules.json", RULE)
    write(tmp_path / "whole/azurepolicy.parameters.json", {})
    parts = {"if": {"field": "name", "equals": "[parameters('wanted')]"}, "then": {"effect": "deny"}}
    write(tmp_path / "parts/azurepolicy.rules.json", parts)
    write(tmp_path / "parts/azurepolicy.parameters.json", {"wanted": {"type": "String", "defaultValue": "x"}})
    found = load(tmp_path)
    assert [(each.name, each.title, list(each.parameters)) for each in found.definitions] == [
        ("parts", "parts", ["wanted"]),
        ("whole", "Bare", []),
    ]
    assert found.skipped == ()


def test_other_files_of_folders_are_skipped_and_named(tmp_path: Path) -> None:
    other = write(tmp_path / "package.json", {"name": "x"})
    write(tmp_path / "policy.json", BARE)
    assert load(tmp_path).skipped == (str(other),)
    with pytest.raises(PolicyError) as error:
        load(other)
    assert str(error.value) == (
        f"{other}: has name; a policy definition (policyRule), initiative (policyDefinitions), assignment (policyDefinitionId) "
        "or exemption (policyAssignmentId) is needed"
    )


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.json", '{\n  "a": }')
    text = write(tmp_path / "text.json", '["x"]')
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(PolicyError) as error:
        load([broken, text, latin, tmp_path / "none.json"])
    assert [(Path(each.file).name, each.at, each.says.split(";")[0]) for each in error.value.problems] == [
        ("broken.json", "", "is not valid JSON: line 2, column 8: Expecting value"),
        ("text.json", "[0]", "is 'x'"),
        ("latin.json", "", "is not UTF-8"),
        ("none.json", "", "can not be read: No such file or directory"),
    ]


def test_two_with_one_name(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.json", policy(RULE["if"])), write(tmp_path / "b.json", policy(RULE["if"]))
    with pytest.raises(
        PolicyError, match=f"{other}: the definition .*test-policy is in {one} too; one of the two has to go"
    ):
        load(tmp_path)


def test_versions(tmp_path: Path) -> None:
    """Several of one definition: the newest that an assignment takes."""
    rows = [
        policy(RULE["if"], version=version, displayName=version) for version in ("1.2.0", "1.10.1", "2.0.0-preview")
    ]
    for index, row in enumerate(rows):
        write(tmp_path / f"v{index}.json", row)
    names = ("any", "first", "exact", "second")
    wanted = ("", "1.*.*", "1.2.*", "2.*.*-preview")
    for name, version in zip(names, wanted, strict=True):
        write(tmp_path / f"{name}.json", assignment("test-policy", name=name, definitionVersion=version))
    found = {each.assignment.name: each.definition.version for each in load(tmp_path).policies}
    assert found == {"any": "2.0.0-preview", "first": "1.10.1", "exact": "1.2.0", "second": "2.0.0-preview"}
    write(tmp_path / "none.json", assignment("test-policy", name="none", definitionVersion="3.*.*"))
    with pytest.raises(
        PolicyError,
        match=r"policyDefinitionId: is 'test-policy' in version 3\.\*\.\*; loaded is 1\.2\.0, 1\.10\.1, 2\.0\.0",
    ):
        load(tmp_path)


def test_what_is_not_assigned_is_in_force_once(tmp_path: Path) -> None:
    members = [{"policyDefinitionId": "/x/inside"}]
    found = library(
        tmp_path,
        policy(RULE["if"], name="alone"),
        policy(RULE["if"], name="inside"),
        policy(RULE["if"], name="given"),
        initiative(*members, name="set"),
        assignment("/providers/Microsoft.Authorization/policyDefinitions/given", name="one"),
    )
    named = [(each.definition.name, each.assignment.name, each.assignment.implied) for each in found.policies]
    assert named == [("given", "one", False), ("inside", "set", True), ("alone", "alone", True)]
