# SPDX-License-Identifier: Apache-2.0
"""Calls of functions."""

from __future__ import annotations

from typing import Any

from groundplan_policies.expressions import STANDARD, evaluate, parse


def value(text: str) -> Any:
    return evaluate(parse(text), STANDARD)
