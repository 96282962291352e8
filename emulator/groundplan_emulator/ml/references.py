# SPDX-License-Identifier: Apache-2.0
"""What a reference to an asset means: ids of versions and labels, in workspaces and registries, in every spelling that clients send.

    azureml:NAME:VERSION  azureml:NAME@LABEL                     in the workspace at hand (without `azureml:` too)
    [azureml:]/subscriptions/.../KIND/NAME/versions/VERSION      ARM ids of a workspace's or a registry's version, or `labels/LABEL`
    azureml://subscriptions/S/resourcegroups/G[/providers/...]/workspaces/W/KIND/NAME/versions/VERSION
    azureml://registries/REGISTRY/KIND/NAME/versions/VERSION     (or `labels/LABEL`)
    azureml://locations/LOCATION/workspaces/WORKSPACE_ID/KIND/NAME/versions/VERSION

A label is `latest` (for components `default` too), or one that the container has; a version wins over a label of the same name.
Environments that Microsoft curates are found by name: `curated.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import curated
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

REGISTRIES: Final = "Microsoft.MachineLearningServices/registries"
KINDS: Final = ("models", "environments", "data", "codes", "components")
SHOWN: Final = 10
"""How many names a message gives at most."""
_PROVIDER: Final = "/providers/Microsoft.MachineLearningServices"
_TAIL = r"(?P<kind>models|environments|data|codes|components)/(?P<name>[^/]+)/(?P<how>versions|labels)/(?P<which>[^/]+)"
_ARM = re.compile(rf"(?P<holder>/subscriptions/.+?/(?:workspaces|registries)/[^/]+)/{_TAIL}", re.IGNORECASE)
_LONG = re.compile(
    rf"azureml://subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)(?:/providers/[^/]+)?"
    rf"/workspaces/(?P<name_of_holder>[^/]+)/{_TAIL}",
    re.IGNORECASE,
)
_REGISTRY = re.compile(rf"azureml://registries/(?P<registry>[^/]+)/{_TAIL}", re.IGNORECASE)
_LOCATION = re.compile(rf"azureml://locations/[^/]+/workspaces/(?P<workspace>[^/]+)/{_TAIL}", re.IGNORECASE)
_SHORT = re.compile(r"(?P<name>[^/:@]+)(?::(?P<version>[^/:@]+)|@(?P<label>[^/:@]+))")


class NotFoundError(LookupError):
    """A reference that leads nowhere; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference taken apart: one of `holder` (an ARM id), `registry` (a name) and `workspace` (its id), or none of them for the
    short forms, whose `kind` is '' too; and either `version` or `label`."""

    name: str
    version: str | None = None
    label: str | None = None
    kind: str = ""
    holder: str = ""
    registry: str = ""
    workspace: str = ""


def parse(text: str) -> Reference | None:
    """The parts of a reference, or None where a text is none."""
    text = text.strip()
    for pattern in (_REGISTRY, _LOCATION, _LONG):
        if (match := pattern.fullmatch(text)) is not None:
            return _taken(match)
    text = text.removeprefix("azureml:")
    if (match := _ARM.fullmatch(text)) is not None:
        return _taken(match)
    if (match := _SHORT.fullmatch(text)) is not None:
        return Reference(match["name"], match["version"], match["label"])
    return None


def _taken(match: re.Match[str]) -> Reference:
    parts = match.groupdict()
    by_label = parts["how"].lower() == "labels"
    holder = parts.get("holder") or ""
    if parts.get("subscription"):
        holder = f"/subscriptions/{parts['subscription']}/resourceGroups/{parts['group']}{_PROVIDER}/workspaces/{parts['name_of_holder']}"
    return Reference(
        parts["name"],
        None if by_label else parts["which"],
        parts["which"] if by_label else None,
        parts["kind"].lower(),
        holder,
        parts.get("registry") or "",
        parts.get("workspace") or "",
    )


def version(ctx: Context, reference: str, *, kind: str = "", workspace: Resource | None = None) -> Resource:
    """The version of an asset that a reference means.

    `kind` (of `KINDS`) and `workspace` are for the short forms. Raises `NotFoundError`.
    """
    parts = parse(reference)
    if parts is None:
        raise NotFoundError(f"'{reference}' is no reference to a version of an asset")
    if parts.registry:
        holder = registry(ctx, parts.registry)
        if holder is None:
            return _public(ctx, parts)
        return _find(ctx, holder, parts, parts.kind)
    if parts.workspace:
        return _find(ctx, _workspace(ctx, parts.workspace), parts, parts.kind)
    if parts.holder:
        found = ctx.get(parts.holder)
        if found is None:
            what, name = parts.holder.rsplit("/", 2)[1:]
            raise NotFoundError(f"there is no {_singular(what.lower())} '{name}'")
        return _find(ctx, found, parts, parts.kind)
    if workspace is None or not kind:
        raise NotFoundError(f"'{reference}' does not say in which workspace or registry it is")
    return _find(ctx, workspace, parts, kind)


def registry(ctx: Context, name: str) -> Resource | None:
    """A registry by its name, which no other registry has."""
    return next(iter(ctx.store.of_type(REGISTRIES, name=name)), None)


def elsewhere(ctx: Context, parts: Reference) -> bool:
    """Whether a reference is to a model, code, data or component of Microsoft's own registry, whose content is not known here."""
    public = parts.registry.lower() == curated.REGISTRY and parts.kind != "environments"
    return public and registry(ctx, parts.registry) is None


def _workspace(ctx: Context, wanted: str) -> Resource:
    for each in ctx.store.of_type(WORKSPACES):
        if wanted.lower() in (each.name.lower(), str(each.properties.get("workspaceId", "")).lower()):
            return each
    raise NotFoundError(f"there is no workspace with the id '{wanted}'")


def _public(ctx: Context, parts: Reference) -> Resource:
    """A version of a registry that is not here: Microsoft's own has environments that are known by name."""
    if parts.registry.lower() == curated.REGISTRY and parts.kind == "environments":
        if (found := curated.version(parts.name, parts.version)) is not None:
            return found
        raise NotFoundError(
            f"the curated environments are {_some(curated.names())}, and '{parts.name}' is none of them"
        )
    there = _some(each.name for each in ctx.store.of_type(REGISTRIES))
    more = (
        f"; of Microsoft's own registry only environments are here, no {parts.kind}"
        if parts.registry.lower() == curated.REGISTRY
        else ""
    )
    raise NotFoundError(f"there is no registry '{parts.registry}' (registries: {there}{more})")


def _find(ctx: Context, holder: Resource, parts: Reference, kind: str) -> Resource:
    container_id = f"{holder.id}/{kind}/{parts.name}"
    found = (
        labelled(ctx, container_id, parts.label) if parts.label else ctx.get(f"{container_id}/versions/{parts.version}")
    )
    if found is None and kind == "environments" and curated.old_name(parts.name):
        found = curated.version(parts.name, parts.version)
    if found is None:
        raise NotFoundError(_absent(ctx, holder, container_id, parts, kind))
    return found


def _absent(ctx: Context, holder: Resource, container_id: str, parts: Reference, kind: str) -> str:
    """Why a version is not there, and what is."""
    where = f"{_singular(holder.type.rsplit('/', 1)[1].lower())} '{holder.name}'"
    if ctx.get(container_id) is None:
        every = ctx.children(holder.id, f"{holder.type}/{kind}")
        there = _some(each.name for each in every if not each.private.get("anonymous"))
        return f"{where} has no {_singular(kind)} '{parts.name}' (its {kind}: {there})"
    numbers = _some(each.name for each in ctx.children(container_id, f"{holder.type}/{kind}/versions"))
    what = f"no label '{parts.label}'" if parts.label else f"no version '{parts.version}'"
    return f"{_singular(kind)} '{parts.name}' of {where} has {what} (its versions: {numbers})"


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more if every else "none"


def _singular(kind: str) -> str:
    return {"data": "data asset", "codes": "code", "registries": "registry"}.get(kind, kind.removesuffix("s"))


def labelled(ctx: Context, container_id: str, label: str) -> Resource | None:
    """The version with a label, or None: `latest` is the newest that is not archived."""
    container = ctx.get(container_id)
    if container is None:
        return None
    for each, number in (container.private.get("labels") or {}).items():
        if each.lower() == label.lower():
            return ctx.get(f"{container_id}/versions/{number}")
    known = ("latest", "default") if container.type.lower().endswith("/components") else ("latest",)
    return newest(ctx, container) if label.lower() in known else None


def newest(ctx: Context, container: Resource) -> Resource | None:
    """The version of a container that was made last and is not archived, or None."""
    versions = ctx.children(container.id, f"{container.type}/versions")
    shown = [each for each in versions if not each.properties.get("isArchived", False)]
    return max(shown, key=lambda each: str(each.body.get("systemData", {}).get("createdAt", "")), default=None)
