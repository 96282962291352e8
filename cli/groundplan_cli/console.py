# SPDX-License-Identifier: Apache-2.0
"""The one place that prints. Standard output has the result, standard error has progress and errors."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TextIO

from groundplan_cli.result import Result, Table

if TYPE_CHECKING:
    from rich.console import Console


def is_live() -> bool:
    """Whether progress may redraw itself: standard error is a terminal, and no CI's."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def is_interactive() -> bool:
    """Whether someone can answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def announce(line: str, *, as_json: bool = False) -> None:
    """Print the first line of a result before it is there; it is progress where the result is JSON."""
    _write(sys.stderr if as_json else sys.stdout, line)


def progress(line: str) -> None:
    """Print a line of progress."""
    _write(sys.stderr, line)


def warn(line: str) -> None:
    """Print a line that someone should act on."""
    if is_live():
        from rich.text import Text

        live_console().print(Text.assemble(("warning: ", "bold yellow"), line), soft_wrap=True)
    else:
        _write(sys.stderr, f"warning: {line}")


def fail(message: str) -> None:
    """Print an error."""
    if is_live():
        from rich.text import Text

        live_console().print(Text.assemble(("error: ", "bold red"), message), soft_wrap=True)
    else:
        _write(sys.stderr, f"error: {message}")


def show(result: Result, *, as_json: bool = False) -> None:
    """Print a result: as JSON, as it is, or as lines and tables."""
    if as_json:
        _write(sys.stdout, json.dumps(result.data, indent=2, default=str, ensure_ascii=False))
    elif result.raw is not None:
        sys.stdout.write(result.raw)
        sys.stdout.flush()
    else:
        for line in result.lines:
            _write(sys.stdout, line)
        for table in result.tables:
            _show_table(table)


def stream(lines: Iterable[str]) -> None:
    """Print lines of a result as they come."""
    for line in lines:
        _write(sys.stdout, line)


def confirm(question: str) -> bool:
    """Ask; yes only for `y` or `yes`."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


@cache
def live_console() -> "Console":
    """Rich's console on standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _write(stream: TextIO, line: str) -> None:
    print(line, file=stream, flush=True)


def _show_table(table: Table) -> None:
    if not sys.stdout.isatty() or os.environ.get("CI"):
        for line in plain_table(table):
            _write(sys.stdout, line)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable

    shown = RichTable(title=table.title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        shown.add_column(column, overflow="fold")
    for row in table.rows:
        shown.add_row(*row)
    Console(highlight=False).print(shown)


def plain_table(table: Table) -> Sequence[str]:
    """A table as aligned lines."""
    grid = [list(table.columns), *([" ".join(cell.split()) for cell in row] for row in table.rows)]
    widths = [max(len(row[index]) for row in grid) for index in range(len(table.columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in grid]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return [table.title, *lines] if table.title else lines
