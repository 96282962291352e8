# SPDX-License-Identifier: Apache-2.0
"""The model assets of a workspace, read and written as ARM does, so that all of its rules hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson

from groundplan_emulator.arm import router
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.ml.tracking.refusal import Refusal, missing
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

CONTAINERS: Final = f"{WORKSPACES}/models"
VERSIONS: Final = f"{CONTAINERS}/versions"
LABELS: Final = "labels"
"""Private part of a container: versions by label, which MLflow calls alias."""
_API_VERSION: Final = "2024-10-01"
_CODES: Final = {404: "RESOURCE_DOES_NOT_EXIST", 409: "RESOURCE_ALREADY_EXISTS", 400: "INVALID_PARAMETER_VALUE"}


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one workspace, inside of one transaction."""

    ctx: Context
    workspace: Resource

    def id_of(self, name: str, version: str = "") -> str:
        """The ARM id of a model, or of a version of it."""
        return f"{self.workspace.id}/models/{name}" + (f"/versions/{version}" if version else "")

    def all(self) -> Iterator[Resource]:
        """The containers that are not archived."""
        for each in self.ctx.children(self.workspace.id, CONTAINERS):
            if not each.properties.get("isArchived", False):
                yield each

    def model(self, values: dict[str, Any]) -> Resource:
        """The container that a request names."""
        name = str(values.get("name") or "")
        found = self.ctx.get(self.id_of(name)) if name else None
        if found is None:
            raise missing(f"Registered Model with name={name} not found")
        return found

    def version(self, values: dict[str, Any]) -> Resource:
        """The version that a request names."""
        name, version = str(values.get("name") or ""), str(values.get("version") or "")
        found = self.ctx.get(self.id_of(name, version)) if name and version else None
        if found is None:
            raise missing(f"Model Version (name={name}, version={version}) not found")
        return found

    def versions(self, container: Resource) -> list[Resource]:
        """The versions of a model that are not archived."""
        found = self.ctx.children(container.id, VERSIONS)
        return [each for each in found if not each.properties.get("isArchived", False)]

    def put(self, id_: str, properties: dict[str, Any]) -> Resource:
        """Write an asset as a client of ARM would."""
        self._arm("PUT", id_, {"properties": properties})
        found = self.ctx.get(id_)
        if found is None:
            raise missing(f"'{id_}' was not written")
        return found

    def change(self, resource: Resource, **properties: Any) -> Resource:
        """Write an asset again with some other properties."""
        kept = {key: value for key, value in resource.properties.items() if key != "provisioningState"}
        return self.put(resource.id, {**kept, **properties})

    def remove(self, resource: Resource) -> None:
        """Delete an asset."""
        self._arm("DELETE", resource.id, None)

    def _arm(self, method: str, id_: str, body: dict[str, Any] | None) -> None:
        content = orjson.dumps(body) if body is not None else b""
        base = self.ctx.settings.https
        request = Request(
            method, id_, f"api-version={_API_VERSION}", {"content-type": "application/json"}, content, base
        )
        try:
            router.handle(replace(self.ctx, request=request))
        except ArmError as error:
            raise Refusal(error.status, _CODES.get(error.status, "BAD_REQUEST"), error.message) from None


def milliseconds(resource: Resource, field: str) -> int:
    """`createdAt` or `lastModifiedAt` of a resource, in milliseconds since the epoch."""
    text = resource.body.get("systemData", {}).get(field)
    return int(datetime.fromisoformat(text).timestamp() * 1000) if text else 0


def tags_of(values: dict[str, Any]) -> dict[str, str]:
    """The tags of a request to create something."""
    return {str(tag["key"]): str(tag.get("value", "")) for tag in values.get("tags") or []}


def tag_list(tags: dict[str, Any]) -> list[dict[str, str]]:
    """Tags as MLflow answers them."""
    return [{"key": key, "value": str(value)} for key, value in tags.items()]
