# SPDX-License-Identifier: Apache-2.0
"""`python -m groundplan_arm.generate`: write the data file anew."""

from __future__ import annotations

import sys

from groundplan_arm import data
from groundplan_arm.generate.build import build


def main() -> int:
    """Write the data file; prints what it holds. Exit code 1 with a sentence when a table row does not hold together."""
    try:
        documents = build()
    except (ValueError, KeyError, FileNotFoundError) as error:
        sys.stderr.write(f"groundplan_arm.generate: {error.args[0]}\n")
        return 1
    size = data.write(data.PATH, documents)
    index = documents["index"]
    sys.stdout.write(
        f"{len(index['types'])} types, {len(index['functions'])} functions, {size / 1024:.0f} KiB: {data.PATH.name}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
