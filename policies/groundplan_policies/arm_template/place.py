# SPDX-License-Identifier: Apache-2.0
"""Where a template is deployed to: a resource group, a subscription, a management group or the tenant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from groundplan_policies.values import UNKNOWN

NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for a subscription that is not given."""
ANY_GROUP = "rg"
"""Stands for a resource group that is not given, in that subscription."""
_SCHEMAS = {
    "subscriptiondeploymenttemplate": "subscription",
    "managementgroupdeploymenttemplate": "management group",
    "tenantdeploymenttemplate": "tenant",
}
_GROUPS = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True, slots=True)
class Place:
    """One place. Names are symbolic: see `groundplan_policies.arm_template.symbols`."""

    subscription: str = NOBODY
    group: str = ""
    management_group: str = ""
    """For a deployment to it; '' for others."""
    location: Any = UNKNOWN

    @property
    def id(self) -> str:
        """Its ARM id, '' for the tenant."""
        if self.management_group:
            return f"/providers/Microsoft.Management/managementGroups/{self.management_group}"
        if not self.subscription:
            return ""
        group = f"/resourceGroups/{self.group}" if self.group else ""
        return f"/subscriptions/{self.subscription}{group}"

    def for_schema(self, schema: str, management_group: str) -> Place:
        """This place, or what is around it where a template's schema says so."""
        match _SCHEMAS.get(schema.rsplit("/", 1)[-1].partition(".")[0].casefold()):
            case "subscription":
                return replace(self, group="")
            case "management group":
                return replace(self, group="", subscription="", management_group=management_group)
            case "tenant":
                return replace(self, group="", subscription="")
            case _:
                return self

    def at(self, scope: str) -> Place | None:
        """The place that an id names: of a deployment resource's `scope`. None where it names none."""
        parts = scope.strip("/").split("/")
        match [part.casefold() for part in parts]:
            case [""]:
                return replace(self, group="", subscription="", management_group="")
            case ["subscriptions", _]:
                return Place(parts[1], location=self.location)
            case ["subscriptions", _, "resourcegroups", _]:
                return Place(parts[1], parts[3], location=self.location)
            case [*_, "microsoft.management", "managementgroups", _]:
                return Place("", management_group=parts[-1], location=self.location)
            case _:
                return None

    def below(self, scope: str) -> str:
        """The id of a resource's `scope`, which may leave out the place: `Microsoft.KeyVault/vaults/name`."""
        if scope.startswith("/"):
            return scope.rstrip("/")
        if scope.casefold().startswith("microsoft.management/managementgroups/"):
            return f"/providers/{scope}"
        return f"{self.id}/providers/{scope}"


def id_of(base: str, type_: str, names: list[str]) -> str:
    """The id of a resource below a place or another resource. As many names as the type has segments after its namespace."""
    if type_.casefold() == _GROUPS.casefold():
        # Azure's functions put the provider in, and take the id without it for the same
        return f"{base.partition('/resourceGroups/')[0]}/resourceGroups/{names[0]}"
    namespace, *kinds = type_.split("/")
    pairs = "".join(f"/{kind}/{name}" for kind, name in zip(kinds, names, strict=True))
    return f"{base}/providers/{namespace}{pairs}"
