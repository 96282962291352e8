# SPDX-License-Identifier: Apache-2.0
"""`groundplan --help` beside `python -c "import typer"`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import Row

RUNS = 9


def seconds(command: list[str]) -> float:
    """One run's wall time."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.perf_counter() - begin


def rows() -> list[Row]:
    """Pairs of runs, in turn; the median of their ratios."""
    ours = [str(Path(sys.executable).parent / "groundplan"), "--help"]
    baseline = [sys.executable, "-c", "import typer"]
    for command in (ours, baseline):
        seconds(command)
    pairs = [(seconds(ours), seconds(baseline)) for _ in range(RUNS)]
    ratio = statistics.median(a / b for a, b in pairs)
    return [
        Row(
            "groundplan --help",
            f"{statistics.median(a for a, _ in pairs):.2f} s",
            f"import typer {statistics.median(b for _, b in pairs):.2f} s",
            f"{ratio:.2f}x",
            "<= 2x",
            ratio <= 2,
        )
    ]
