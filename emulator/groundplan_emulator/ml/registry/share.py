# SPDX-License-Identifier: Apache-2.0
"""Assets of a workspace into a registry: their files are copied into the registry's own storage.

A component takes its code, its environment and the components of its steps along, under their own names and versions; those that the
registry has already with the same content are used.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import orjson

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle, paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.registry import storage
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.assets import AssetVersion
from groundplan_emulator.types.machine_learning_services.service import user_error, workspace_of

LEFT_OUT = ("isArchived", "jobName", "provisioningState", "stage", "environmentType")
"""What a version in a registry does not take over: states, and what is known in the workspace only."""


def take(ctx: Context, registry: Resource, body: dict[str, Any]) -> Resource:
    """Import what `properties.sourceAssetId` names; the version in the registry. 409 when there is one already."""
    asked = body.get("properties") or {}
    source_id = asked.get("sourceAssetId")
    if not isinstance(source_id, str):
        raise user_error(
            "An import needs the id of an asset in 'properties.sourceAssetId'.", "properties.sourceAssetId"
        )
    try:
        source = references.version(ctx, source_id)
    except references.NotFoundError as error:
        raise user_error(f"'{source_id}' cannot be shared: {error}.", "properties.sourceAssetId") from None
    if "/workspaces/" not in source.key:
        raise user_error(f"'{source_id}' is not in a workspace: only those are shared.", "properties.sourceAssetId")
    kind, name, _, number = source.id.split("/")[-4:]
    name, number = str(asked.get("destinationName") or name), str(asked.get("destinationVersion") or number)
    target = f"{registry.id}/{kind}/{name}/versions/{number}"
    if ctx.get(target) is not None:
        raise conflict(
            "UserError",
            f"Registry '{registry.name}' has a version '{number}' of '{name}' in {kind} already, and a version does not change:"
            " share it as another version.",
            target="properties.destinationVersion",
        )
    return _taken(ctx, registry, source, target)


def _taken(ctx: Context, registry: Resource, source: Resource, target: str) -> Resource:
    properties = {key: value for key, value in source.properties.items() if key not in LEFT_OUT}
    armtype = ctx.type_of(source)
    uri = armtype.uri if isinstance(armtype, AssetVersion) else ""
    if uri and isinstance(address := paths.read(properties, uri), str):
        paths.write(properties, uri, _copied(ctx, registry, source, address))
    if isinstance(spec := properties.get("componentSpec"), dict):
        properties["componentSpec"] = _with_parts(ctx, registry, source, spec)
    return _written(ctx, target, {"properties": properties})


def _copied(ctx: Context, registry: Resource, source: Resource, uri: str) -> str:
    """The address of a copy of an asset's files; of the files themselves where they are not the emulator's."""
    try:
        place = files.place(ctx, uri, workspace_of(ctx, source.id))
        account = storage.account(ctx, registry)
        last = place.name.rstrip("/").rpartition("/")[2]
        to = Place(account.name, str(uuid.uuid4()), last)
        files.copy(ctx, place, to)
    except references.NotFoundError as error:
        if uri.lower().startswith(("http://", "https://")):
            return uri
        raise user_error(f"The files of '{source.id}' cannot be copied: {error}.") from None
    return f"{ctx.settings.https}/{to.account}.blob.{STORAGE_SUFFIX}/{to.container}/{to.name}"


def _with_parts(ctx: Context, registry: Resource, source: Resource, spec: dict[str, Any]) -> dict[str, Any]:
    """A specification that refers to the registry alone."""
    made: dict[str, Any] = {}
    for key, value in spec.items():
        match key, value:
            case ("environment", str()):
                made[key] = _part(ctx, registry, source, value, "environments")
            case ("code", str()):
                made[key] = _part(ctx, registry, source, value, "codes")
            case ("componentId", str()):
                made[key] = _part(ctx, registry, source, value, "components")
            case (("jobs" | "task"), dict()):
                made[key] = _with_parts(ctx, registry, source, value)
            case (_, dict()) if isinstance(value.get("componentId"), str):
                made[key] = _with_parts(ctx, registry, source, value)
            case _:
                made[key] = value
    return made


def _part(ctx: Context, registry: Resource, source: Resource, value: str, kind: str) -> str:
    try:
        part = references.version(ctx, value, kind=kind, workspace=workspace_of(ctx, source.id))
    except references.NotFoundError as error:
        parts = references.parse(value)
        if parts is not None and references.elsewhere(ctx, parts):
            return value
        raise user_error(f"'{source.id}' cannot be shared: its '{value}' is gone ({error}).") from None
    if "/workspaces/" not in part.key:
        return value
    tail = "/".join(part.id.split("/")[-4:])
    there = ctx.get(f"{registry.id}/{tail}")
    if there is None:
        _taken(ctx, registry, part, f"{registry.id}/{tail}")
    elif not _alike(ctx, part, there):
        raise conflict(
            "UserError", f"'{source.id}' needs '{tail}', which registry '{registry.name}' has with other content."
        )
    return f"azureml://registries/{registry.name}/{tail}"


def _alike(ctx: Context, one: Resource, other: Resource) -> bool:
    """Whether two versions of a kind have the same content, wherever their files are."""
    armtype = ctx.type_of(one)
    for path in armtype.content if isinstance(armtype, AssetVersion) else ():
        before, after = paths.read(one.properties, path), paths.read(other.properties, path)
        if isinstance(armtype, AssetVersion) and path == armtype.uri and before and after:
            places = [files.place(ctx, str(uri), None) for uri in (before, after)]
            if files.sums(ctx, places[0]) != files.sums(ctx, places[1]):
                return False
        elif path != "componentSpec" and before != after:
            return False
    return True


def _written(ctx: Context, id_: str, body: dict[str, Any]) -> Resource:
    """Write a version as a client would."""
    given = ctx.request
    request = Request("PUT", id_, given.query_string, given.headers, orjson.dumps(body), given.base)
    inner = replace(ctx, request=request)
    parsed = ResourceId.parse(id_)
    armtype = ctx.registry.find(parsed.type, id_)
    if armtype is None:
        raise ArmError(400, "UserError", f"A registry holds no '{parsed.type.rsplit('/', 2)[-2]}'.")
    lifecycle.put(inner, armtype, parsed)
    found = ctx.get(id_)
    if found is None:  # pragma: no cover  (a put stores what it answers)
        raise LookupError(id_)
    return found
