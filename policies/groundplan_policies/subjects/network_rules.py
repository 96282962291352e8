# SPDX-License-Identifier: Apache-2.0
"""The firewall of a vault or a storage account: both have the same properties for it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from groundplan_policies.decisions import any_of, each_of
from groundplan_policies.resource import Resource, View, Violation

PUBLIC = "properties.publicNetworkAccess"
ACTION = "properties.networkAcls.defaultAction"
CLOSED = ("Disabled", "SecuredByPerimeter")
"""Values of `PUBLIC` that let nobody in from the internet; in a perimeter its rules decide instead of the resource's own."""


def is_closed(found: Resource) -> bool:
    """Whether public access is off, so that its firewall has nothing to do with the internet. Raises `Undecided`."""
    return found.equals(PUBLIC, *CLOSED)


def has_firewall(found: Resource) -> bool:
    """Whether only callers that a rule names come in from the internet, or none at all. Raises `Undecided`."""
    return any_of(lambda: is_closed(found), lambda: found.equals(ACTION, "Deny"))


def wide_ranges(found: Resource, prefix: int) -> Iterator[Violation]:
    """The address ranges of a firewall that is in use whose prefix is shorter than agreed. Raises `Undecided`."""
    if not is_closed(found):
        yield from each_of(found.items("properties.networkAcls.ipRules"), lambda rule: _too_wide(rule, prefix))


def _too_wide(rule: View, prefix: int) -> Iterator[Violation]:
    try:
        network = ip_network(rule.text("value"), strict=False)
    except ValueError:
        return  # Azure refuses what is no address
    if network.prefixlen < prefix:
        yield rule.wrong("value", f"a range of /{prefix} or smaller is needed")
