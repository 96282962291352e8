# SPDX-License-Identifier: Apache-2.0
"""Definitions to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.policies.azure_policy.making import VAULT

RULE = {"if": {"field": "type", "equals": VAULT}, "then": {"effect": "audit"}}


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path
