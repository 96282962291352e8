# SPDX-License-Identifier: Apache-2.0
"""Quotas of one workspace, set and read for a whole region: Machine Learning's "Quotas - Update" and "Quotas - List".

The list has the subscription's own quota of each family (`/subscriptions/.../quotas/<family>`) and what workspaces were given
(`<workspace>/quotas/<family>`); the last segment is what an update names. A limit of -1 stands for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from pulumi import Input, Output, ResourceOptions
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from groundplan.actions.arm import Arm
from groundplan.actions.provider import ActionProvider
from groundplan.errors import ActionError

VERSION: Final = "2024-10-01"
NONE: Final = -1
_TYPE: Final = "Microsoft.MachineLearningServices/workspaces/quotas"
_MEANING: Final = {
    "InvalidQuotaBelowClusterMinimum": "computes of the workspace may use more already; make them smaller first",
    "InvalidQuotaExceedsSubscriptionLimit": "the subscription has less in this region; ask for more with a support request",
    "InvalidVMFamilyName": "the region has no such family",
    "OperationNotSupportedForSku": "the workspace's SKU has no quotas",
    "OperationNotEnabledForRegion": "the region has no quotas for workspaces",
}


@dataclass(frozen=True, slots=True)
class _Region:
    """The quotas of a region, each by the folded name of its family."""

    stem: str
    families: Mapping[str, str]
    """Azure's spelling of a family's id, by each of its names."""
    limits: Mapping[str, int]
    """What the workspace was given, by the id of the family in lower case."""

    def spelt(self, family: str) -> str:
        """Azure's id of a family. Raises `ActionError` for one that the region does not have."""
        if not self.families:
            return family
        found = self.families.get(_folded(family))
        if found is None:
            near = get_close_matches(_folded(family), self.families, n=3, cutoff=0.5)
            hint = ", ".join(dict.fromkeys(self.families[each] for each in near)) or "those of `az vm list-usage`"
            raise ActionError(
                f"workspace quotas: no VM family {family!r} in {self.stem.rpartition('/')[2]}; near are {hint}"
            )
        return found


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _limits(given: Any) -> dict[str, int]:
    # numbers arrive as floats
    return {str(family): int(limit) for family, limit in dict(given or {}).items()}


def _region(arm: Arm, workspace_id: str) -> _Region | None:
    """The region of a workspace; None where there is no such workspace."""
    workspace = arm.get(workspace_id, VERSION)
    if workspace is None:
        return None
    location = str(workspace["location"]).replace(" ", "").lower()
    subscription = workspace_id.split("/")[2]
    stem = f"/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{location}"
    families: dict[str, str] = {}
    limits: dict[str, int] = {}
    for entry in arm.items(f"{stem}/quotas", VERSION):
        owner, _, family = str(entry["id"]).rpartition("/quotas/")
        if "/workspaces/" not in owner.lower():
            named = entry.get("name") or {}
            for each in (family, named.get("value"), named.get("localizedValue")):
                families[_folded(str(each or family))] = family
        elif owner.lower() == workspace_id.lower() and entry.get("limit") not in (None, NONE):
            limits[family.lower()] = int(entry["limit"])
    return _Region(stem, families, limits)


class QuotasProvider(ActionProvider):
    """Sets and reads the quotas of one workspace. States name this class: it keeps its name."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Set them."""
        workspace_id, limits = str(props["workspaceId"]), _limits(props["limits"])
        self._set(workspace_id, limits)
        return CreateResult(f"{workspace_id}/quotas", {"workspaceId": workspace_id, "limits": limits})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Set them; families that are no longer named have none."""
        limits = _limits(_news["limits"])
        known = {_folded(family) for family in limits}
        gone = {family: NONE for family in _limits(_olds["limits"]) if _folded(family) not in known}
        self._set(str(_news["workspaceId"]), gone | limits)
        return UpdateResult({"workspaceId": _news["workspaceId"], "limits": limits})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """The workspace draws on the subscription's quota again."""
        if self.arm.get(str(_props["workspaceId"]), VERSION) is not None:
            self._set(str(_props["workspaceId"]), dict.fromkeys(_limits(_props["limits"]), NONE))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another workspace is another resource."""
        replaces = ["workspaceId"] if _olds["workspaceId"] != _news["workspaceId"] else []
        return DiffResult(
            changes=bool(replaces) or _limits(_olds["limits"]) != _limits(_news["limits"]), replaces=replaces
        )

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """What Azure has of the families that are named; nothing where the workspace is gone."""
        region = _region(self.arm, str(props["workspaceId"]))
        if region is None:
            return ReadResult("", {})
        found = {
            family: region.limits[key]
            for family in _limits(props["limits"])
            if (key := region.spelt(family).lower()) in region.limits
        }
        # two dictionaries: the plugin adds to each
        held = {"workspaceId": props["workspaceId"], "limits": found}
        return ReadResult(id_, dict(held), dict(held))

    def _set(self, workspace_id: str, limits: Mapping[str, int]) -> None:
        region = _region(self.arm, workspace_id)
        if region is None:
            raise ActionError(f"workspace quotas: there is no workspace {workspace_id}")
        value = [
            {"id": f"{workspace_id}/quotas/{region.spelt(family)}", "type": _TYPE, "limit": limit, "unit": "Count"}
            for family, limit in limits.items()
        ]
        location = region.stem.rpartition("/")[2]
        answer = self.arm.post(f"{region.stem}/updateQuotas", VERSION, {"value": value, "location": location})
        _check(answer.get("value") or (), limits, region)


def _check(answers: Iterable[Mapping[str, Any]], limits: Mapping[str, int], region: _Region) -> None:
    """Raise `ActionError` for what was refused: Azure answers 200 all the same, with a status for each."""
    by_id = {region.spelt(family).lower(): (family, limit) for family, limit in limits.items()}
    refused: list[str] = []
    for each in answers:
        status = str(each.get("status") or "Success")
        family, limit = by_id.get(str(each.get("id", "")).rpartition("/")[2].lower(), ("?", each.get("limit")))
        if status != "Success":
            refused.append(f"{family} = {limit}: {status} ({_MEANING.get(status, 'Azure gives no reason')})")
    if refused:
        raise ActionError(f"workspace quotas: refused: {'; '.join(refused)}")


class Quotas(Resource, module="groundplan", name="WorkspaceQuotas"):
    """The quotas of one workspace, all that this program gives it."""

    limits: Output[Mapping[str, int]]

    def __init__(
        self, name: str, workspace_id: Input[str], limits: Mapping[str, int], opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(QuotasProvider(), name, {"workspaceId": workspace_id, "limits": dict(limits)}, opts)
