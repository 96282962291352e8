# SPDX-License-Identifier: Apache-2.0
"""The protocol's modules load without the SDK, and belong to it once it is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

FIRST = """
import sys
from groundplan_policies.engine.protocol import analyzer_pb2_grpc, plugin_pb2, wire
print(sorted(name for name in sys.modules if name.startswith("pulumi")))
"""
LATER = """
import pulumi
from pulumi.runtime.proto import analyzer_pb2
import pulumi.runtime.proto.plugin_pb2 as plugin
print(pulumi.Output.__name__, analyzer_pb2 is wire, plugin is plugin_pb2)
"""
SDK_FIRST = """
import pulumi
from pulumi.runtime.proto import analyzer_pb2
from groundplan_policies.engine.protocol import wire
import pulumi.runtime
print(analyzer_pb2 is wire, pulumi.runtime is sys.modules["pulumi.runtime"], bool(pulumi.runtime.invoke))
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (
            FIRST,
            "['pulumi.runtime.proto.analyzer_pb2', 'pulumi.runtime.proto.analyzer_pb2_grpc', 'pulumi.runtime.proto.plugin_pb2']",
        ),
        (FIRST + LATER, "Output True True"),
        ("import sys" + SDK_FIRST, "True True True"),
    ],
    ids=["alone", "the SDK later", "the SDK first"],
)
def test_loads_beside_the_sdk(program: str, expected: str) -> None:
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert said.splitlines()[-1] == expected
