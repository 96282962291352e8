# SPDX-License-Identifier: Apache-2.0
"""Whether two role assignments are about the same principal, and the same place."""

from __future__ import annotations

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.roles import PRINCIPAL
from groundplan_policies.values import Undecided, same


def same_principal(one: Resource, other: Resource) -> bool:
    """Whether both give their role to the same principal, by its id or by what it came out of. Raises `Undecided`."""
    ours, theirs = one.view(PRINCIPAL).node, other.view(PRINCIPAL).node
    if isinstance(ours, str) and isinstance(theirs, str):
        return same(ours, theirs)
    if set(one.sources_of(PRINCIPAL)) & set(other.sources_of(PRINCIPAL)):
        return True
    for each in (one, other):
        if not each.sources_of(PRINCIPAL):
            each.get(PRINCIPAL)  # not known, and nobody knows where from
    return False


def takes_in(wide: Resource, narrow: Resource, stack: Stack) -> bool:
    """Whether the scope of one assignment is that of another, or has it inside. Raises `Undecided`."""
    if isinstance(narrow.scope, str):
        return isinstance(wide.scope, str) and f"{narrow.scope}/".casefold().startswith(f"{wide.scope}/".casefold())
    on = narrow.sources_of("scope")
    if not on:
        raise Undecided("scope", "unknown")
    return any(stack.covers(wide, each) for each in stack.resources if each.key in on)
