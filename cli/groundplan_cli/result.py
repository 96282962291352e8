# SPDX-License-Identifier: Apache-2.0
"""What a command returns; the console alone decides how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, with a title."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command found out: `data` for programs (`--json`), lines and tables for people."""

    data: Any
    lines: Sequence[str] = ()
    """Printed first, one per line."""
    tables: Sequence[Table] = field(default=())
    raw: str | None = None
    """Printed instead of lines and tables, as it is: text that a shell reads."""
    exit_code: int = 0
