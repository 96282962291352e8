# SPDX-License-Identifier: Apache-2.0
"""Attachments that Azure allows once, whatever their name: found under another name they are what the program declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import groundplan_arm
from groundplan_workflows.adopt.plan import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.plan import Declared

    Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Once:
    """How a live resource is recognised as the one that is declared."""

    same: Callable[[Values, Values], bool]
    """Of an answer of Azure and declared inputs."""
    needs: tuple[str, ...] = ()
    """Inputs that have to be known."""
    query: str = ""


def _same_grant(live: Values, declared: Values) -> bool:
    """One principal, one role, one scope: Azure refuses a second one (RoleAssignmentExists)."""
    said = live.get("properties") or {}
    role = str(declared["roleDefinitionId"]).rpartition("/")[2]
    return (
        _id(said.get("scope")) == _id(declared["scope"])
        and _id(said.get("principalId")) == _id(declared["principalId"])
        and _id(said.get("roleDefinitionId")).rpartition("/")[2] == role.lower()
    )


def _same_destination(live: Values, declared: Values) -> bool:
    """Azure refuses a second setting that sends the same logs to the same workspace."""
    return _id((live.get("properties") or {}).get("workspaceId")) == _id(declared["workspaceId"])


_ONCE = {
    "azure-native:authorization:RoleAssignment": _Once(
        _same_grant, ("scope", "principalId", "roleDefinitionId"), "&$filter=atScope()"
    ),
    "azure-native:monitor:DiagnosticSetting": _Once(_same_destination, ("workspaceId",)),
    # a private endpoint has one group of zones
    "azure-native:network:PrivateDnsZoneGroup": _Once(lambda _live, _declared: True),
}


def find(arm: Arm, each: Declared) -> str:
    """Id of the one live resource that a declared one is but for the name; empty where there is none."""
    once = _ONCE.get(each.type)
    if once is None or any(str(each.inputs.get(name) or UNKNOWN) == UNKNOWN for name in once.needs):
        return ""
    collection = each.identifier.rpartition("/")[0]
    version = groundplan_arm.load().by_token(each.type).api_version
    ids = [str(live["id"]) for live in arm.items(collection, version, once.query) if once.same(live, each.inputs)]
    return ids[0] if len(ids) == 1 else ""


def _id(value: object) -> str:
    return str(value or "").strip("/").lower()
