# SPDX-License-Identifier: Apache-2.0
"""What governance costs: every rule in a preview, and the checks without the engine beside Checkov."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks import policy_checks, policy_previews
from benchmarks.report import Row


def rows() -> list[Row]:
    """The checks look at what the previews had."""
    folder = Path(tempfile.mkdtemp())
    try:
        pack = policy_previews.whole_pack(folder / "every-rule")
        found, seen = policy_previews.rows(folder, pack)
        return found + policy_checks.rows(folder, pack, seen)
    finally:
        shutil.rmtree(folder)
