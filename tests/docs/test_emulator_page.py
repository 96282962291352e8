# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/emulator.md run, in their order, on one server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fixtures.azure import RunningAzure

PAGE = Path(__file__).parents[2] / "docs" / "emulator.md"


@pytest.mark.azure_assumed
def test_the_examples_hold(fresh_azure: RunningAzure):
    examples = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)

    for example in examples:
        exec(compile(example, str(PAGE), "exec"), {"azure": fresh_azure})  # noqa: S102  (our own page)

    assert len(examples) == 3
