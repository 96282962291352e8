# SPDX-License-Identifier: Apache-2.0
"""What is taken at once is what pydantic would take; the rest is left to it."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from groundplan_policies import shapes
from groundplan_policies.configuration import PackFile, PolicyFile

DAY = datetime.date(2030, 1, 31)
EXEMPTION = {"rule": "*", "resource": "kv-*", "reason": "moves", "approver": "Ada", "expires": DAY}
RULES = {"GP-A-001": "mandatory", "GP-A-002": {"level": None, "parameters": {"days": [30, 90.5]}}, "GP-A-003": {}}
POLICY = {"version": 1, "packs": ["regulated"], "failOn": "low", "rules": RULES, "exemptions": [EXEMPTION]}
PACK = {"description": "Ours", "requires": ">=1", "rules": RULES, "azurePolicy": ["a"], "azurePolicyLevel": "mandatory"}
RIGHT: Mapping[str, tuple[Mapping[str, Any], type]] = {
    "policy": (POLICY, PolicyFile),
    "least policy": ({"version": 1}, PolicyFile),
    "pack": (PACK, PackFile),
    "least pack": ({"description": "Our"}, PackFile),
}
ODD: Mapping[str, tuple[Mapping[str, Any], type]] = {
    "blanks around": ({"description": " Ours "}, PackFile),
    "name of the field": ({"version": 1, "fail_on": "low"}, PolicyFile),
    "date as a text": (POLICY | {"exemptions": [EXEMPTION | {"expires": "2030-01-31"}]}, PolicyFile),
    "true for one": ({"version": True}, PolicyFile),
    "whole number with a point": ({"version": 1.0}, PolicyFile),
    "midnight": (POLICY | {"exemptions": [EXEMPTION | {"expires": datetime.datetime(2030, 1, 31)}]}, PolicyFile),
}
WRONG: Mapping[str, tuple[Mapping[str, Any], type]] = {
    "too short": ({"description": "Us"}, PackFile),
    "wildcards alone": (POLICY | {"exemptions": [EXEMPTION | {"resource": "***"}]}, PolicyFile),
    "missing": ({}, PackFile),
    "unknown key": (PACK | {"rule": {}}, PackFile),
    "no mapping": (PACK | {"rules": ["GP-A-001"]}, PackFile),
    "number for a text": (PACK | {"requires": 1}, PackFile),
    "key that is no text": (PACK | {"rules": {1: "advisory"}}, PackFile),
    "null": (POLICY | {"packs": None}, PolicyFile),
}


@pytest.mark.parametrize(("content", "shape"), RIGHT.values(), ids=RIGHT)
def test_taken_at_once_as_pydantic_does(content: Mapping[str, Any], shape: type[Any]) -> None:
    assert shapes._taken(content, shape) == shapes._adapter(shape).validate_python(content)


@pytest.mark.parametrize(("content", "shape"), ODD.values(), ids=ODD)
def test_taken_by_pydantic(content: Mapping[str, Any], shape: type[Any]) -> None:
    with pytest.raises(shapes._UnclearError):
        shapes._taken(content, shape)
    assert isinstance(shapes.taken(content, shape), shape)


@pytest.mark.parametrize(("content", "shape"), WRONG.values(), ids=WRONG)
def test_wrong(content: Mapping[str, Any], shape: type[Any]) -> None:
    with pytest.raises(ValueError, match="validation error") as raised:
        shapes.taken(content, shape)
    assert shapes.problems(raised.value)


def test_other_errors_are_not_explained() -> None:
    with pytest.raises(ValueError, match="another"):
        shapes.problems(ValueError("another"))


def test_a_right_pack_does_not_wait_for_pydantic() -> None:
    program = (
        "import sys; from groundplan_policies import packs; "
        "packs.load(packs.folder_of('baseline')); print('pydantic' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert said == "False\n"
