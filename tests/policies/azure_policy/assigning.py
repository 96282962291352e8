# SPDX-License-Identifier: Apache-2.0
"""Assignments to evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import Outcome, PolicyError, evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from tests.policies.azure_policy.making import (
    NOW,
    library,
)

ANY = {"field": "tags.x", "exists": False}
LIST = {"type": "Array", "allowedValues": ["a", "b", "c"]}
TAGGED = {"not": {"field": "tags.x", "in": "[parameters('wanted')]"}}


def member(name: str, reference: str = "", **values: Any) -> dict[str, Any]:
    return {
        "policyDefinitionId": f"/providers/Microsoft.Authorization/policyDefinitions/{name}",
        "policyDefinitionReferenceId": reference,
        "parameters": {key: {"value": value} for key, value in values.items()},
    }


def problems(folder: Path, *documents: Any) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as error:
        library(folder, *documents)
    return [(each.at, each.says) for each in error.value.problems]


def asked(folder: Path, documents: list[Any], *resources: Resource) -> list[Outcome]:
    found = library(folder, *documents)
    return [each for each in evaluate(found, Stack(resources), NOW) if each.resource is resources[0]]
