# SPDX-License-Identifier: Apache-2.0
"""The lists of frameworks' controls: whole, well-formed, and what our controls map to."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from groundplan_policies import controls, frameworks
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.frameworks import coverage
from tests.policies.framework_names import EVERY

SIZES = {
    "mcsb_v1": 86,
    "mcsb_v2": 81,
    "cis_azure_2.0.0": 151,
    "cis_azure_2.1.0": 149,
    "cis_azure_3.0.0": 159,
    "nist_800_53_r5": 294,  # 287 of the MODERATE baseline, 7 besides
}
GAPS = {("cis_azure_2.1.0", "4"): [2], ("cis_azure_3.0.0", ""): [1], ("cis_azure_3.0.0", "3.1"): [2]}
"""Numbers that the frameworks themselves leave out."""


# -- the lists -------------------------------------------------------------------------------------------------------


def test_every_framework_has_a_list() -> None:
    assert list(frameworks.load()) == list(controls.FRAMEWORKS)
    assert {key: len(each.controls) for key, each in frameworks.load().items() if each.whole} == SIZES


@EVERY
def test_controls_map_to_what_is_listed(key: str) -> None:
    listed = {each.id for each in frameworks.find(key).controls}
    unlisted = [
        (each.key, identifier)
        for each in controls.load().values()
        for identifier in each.maps.get(key, ())
        if identifier not in listed
    ]
    assert unlisted == []


@EVERY
def test_a_list_that_is_not_whole_has_nothing_but_what_is_mapped(key: str) -> None:
    found = frameworks.find(key)
    mapped = {identifier for each in controls.load().values() for identifier in each.maps.get(key, ())}
    assert found.whole or {each.id for each in found.controls} == mapped
    assert found.whole or "the part that concerns the platform" in found.note


@EVERY
def test_list_is_well_formed(key: str) -> None:
    found = frameworks.find(key)
    assert [name for name, count in Counter(each.id for each in found.controls).items() if count > 1] == []
    assert found.source
    assert found.name == controls.FRAMEWORKS[key]
    for each in found.controls:
        assert each.words == each.words.strip(" ."), each.id
        assert each.words, each.id
        assert each.owner in frameworks.OWNERS, each.id


def test_every_owner_in_the_file_is_of_a_control_that_is_there() -> None:
    file = Path(frameworks.__file__).parent / "data" / "frameworks.json"
    for key, row in json.loads(file.read_text(encoding="utf-8"))["frameworks"].items():
        for family in row["families"]:
            assert set(family.get("by_control", {})) <= set(family["controls"]), (key, family["id"])


@pytest.mark.parametrize("key", ["mcsb_v1", "mcsb_v2"])
def test_numbers_of_the_benchmark_have_no_gap(key: str) -> None:
    numbers: dict[str, list[int]] = {}
    for each in frameworks.find(key).controls:
        family, _, number = each.id.partition("-")
        assert each.family.startswith(f"{family} ")
        numbers.setdefault(family, []).append(int(number))
    assert {family: found for family, found in numbers.items() if found != list(range(1, len(found) + 1))} == {}


def test_versions_of_the_benchmark_differ_where_they_should() -> None:
    one, two = ({each.id for each in frameworks.find(key).controls} for key in ("mcsb_v1", "mcsb_v2"))
    assert two - one == {f"AI-{number}" for number in range(1, 8)}
    assert one - two == {"IM-9", *(f"GS-{number}" for number in range(1, 12))}


@pytest.mark.parametrize("key", ["cis_azure_2.0.0", "cis_azure_2.1.0", "cis_azure_3.0.0"])
def test_numbers_of_recommendations_have_no_other_gap(key: str) -> None:
    children: dict[str, set[int]] = {}
    for each in frameworks.find(key).controls:
        parts = each.id.split(".")
        for depth in range(len(parts)):
            children.setdefault(".".join(parts[:depth]), set()).add(int(parts[depth]))
    gaps = {
        (key, parent): sorted(set(range(1, max(found) + 1)) - found)
        for parent, found in children.items()
        if found != set(range(1, max(found) + 1))
    }
    assert gaps == {where: found for where, found in GAPS.items() if where[0] == key}


def test_ids_of_nist_are_as_azure_writes_them() -> None:
    found = frameworks.find("nist")
    assert [each.id for each in found.controls if not re.fullmatch(r"[A-Z]{2}-\d+(\(\d+\))?", each.id)] == []
    outside = found.note.rpartition(": ")[2].split(", ")
    assert len(found.controls) - len(outside) == 287
    mapped = {identifier for each in controls.load().values() for identifier in each.maps.get(found.key, ())}
    assert set(outside) <= mapped


# -- which framework -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("mcsb", "mcsb_v1"),
        ("MCSB_v2", "mcsb_v2"),
        ("cis", "cis_azure_3.0.0"),
        ("cis azure 2.1.0", "cis_azure_2.1.0"),
        ("nist", "nist_800_53_r5"),
        ("nist-800-53-r5", "nist_800_53_r5"),
        *((key, key) for key in controls.FRAMEWORKS),
    ],
)
def test_framework_by_name(name: str, key: str) -> None:
    assert frameworks.find(name).key == key


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("mscb", "did you mean 'mcsb'?"),
        ("iso", "did you mean 'iso_27001_2013'?"),
        ("cis_azure_3", "did you mean 'cis_azure_3.0.0'?"),
        ("qqqq", "framework 'qqqq'; known: mcsb, cis, nist, mcsb_v1"),
    ],
)
def test_unknown_framework(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        coverage(name, [])
    assert hint in str(error.value)
    assert "eu_ai_act_2024" in str(error.value)
