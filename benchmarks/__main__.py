# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks [emulator|command_line|up|preview_speed|policy|serving ...]`: run the named ones, or all."""

from __future__ import annotations

import importlib
import sys

from benchmarks import report

NAMES = ("command_line", "emulator", "up", "preview_speed", "policy", "serving")


def main() -> int:
    """Exit code 2 for an unknown name; a missed aim is shown, not an error."""
    names = sys.argv[1:] or list(NAMES)
    for name in names:
        if name not in NAMES:
            print(f"unknown benchmark {name!r}; there are: {', '.join(NAMES)}", file=sys.stderr)
            return 2
    report.show([row for name in names for row in importlib.import_module(f"benchmarks.{name}").rows()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
