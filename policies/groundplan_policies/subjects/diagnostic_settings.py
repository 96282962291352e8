# SPDX-License-Identifier: Apache-2.0
"""Diagnostic settings, as several rules look for them."""

from __future__ import annotations

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided

SETTING = "Microsoft.Insights/diagnosticSettings"
_SINKS = (
    "properties.workspaceId",
    "properties.storageAccountId",
    "properties.eventHubAuthorizationRuleId",
    "properties.marketplacePartnerId",
)


def has_sink(setting: Resource) -> bool:
    """Whether it sends anywhere; an id that is not known yet is one."""
    return any(setting.given(path) for path in _SINKS)


def sends(setting: Resource, *wanted: str) -> bool:
    """Whether an enabled log of it is of one of these categories or category groups; of any where none is named. Raises `Undecided`."""
    names = {name.casefold() for name in wanted}
    for log in setting.items("properties.logs"):
        if not log.equals("enabled", True):
            continue
        if not names or {log.text("category").casefold(), log.text("categoryGroup").casefold()} & names:
            return True
    return False


def is_logged(target: Resource, stack: Stack, *wanted: str) -> bool:
    """Whether a diagnostic setting of the stack on this very resource sends one of these categories or groups somewhere.

    Raises `Undecided` where no setting does for sure and one may.
    """
    undecided: Undecided | None = None
    for setting in stack.attached(target, SETTING):
        try:
            if has_sink(setting) and sends(setting, *wanted):
                return True
        except Undecided as error:
            undecided = error
    if undecided is not None:
        raise undecided
    return False
