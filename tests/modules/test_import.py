# SPDX-License-Identifier: Apache-2.0
"""Importing the library loads none of the SDK's generated classes: a program pays for what it uses."""

import json
import subprocess
import sys


def test_import_loads_no_generated_classes() -> None:
    """The SDK's modules for networks and machine learning take a second to load; a mistake in a file must not wait for them."""
    program = "import sys, json; from groundplan import *; print(json.dumps([name for name in sys.modules if name.endswith('._inputs')]))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    ).stdout

    assert json.loads(loaded) == []
