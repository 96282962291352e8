# SPDX-License-Identifier: Apache-2.0
"""Definitions of Microsoft's, as its repository has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from groundplan_policies.azure_policy import Library
from tests.policies.azure_policy.making import (
    assignment,
    library,
)

FOLDER = Path(__file__).parent / "definitions"
BAD, GOOD, OUT, OPEN = "non_compliant", "compliant", "not_applicable", "undecided"
Body = dict[str, Any]


def props(**values: Any) -> Body:
    return {"properties": values}


def load(name: str, folder: Path, values: dict[str, Any] | None = None) -> Library:
    document = json.loads((FOLDER / f"{name}.json").read_text())
    return library(folder, document, assignment(document["id"], values))
