# SPDX-License-Identifier: Apache-2.0
"""Policies asked of one resource."""

from __future__ import annotations

from typing import Any

from groundplan_policies.azure_policy import Outcome, evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from tests.policies.azure_policy.making import (
    NOW,
    STORAGE,
    in_memory,
)

IS_STORAGE = {"field": "type", "equals": STORAGE}


def asked(document: dict[str, Any], one: Resource, *others: Resource) -> Outcome:
    return evaluate(in_memory(document), Stack([one, *others]), NOW)[0]
