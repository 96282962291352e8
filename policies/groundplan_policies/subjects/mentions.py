# SPDX-License-Identifier: Apache-2.0
"""Whether anything of a stack uses a resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from groundplan_policies.decisions import any_among
from groundplan_policies.resource import Resource, View
from groundplan_policies.stack import Stack


def is_mentioned(found: Resource, stack: Stack) -> bool:
    """Whether the id of a resource stands in the body of another one. What is attached to it, such as a lock, does not count."""
    others = ((other, leaf) for other in stack.resources if other is not found for leaf in _leaves(other))
    return any_among(others, lambda pair: stack.refers(pair[0], pair[1], "", found))


def _leaves(part: View) -> Iterator[View]:
    if isinstance(part.node, dict):
        for name, inner in cast("dict[str, Any]", part.node).items():
            yield from _leaves(View(inner, f"{part.at}.{name}" if part.at else name))
    elif isinstance(part.node, list):
        for inner in part.items():
            yield from _leaves(inner)
    else:
        yield part
