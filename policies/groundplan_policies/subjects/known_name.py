# SPDX-License-Identifier: Apache-2.0
"""The name of a resource, where a rule needs to know it."""

from __future__ import annotations

from typing import Final

from groundplan_policies.resource import Resource
from groundplan_policies.values import Undecided

NAME: Final = "name"


def known_name(found: Resource) -> str:
    """The last part of the name. Raises `Undecided` where it is not known yet."""
    if found.short_name is None:
        raise Undecided(NAME, "unknown")
    return found.short_name
