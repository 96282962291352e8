# SPDX-License-Identifier: Apache-2.0
"""Templates to read."""

from __future__ import annotations

from typing import Any

from groundplan_policies.arm_template import Template, read_template


def read(properties: Any, given: Any = None, **sections: Any) -> Template:
    row = {"type": "A.B/c", "name": "n", "properties": properties}
    return read_template({"resources": [row], **sections}, given)


def value(text: Any, given: Any = None, **sections: Any) -> Any:
    return read({"x": text}, given, **sections).resources[0].node["properties"]["x"]
