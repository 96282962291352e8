# SPDX-License-Identifier: Apache-2.0
"""Problems of a definition, as they are told."""

from __future__ import annotations

from typing import Any

from tests.policies.azure_policy.making import problems_of


def told(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.at, each.says) for each in problems_of(document)]
