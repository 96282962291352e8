# SPDX-License-Identifier: Apache-2.0
"""Keys of a vault, as several rules look at them."""

from __future__ import annotations

from functools import partial

from groundplan_policies.decisions import any_of
from groundplan_policies.resource import Resource, View

KEY = "Microsoft.KeyVault/vaults/keys"
KTY = "properties.kty"
ACTIONS = "properties.rotationPolicy.lifetimeActions"


def rotates(key: Resource) -> bool:
    """Whether the vault makes a new version of it by itself: one of its actions is to rotate, and has a day. Raises `Undecided`."""
    return any_of(*(partial(_rotates, action) for action in key.items(ACTIONS)))


def _rotates(action: View) -> bool:
    return action.equals("action.type", "rotate") and (
        action.has("trigger.timeAfterCreate") or action.has("trigger.timeBeforeExpiry")
    )
