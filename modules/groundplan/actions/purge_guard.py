# SPDX-License-Identifier: Apache-2.0
"""A resource that purges another one after that was deleted, because that one depends on it."""

from __future__ import annotations

from typing import Any

from pulumi import Input, ResourceOptions
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource

from groundplan.actions.provider import ActionProvider
from groundplan.actions.soft_deleted import Kind, Place, purge


class PurgeGuardProvider(ActionProvider):
    """Does nothing before its end. States name this class: it keeps its name."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Nothing to do before the end."""
        return CreateResult(str(props["resourceId"]), {"kind": props["kind"], "resourceId": props["resourceId"]})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another resource is another guard."""
        changed = [key for key in ("kind", "resourceId") if _olds.get(key) != _news.get(key)]
        return DiffResult(changes=bool(changed), replaces=changed)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """There is nothing in Azure to compare with."""
        return ReadResult(id_, {"kind": props["kind"], "resourceId": props["resourceId"]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Purge what was deleted under the name; a live resource, which only lost its guard, stays."""
        purge(self.arm, Place.parse(_props["kind"], _id))


class PurgeGuard(Resource, module="groundplan", name="PurgeGuard"):
    """Purges `resource_id` when it is itself deleted; make it before the resource, and the resource dependent on it."""

    def __init__(self, name: str, kind: Kind, resource_id: Input[str], opts: ResourceOptions | None = None) -> None:
        super().__init__(PurgeGuardProvider(), name, {"kind": kind, "resourceId": resource_id}, opts)
