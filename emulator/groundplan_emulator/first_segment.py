# SPDX-License-Identifier: Apache-2.0
"""Who answers a path, by its first segment."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

_REMEMBERED: Final = 4096
"""First segments whose answer is kept: most requests have `subscriptions`, the others name endpoints and storage accounts."""


def of(path: str) -> str:
    """The first segment of a path."""
    return path.lstrip("/").partition("/")[0]


class Table:
    """Modules by a pattern of the first segment, the first that fits; imported at first use."""

    def __init__(self, package: str, function: str, rows: Iterable[tuple[re.Pattern[str], str]]) -> None:
        self._package, self._function, self._rows = package, function, tuple(rows)
        self._find = lru_cache(_REMEMBERED)(self._look)

    def find(self, path: str) -> Any:
        """The module's function, or None where no pattern fits."""
        return self._find(of(path))

    def _look(self, first: str) -> Any:
        for pattern, module in self._rows:
            if pattern.fullmatch(first):
                return getattr(importlib.import_module(f"{self._package}.{module}"), self._function)
        return None
